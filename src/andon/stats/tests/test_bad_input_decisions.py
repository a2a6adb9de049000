"""Absurd arguments of decisions, reliability, capability and streams are refused by name."""

import json
import math

import numpy as np
import pytest

from andon import stats


def refused(argument, function, *args, **given):
    with pytest.raises(stats.ArgumentError) as error:
        function(*args, **given)
    assert error.value.argument == argument
    assert error.value.sentence


def finite(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return result


NAN, INF = math.nan, math.inf
NO_LISTS = [None, NAN, 5, "abc", b"ab", {"a": 1}, {1, 2}, np.array(3.0), object()]


@pytest.mark.parametrize("value", NO_LISTS)
def test_names_and_days_are_lists(value):
    refused("names", stats.pareto, value, [1, 2])
    refused("promised", stats.on_time_delivery, value, ["2026-03-02"])
    refused("delivered", stats.on_time_delivery, ["2026-03-02"], value)
    refused("in_tolerance", stats.calibration_interval_reaction, 12, value)


@pytest.mark.parametrize("value", [None, NAN, INF, 1j, b"1", object(), [1], np.zeros(2)])
def test_a_cause_has_a_text_or_a_number_for_a_name(value):
    refused("names", stats.pareto, ["a", value], [1, 2])
    refused("other", stats.pareto, ["a", "b", "c"], [1, 2, 3], keep=1, other=value)


def test_names_of_causes_from_numpy_become_plain_ones():
    result = finite(stats.pareto(np.array(["a", "b"]), [1, 2]))

    assert [type(name) for name in result.names] == [str, str]
    assert stats.pareto([4006381333931, 7.5], [1, 2]).names == ["7.5", "4006381333931"]


@pytest.mark.parametrize("value", [True, "x", b"1", [], np.zeros(2), np.datetime64("2026-03-02")])
def test_a_day_is_a_date_a_text_or_a_number(value):
    refused("promised", stats.on_time_delivery, [value], ["2026-03-02"])
    refused("delivered", stats.on_time_delivery, ["2026-03-02"], [value])


@pytest.mark.parametrize("given", [{"early": True}, {"late": True}])
def test_a_window_is_numbers_of_days(given):
    refused("early", stats.on_time_delivery, ["2026-03-02"], ["2026-03-02"], **given)


def test_a_masked_day_is_a_missing_one():
    days = np.ma.masked_array([5.0, 6.0], mask=[False, True])

    assert stats.on_time_delivery(days, [5, 6]).n_missing == 1


@pytest.mark.parametrize("key", [5, None, 1.5, (1, 2)])
def test_criteria_have_texts_for_names(key):
    refused("scores", stats.supplier_scorecard, {"a": 1, key: 2}, {"a": 1})
    refused("weights", stats.supplier_scorecard, {"a": 1}, {"a": 1, key: 2})
    refused("bands", stats.supplier_scorecard, {"a": 1}, {"a": 1}, {key: 2})


@pytest.mark.parametrize("value", [None, 5, "abc", {}, {1}, [[1, 2]], [[1], [1, 2, 3]], [5, [1]]])
def test_ratings_of_a_cause_are_three(value):
    refused("sod", stats.fmea_action_priority, value)


@pytest.mark.parametrize(
    ("argument", "function", "given"),
    [
        ("dpmo", stats.sigma_level, {"dpmo": 1e-320}),
        ("confidence", stats.ppm, {"nonconforming": 1, "received": 9, "confidence": 1e-300}),
        ("received", stats.ppm, {"nonconforming": 1, "received": 10**18}),
        ("opportunities", stats.dpmo, {"defects": 1, "units": 9, "opportunities": 1e-320}),
        ("units", stats.process_yield_poisson, {"defects": 1, "units": 1e-320}),
        ("sales", stats.cost_of_poor_quality, {"prevention": 1, "sales": 1e-320}),
        ("total_time", stats.mtbf, {"total_time": 1e-320, "failures": 1}),
        ("confidence", stats.mtbf, {"total_time": 1, "failures": 1, "confidence": 1e-320}),
        ("termination", stats.mtbf, {"total_time": 1, "failures": 1, "termination": []}),
        ("planned_minutes", stats.oee, {"planned_minutes": 1e-320, "downtime_minutes": 0,
                                        "ideal_cycle_seconds": 1, "total": 1, "good": 1}),
        ("time", stats.calibration_interval_drift,
         {"time": [1e-200, 2e-200, 3e-200], "error": [1, 2, 3], "tolerance": 9}),
        ("interval", stats.calibration_interval_reliability,
         {"interval": [1e-320], "in_tolerance": [1], "out_of_tolerance": [1]}),
        ("n", stats.calibration_interval_adjust,
         {"interval": 12, "observed_reliability": 1, "n": 10**18}),
        ("confidence", stats.calibration_interval_adjust,
         {"interval": 12, "observed_reliability": 1, "n": 9, "confidence": 1e-300}),
        ("increase", stats.calibration_interval_reaction,
         {"interval": 12, "in_tolerance": [True], "increase": 11}),
        ("in_tolerance", stats.calibration_interval_reaction,
         {"interval": 12, "in_tolerance": [True, 2]}),
        ("distributions", stats.fit_distribution, {"x": [1, 2, 3], "distributions": None}),
        ("distributions", stats.fit_distribution, {"x": [1, 2, 3], "distributions": [[]]}),
        ("distribution", stats.probability_plot,
         {"x": [1, 2, 3], "distribution": np.array(["normal", "gamma"])}),
        ("distribution", stats.capability_nonnormal,
         {"x": [1, 2, 3], "usl": 9, "distribution": np.array(["normal", "gamma"])}),
        ("within", stats.capability,
         {"x": [1, 2, 3], "usl": 9, "within": np.array(["mr", "rbar"])}),
        ("nu", stats.capability, {"x": [1, 2, 3], "usl": 9, "nu": np.array(["total", "x"])}),
        ("nu", stats.capability_ci, {"n": 9, "cp": 1, "nu": 1e-320}),
        ("bins", stats.histogram, {"x": [1, 2, 3], "bins": 10_001}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_the_name_of_the_argument(argument, function, given):
    refused(argument, function, **given)


def test_lives_far_apart_are_seen_without_dividing_them():
    result = finite(stats.weibull_fit([1e-320, 55, 70]))

    assert [warning.code for warning in result.warnings] == ["too_wide"]


def test_the_limit_of_a_share_of_one_keeps_its_digits_for_huge_numbers():
    result = finite(stats.calibration_interval_adjust(12, 1.0, n=10**10))

    wanted = 12 * math.log(0.95) / (math.log(0.05) / 10**10)
    assert math.isclose(result.interval, wanted, rel_tol=1e-12)


def test_an_interval_that_only_grows_stays_a_number():
    result = finite(stats.calibration_interval_reaction(12, [True] * 5000, increase=10))

    assert result.interval == 1e100


STREAMS = [
    stats.StreamingEwma(0.2, 3, 0, 1), stats.StreamingCusum(0.5, 4, 0, 1), stats.StreamingImr(),
    stats.StreamingRules(0, 1, ["n1"]), stats.StreamingMoments(), stats.StreamingXbar(3),
]  # fmt: skip


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: type(stream).__name__)
@pytest.mark.parametrize("state", [None, [], "x", 5, {}, {"n": 1}, "nulls", "texts", "lists", "-1"])
def test_a_stream_resumes_from_its_own_state_only(stream, state):
    fillings = {"nulls": None, "texts": "x", "lists": [], "-1": -1}
    if isinstance(state, str) and state in fillings:
        state = dict.fromkeys(stream.state(), fillings[state])

    refused("state", type(stream).resume, state)


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: type(stream).__name__)
def test_a_stream_goes_on_after_json_as_if_it_had_not_stopped(stream):
    kind, copy = type(stream), json.loads(json.dumps(stream.state()))
    one, other = kind.resume(stream.state()), kind.resume(copy)
    value = [1.0, 2.0] if kind is stats.StreamingXbar else 1e99
    for _ in range(3):
        one.add(value)
        other.add(value)
        other = kind.resume(json.loads(json.dumps(other.state(), allow_nan=False)))

    assert one.state() == other.state()


@pytest.mark.parametrize("value", [None, NAN, 5, "ab", {1, 2}, np.array(3.0)])
def test_a_subgroup_is_a_list(value):
    refused("subgroup", stats.StreamingXbar(3).add, value)


@pytest.mark.parametrize("value", [INF, "1", b"1", 1j, [1], {}, np.zeros(2), 10**400])
def test_a_point_of_a_stream_is_a_number(value):
    refused("value", stats.StreamingMoments().add, value)


@pytest.mark.parametrize("rules", [None, "n1", [1], {"n1"}, [[]], 5])
def test_rules_of_a_stream_are_a_list_of_names(rules):
    refused("rules", stats.StreamingRules, 0, 1, rules)
