"""Calibration intervals: reliability, adjustment, test, reaction and drift."""

import json
import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference

from andon.stats import (
    ArgumentError,
    calibration_interval_adjust,
    calibration_interval_reaction,
    calibration_interval_reliability,
    calibration_interval_test,
)

INTERVAL = [3, 6, 9, 12, 18, 24]
GOOD = [48, 45, 58, 71, 37, 21]
BAD = [2, 3, 6, 11, 9, 8]


def codes(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return [warning.code for warning in result.warnings]


def cloglog(design, offset=None):
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    data = np.column_stack([BAD, GOOD])
    return sm.GLM(data, design, family=family, offset=offset).fit(tol=1e-14, maxiter=200)


def test_a_generalised_linear_model_gives_the_same_reliability():
    # ln(-ln R) = shape ln t - shape ln scale: binomial with complementary log-log link.
    logs = np.log(INTERVAL)
    line, level = cloglog(sm.add_constant(logs)), cloglog(np.ones(6), offset=logs)
    result = calibration_interval_reliability(INTERVAL, GOOD, BAD, 0.95)

    assert result.exponential.rate == pytest.approx(math.exp(level.params[0]), rel=1e-7)
    assert result.weibull.shape == pytest.approx(line.params[1], rel=1e-6)
    assert result.weibull.scale == pytest.approx(math.exp(-line.params[0] / line.params[1]))


def test_the_interval_of_the_interval_holds_it():
    result = calibration_interval_reliability(INTERVAL, GOOD, BAD, 0.9)

    for model in (result.exponential, result.weibull):
        low, high = model.interval_ci
        assert low < model.interval_at_target < high
        middle = math.sqrt(low * high)
        assert middle == pytest.approx(model.interval_at_target)
    assert (result.chosen, result.interval) == (
        "exponential",
        result.exponential.interval_at_target,
    )
    assert "90 % are still in tolerance after" in str(result.sentence)


def test_the_reliability_at_the_interval_is_the_target():
    result = calibration_interval_reliability(INTERVAL, GOOD, BAD, 0.9)
    weibull = result.weibull

    assert math.exp(-((weibull.interval_at_target / weibull.scale) ** weibull.shape)) == (
        pytest.approx(0.9)
    )


def test_clear_wear_chooses_the_weibull():
    result = calibration_interval_reliability([6, 12, 24], [99, 97, 50], [1, 3, 50], 0.9)

    assert result.chosen == "weibull"
    assert result.weibull.shape > 2
    assert "rate that changes with time" in str(result.sentence)


@settings(max_examples=30)
@given(st.floats(0.01, 100))
def test_the_unit_of_time_scales_the_interval(unit):
    one = calibration_interval_reliability(INTERVAL, GOOD, BAD)
    other = calibration_interval_reliability([unit * t for t in INTERVAL], GOOD, BAD)

    assert other.interval == pytest.approx(unit * one.interval, rel=1e-7)
    assert other.weibull.shape == pytest.approx(one.weibull.shape, rel=1e-6)


def test_the_maximum_is_found_where_the_curvature_vanishes_on_the_way():
    # statsmodels 0.14, binomial GLM with complementary log-log link: shape 8.1255309.
    interval, good, bad = [3, 3, 3, 12, 2], [1_000_000, 50, 50, 0, 5], [5, 5, 50, 50, 5]
    result = calibration_interval_reliability(interval, good, bad, 0.5)

    assert result.weibull.shape == pytest.approx(8.1255309, rel=1e-7)


def test_an_interval_too_far_to_name_is_not_named():
    flat = calibration_interval_reliability([12, 3, 6, 1e-6], [5, 0, 50, 5], [1, 50, 0, 1], 1e-9)
    vague = calibration_interval_reliability([2, 1e9], [1, 0], [0, 50], 1e-9)

    assert (flat.weibull, "not_estimable" in codes(flat)) == (None, True)
    assert (vague.exponential.interval_ci, vague.sentence) == (None, None)


def test_a_higher_target_asks_for_a_shorter_interval():
    intervals = [
        calibration_interval_reliability(INTERVAL, GOOD, BAD, target).weibull.interval_at_target
        for target in (0.8, 0.9, 0.95, 0.99)
    ]

    assert intervals == sorted(intervals, reverse=True)


def test_none_out_of_tolerance_gives_bounds_and_never_an_endless_interval():
    result = calibration_interval_reliability([12], [30], [0], 0.95)

    assert (result.exponential.rate, result.interval, result.weibull) == (None, None, None)
    assert result.exponential.rate_upper == pytest.approx(-math.log(0.05) / 360)
    assert result.exponential.interval_lower == pytest.approx(
        -math.log(0.95) / result.exponential.rate_upper
    )
    assert codes(result) == ["no_failures"]


def test_all_out_of_tolerance_gives_no_model():
    result = calibration_interval_reliability([6, 12], [0, 0], [3, 4])

    assert (result.exponential, codes(result)) == (None, ["no_variation"])


@pytest.mark.parametrize(
    ("interval", "good", "bad"),
    [
        ([12], [8], [2]),
        ([6, 12], [9, 0], [0, 4]),
        ([6, 12], [9, 5], [0, 4]),
        ([6, 12, 24], [5, 8, 9], [4, 2, 1]),
        ([6, 12], [0, 9], [5, 0]),
    ],
)
def test_no_wear_or_too_few_intervals_leave_only_the_exponential(interval, good, bad):
    result = calibration_interval_reliability(interval, good, bad)

    assert result.weibull is None
    assert (result.chosen, codes(result)[0]) == ("exponential", "not_estimable")


def test_an_interval_beyond_the_data_is_marked():
    assert "extrapolated" in codes(
        calibration_interval_reliability([12, 24], [98, 95], [2, 5], 0.5)
    )
    assert codes(calibration_interval_reliability(INTERVAL, GOOD, BAD, 0.9)) == []


def test_groups_that_are_empty_or_missing_do_not_count():
    some = calibration_interval_reliability([*INTERVAL, 30, None], [*GOOD, 0, 4], [*BAD, 0, 1])
    plain = calibration_interval_reliability(INTERVAL, GOOD, BAD)

    assert some.weibull.loglik == pytest.approx(plain.weibull.loglik)
    assert (some.n, some.n_missing) == (plain.n, 1)
    assert codes(calibration_interval_reliability([], [], [])) == ["no_data"]


def test_an_adjustment_keeps_the_interval_at_the_target_and_follows_the_share():
    assert calibration_interval_adjust(12, 0.95, 0.95).interval == 12
    intervals = [calibration_interval_adjust(12, share).interval for share in (0.7, 0.9, 0.99)]
    assert intervals == sorted(intervals)


def test_policy_caps_what_is_recommended_but_not_what_was_found():
    short, long = calibration_interval_adjust(12, 0.8), calibration_interval_adjust(12, 0.99)

    assert (short.recommended, long.recommended) == (6, 18)
    assert short.interval < 6
    assert long.interval > 18
    assert codes(short) == codes(long) == ["capped"]
    free = calibration_interval_adjust(12, 0.8, smallest_factor=0.1)
    assert (free.recommended, codes(free)) == (free.interval, [])
    assert str(short.sentence) == (
        "80 % in tolerance against a target of 95 %: change the interval from 12 to 6."
    )


def test_all_or_none_in_tolerance_needs_the_number_behind_it():
    for share, limit in ((1, 0.05 ** (1 / 20)), (0, 1 - 0.05 ** (1 / 20))):
        result = calibration_interval_adjust(12, share, n=20)
        assert result.reliability_used == pytest.approx(limit)
        assert result.interval == pytest.approx(12 * math.log(0.95) / math.log(limit))
        assert codes(result)[0] == "bound_used"
        without = calibration_interval_adjust(12, share)
        assert (without.interval, codes(without)) == (None, ["too_few"])


def test_the_number_behind_the_share_gives_an_interval():
    ends = reference.binomtest(16, 20).proportion_ci(0.95, "exact")
    result = calibration_interval_adjust(12, 0.8, n=20)

    assert result.interval_ci == pytest.approx([12 * math.log(0.95) / math.log(e) for e in ends])
    assert calibration_interval_adjust(12, 1, n=20).interval_ci[1] is None
    assert calibration_interval_adjust(12, 0, n=20).interval_ci[0] == 0


@pytest.mark.parametrize(
    ("target", "verdict", "words"),
    [
        (0.99, "shorten", "shorten the interval"),
        (0.85, "extend", "may be extended"),
        (0.95, "keep", "no reason to change"),
    ],
)
def test_the_interval_changes_only_where_the_data_contradict_the_target(target, verdict, words):
    result = calibration_interval_test(187, 200, target_reliability=target)

    assert result.verdict == verdict
    assert words in str(result.sentence)
    json.dumps(result.to_dict(), allow_nan=False)


def test_a_test_without_target_or_data_gives_no_verdict():
    assert calibration_interval_test(187, 200).verdict is None
    assert calibration_interval_test(20, 20).ci[1] == 1
    assert codes(calibration_interval_test(0, 0)) == ["no_data"]


@settings(max_examples=30)
@given(st.floats(0.55, 0.98), st.floats(0.01, 0.5))
def test_the_steps_of_the_reaction_balance_at_the_target(target, step):
    result = calibration_interval_reaction(12, [True], target, increase=step)

    grow, shrink = math.log(result.increase_factor), math.log(result.decrease_factor)
    assert target * grow + (1 - target) * shrink == pytest.approx(0, abs=1e-12)


def test_the_reaction_stays_between_its_limits_and_skips_what_was_not_judged():
    result = calibration_interval_reaction(12, [1, None, 1, 0], 0.95, shortest=6, longest=13)

    assert result.intervals == [13, 13, 13, 6]
    assert (result.interval, result.n, result.n_missing) == (6, 3, 1)
    nothing = calibration_interval_reaction(12, [])
    assert (nothing.interval, codes(nothing)) == (12, ["no_data"])


@pytest.mark.parametrize(
    ("function", "given", "named", "argument"),
    [
        (calibration_interval_reliability, [[0], [1], [1]], {}, "interval"),
        (calibration_interval_reliability, [[1, 2], [1], [1, 1]], {}, "in_tolerance"),
        (calibration_interval_reliability, [[1], [1], [-1]], {}, "out_of_tolerance"),
        (calibration_interval_reliability, [[1], [1.5], [1]], {}, "in_tolerance"),
        (calibration_interval_reliability, [["a"], [1], [1]], {}, "interval"),
        (calibration_interval_reliability, [[1], [1], [1], 1], {}, "target_reliability"),
        (calibration_interval_adjust, [0, 0.9], {}, "interval"),
        (calibration_interval_adjust, [12, 1.1], {}, "observed_reliability"),
        (calibration_interval_adjust, [12, math.nan], {}, "observed_reliability"),
        (calibration_interval_adjust, [12, 0.9, 1], {}, "target_reliability"),
        (calibration_interval_adjust, [12, 0.9], {"n": 0}, "n"),
        (calibration_interval_adjust, [12, 0.9], {"smallest_factor": 2}, "smallest_factor"),
        (calibration_interval_test, [3, 2], {}, "in_tolerance"),
        (calibration_interval_test, [-3, 2], {}, "in_tolerance"),
        (calibration_interval_test, [1, 2], {"target_reliability": 0}, "target_reliability"),
        (calibration_interval_reaction, [12, [2]], {}, "in_tolerance"),
        (calibration_interval_reaction, [12, ["yes"]], {}, "in_tolerance"),
        (calibration_interval_reaction, [12, [1]], {"shortest": 9, "longest": 6}, "shortest"),
        (calibration_interval_reaction, [12, [1]], {"increase": 0}, "increase"),
    ],
)
def test_what_no_calibration_can_be_is_refused_by_name(function, given, named, argument):
    with pytest.raises(ArgumentError) as refused:
        function(*given, **named)

    assert refused.value.argument == argument
