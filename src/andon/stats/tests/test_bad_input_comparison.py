"""Absurd arguments of comparisons are refused by name; absurd sizes give finite numbers."""

import json
import math

import numpy as np
import pytest
from scipy import stats as reference

from andon import stats
from andon.stats import ArgumentError, Periods
from andon.stats.comparison.conditional import binomial, fisher_p, no_likelier
from andon.stats.comparison.rates import exact_interval, rate_ratio_interval

BEFORE, AFTER = Periods([80, 84, 78, 82], [1000] * 4), Periods([52, 49, 55, 50], [1000] * 4)
ABSURD = 10**10


def plain(result):
    return json.loads(json.dumps(result.to_dict(), allow_nan=False))


@pytest.mark.parametrize("value", [None, [1, 2], ([80], [100]), "abc", 3, {}])
@pytest.mark.parametrize("argument", ["before", "after"])
@pytest.mark.parametrize("kind", ["proportion", "value"])
def test_what_is_compared_must_be_periods(argument, value, kind):
    given = {"before": BEFORE, "after": AFTER, "kind": kind} | {argument: value}

    for function, more in ((stats.compare_periods, {}), (stats.effectiveness, {"target_value": 0})):
        with pytest.raises(ArgumentError) as refused:
            function(**given, **more)
        assert refused.value.argument == argument


@pytest.mark.parametrize(
    ("before", "argument"),
    [
        (Periods([0, 0], [1e-320, 1]), "before.denominators"),
        (Periods([4, 4], [1e-200, 1]), "before.denominators"),
        (Periods([1e-320, 1e-320], [1, 1]), "before.numerators"),
        (Periods([80, 84], [1e-99, 1]), "before.numerators"),
    ],
)
def test_ratios_that_arithmetic_cannot_carry_are_refused(before, argument):
    for function, more in ((stats.compare_periods, {}), (stats.effectiveness, {"target_value": 1})):
        with pytest.raises(ArgumentError, match="1e-100") as refused:
            function(before, AFTER, kind="rate", **more)
        assert refused.value.argument == argument


@pytest.mark.parametrize("kind", ["proportion", "rate"])
@pytest.mark.parametrize("exposure", [1e6, 1e12, 1e18])
def test_one_period_of_absurd_exposure_leaves_no_interval_or_a_finite_one(kind, exposure):
    before = Periods([80, 84, 78, 82], [exposure, 1000, 1000, 1000])

    found = plain(stats.compare_periods(before, AFTER, kind=kind))

    assert found["relative_change_ci"] or found["warnings"][0]["code"] == "no_interval"
    plain(stats.effectiveness(before, AFTER, kind=kind, target_change=0.25))


def test_a_verdict_holds_plain_numbers_whatever_numbers_it_was_given():
    found = stats.effectiveness(BEFORE, AFTER, target_change=np.float64(0.25))

    assert type(found.target) is float
    assert {type(check.met) for check in found.checks} <= {bool, type(None)}


@pytest.mark.parametrize(("hits", "misses"), [(1e-5, 1e-2), (1e-9, 30), (1e-300, 1e12), (1e-3, 5)])
def test_a_thousandth_of_a_hit_has_the_bound_0_and_no_ratio_above(hits, misses):
    assert exact_interval(hits, misses, 0.95)[0] == 0
    assert exact_interval(misses, hits, 0.95)[1] == 1
    assert rate_ratio_interval(hits, 1, misses, 1, 0.95) is None


@pytest.mark.parametrize("hits", [0.05, 0.5, 3, 1000])
def test_a_part_of_a_hit_has_the_bounds_of_the_beta_distribution(hits):
    low = reference.beta.ppf(0.025, hits, 11)

    assert exact_interval(hits, 10, 0.95)[0] == pytest.approx(low, rel=1e-9)


def test_rates_of_huge_counts_are_compared_by_tails_that_agree_with_the_sum():
    # Just above the standard deviation from which tails are taken, against the exact sum.
    x1, x2 = 320_100_000, 320_000_000
    share = no_likelier(*binomial(x1 + x2, 1.0, x1), x1)

    assert stats.poisson_rate_test(x1, 1, x2, 1).p_two_sided == pytest.approx(share, rel=1e-4)


def test_fisher_s_p_of_huge_counts_is_close_to_the_normal_one():
    found = stats.two_proportion_test(4_000_000_000, ABSURD, 4_000_150_000, ABSURD)

    assert found.fisher_p_two_sided == pytest.approx(found.p_two_sided, rel=1e-3)
    assert found.fisher_p_one_sided_decrease == pytest.approx(found.p_one_sided_decrease, rel=1e-3)
    two, fewer = fisher_p(ABSURD, ABSURD, 10**10, 5 * 10**9)
    assert (two, fewer) == (1, pytest.approx(0.5, abs=1e-4))


@pytest.mark.parametrize(
    "given",
    [
        (ABSURD, 1, ABSURD, 1), (ABSURD, 1, 0, 1), (0, 1, ABSURD, 1), (24, 1e18, 30, 6),
        (24, 6, 30, 1e100), (0, 1e-300, 9, 1e100), (9, 1e100, 0, 1e-300), (1, 1e-99, 1, 1e100),
    ],
)  # fmt: skip
def test_rates_of_any_size_give_finite_numbers(given):
    found = plain(stats.poisson_rate_test(*given))

    assert 0 <= found["p_two_sided"] <= 1
    assert 0 <= found["p_one_sided_decrease"] <= 1


@pytest.mark.parametrize(
    ("argument", "function", "given"),
    [
        ("t", stats.poisson_rate_ci, {"x": 3, "t": 1e-320}),
        ("t", stats.poisson_rate_ci, {"x": 0, "t": 1e-320}),
        ("t1", stats.poisson_rate_test, {"x1": 3, "t1": 1e-200, "x2": 1, "t2": 1}),
        ("ratio", stats.poisson_rate_test, {"x1": 3, "t1": 1, "x2": 1, "t2": 1, "ratio": 1e-320}),
        ("sd1", stats.two_sample_t_from_summary,
         {"mean1": 0, "sd1": 1e-300, "n1": 9, "mean2": 0, "sd2": 1, "n2": 9}),
        ("kind", stats.change_point, {"x": [1, 2, 3, 4], "kind": []}),
        ("n", stats.change_point, {"x": [1, 2, 3, 4], "n": [1e-320, 1, 1, 1], "kind": "rate"}),
        ("n", stats.power_two_means, {"n": 1, "delta": 1}),
        ("n", stats.power_two_means, {"n": 1e18, "delta": 1}),
        ("delta", stats.sample_size_two_means, {"delta": 1e-300}),
        ("p2", stats.sample_size_two_proportions, {"p1": 0.5, "p2": 0.5 + 1e-12}),
        ("p1", stats.power_two_proportions, {"n": 9, "p1": 1e-320, "p2": 0.5}),
        ("alpha", stats.power_two_means, {"n": 9, "delta": 1, "alpha": 1e-300}),
        ("sides", stats.power_two_means, {"n": 9, "delta": 1, "sides": True}),
        ("sides", stats.power_two_means, {"n": 9, "delta": 1, "sides": np.array([1, 2])}),
    ],
)  # fmt: skip
def test_an_argument_no_comparison_can_have_is_refused_by_name(argument, function, given):
    with pytest.raises(ArgumentError) as refused:
        function(**given)

    assert refused.value.argument == argument


@pytest.mark.parametrize("delta", [1e4, 1e6, 1e12, 1e100])
def test_an_absurd_difference_is_seen_for_sure_by_the_fewest_values(delta):
    assert stats.power_two_means(20, delta).power == 1
    assert stats.sample_size_two_means(delta).n_ceil == 2


def test_power_beside_an_absurd_level_is_that_of_scatter_alone():
    # Both branches of the noncentral t meet where its noncentrality is 1e5.
    below, above = (
        stats.power_two_means(2, size, alpha=1e-9).power for size in (0.9999e5, 1.0001e5)
    )

    assert above == pytest.approx(below, rel=1e-3)


def test_scatter_that_is_nil_beside_the_other_has_no_ratio():
    found = plain(stats.two_sample_t([1e-60, 2e-60, 4e-60], [1, 2, 4]))

    assert found["variance_ratio"] == {"f": None, "df": [2, 2], "p": None, "ci": None}


@pytest.mark.parametrize("scale", [1e-200, 1e-320, 1e90])
def test_a_change_is_found_in_any_unit(scale):
    x = [1, 2, 1, 2, 1, 8, 9, 8, 9, 8]

    found = plain(stats.change_point([value * scale for value in x], permutations=99))

    assert found["point"] == 6


def test_a_change_of_rate_is_found_beside_an_absurd_exposure():
    found = plain(
        stats.change_point(
            [5, 4, 5, 5, 4, 6], [2.0**63, 9, 9, 9, 9, 9], kind="rate", permutations=99
        )
    )

    assert found["segments"][0]["first"] == 1


@pytest.mark.parametrize("confidence", [1e-300, 1e-12, 1 - 1e-12])
def test_any_confidence_between_0_and_1_gives_numbers(confidence):
    plain(stats.two_proportion_test(64, 1500, 41, 1490, confidence=confidence))
    plain(stats.compare_periods(BEFORE, AFTER, confidence=confidence))


@pytest.mark.parametrize("value", [None, math.nan, np.float64("nan")])
def test_a_missing_number_is_read_as_a_dash(value):
    assert stats.number(value) == stats.percent(value) == "–"


@pytest.mark.parametrize("value", ["1", b"1", [], {}, math.inf, -math.inf, 10**400, 1j, object()])
def test_what_is_no_number_is_not_read_as_one(value):
    for function in (stats.number, stats.percent):
        with pytest.raises(ArgumentError, match=r"^value:"):
            function(value)


def test_numbers_of_numpy_are_read_like_those_of_python():
    assert (stats.percent(np.int8(5)), stats.number(np.float32(1.5))) == ("500 %", "1.5")
