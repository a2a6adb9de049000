"""Guard bands, risks of decisions, and readings of a gage found out of tolerance."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate
from scipy import stats as scipy_stats

from andon.stats import ArgumentError, correct_readings, decision_risk, guard_band


def codes(result):
    return [warning.code for warning in result.warnings]


def is_clean(result):
    return json.loads(json.dumps(result.to_dict(), allow_nan=False)) == result.to_dict()


def test_each_rule_has_its_guard_band():
    simple, expanded = guard_band(9, 11, 0.1, "simple"), guard_band(9, 11, 0.1, "expanded")
    iso = guard_band(9, 11, 0.1, "iso14253-1")

    assert (simple.acceptance_lower, simple.acceptance_upper, simple.guard) == (9, 11, 0)
    assert (expanded.acceptance_lower, expanded.rejection_upper) == (9.2, 11.2)
    assert guard_band(9, 11, 0.1, k=3).guard == pytest.approx(0.3)
    # ISO 14253-1:2017: 95 % at the limit, factor 1.65 where the tolerance is wide.
    assert iso.guard == pytest.approx(0.1645, abs=5e-5)
    assert guard_band(None, 11, 0.1, "iso14253-1").guard == pytest.approx(0.1644854, abs=1e-7)
    assert expanded.tolerance_to_uncertainty == pytest.approx(5)
    assert expanded.conformity_at_limit == pytest.approx(scipy_stats.norm.cdf(2))
    assert simple.conformity_at_limit == pytest.approx(0.5)


def test_a_large_uncertainty_widens_the_band_until_nothing_is_left():
    wide = guard_band(0, 4, 1.0, "iso14253-1")

    assert wide.guard > 1.7
    assert wide.conformity_at_limit == pytest.approx(0.95, abs=1e-9)
    gone = guard_band(0, 3, 1.0, "iso14253-1", readings=[1.5, 9])
    assert (gone.guard, gone.acceptance_lower, gone.conformity_at_limit) == (None, None, None)
    assert gone.decisions == ["uncertain", "nonconforming"]
    assert codes(gone) == ["no_acceptance_zone"]
    assert codes(guard_band(0, 3, 1.0)) == ["no_acceptance_zone"]
    assert is_clean(gone)


def test_readings_are_decided_by_their_zone():
    zone = guard_band(9, 11, 0.1, readings=[9.2, 9.19, 8.8, 8.79, None, 10.8, 10.81, 11.21])

    assert zone.decisions == [
        "conforming",
        "uncertain",
        "uncertain",
        "nonconforming",
        None,
        "conforming",
        "uncertain",
        "nonconforming",
    ]
    assert (zone.n, zone.n_missing) == (7, 1)
    assert str(zone.report[0]) == "Accept readings from 9.2 to 10.8 (guard band 0.2)."
    assert "up to 0.8" in str(guard_band(None, 1, 0.1).report[0])
    assert "from 1.2" in str(guard_band(1, None, 0.1).report[0])
    assert guard_band(1, None, 0.1, readings=[5]).decisions == ["conforming"]
    assert guard_band(0, 1, 0.1, "simple", readings=[1, 1.01]).decisions == [
        "conforming",
        "nonconforming",
    ]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((None, None, 1), "lsl"),
        ((3, 2, 1), "lsl"),
        ((1, 2, 0), "u"),
        ((1, 2, -1), "u"),
        ((1, 2, "a"), "u"),
        ((1, 2, 1, "guess"), "rule"),
    ],
)
def test_a_wrong_guard_band_is_refused_by_name(arguments, name):
    with pytest.raises(ArgumentError, match=rf"^{name}:"):
        guard_band(*arguments)


def test_a_wrong_option_is_refused_by_name():
    with pytest.raises(ArgumentError, match=r"^k:"):
        guard_band(1, 2, 0.1, k=0)
    with pytest.raises(ArgumentError, match=r"^conformity:"):
        guard_band(1, 2, 0.1, "iso14253-1", conformity=0.4)
    with pytest.raises(ArgumentError, match=r"^readings:"):
        guard_band(1, 2, 0.1, readings=[math.inf])
    with pytest.raises(ArgumentError, match=r"^sd:"):
        decision_risk(1, 2, 0.1, mean=1.5)
    with pytest.raises(ArgumentError, match=r"^sd:"):
        decision_risk(1, 2, 0.1, mean=1.5, sd=0)
    with pytest.raises(ArgumentError, match=r"^guard:"):
        decision_risk(1, 2, 0.1, guard=math.nan)
    with pytest.raises(ArgumentError, match=r"^reading:"):
        decision_risk(1, 2, 0.1, reading="x")


@pytest.mark.parametrize(
    ("u", "mean", "guard"), [(0.25, 0.0, 0.0), (0.5, 0.7, 0.4), (0.05, -1.0, -0.1), (2.0, 3.0, 0.5)]
)
def test_the_global_risks_are_those_of_the_bivariate_normal(u, mean, guard):
    risk = decision_risk(-2, 2, u, mean, 1.0, guard=guard)
    both = scipy_stats.multivariate_normal(
        [mean, mean], [[1, 1], [1, 1 + u * u]], abseps=1e-12, releps=1e-12
    )
    edge = 2 - guard
    good_accepted = sum(a * b * both.cdf([2 * a, edge * b]) for a in (1, -1) for b in (1, -1))
    reads = scipy_stats.norm(mean, math.hypot(1, u))
    accepted = reads.cdf(edge) - reads.cdf(-edge)
    parts = scipy_stats.norm(mean, 1)
    conforming = parts.cdf(2) - parts.cdf(-2)

    assert risk.accepted == pytest.approx(accepted, abs=1e-12)
    assert risk.conforming == pytest.approx(conforming, abs=1e-12)
    assert risk.consumers_risk == pytest.approx(accepted - good_accepted, abs=1e-10)
    assert risk.producers_risk == pytest.approx(conforming - good_accepted, abs=1e-10)
    assert risk.consumers_risk_among_accepted == pytest.approx(risk.consumers_risk / accepted)
    assert is_clean(risk)


@pytest.mark.parametrize("u", [1e-4, 0.3, 5.0])
def test_a_small_or_large_uncertainty_is_integrated_as_well(u):
    risk = decision_risk(None, 2, u, 0.0, 1.0)
    want = integrate.quad(
        lambda x: scipy_stats.norm.pdf(x) * scipy_stats.norm.cdf((2 - x) / u),
        2,
        min(2 + 9 * u, 9),
        epsabs=1e-14,
    )

    assert risk.consumers_risk == pytest.approx(want[0], rel=1e-8)


@given(st.floats(0.05, 1.0), st.floats(-1.5, 1.5), st.floats(0.3, 2.0))
@settings(max_examples=25, deadline=None)
def test_a_wider_guard_band_protects_the_customer_and_costs_the_producer(u, mean, sd):
    bands = [decision_risk(-2, 2, u, mean, sd, guard=w) for w in (-0.3, 0.0, 0.3, 0.6)]

    consumers = [risk.consumers_risk for risk in bands]
    producers = [risk.producers_risk for risk in bands]
    assert consumers == sorted(consumers, reverse=True)
    assert producers == sorted(producers)
    assert all(0 <= value <= 1 for value in consumers + producers)


def test_a_reading_is_weighed_against_what_is_known_of_the_process():
    alone, known = (
        decision_risk(-2, 2, 0.5, reading=1.9),
        decision_risk(-2, 2, 0.5, 0, 1, reading=1.9),
    )

    assert alone.conformity == pytest.approx(scipy_stats.norm.cdf(0.2), abs=1e-9)
    middle, spread = 1.9 / 1.25, 0.5 / math.sqrt(1.25)
    want = scipy_stats.norm.cdf((2 - middle) / spread) - scipy_stats.norm.cdf(
        (-2 - middle) / spread
    )
    assert known.conformity == pytest.approx(want)
    assert (known.decision, known.specific_producers_risk) == ("accepted", None)
    assert known.specific_consumers_risk == pytest.approx(1 - want)
    assert codes(alone) == ["no_process"]
    assert (alone.consumers_risk, alone.n) == (None, 1)
    rejected = decision_risk(-2, 2, 0.5, reading=1.9, guard=0.5)
    assert (rejected.decision, rejected.specific_consumers_risk) == ("rejected", None)
    assert rejected.specific_producers_risk == rejected.conformity
    assert decision_risk(-2, 2, 0.5, reading=2.1, guard=-0.2).decision == "accepted"
    assert "rejected; it conforms" in str(rejected.report[-1])


def test_without_an_acceptance_zone_all_parts_are_rejected():
    risk = decision_risk(-2, 2, 0.5, 0, 1, guard=3, reading=0)

    assert (risk.accepted, risk.consumers_risk, risk.consumers_risk_among_accepted) == (0, 0, None)
    assert risk.producers_risk == pytest.approx(risk.conforming)
    assert risk.decision == "rejected"
    assert codes(risk) == ["no_acceptance_zone"]
    far = decision_risk(-2, 2, 0.5, 1000, 1)
    assert (far.conforming, far.accepted, far.consumers_risk) == (0, 0, 0)
    assert decision_risk(None, 2, 0.5, -1000, 1).producers_risk_among_rejected is None


def test_the_error_of_the_nearest_point_is_taken_off():
    result = correct_readings(
        [1.0, 14.9, 15.0, 15.1, None, 40.0], [20, 10], [0.2, -0.1], 0, 50, u=0.05
    )

    assert result.error == [-0.1, -0.1, -0.1, 0.2, None, 0.2]
    assert result.corrected == pytest.approx([1.1, 15.0, 15.1, 14.9, None, 39.8])
    assert result.upper[0] == pytest.approx(1.2)
    assert (result.n, result.n_missing, codes(result)) == (5, 1, ["extrapolated"])
    assert (result.classes[4], result.as_read[4]) == (None, None)
    assert is_clean(result)


def test_readings_are_surely_good_uncertain_or_surely_bad():
    read = [9.95, 9.0, 9.45, 9.64, 10.54, 10.5]
    result = correct_readings(read, [10], [-0.5], 9.5, 10.5, u=0.05)

    assert result.classes == [
        "uncertain",
        "uncertain",
        "surely good",
        "surely good",
        "surely bad",
        "surely bad",
    ]
    assert result.as_read == ["good", "bad", "bad", "good", "bad", "good"]
    assert result.to_act_on == [1, 6]
    assert (result.surely_good, result.uncertain, result.surely_bad) == (2, 2, 2)
    assert "2 readings that had passed need a decision" in str(result.report[0])
    fine = correct_readings([9.45], [10], [-0.5], None, 10.5, u=0)
    assert (fine.classes, fine.to_act_on) == (["surely good"], [])
    assert "No reading that had passed is in doubt" in str(fine.report[0])


@given(st.lists(st.floats(8, 12), min_size=1, max_size=20), st.floats(0, 0.3))
@settings(max_examples=40, deadline=None)
def test_more_uncertainty_never_makes_a_class_surer(values, u):
    narrow = correct_readings(values, [9, 11], [0.1, -0.2], 9, 11, u=u)
    wide = correct_readings(values, [9, 11], [0.1, -0.2], 9, 11, u=u + 0.1)

    for before, after in zip(narrow.classes, wide.classes, strict=True):
        assert after in {before, "uncertain"}
    assert narrow.n == narrow.surely_good + narrow.uncertain + narrow.surely_bad


def test_no_readings_leave_nothing_to_judge():
    result = correct_readings([], [1], [0.1], 0, 2, u=0.1)

    assert (result.classes, result.report, codes(result)) == ([], (), ["no_data"])


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"readings": [math.inf]}, "readings"),
        ({"readings": ["a"]}, "readings"),
        ({"points": []}, "points"),
        ({"points": [1, None]}, "points"),
        ({"points": [1, 1]}, "points"),
        ({"errors": [0.1]}, "errors"),
        ({"errors": [0.1, None]}, "errors"),
        ({"u": -1}, "u"),
        ({"k": 0}, "k"),
        ({"lsl": None, "usl": None}, "lsl"),
        ({"lsl": 3, "usl": 3}, "lsl"),
    ],
)
def test_a_wrong_correction_is_refused_by_name(change, name):
    arguments = {"readings": [1, 2], "points": [1, 2], "errors": [0.1, 0.2], "lsl": 0, "usl": 3}
    with pytest.raises(ArgumentError, match=rf"^{name}:"):
        correct_readings(**{"u": 0.1} | arguments | change)


def test_the_nearest_point_is_found_for_many_readings_at_once():
    readings = np.random.default_rng(2).uniform(-5, 25, 2000)
    points, errors = [0.0, 3.0, 10.0, 18.0], [0.0, 1.0, 2.0, 3.0]
    result = correct_readings(readings, points, errors, 0, 20, u=0.1)

    want = [errors[int(np.argmin(np.abs(np.subtract(points, value))))] for value in readings]
    assert result.error == want
