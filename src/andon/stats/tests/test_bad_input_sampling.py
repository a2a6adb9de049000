"""Absurd arguments of sampling plans are refused by name, and none takes minutes."""

import json
import math

import numpy as np
import pytest

from andon import stats
from andon.stats.sampling.skip_lot_state import SkipLotState
from andon.stats.sampling.switching_state import InspectionState


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
LOTS = [True, True, False]


@pytest.mark.parametrize("value", NO_LISTS)
@pytest.mark.parametrize("argument", ["marginal", "irregular", "resubmitted", "resumed"])
def test_numbers_of_lots_are_lists(argument, value):
    refused(argument, stats.switching_state, 1, LOTS, "z14", **{argument: value})


@pytest.mark.parametrize("value", NO_LISTS)
def test_results_of_lots_are_lists(value):
    refused("results", stats.switching_state, 1, value)
    refused("results", stats.skip_lot, value)
    refused("frequencies", stats.skip_lot, LOTS, frequencies=value)


@pytest.mark.parametrize("value", [2, NAN, "yes", [], np.zeros(2), np.ma.masked])
def test_a_result_is_true_false_or_none(value):
    refused("results", stats.switching_state, 1, [True, value])
    refused("results", stats.skip_lot, [True, value])


def test_results_may_be_an_array():
    result = finite(stats.switching_state(np.int64(1), np.array(LOTS), reduced_allowed=np.True_))

    assert result.score_after == stats.switching_state(1, LOTS, reduced_allowed=True).score_after


@pytest.mark.parametrize(
    "start",
    [
        NAN,
        {},
        "lot_by_lot",
        SkipLotState(state="zz"),
        SkipLotState(state="skip_lot", step=9),
        SkipLotState(lots=-1),
        SkipLotState(block_inspected=2),  # type: ignore[arg-type]
    ],
)
def test_skipping_goes_on_from_a_state_it_can_be_in(start):
    refused("start", stats.skip_lot, LOTS, start=start)


@pytest.mark.parametrize(
    "start",
    [
        "zz",
        {},
        InspectionState(inspection="zz", score=0),
        InspectionState(score=0, lots=-1),
        InspectionState(score=0, recent=3),  # type: ignore[arg-type]
        InspectionState(score=NAN),  # type: ignore[arg-type]
    ],
)
def test_switching_goes_on_from_a_state_it_can_be_in(start):
    refused("start", stats.switching_state, 1, LOTS, start=start)


@pytest.mark.parametrize("value", [None, NAN, INF, 0.5, -1, "1", {}, {1}, [[1]], [None], 10**18])
def test_a_lot_is_decided_by_whole_numbers(value):
    plan = stats.sampling_plan(3200, 2.5, kind="double", rules="ANSI Z1.4")

    refused("nonconforming", stats.decide, plan, value)
    refused("plan", stats.decide, None, [1])


@pytest.mark.parametrize(
    ("argument", "given"),
    [
        ("n", {"n": [50, [50]], "ac": [0, 3]}),
        ("n", {"n": "50", "ac": 3}),
        ("n", {"n": {50}, "ac": 3}),
        ("n", {"n": np.ma.masked_array([50, 50], mask=[True, False]), "ac": [0, 3]}),
        ("n", {"n": 10**9, "ac": 3}),
        ("ac", {"n": [50, 50], "ac": [0, [3]]}),
        ("ac", {"n": 9, "ac": 10**6}),
        ("re", {"n": [50, 50], "ac": [0, 3], "re": [3, [4]]}),
        ("re", {"n": [10**5, 10**5], "ac": [0, 99_998], "re": [99_999, 99_999]}),
        ("re", {"n": [1] * 1000, "ac": [None] * 999 + [3]}),
        ("n", {"n": [10**5] * 2, "ac": [0, 99], "model": "hypergeometric", "lot_size": 10**6}),
        ("p", {"n": 50, "ac": 3, "p": [0.1, [0.2]]}),
        ("p", {"n": 50, "ac": 3, "p": {0.1}}),
        ("p", {"n": 50, "ac": 3, "p": "0.1"}),
        ("model", {"n": 50, "ac": 3, "model": []}),
        ("model", {"n": 50, "ac": 3, "model": np.array(["poisson", "binomial"])}),
    ],
)
def test_a_plan_that_is_none_is_refused_at_once(argument, given):
    refused(argument, stats.oc_curve, **given)


@pytest.mark.parametrize("k", [1e6, -1e6, 31])
def test_no_fraction_lies_so_many_deviations_away(k):
    refused("k", stats.oc_curve_variables, 10, k)


@pytest.mark.parametrize("n", [2, 10, 10**10])
@pytest.mark.parametrize("k", [-30, 0, 30])
def test_chances_by_variables_are_chances(n, k):
    curve = finite(stats.oc_curve_variables(n, k))

    assert all(0 <= chance <= 1 for chance in (*curve.pa, curve.p95, curve.p50, curve.p10))


@pytest.mark.parametrize("lot_size", ["abc", NAN, 1, -5, 1.5, []])
@pytest.mark.parametrize("model", ["binomial", "normal_known", "normal_unknown"])
def test_a_lot_size_is_one_also_where_it_changes_nothing(model, lot_size):
    refused("lot_size", stats.find_plan, [0.01, 0.95], [0.06, 0.1], model, lot_size)


@pytest.mark.parametrize("points", [(1e-5, 1.01e-5), (1e-9, 1.1e-9), (1e-3, 1.05e-3)])
def test_points_too_close_are_seen_soon_in_a_huge_lot(points):
    good, bad = points
    refused(
        "consumer", stats.find_plan, [good, 0.95], [bad, 0.1], "hypergeometric", 10**10
    )  # fmt: skip


def test_a_large_plan_of_a_huge_lot_is_that_of_a_process():
    lot = stats.find_plan([1e-4, 0.95], [3e-4, 0.1], "hypergeometric", 10**10)
    process = stats.find_plan([1e-4, 0.95], [3e-4, 0.1])

    assert (lot.n, lot.c) == (process.n, process.c)
    assert lot.n > 5000
    assert math.isclose(lot.pa_consumer, process.pa_consumer, rel_tol=1e-4)


def test_a_plan_on_zero_of_a_huge_lot_is_found_soon():
    assert stats.c0_plan(reliability=0.999999, lot_size=10**10).n == 2_995_283
    assert stats.c0_plan(reliability=0.9999999999, lot_size=10**10).n == 9_500_000_000


@pytest.mark.parametrize("given", [{"confidence": 7}, {"confidence": 0.9}, {"confidence": []}])
def test_one_plan_on_zero_or_several(given):
    cases = [{"confidence": 0.9, "reliability": 0.9}]
    refused("cases", stats.c0_plan, cases, **given)


@pytest.mark.parametrize("given", [{"level": "zz"}, {"inspection": None}, {"sigma_known": True}])
def test_one_plan_by_variables_or_several(given):
    refused("plans", stats.z19_plan, [{"lot_size": 40, "aql": "1.0"}], **given)


def test_figures_of_huge_samples_are_finite():
    finite(stats.variables_m_from_k(1.53, 10**10))
    finite(stats.calibration_interval_test(187, 10**10, target_reliability=0.9))
    refused("n", stats.variables_m_from_k, 1.53, 10**18)
    refused("sigma", stats.variables_sampling_estimate, [1, 2, 3], 4, sigma=1e-320)
