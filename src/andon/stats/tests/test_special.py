"""Our own distribution functions agree with scipy, which only tests load."""

import math

import numpy as np
import pytest
from scipy import special
from scipy import stats as reference

from andon.stats.charts.factors import _range_grid, c4, d2, d3
from andon.stats.comparison.rates import exact_interval
from andon.stats.special import beta_quantile, betainc, normal_cdf, t_cdf, t_quantile

SHAPES = [(0.5, 0.5), (1, 1), (2, 3), (4, 297), (0.7, 5000), (5e3, 2e4), (1e6, 3e6), (250.5, 0.5)]


@pytest.mark.parametrize(("a", "b"), SHAPES)
@pytest.mark.parametrize("p", [1e-12, 0.001, 0.025, 0.5, 0.9, 0.999])
def test_beta_quantile_and_its_inverse_agree_with_scipy(a, b, p):
    x = float(special.betaincinv(a, b, p))

    assert betainc(a, b, x) == pytest.approx(float(special.betainc(a, b, x)), rel=2e-8)
    assert beta_quantile(p, a, b) == pytest.approx(x, rel=1e-8)


def test_the_incomplete_beta_ends_at_zero_and_one():
    assert betainc(2, 3, 0) == 0
    assert betainc(2, 3, 1) == 1


@pytest.mark.parametrize("df", [1, 2, 3.7, 10, 250, 1e5])
@pytest.mark.parametrize("p", [0.0001, 0.05, 0.5, 0.975, 0.999])
def test_student_agrees_with_scipy(df, p):
    t = float(reference.t.ppf(p, df))

    assert t_quantile(p, df) == pytest.approx(t, rel=1e-7, abs=1e-12)
    assert t_cdf(t, df) == pytest.approx(p, rel=1e-8)


def test_student_with_endless_degrees_of_freedom_is_the_normal():
    assert t_cdf(1.2, math.inf) == normal_cdf(1.2)
    assert t_quantile(0.9, math.inf) == pytest.approx(float(reference.norm.ppf(0.9)), rel=1e-13)


def test_the_normal_keeps_its_far_tail():
    assert normal_cdf(-30) == pytest.approx(float(reference.norm.cdf(-30)), rel=1e-12)


@pytest.mark.parametrize("n", [3, 10, 50, 100])
def test_the_constants_agree_with_an_independent_integral(n):
    # E[max - min] by Tippett (1925): the integral of 1 - Phi^n - (1 - Phi)^n.
    x = np.arange(-10, 10, 0.01)
    mean = 0.01 * float((1 - reference.norm.cdf(x) ** n - reference.norm.sf(x) ** n).sum())

    assert d2(n) == pytest.approx(mean, rel=1e-10)
    assert c4(n) == pytest.approx(float(reference.chi.mean(n - 1)) / math.sqrt(n - 1), rel=1e-10)


def test_the_range_grid_meets_the_closed_forms_for_two():
    w, weight, density, inside = _range_grid()
    exceeds = 1 - 2 * inside @ density

    assert float(weight @ exceeds) == pytest.approx(2 / math.sqrt(math.pi), rel=1e-12)
    assert 2 * float(weight @ (w * exceeds)) == pytest.approx(2, rel=1e-11)
    assert d3(2) == math.sqrt(2 - 4 / math.pi)


@pytest.mark.parametrize(("x", "n"), [(3, 2_000_000), (3, 10**9), (37, 10**10), (10**9, 10**10)])
def test_an_exact_interval_keeps_its_digits_for_ten_thousand_million_units(x, n):
    low, high = exact_interval(x, n - x, 0.95)

    assert low == pytest.approx(special.betaincinv(x, n - x + 1, 0.025), rel=1e-9)
    assert high == pytest.approx(special.betaincinv(x + 1, n - x, 0.975), rel=1e-9)
    assert low < x / n < high
