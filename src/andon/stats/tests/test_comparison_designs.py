"""Power and sample size of two means."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference

from andon.stats import power_two_means, sample_size_two_means


@pytest.mark.parametrize(
    ("n", "delta", "sd", "sides"), [(20, 1, 1, 2), (5, 2, 1.5, 1), (80, 0.3, 1, 2)]
)
def test_the_power_of_two_means_is_the_tail_of_scipy_s_noncentral_t(n, delta, sd, sides):
    df, shift = 2 * n - 2, math.sqrt(n / 2) * delta / sd
    tail = reference.nct.sf(reference.t.ppf(1 - 0.05 / sides, df), df, shift)

    assert power_two_means(n, delta, sd, sides=sides).power == pytest.approx(tail, rel=1e-6)


@given(st.floats(0.1, 3), st.floats(0.2, 0.98), st.sampled_from([1, 2]))
@settings(max_examples=30)
def test_the_sample_size_of_means_has_the_power_asked_for(delta, power, sides):
    size = sample_size_two_means(delta, 1, power=power, sides=sides)

    assert size.n_ceil >= max(2, size.n)
    if size.n > 1.5:
        reached = power_two_means(size.n, delta, sides=sides).power
        assert reached == pytest.approx(power, abs=1e-6)


def test_a_strict_level_needs_more_values_than_the_normal_approximation_says():
    size = sample_size_two_means(1, 1, power=0.99, alpha=1e-5)
    normal = 2 * (reference.norm.ppf(1 - 5e-6) + reference.norm.ppf(0.99)) ** 2

    assert size.n > normal + 2
    assert power_two_means(size.n, 1, alpha=1e-5).power == pytest.approx(0.99)


def test_the_sample_size_of_r_s_documentation_and_the_sentence():
    # R: power.t.test(delta = 1, power = .90) gives n = 22.02110.
    size = sample_size_two_means(-1, 1, power=0.9)

    assert (size.n, size.n_ceil) == (pytest.approx(22.02110, abs=1e-4), 23)
    assert "90 %, 23 values are needed" in str(size.sentence)
    assert sample_size_two_means(50, 1, power=0.9).n_ceil == 2


@given(st.integers(2, 60), st.floats(0.2, 2))
@settings(max_examples=30)
def test_more_values_and_one_side_never_lower_the_power(n, delta):
    power = power_two_means(n, delta).power

    assert power <= power_two_means(n + 1, delta).power + 1e-12
    assert power <= power_two_means(n, delta, sides=1).power
    assert power == pytest.approx(power_two_means(n, -3 * delta, 3).power)


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (power_two_means, {"n": 1, "delta": 1}, "n"),
        (power_two_means, {"n": 9, "delta": 0}, "delta"),
        (power_two_means, {"n": 9, "delta": 1, "sd": 0}, "sd"),
        (sample_size_two_means, {"delta": math.inf}, "delta"),
        (sample_size_two_means, {"delta": 1, "sides": 3}, "sides"),
        (sample_size_two_means, {"delta": 1, "power": 0.02}, "power"),
        (sample_size_two_means, {"delta": 1, "alpha": 1}, "alpha"),
    ],
)
def test_a_wrong_design_is_named(function, arguments, name):
    with pytest.raises(ValueError, match=r".") as refused:
        function(**arguments)

    assert refused.value.argument == name
