"""Events per exposure, proportions with their warnings, and period points."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference

from andon.stats import (
    Periods,
    compare_periods,
    effectiveness,
    poisson_rate_ci,
    poisson_rate_test,
    power_two_proportions,
    rate_ci,
    sample_size_two_proportions,
    summary_statistics,
    two_proportion_test,
)
from andon.stats.comparison.conditional import binomial, hypergeometric

PAIRS = [(57, 5200, 34, 4900), (24, 6, 30, 6), (3, 100, 0, 90), (0, 40, 5, 20), (1, 1, 1, 1000)]


def codes(result):
    return [warning.code for warning in result.warnings]


@pytest.mark.parametrize(("x", "t"), [(0, 10), (1, 2.5), (37, 1000), (100_000, 7)])
def test_the_interval_of_a_rate_is_garwood_s(x, t):
    result, chi2 = poisson_rate_ci(x, t, 0.9), reference.chi2

    low = chi2.ppf(0.05, 2 * x) / 2 / t if x else 0.0
    assert result.ci == pytest.approx([low, chi2.ppf(0.95, 2 * x + 2) / 2 / t])
    assert result.upper == pytest.approx(chi2.ppf(0.9, 2 * x + 2) / 2 / t)
    assert result.rate == x / t


@pytest.mark.parametrize(("x1", "t1", "x2", "t2"), PAIRS)
@pytest.mark.parametrize("ratio", [1, 2])
def test_two_rates_are_scipy_s_binomial_given_their_total(x1, t1, x2, t2, ratio):
    result = poisson_rate_test(x1, t1, x2, t2, 0.9, ratio=ratio)
    share = ratio * t1 / (ratio * t1 + t2)
    test = reference.binomtest(x1, x1 + x2, share)
    above = reference.binomtest(x1, x1 + x2, share, alternative="greater")

    assert result.p_two_sided == pytest.approx(test.pvalue, rel=1e-9)
    assert result.p_one_sided_decrease == pytest.approx(above.pvalue, rel=1e-9)
    low, high = test.proportion_ci(0.9, "exact")
    assert result.ci[0] == pytest.approx(low / (1 - low) * t2 / t1)
    assert result.ci[1] == (None if high == 1 else pytest.approx(high / (1 - high) * t2 / t1))


def test_the_relative_change_turns_the_ratio_round():
    # R 4.2.2: poisson.test(c(57, 34), c(5200, 4900)); case "defect-rate-1".
    result = poisson_rate_test(57, 5200, 34, 4900)

    assert result.ci == pytest.approx([1.01546911022592, 2.49166407660596])
    assert result.relative_change == pytest.approx(1 / 1.57975113122172 - 1)
    assert result.relative_change_ci == pytest.approx(
        [1 / 2.49166407660596 - 1, 1 / 1.01546911022592 - 1]
    )
    assert str(result.sentence).startswith("The relative change lies between −59.9 % and −1.52 %")
    assert "a change of −50 %" in str(poisson_rate_test(57, 5200, 34, 4900, ratio=2).sentence)


def test_no_events_after_leave_one_end_open():
    result = poisson_rate_test(3, 100, 0, 90)

    assert (result.rate_ratio, result.ci[1], result.relative_change) == (None, None, -1)
    assert result.relative_change_ci[0] == -1
    assert codes(result) == ["zero_count"]


def test_no_events_before_leave_the_change_open():
    result = poisson_rate_test(0, 40, 5, 20)

    assert (result.rate_ratio, result.ci[0], result.relative_change) == (0, 0, None)
    assert (result.relative_change_ci[1], result.p_one_sided_decrease) == (None, 1)
    assert result.sentence is None


def test_neither_events_nor_exposure_is_nothing_to_compare():
    assert codes(poisson_rate_test(0, 4, 0, 5)) == ["no_variation"]
    assert poisson_rate_test(0, 4, 0, 5).rate1 == 0
    assert codes(poisson_rate_test(0, 0, 1, 5)) == codes(poisson_rate_ci(0, 0)) == ["no_data"]


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from([0.25, 8]))
@settings(max_examples=50)
def test_the_unit_of_exposure_leaves_the_test_alone(x1, x2, unit):
    one = poisson_rate_test(x1, 10, x2, 30)
    other = poisson_rate_test(x1, 10 * unit, x2, 30 * unit)

    assert other.ci == pytest.approx(one.ci)
    assert other.p_two_sided == pytest.approx(one.p_two_sided)


@given(st.integers(0, 40), st.integers(0, 40))
@settings(max_examples=50)
def test_before_and_after_exchanged_turn_the_interval_round(x1, x2):
    if not x1 * x2:
        return
    one, other = poisson_rate_test(x1, 3, x2, 5), poisson_rate_test(x2, 5, x1, 3)

    assert other.ci == pytest.approx([1 / end for end in reversed(one.ci)])
    assert other.p_two_sided == pytest.approx(one.p_two_sided)


@given(st.integers(0, 200), st.floats(0.5, 0.99))
@settings(max_examples=50)
def test_more_confidence_never_narrows_and_the_rate_lies_inside(x, confidence):
    narrow, wide = poisson_rate_ci(x, 10, confidence), poisson_rate_ci(x, 10, 0.995)

    assert wide.ci[0] <= narrow.ci[0] <= narrow.rate <= narrow.ci[1] <= wide.ci[1]
    assert narrow.upper <= narrow.ci[1]


def test_windows_of_the_exact_distributions_hold_all_chance():
    support, chance = binomial(30, 0.3 / 0.7, 2)
    assert chance == pytest.approx(reference.binom.pmf(support, 30, 0.3), rel=1e-9)
    support, chance = hypergeometric(20, 30, 12, 3)
    assert chance == pytest.approx(reference.hypergeom.pmf(support, 50, 12, 30), rel=1e-9)


def test_two_proportions_say_when_to_use_fisher_and_when_data_do_not_suffice():
    small, enough = two_proportion_test(3, 40, 1, 40), two_proportion_test(400, 9000, 300, 9000)

    assert codes(small) == ["small_expected", "not_enough_data"]
    assert "Fisher" in str(small.warnings[0])
    assert str(small.warnings[1]).startswith("Not enough data: a fall by 25 % would show")
    assert f"p = {small.fisher_p_two_sided:.2g}" in str(small.sentence)
    assert (codes(enough), enough.use_fisher) == ([], False)


def test_the_power_for_the_promised_fall_is_that_of_the_design():
    # Specification section 8: 4 % to 3 % needs about 4 176 units a period for 80 % one-sided.
    result = two_proportion_test(167, 4175, 120, 4175, fall=0.25)

    assert result.power == pytest.approx(0.8, abs=1e-3)
    assert result.power == pytest.approx(
        power_two_proportions(4175, 0.04, 0.03, sides=1).power, abs=1e-3
    )
    assert two_proportion_test(0, 10, 1, 10).power is None


def test_a_proportion_gives_its_interval_first():
    assert str(two_proportion_test(64, 1500, 41, 1490).sentence) == (
        "The relative change lies between −56.1 % and −5.18 % (95 % interval; estimate −35.5 %; "
        "p = 0.024 for no change)."
    )
    none_before = two_proportion_test(0, 10, 4, 11)
    assert str(none_before.sentence).startswith("The fall of the rate (before less after) lies")
    assert str(rate_ci(3, 300).sentence).startswith("The true rate lies between 0.207 % and 2.89 %")


def test_designs_of_proportions_say_what_they_promise():
    assert "4,176 units are needed" in str(
        sample_size_two_proportions(0.04, 0.03, sides=1).sentence
    )
    assert "with a chance of 74 %" in str(power_two_proportions(50, 0.5, 0.75).sentence)


BEFORE = Periods([80, 84, 78, 82, 79, 81, 85, 76, 80], [1000] * 9)
AFTER = Periods([52, 49, 55, 50, 51, 48, 53, 47, 50], [1000] * 9)
LOOSE = Periods([20, 90, 35, 140, 60, 12, 70, 55, 49], [1000] * 9)


@pytest.mark.parametrize("after", [AFTER, LOOSE])
def test_period_points_give_the_interval_of_the_verdict(after):
    result = compare_periods(BEFORE, after)
    verdict = effectiveness(BEFORE, after, target_change=0.25)

    assert result.relative_change_ci == pytest.approx(verdict.change_ci)
    assert result.difference_ci == pytest.approx(verdict.difference_ci)
    assert result.p_decrease == pytest.approx(verdict.p_change)
    assert result.p == pytest.approx(2 * result.p_decrease)
    assert result.effective_after == pytest.approx(verdict.effective_after)


def test_scatter_between_points_widens_the_interval_beyond_counting():
    loose = compare_periods(BEFORE, LOOSE)
    sums = two_proportion_test(725, 9000, 531, 9000)

    assert loose.dispersion > 5
    assert loose.relative_change_ci[1] > 0 > sums.relative_change_ci[1]
    assert str(loose.sentence).startswith("The relative change lies between")


def test_period_points_that_say_nothing_say_so():
    empty, zero = Periods([], []), Periods([0, 0], [5, 5])

    assert (
        codes(compare_periods(empty, AFTER)) == codes(compare_periods(AFTER, empty)) == ["no_data"]
    )
    assert codes(compare_periods(zero, AFTER)) == ["no_baseline"]
    one = compare_periods(Periods([4.0]), Periods([5.0]), kind="value")
    assert (codes(one), one.difference, one.difference_ci) == (["no_interval"], 1, None)
    assert one.dispersion is None


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (poisson_rate_ci, (-1, 3), "x"),
        (poisson_rate_ci, (1.5, 3), "x"),
        (poisson_rate_ci, ("1", 3), "x"),
        (poisson_rate_ci, (1, -3), "t"),
        (poisson_rate_ci, (1, 0), "t"),
        (poisson_rate_ci, (1, math.inf), "t"),
        (poisson_rate_ci, (1, 3, 1), "confidence"),
        (poisson_rate_test, (1, 0, 1, 1), "t1"),
        (poisson_rate_test, (1, 1, 1, math.nan), "t2"),
        (poisson_rate_test, (1, 1, -1, 1), "x2"),
        (poisson_rate_test, (None, 1, 1, 1), "x1"),
        (poisson_rate_test, (1, 1, 1, 1, 0), "confidence"),
        (rate_ci, (5, 3), "x"),
        (rate_ci, (1, 3, 0), "confidence"),
        (two_proportion_test, (1, 2, 3, 2), "x2"),
        (two_proportion_test, (1, 2, 1, math.inf), "n2"),
        (power_two_proportions, (0, 0.1, 0.2), "n"),
        (power_two_proportions, (9, 0.1, 1.2), "p2"),
        (power_two_proportions, ("9", 0.1, 0.2), "n"),
        (sample_size_two_proportions, (0.1, 0.1), "p2"),
        (sample_size_two_proportions, (None, 0.1), "p1"),
        (compare_periods, (Periods([1], [2, 3]), AFTER), "before.denominators"),
        (compare_periods, (BEFORE, Periods([5], [4])), "after.numerators"),
    ],
)
def test_a_wrong_count_is_named(function, arguments, name):
    with pytest.raises(ValueError, match=r".") as refused:
        function(*arguments)

    assert refused.value.argument == name


def test_a_wrong_option_is_named():
    with pytest.raises(ValueError, match=r"^ratio:"):
        poisson_rate_test(1, 1, 1, 1, ratio=0)
    with pytest.raises(ValueError, match=r"^kind:"):
        compare_periods(BEFORE, AFTER, kind="counts")
    with pytest.raises(ValueError, match=r"^fall:"):
        two_proportion_test(1, 2, 1, 2, fall=1)


@pytest.mark.parametrize(
    "result",
    [
        poisson_rate_test(0, 1, 0, 1),
        poisson_rate_test(0, 0, 0, 0),
        poisson_rate_test(0, 1e-300, 9, 1),
        poisson_rate_test(1_000_000, 1, 1, 1),
        poisson_rate_ci(0, 1),
        rate_ci(0, 1),
        rate_ci(1, 1),
        rate_ci(0, 0),
        two_proportion_test(0, 0, 0, 0),
        two_proportion_test(5, 5, 5, 5),
        two_proportion_test(5, 5, 0, 5),
        compare_periods(Periods([0], [5]), Periods([0], [5])),
        compare_periods(Periods([5], [5]), Periods([0], [5])),
        compare_periods(Periods([4, 4], [9, 9]), Periods([4, 4], [9, 9]), kind="measured"),
        summary_statistics([]),
        summary_statistics([1]),
        summary_statistics([2, 2]),
        summary_statistics([1, None, math.nan]),
    ],
)
def test_no_edge_of_counts_lets_a_nan_through(result):
    assert json.dumps(result.to_dict(), allow_nan=False)


def numacc(first, pairs):
    return [first, *([first - 0.1, first + 0.1] * pairs)]


@pytest.mark.parametrize(
    ("x", "mean", "digits"),
    [
        (numacc(1.2, 500), 1.2, 14),  # NIST StRD NumAcc2
        (numacc(1_000_000.2, 500), 1_000_000.2, 9),  # NumAcc3
        (numacc(10_000_000.2, 500), 10_000_000.2, 8),  # NumAcc4
    ],
)
def test_the_certified_values_of_nist_are_met_to_their_digits(x, mean, digits):
    result = summary_statistics(x)

    assert result.mean == pytest.approx(mean, rel=1e-14)
    assert result.sd == pytest.approx(0.1, rel=10**-digits)
    assert result.lag1 == pytest.approx(-0.999, rel=10**-digits)
