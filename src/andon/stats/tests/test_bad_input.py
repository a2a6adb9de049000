"""What a fuzzer found once: absurd arguments are refused by name, and nothing runs away."""

import json
import math

import pytest

from andon import stats
from andon.stats import Periods

NAN, INF = math.nan, math.inf
BEFORE, AFTER = Periods([80, 84, 78, 82], [1000] * 4), Periods([52, 49, 55, 50], [1000] * 4)


def refused(argument, function, *args, **given):
    with pytest.raises(stats.ArgumentError) as error:
        function(*args, **given)
    assert error.value.argument == argument
    assert error.value.sentence


@pytest.mark.parametrize("value", [NAN, INF, -INF, "0.06", []])
@pytest.mark.parametrize("argument", ["target_value", "target_change"])
def test_a_target_that_is_no_number_never_becomes_a_verdict(argument, value):
    refused(argument, stats.effectiveness, BEFORE, AFTER, **{argument: value})


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("window_elapsed", "no"), ("window_elapsed", NAN), ("window_elapsed", None),
        ("minimum_exposure", NAN), ("minimum_exposure", INF), ("minimum_exposure", -5),
        ("minimum_exposure", "a"),
        ("kind", []), ("direction", {}), ("recurrences", -1), ("confidence", 95),
    ],
)  # fmt: skip
def test_a_condition_of_the_verdict_is_what_it_should_be(argument, value):
    refused(argument, stats.effectiveness, BEFORE, AFTER, target_change=0.25, **{argument: value})


@pytest.mark.parametrize("value", [0, 1, 95, 1.5, -1, NAN, "x", None])
def test_a_bound_on_recurrence_needs_a_confidence_between_0_and_1(value):
    refused("confidence", stats.no_recurrence, 0, 30, 30, confidence=value)


@pytest.mark.parametrize("h", [101, 1000, 1e5, 1e6, 1e9])
def test_a_run_length_beyond_all_numbers_is_not_given(h):
    result = stats.arl([{"kind": "cusum", "k": 0.5, "h": h}])

    assert result.arl == [None]
    assert [warning.code for warning in result.warnings] == ["too_large"]


@pytest.mark.parametrize("argument", ["center", "sigma"])
@pytest.mark.parametrize("value", [NAN, INF, "1", None])
def test_rules_need_a_centre_and_a_sigma(argument, value):
    given = {"center": 0, "sigma": 1} | {argument: value}
    refused(argument, stats.run_rules, [1, 2, 100], **given)


@pytest.mark.parametrize("rules", [None, "n1", [1], [b"n1"], [["n1"]], {"n1"}, ["n9"]])
def test_rules_are_a_list_of_their_names(rules):
    refused("rules", stats.run_rules, [1, 2, 3], 0, 1, rules)


def test_no_rules_find_nothing():
    assert stats.run_rules([1, 2, 3], 0, 1, []) == {}


def test_a_correlation_lies_between_minus_1_and_1():
    result = stats.autocorrelation([3, 4, 5, 6, 6, 5, 4, 3, 2, 2, 3, 4])

    assert -1 <= result.ci[0] <= result.ci[1] <= 1


def test_limits_of_a_survey_stand_in_order():
    for lsl, usl in ((5, 1), (NAN, None), (INF, None), ("a", None)):
        refused("lsl", stats.survey, [1, 2, 3], lsl, usl)


def test_masked_values_are_missing_in_a_walk_too():
    import numpy as np  # noqa: PLC0415

    masked = np.ma.masked_array([1.0, 999.0, 3.0], mask=[False, True, False])

    assert (stats.survey(masked).n, stats.survey(masked).mean) == (2, 2.0)
    assert stats.xbar_r_limits(masked, 2).n == 2


@pytest.mark.parametrize(
    ("argument", "function", "given"),
    [
        ("n", stats.oc_curve, {"n": 10**9, "ac": 3}),
        ("re", stats.oc_curve, {"n": [50, 50], "ac": [0, 3], "re": [10**9, 4]}),
        ("bins", stats.histogram, {"x": [1, 2, 3], "bins": 10**9}),
        ("permutations", stats.change_point, {"x": list(range(20)), "permutations": 10**9}),
        ("size", stats.xbar_r_limits, {"values": [1, 2, 3], "size": 10**9}),
        ("size", stats.xbar_s_limits, {"values": [1, 2, 3], "size": 10**9}),
        ("n", stats.spc_constants, {"n": 10**9}),
    ],
)
def test_what_would_take_all_memory_is_refused(argument, function, given):
    refused(argument, function, **given)


def test_counts_far_from_each_other_are_compared_without_taking_all_memory():
    rates = stats.poisson_rate_test(10**9, 1, 10, 1)
    shares = stats.two_proportion_test(10**8, 10**9, 10, 10**9)

    assert rates.p_two_sided < 1e-300
    assert shares.fisher_p_two_sided < 1e-300
    assert 0 <= rates.ci[0] <= rates.ci[1]


@pytest.mark.parametrize(
    ("argument", "function", "given"),
    [
        ("within", stats.capability, {"x": [1, 2, 3], "lsl": 0, "usl": 4, "within": []}),
        ("nu", stats.capability, {"x": [1, 2, 3], "lsl": 0, "usl": 4, "nu": {}}),
        ("limits", stats.g_chart, {"x": [1, 2, 3], "limits": []}),
        ("distribution", stats.t_chart, {"x": [1, 2, 3], "distribution": []}),
        ("ranges", stats.imr_chart, {"x": [1, 2, 3], "ranges": []}),
        ("estimator", stats.xbar_r_chart, {"subgroups": [[1, 2], [2, 3]], "estimator": []}),
        ("kind", stats.choose_chart, {"numerators": [1], "denominators": [2], "kind": []}),
        ("sides", stats.power_two_proportions, {"n": 9, "p1": 0.1, "p2": 0.2, "sides": []}),
        ("termination", stats.mtbf, {"total_time": 9, "failures": 1, "termination": []}),
        ("distribution", stats.probability_plot, {"x": [1, 2, 3], "distribution": []}),
        ("rule", stats.guard_band, {"lsl": 0, "usl": 1, "u": 0.1, "rule": []}),
        ("weights", stats.cohen_kappa, {"a": [1, 2], "b": [1, 2], "weights": []}),
        ("exclude", stats.imr_chart, {"x": [1, 2, 3], "exclude": None}),
        ("baseline", stats.imr_chart, {"x": [1, 2, 3], "baseline": 2}),
        ("n", stats.power_two_proportions, {"n": 0.5, "p1": 0.1, "p2": 0.2}),
    ],
)
def test_an_option_that_is_none_of_its_words_is_refused_by_name(argument, function, given):
    refused(argument, function, **given)


@pytest.mark.parametrize("value", [1e101, -1e101, 1e308])
def test_sizes_whose_squares_leave_the_numbers_are_refused(value):
    for function in (stats.imr_chart, stats.summary_statistics, stats.linear_trend):
        refused("x", function, [1, 2, value])
    refused("groups[2]", stats.one_way_anova, [[1, 2], [value, 3]])


@pytest.mark.parametrize("values", [[1e100, -1e100, 1e99, 5e99], [1e-300, 2e-300, 3e-300, 5e-300]])
def test_the_largest_and_the_smallest_sizes_give_numbers(values):
    for function in (stats.imr_chart, stats.summary_statistics, stats.mann_kendall):
        json.dumps(function(values).to_dict(), allow_nan=False)
