"""Rates and two proportions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference

from andon.stats import (
    no_recurrence,
    power_two_proportions,
    rate_ci,
    sample_size_two_proportions,
    two_proportion_test,
)
from andon.stats.comparison.rates import rate_ratio_interval

TABLES = [(3, 10, 0, 12), (64, 1500, 41, 1490), (1, 5, 5, 6), (900, 4000, 700, 5000),
          (5, 100_000, 20, 100_000), (0, 10, 4, 11)]  # fmt: skip


@pytest.mark.parametrize(("x", "n"), [(0, 20), (1, 20), (10, 20), (20, 20), (7, 100_000)])
def test_the_intervals_of_a_rate_agree_with_scipy(x, n):
    result, test = rate_ci(x, n, 0.9), reference.binomtest(x, n)

    assert result.exact_ci == pytest.approx(list(test.proportion_ci(0.9, "exact")), rel=1e-9)
    assert result.wilson_ci == pytest.approx(list(test.proportion_ci(0.9, "wilson")), abs=1e-12)


def test_the_bounds_of_none_and_all_are_zero_and_one():
    assert rate_ci(0, 9).exact_ci[0] == rate_ci(0, 9).wilson_ci[0] == 0
    assert rate_ci(9, 9).exact_ci[1] == rate_ci(9, 9).wilson_ci[1] == 1


def test_a_rate_of_nothing_is_open():
    result = rate_ci(0, 0)

    assert (result.rate, result.exact_ci, result.wilson_ci) == (None, None, None)
    assert result.warnings[0].code == "no_data"


@pytest.mark.parametrize(
    ("x", "n", "confidence"), [(5, 4, 0.9), (-1, 4, 0.9), (1.5, 4, 0.9), (1, 4, 1)]
)
def test_an_impossible_rate_is_refused(x, n, confidence):
    with pytest.raises(ValueError, match=r"^(x|confidence):"):
        rate_ci(x, n, confidence)


@given(st.integers(0, 60), st.integers(0, 60))
def test_good_and_bad_are_mirror_images(x, misses):
    n = x + misses
    if not n:
        return
    low, high = rate_ci(x, n).exact_ci

    assert [1 - high, 1 - low] == pytest.approx(rate_ci(misses, n).exact_ci, abs=1e-12)
    assert low <= x / n <= high


@pytest.mark.parametrize("table", TABLES)
def test_fisher_agrees_with_scipy(table):
    x1, n1, x2, n2 = table
    result = two_proportion_test(*table)
    square = [[x1, n1 - x1], [x2, n2 - x2]]

    assert result.fisher_p_two_sided == pytest.approx(
        reference.fisher_exact(square).pvalue, rel=1e-9
    )
    assert result.fisher_p_one_sided_decrease == pytest.approx(
        reference.fisher_exact(square, alternative="greater").pvalue, rel=1e-9
    )


@pytest.mark.parametrize("table", TABLES)
def test_z_squared_is_the_chi_square_without_correction(table):
    x1, n1, x2, n2 = table
    chi = reference.chi2_contingency([[x1, n1 - x1], [x2, n2 - x2]], correction=False)
    result = two_proportion_test(*table)

    assert result.z2 == pytest.approx(chi.statistic)
    assert result.p_two_sided == pytest.approx(chi.pvalue)


def test_the_ratio_interval_is_the_log_interval_of_scipy():
    result = two_proportion_test(64, 1500, 41, 1490)
    ratio = reference.contingency.relative_risk(41, 1490, 64, 1500)

    assert result.ratio == pytest.approx(ratio.relative_risk)
    assert result.ratio_ci == pytest.approx(list(ratio.confidence_interval(0.95)))
    assert result.relative_change_ci == pytest.approx([end - 1 for end in result.ratio_ci])


def test_a_promised_fall_is_tested_apart_from_any_fall():
    result = two_proportion_test(4000, 100_000, 3200, 100_000, fall=0.25)

    assert result.p_one_sided_decrease < 1e-6
    assert result.p_fall_at_least > 0.5
    assert two_proportion_test(4000, 100_000, 2000, 100_000).p_fall_at_least < 1e-6


def test_no_bad_units_after_still_gives_an_upper_end():
    result = two_proportion_test(20, 1000, 0, 1000)

    assert result.ratio == 0
    assert result.ratio_ci[0] == 0
    assert 0 < result.ratio_ci[1] < 0.25
    assert (result.p_fall_at_least, result.warnings[0].code) == (None, "zero_count")


def test_no_bad_units_before_gives_no_ratio():
    result = two_proportion_test(0, 10, 4, 11)

    assert (result.ratio, result.ratio_ci, result.relative_change) == (None, None, None)


def test_two_periods_of_none_have_no_test():
    result = two_proportion_test(0, 10, 0, 20)

    assert (result.z2, result.p_two_sided, result.warnings[0].code) == (None, None, "no_variation")
    everything = two_proportion_test(10, 10, 20, 20)
    assert (everything.z2, everything.p_fall_at_least) == (None, None)


def test_an_empty_period_is_no_data():
    assert two_proportion_test(0, 0, 3, 10).warnings[0].code == "no_data"


def test_small_expected_counts_call_for_fisher():
    assert two_proportion_test(3, 10, 0, 12).use_fisher
    assert not two_proportion_test(64, 1500, 41, 1490).use_fisher


def test_impossible_counts_name_their_argument():
    with pytest.raises(ValueError, match=r"^x2: must not exceed n2"):
        two_proportion_test(1, 2, 3, 2)
    with pytest.raises(ValueError, match=r"^n1:"):
        two_proportion_test(1, -2, 3, 2)


def test_ten_million_units_are_no_trouble():
    result = two_proportion_test(800_000, 10_000_000, 799_000, 10_000_000)

    assert result.fisher_p_two_sided == pytest.approx(result.p_two_sided, rel=0.01)


def test_the_exact_rate_ratio_is_scipys_binomial_turned():
    low, high = reference.binomtest(8, 28).proportion_ci(0.95, "exact")

    assert rate_ratio_interval(20, 100, 8, 50, 0.95) == pytest.approx(
        [low / (1 - low) * 2, high / (1 - high) * 2]
    )


@given(st.integers(1, 40), st.integers(0, 40), st.sampled_from([2, 4, 0.5]))
def test_the_unit_of_exposure_does_not_change_a_rate_ratio(x1, x2, scale):
    one = rate_ratio_interval(x1, 10, x2, 30, 0.95)

    assert rate_ratio_interval(x1, 10 * scale, x2, 30 * scale, 0.95) == pytest.approx(one)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.3, 0.95))
def test_the_sample_size_has_the_power_asked_for(p1, p2, power):
    if abs(p1 - p2) < 0.01:
        return
    size = sample_size_two_proportions(p1, p2, power=power)

    if size.n > 0.01:
        assert power_two_proportions(size.n, p1, p2).power == pytest.approx(power, abs=1e-9)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"p1": 0.1, "p2": 0.1}, "p2"),
        ({"p1": 0, "p2": 0.1}, "p1"),
        ({"p1": 0.1, "p2": 0.2, "sides": 3}, "sides"),
        ({"p1": 0.1, "p2": 0.2, "power": 1}, "power"),
        ({"p1": 0.1, "p2": 0.2, "alpha": 0}, "alpha"),
    ],
)
def test_an_impossible_design_is_refused(arguments, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        sample_size_two_proportions(**arguments)


def test_power_needs_units():
    with pytest.raises(ValueError, match=r"^n:"):
        power_two_proportions(0, 0.1, 0.2)


def test_one_recurrence_breaks_the_promise_of_none():
    assert no_recurrence(1, 30, 30).outcome == "not_effective"
    assert no_recurrence(0, 12, 30).outcome == "inconclusive"
    assert no_recurrence(0, 30, 30).outcome == "effective"
    assert no_recurrence(0, 0, 30).rate_upper is None
    assert str(no_recurrence(0, 30, 30).reasons[0]).startswith("Effective: no recurrence in 30")
    with pytest.raises(ValueError, match=r"^required:"):
        no_recurrence(0, 3, 0)
