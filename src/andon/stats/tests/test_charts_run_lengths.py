"""Average run lengths against published tables, simulation and simple cases."""

import json

import numpy as np
import pytest

from andon.stats import arl, run_rules


def one(kind, **parameters):
    result = arl([{"kind": kind, **parameters}])
    json.dumps(result.to_dict(), allow_nan=False)
    return result.arl[0]


# Champ and Woodall, Technometrics 29 (1987) 393, table 1, no shift.
@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (["we1"], 370.40),
        (["we1", "we2"], 225.44),
        (["we1", "we3"], 166.05),
        (["we1", "we4"], 152.73),
        (["we1", "we2", "we3", "we4"], 91.75),
    ],
)
def test_run_rules_have_the_run_lengths_of_champ_and_woodall(rules, expected):
    assert one("shewhart", rules=rules) == pytest.approx(expected, abs=0.006)


# Montgomery, chapter 9, table 9.4: tabular CUSUM with k = 1/2 and h = 4, 5.
@pytest.mark.parametrize(
    ("h", "shift", "expected"),
    [(4, 0, 168), (4, 1, 8.38), (4, 3, 2.19), (5, 0, 465), (5, 1, 10.4), (5, 2, 4.01)],
)
def test_sums_have_the_run_lengths_of_the_textbook(h, shift, expected):
    assert one("cusum", k=0.5, h=h, shift=shift) == pytest.approx(expected, rel=4e-3)


# Lucas and Crosier, Technometrics 24 (1982) 199: h = 5, head start 2.5.
@pytest.mark.parametrize(("shift", "expected"), [(0, 430), (1, 6.35)])
def test_a_head_start_has_the_run_lengths_of_lucas_and_crosier(shift, expected):
    found = one("cusum", k=0.5, h=5, head_start=2.5, shift=shift)

    assert found == pytest.approx(expected, rel=2e-3)


# Lucas and Saccucci, Technometrics 32 (1990) 1, as in Montgomery, table 9.11: all about 500.
@pytest.mark.parametrize(
    ("lam", "width"), [(0.4, 3.054), (0.25, 2.998), (0.2, 2.962), (0.1, 2.814)]
)
def test_averages_have_the_run_lengths_of_lucas_and_saccucci(lam, width):
    assert one("ewma", lam=lam, L=width) == pytest.approx(500, rel=5e-3)


def test_a_weight_of_one_and_rule_one_are_the_plain_chart():
    plain = one("shewhart", L=3, shift=0.5)

    assert one("ewma", lam=1, L=3, shift=0.5) == pytest.approx(plain)
    assert one("shewhart", rules=["n1"], shift=0.5) == pytest.approx(plain)
    assert one("shewhart", rules=["n1"], shift=-0.5) == pytest.approx(plain)


def test_rules_of_the_chain_are_those_of_the_data():
    rules = ["n1", "n2", "n5", "n6", "n7", "n8"]
    series, length = 2500, 60
    x = np.random.default_rng(5).normal(0.8, 1, series * length)
    starts = range(1, x.size, length)
    found = run_rules(x, 0, 1, rules, restarts=starts)
    first = np.full(series, length + 1)
    for point in sorted({point for hits in found.values() for point in hits}, reverse=True):
        first[(point - 1) // length] = (point - 1) % length + 1

    assert one("shewhart", rules=rules, shift=0.8) == pytest.approx(first.mean(), rel=0.05)


def test_a_one_sided_sum_waits_twice_as_long_in_control():
    both, rise = one("cusum", k=0.5, h=4), one("cusum", k=0.5, h=4, sided=1)

    assert rise == pytest.approx(2 * both)
    assert one("cusum", k=0.5, h=4, sided="one") == rise
    assert one("cusum", k=0.5, h=4, sided="two") == both


@pytest.mark.parametrize(
    "chart",
    [
        {"kind": "cusum", "k": 0.5, "h": 5},
        {"kind": "ewma", "lam": 0.1, "L": 2.7},
        {"kind": "shewhart", "rules": ["we1", "we2", "we3", "we4"]},
    ],
)
def test_a_larger_shift_is_found_sooner_and_its_side_does_not_matter(chart):
    lengths = arl([{**chart, "shift": shift} for shift in (0, 0.5, 1, 2, 4, 30)]).arl

    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] == pytest.approx(1)
    assert arl([{**chart, "shift": -1}]).arl[0] == pytest.approx(lengths[2])


@pytest.mark.parametrize(
    "chart",
    [
        {"kind": "ewma", "lam": 0.1, "L": 12},
        {"kind": "ewma", "lam": 0.1, "L": 6.9},
        {"kind": "shewhart", "L": 40},
        {"kind": "cusum", "k": 0.5, "h": 5, "shift": -9, "sided": 1},
        {"kind": "cusum", "k": 5, "h": 9},
    ],
)
def test_what_practically_never_happens_is_none_with_a_word(chart):
    result = arl([chart, {"kind": "shewhart"}])

    assert result.arl[0] is None
    assert result.arl[1] == pytest.approx(370.398, abs=0.001)
    assert [warning.code for warning in result.warnings] == ["too_large"]


@pytest.mark.parametrize(
    ("charts", "name"),
    [
        (None, "charts"),
        ("cusum", "charts"),
        ({"kind": "cusum", "k": 1, "h": 1}, "charts"),
        ([3], "charts"),
        ([{}], "charts"),
        ([{"kind": "x"}], "charts"),
        ([{"kind": "cusum", "k": 1}], "charts"),
        ([{"kind": "ewma", "lam": 1, "L": 3, "h": 1}], "charts"),
        ([{"kind": "cusum", "k": -1, "h": 1}], "k"),
        ([{"kind": "cusum", "k": "a", "h": 1}], "k"),
        ([{"kind": "cusum", "k": 1, "h": 0}], "h"),
        ([{"kind": "cusum", "k": 1, "h": 2, "head_start": 2}], "head_start"),
        ([{"kind": "cusum", "k": 1, "h": 2, "sided": 3}], "sided"),
        ([{"kind": "ewma", "lam": 1.5, "L": 3}], "lam"),
        ([{"kind": "ewma", "lam": 0.5, "L": 0}], "L"),
        ([{"kind": "shewhart", "L": 0}], "L"),
        ([{"kind": "shewhart", "rules": ["n3"]}], "rules"),
        ([{"kind": "shewhart", "rules": "n1"}], "rules"),
        ([{"kind": "shewhart", "shift": float("nan")}], "shift"),
    ],
)
def test_a_wrong_chart_is_named(charts, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        arl(charts)


def test_no_charts_have_no_run_lengths():
    assert arl([]).arl == []
