"""Run rules, and the signals made of them."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.stats import c_chart, imr_chart, laney_p_chart, p_chart, percent, run_rules, signals

ALL = ["n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "we1", "we2", "we3", "we4"]


def slow(x, rule):
    """The rules again, point by point, for centre 0 and sigma 1."""
    return [i for i in range(1, len(x) + 1) if _completes(x[:i], rule)]


def _completes(x, rule):  # noqa: C901, PLR0911 -- the rules as the books write them
    def last(k):
        window = x[-k:]
        return window if len(window) == k and None not in window else None

    def m_of(m, k, line):
        window = last(k)
        return window is not None and any(
            side * window[-1] > line and sum(side * v > line for v in window) >= m
            for side in (1, -1)
        )

    def steps(k):
        window = last(k)
        return None if window is None else [b - a for a, b in pairwise(window)]

    if rule in {"n1", "we1"}:
        return x[-1] is not None and abs(x[-1]) > 3
    if rule in {"n2", "we4"}:
        window = last(9 if rule == "n2" else 8)
        return window is not None and (all(v > 0 for v in window) or all(v < 0 for v in window))
    if rule == "n3":
        moves = steps(6)
        return moves is not None and (all(v > 0 for v in moves) or all(v < 0 for v in moves))
    if rule == "n4":
        moves = steps(14)
        return moves is not None and all(a * b < 0 for a, b in pairwise(moves))
    if rule in {"n5", "we2"}:
        return m_of(2, 3, 2)
    if rule in {"n6", "we3"}:
        return m_of(4, 5, 1)
    if rule == "n7":
        window = last(15)
        return window is not None and all(abs(v) <= 1 for v in window)
    window = last(8)
    return window is not None and all(abs(v) > 1 for v in window) and min(window) < 0 < max(window)


POINTS = st.lists(st.sampled_from([-4, -3, -2.5, -1.5, -0.5, 0, 0.5, 1, 1.5, 2.5, 3.5, None]),
                  max_size=60)  # fmt: skip


@given(POINTS)
def test_the_windows_agree_with_a_point_by_point_reading(x):
    assert run_rules(x, 0, 1, ALL) == {rule: slow(x, rule) for rule in ALL}


@given(st.lists(st.integers(-3, 3), max_size=60))
def test_quiet_series_agree_too(x):
    x = [value / 3 for value in x]

    assert run_rules(x, 0, 1, ALL) == {rule: slow(x, rule) for rule in ALL}


@given(POINTS, st.sampled_from([2, 0.5, -1, -4]), st.integers(-100, 100))
def test_scale_and_shift_change_nothing(x, scale, shift):
    moved = [None if value is None else value * scale + shift for value in x]

    assert run_rules(moved, shift, abs(scale), ALL) == run_rules(x, 0, 1, ALL)


@given(POINTS, st.integers(1, 60))
def test_a_restart_is_two_series(x, cut):
    cut = min(cut, len(x))
    if cut < 1:
        return
    first, second = run_rules(x[: cut - 1], 0, 1, ALL), run_rules(x[cut - 1 :], 0, 1, ALL)

    joined = {rule: first[rule] + [i + cut - 1 for i in second[rule]] for rule in ALL}

    assert run_rules(x, 0, 1, ALL, restarts=[cut]) == joined


def test_fewer_points_than_a_window_give_an_empty_list():
    assert run_rules([1] * 7, 0, 1, ["we4", "n7"]) == {"we4": [], "n7": []}
    assert run_rules([], 0, 1, ["n1"]) == {"n1": []}


def test_a_missing_point_breaks_a_run():
    assert run_rules([1] * 4 + [None] + [1] * 7, 0, 1) == {"n1": [], "we4": []}


def test_equal_points_without_scatter_never_signal():
    assert all(not hits for hits in run_rules([5] * 30, 5, 0, ALL).values())


def test_varying_lines_are_followed_point_by_point():
    result = run_rules([1, 2, 3, 4, 5, 6], [0.5, 1.5, 2.5, 3.5, 4.5, 5.5], [1] * 6, ["n3", "n1"])

    assert result == {"n3": [], "n1": []}
    assert (result.n, result.n_missing, result.warnings) == (6, 0, ())


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"rules": ["n9"]}, "rules"),
        ({"sigma": -1}, "sigma"),
        ({"center": [1, 2]}, "center"),
        ({"restarts": [9]}, "restarts"),
        ({"x": [math.inf]}, "x"),
    ],
)
def test_a_wrong_argument_is_named(arguments, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        run_rules(**({"x": [1, 2, 3], "center": 0, "sigma": 1} | arguments))


def test_every_chart_signals_exactly_its_points_beyond():
    rng = np.random.default_rng(3)
    n = rng.integers(20, 400, 60)
    d = rng.binomial(n, np.where(rng.random(60) < 0.1, 0.5, 0.1))
    for chart in (p_chart(d, n), laney_p_chart(d, n), c_chart(d), imr_chart(d / n)):
        assert [signal.point for signal in signals(chart, rules=["n1"])] == chart.beyond


def test_a_point_beyond_is_told_with_value_and_limit():
    chart = p_chart([2, 1, 2, 3, 9, 1, 2], [50] * 7)

    assert [str(signal) for signal in signals(chart, show=percent)] == [
        "Point 5: 18 % lies above the upper limit of 15.6 %."
    ]


def test_a_long_run_is_one_signal_that_keeps_its_identity():
    early = signals(imr_chart([0, 2, *[11, 12] * 4], center=10, sigma=5))
    late = signals(imr_chart([0, 2, *[11, 12] * 8], center=10, sigma=5))

    assert [(s.rule, s.point, s.first, s.last, s.side) for s in early] == [
        ("we4", 10, 3, 10, "above")
    ]
    assert [(s.rule, s.point, s.first, s.last) for s in late] == [("we4", 10, 3, 18)]
    assert str(late[0]) == "Point 3 to Point 18: 16 in a row above the centre line."


def test_points_can_bear_the_names_of_their_weeks():
    weeks = [f"2026-W{i:02}" for i in range(1, 9)]
    chart = imr_chart([8, 9] * 4, center=10, sigma=1)

    assert str(signals(chart, labels=weeks)[0]) == (
        "2026-W01 to 2026-W08: 8 in a row below the centre line."
    )
    with pytest.raises(ValueError, match=r"^labels:"):
        signals(chart, labels=weeks[:3])


def test_every_rule_has_its_sentence_on_both_sides():
    up = [-4, 4, *[2.5] * 5, *[1.5, -1.5] * 8, *[0.1, -0.1] * 8, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    for x in (up, [-value for value in up]):
        found = signals(imr_chart(x, center=0, sigma=1), rules=ALL)

        assert {signal.rule for signal in found} >= {"n1", "n3", "n4", "n5", "n6", "n7", "n8"}
        assert all("%" not in str(signal) for signal in found)


def test_neighbouring_patterns_on_two_sides_are_two_signals():
    found = signals(imr_chart([2.5, 2.5, 2.5, -2.5, -2.5], center=0, sigma=1), rules=["n5"])

    assert [(signal.point, signal.side) for signal in found] == [(3, "above"), (5, "below")]
    found = signals(imr_chart([2.5, -2.5, 2.5, -2.5], center=0, sigma=1), rules=["n5"])
    assert [(signal.point, signal.side) for signal in found] == [(3, "above"), (4, "below")]


def test_a_chart_without_limits_has_no_signals():
    assert signals(imr_chart([3])) == []


def test_equal_proportions_never_run_on_one_side_by_rounding():
    # 0.07 = 7/100 is not exact in binary, nor is the centre.
    assert signals(p_chart([7] * 30, [100] * 30)) == []
    assert signals(imr_chart([0.1 * 3] * 30)) == []


def test_what_the_rules_found_is_plain_data_with_how_it_came_about():
    found = run_rules([1, 2, None, 1], 0, 2)

    assert found.to_dict() == {
        "n1": [], "we4": [], "n": 3, "n_missing": 1, "method": found.method, "warnings": [],
    }  # fmt: skip
    assert [str(one.code) for one in run_rules([], 0, 1).warnings] == ["no_data"]
