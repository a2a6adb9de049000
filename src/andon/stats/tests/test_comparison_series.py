"""Series in time: trend and autocorrelation."""

import json
import math
import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.stats.stattools import durbin_watson

from andon.stats import (
    autocorrelation,
    linear_trend,
    mann_kendall,
)
from andon.stats.comparison.concordance import concordance

RNG = np.random.default_rng(20)
NOISE = [round(float(value), 2) for value in RNG.normal(10, 2, 40)]
RISING = [round(value + 0.15 * index, 2) for index, value in enumerate(NOISE)]
TIED = [3, 3, 4, 3, 5, 5, 4, 6, 6, 6, 7, 5]
few_digits = st.integers(-300, 300).map(lambda value: value / 8)
series = st.lists(few_digits, min_size=6, max_size=25, unique=True)


def codes(result):
    return [warning.code for warning in result.warnings]


def pairs_by_hand(x):
    return sum(int(np.sign(x[j] - x[i])) for j in range(len(x)) for i in range(j))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60))
@settings(max_examples=50)
def test_the_quick_count_of_pairs_is_the_count_by_hand(ranks):
    assert concordance(np.array(ranks)) == pairs_by_hand(ranks)


@pytest.mark.parametrize("x", [NOISE, RISING, TIED])
def test_mann_kendall_agrees_with_the_tau_and_slope_of_scipy(x):
    result = mann_kendall(x, 0.9)
    time = np.arange(1, len(x) + 1)

    assert result.s == pairs_by_hand(x)
    assert result.tau == pytest.approx(reference.kendalltau(time, x).statistic)
    slope, _, low, high = reference.theilslopes(x, time, 0.9)
    assert result.slope == pytest.approx(slope)
    assert result.slope_ci == pytest.approx([low, high])
    assert result.intercept == pytest.approx(np.median(np.array(x) - slope * time))


def test_the_variance_of_s_is_corrected_for_ties():
    # Kendall: 18 Var S = n(n-1)(2n+5) - sum t(t-1)(2t+5), here ties of 3, 2, 3, 3 in 12.
    assert mann_kendall(TIED).var_s == pytest.approx((12 * 11 * 29 - 3 * 6 * 11 - 2 * 9) / 18)
    z = (mann_kendall(TIED).s - 1) / math.sqrt(mann_kendall(TIED).var_s)
    assert mann_kendall(TIED).p == pytest.approx(2 * reference.norm.sf(z))


@given(series, st.integers(-20, 20))
@settings(max_examples=50)
def test_a_shift_leaves_trends_alone_and_a_mirror_turns_them(x, by):
    rank, line = mann_kendall(x), linear_trend(x)
    moved, mirrored = [value + by for value in x], [-value for value in x]

    assert mann_kendall(moved).p == rank.p
    assert mann_kendall(mirrored).s == -rank.s
    assert mann_kendall(mirrored).slope == pytest.approx(-rank.slope)
    assert linear_trend(moved).slope == pytest.approx(line.slope, abs=1e-9)
    assert linear_trend(mirrored).p == pytest.approx(line.p)


@given(series)
@settings(max_examples=30)
def test_ranks_do_not_see_a_rising_transformation(x):
    one, other = mann_kendall(x), mann_kendall([math.atan(value) for value in x])

    assert (other.s, other.p) == (one.s, one.p)


def test_a_missing_point_keeps_its_place_in_time():
    gap = [1.0, 2.0, None, 4.1, 5.0, 5.9]
    slopes = reference.theilslopes([1.0, 2.0, 4.1, 5.0, 5.9], [1, 2, 4, 5, 6])
    line = reference.linregress([1, 2, 4, 5, 6], [1.0, 2.0, 4.1, 5.0, 5.9])

    assert mann_kendall(gap).slope == pytest.approx(slopes[0])
    assert linear_trend(gap).slope == pytest.approx(line.slope)
    assert (mann_kendall(gap).n_missing, linear_trend(gap).n) == (1, 5)


def test_long_series_have_a_test_but_no_sen_slope():
    result = mann_kendall(np.arange(3001.0))

    assert (result.s, result.slope, codes(result)) == (3001 * 1500, None, ["too_many"])
    assert result.sentence is None


def test_a_hundred_thousand_points_need_no_loop():
    x = np.random.default_rng(1).normal(size=100_000)

    assert abs(mann_kendall(x).z) < 4
    assert mann_kendall(np.sort(x)).tau == pytest.approx(1)


@pytest.mark.parametrize("x", [NOISE, RISING, TIED])
def test_the_line_is_the_one_of_scipy(x):
    result, theirs = linear_trend(x), reference.linregress(np.arange(1, len(x) + 1), x)

    assert (result.slope, result.intercept) == pytest.approx((theirs.slope, theirs.intercept))
    assert (result.slope_se, result.p) == pytest.approx((theirs.stderr, theirs.pvalue))
    assert result.intercept_se == pytest.approx(theirs.intercept_stderr)
    assert result.r2 == pytest.approx(theirs.rvalue**2)
    half = reference.t.ppf(0.975, len(x) - 2) * theirs.stderr
    assert result.slope_ci == pytest.approx([theirs.slope - half, theirs.slope + half])


def test_series_too_short_or_flat_for_a_trend_say_so():
    assert codes(mann_kendall([1, 2])) == codes(linear_trend([1])) == ["too_few"]
    assert codes(mann_kendall([])) == codes(linear_trend([None])) == ["no_data"]
    two, flat = linear_trend([1, 3]), linear_trend([0.1] * 5)
    assert (two.slope, two.intercept, two.p, codes(two)) == (2, -1, None, ["too_few"])
    assert (flat.slope, flat.t, flat.r2, codes(flat)) == (0, None, None, ["zero_variance"])
    assert codes(mann_kendall([4, 4, 4])) == ["zero_variance"]
    perfect = linear_trend([0.1, 0.2, 0.3, 0.4])
    assert (perfect.t, perfect.r2, codes(perfect)) == (None, 1, ["perfect_fit"])


def test_a_trend_warns_when_neighbours_resemble_each_other():
    wave = [math.sin(index / 4) for index in range(60)]

    assert codes(linear_trend(wave)) == codes(mann_kendall(wave)) == ["autocorrelated"]
    assert codes(linear_trend(NOISE)) == codes(mann_kendall(NOISE)) == []
    assert codes(mann_kendall([1, 2, 3, 4, 5])) == []


def test_a_trend_gives_the_interval_of_its_slope_first():
    assert str(linear_trend([2.1, 2.9, 4.2, 4.8, 6.0]).sentence) == (
        "The slope lies between 0.7947 and 1.145 per point (95 % interval; estimate 0.97; "
        "p < 0.001 for no trend)."
    )
    assert str(mann_kendall(RISING).sentence).startswith("The slope lies between")


@pytest.mark.parametrize("x", [NOISE, RISING, TIED])
def test_autocorrelation_agrees_with_statsmodels(x):
    result = autocorrelation(x, lags=3)
    box = acorr_ljungbox(x, lags=[3])

    assert result.r == pytest.approx(list(sm.tsa.acf(x, nlags=3)[1:]))
    assert result.ljung_box == pytest.approx(float(box["lb_stat"].iloc[0]))
    assert result.p == pytest.approx(float(box["lb_pvalue"].iloc[0]))
    assert result.durbin_watson == pytest.approx(durbin_watson(np.array(x) - np.mean(x)))
    assert result.bound == pytest.approx(1.959963985 / math.sqrt(len(x)))


def test_a_missing_point_takes_part_in_no_pair():
    # Mean 3.5, residuals -2.5 -0.5 . 0.5 2.5: pairs (1, 2) and (4, 5) give 2 * 1.25 of 13.
    result = autocorrelation([1, 3, None, 4, 6])

    assert result.lag1 == pytest.approx(2.5 / 13)
    assert (result.n, result.n_missing, result.lags) == (4, 1, 1)


def test_correlated_points_are_called_so_and_chance_is_not():
    wave = autocorrelation([math.sin(index / 4) for index in range(60)])

    assert (wave.correlated, wave.lags) == (True, 10)
    assert wave.durbin_watson < 0.5
    assert not autocorrelation(NOISE).correlated
    assert str(wave.sentence).startswith("The correlation of neighbouring points lies between")


def test_what_has_no_autocorrelation_says_why():
    assert codes(autocorrelation([])) == ["no_data"]
    assert codes(autocorrelation([1, 2])) == ["too_few"]
    assert codes(autocorrelation([2, 2, 2, 2])) == ["zero_variance"]
    gaps = autocorrelation([1, None, 2, None, 4, 3], lags=5)
    assert (gaps.ljung_box, gaps.p, len(gaps.r)) == (None, None, 5)


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (mann_kendall, {"x": [1, math.inf]}, "x"),
        (mann_kendall, {"x": ["1", "2"]}, "x"),
        (mann_kendall, {"x": [1], "confidence": 2}, "confidence"),
        (linear_trend, {"x": [[1, 2]]}, "x"),
        (linear_trend, {"x": [1], "confidence": 0}, "confidence"),
        (autocorrelation, {"x": [1, 2, 3], "lags": 3}, "lags"),
        (autocorrelation, {"x": [1, 2, 3], "lags": 0}, "lags"),
        (autocorrelation, {"x": 5}, "x"),
    ],
)
def test_a_wrong_argument_of_a_series_is_named(function, arguments, name):
    with pytest.raises(ValueError, match=r".") as refused:
        function(**arguments)

    assert refused.value.argument == name


@pytest.mark.parametrize(
    "x", [[], [1], [1, 2], [1, None, 2], [0.1] * 7, [1, 2, 3, 4], [math.nan] * 4, [1e100, 0, 0, 1]]
)
def test_no_edge_of_a_series_lets_a_nan_or_a_numpy_warning_through(x):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = [
            mann_kendall(x),
            linear_trend(x),
            autocorrelation(x),
        ]

    assert all(json.dumps(result.to_dict(), allow_nan=False) for result in results)
