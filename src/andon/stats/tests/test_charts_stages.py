"""Staged charts: own and frozen limits, restarts, reasons; and the panels of all charts."""

import doctest
import importlib
import json

import pytest

from andon.stats import (
    Exclusion,
    Stage,
    c_chart,
    cusum_chart,
    ewma_chart,
    g_chart,
    hotelling_t2_individuals,
    imr_chart,
    laney_p_chart,
    np_chart,
    p_chart,
    signals,
    staged_chart,
    t_chart,
    u_chart,
    xbar_r_chart,
    xbar_s_chart,
)

X = [5.1, 4.9, 5.0, 5.2, 4.8, 6.1, 6.0, 5.9, 6.2]
NEW_LEVEL = [Stage(start=1, label="before"), Stage(start=6, label="new tool")]


def test_each_stage_has_the_limits_of_its_own_points():
    chart = staged_chart(imr_chart, [X], NEW_LEVEL)
    before, after = imr_chart(X[:5]), imr_chart(X[5:])

    assert chart.center == [before.center] * 5 + [after.center] * 4
    assert chart.ucl == [before.ucl] * 5 + [after.ucl] * 4
    assert [(part.label, part.first, part.last) for part in chart.parts] == [
        ("before", 1, 5),
        ("new tool", 6, 9),
    ]
    assert (chart.n, chart.n_baseline, chart.beyond) == (9, 9, [])
    assert chart.values == X
    json.dumps(chart.to_dict(), allow_nan=False)


def test_a_frozen_stage_is_judged_by_the_lines_before_it():
    stages = [Stage(start=1), Stage(start=6, frozen=True), Stage(start=8, frozen=True)]
    chart = staged_chart(imr_chart, [X], stages)

    assert chart.center == imr_chart(X[:5]).center
    assert (chart.beyond, chart.n_baseline) == ([6, 7, 8, 9], 5)
    assert [part.frozen for part in chart.parts] == [False, True, True]


def test_no_moving_range_and_no_run_reaches_into_another_stage():
    chart = staged_chart(imr_chart, [X], NEW_LEVEL)
    ranges = chart.panels()[1]

    assert ranges.values[5] is None
    assert ranges.center == [imr_chart(X[:5]).mr_center] * 5 + [imr_chart(X[5:]).mr_center] * 4
    high = [1] * 10
    whole = staged_chart(imr_chart, [high], [Stage(start=1)], center=0, sigma=1)
    cut = staged_chart(imr_chart, [high], [Stage(start=1), Stage(start=5)], center=0, sigma=1)
    assert [s.rule for s in signals(whole)] == ["we4"]
    assert signals(cut) == []


def test_a_point_left_out_keeps_its_reason_and_its_place():
    x = [*X[:5], 40.0, *X[5:]]
    out = Exclusion(point=6, reason="gauge was dropped")
    chart = staged_chart(imr_chart, [x], [Stage(start=1), Stage(start=7)], exclusions=[out])

    assert chart.parts[0].chart.center == pytest.approx(imr_chart(X[:5]).center)
    assert chart.beyond == [6]
    assert chart.exclusions == [out]
    second = Exclusion(point=7, reason="first piece")
    later = staged_chart(imr_chart, [x], [Stage(start=1), Stage(start=7)], exclusions=[second])
    assert later.parts[1].chart.n_baseline == 3


D, N = [4, 6, 5, 3, 9, 12, 8, 10], [100, 110, 90, 120, 100, 105, 95, 100]
ROWS = [[1, 2, 4], [2, 5, 3], [3, 3, 4], [1, 1, 2], [9, 9, 8], [8, 9, 7], [9, 7, 8], [8, 8, 9]]
PAIRS = [[1, 2], [2, 1], [3, 4], [2, 2], [4, 1], [1, 3], [8, 9], [2, 3]]


@pytest.mark.parametrize(
    ("function", "data"),
    [
        (imr_chart, [D]),
        (p_chart, [D, N]),
        (np_chart, [D, N]),
        (c_chart, [D]),
        (u_chart, [D, N]),
        (laney_p_chart, [D, N]),
        (xbar_r_chart, [ROWS]),
        (xbar_s_chart, [ROWS]),
        (ewma_chart, [D]),
        (cusum_chart, [D]),
        (g_chart, [D]),
        (t_chart, [D]),
        (hotelling_t2_individuals, [PAIRS]),
    ],
)
def test_every_chart_can_be_staged_and_frozen(function, data):
    stages = [Stage(start=1), Stage(start=7, frozen=True)]
    chart = staged_chart(function, data, stages)
    start, later = chart.parts
    alone = function(*[column[:6] for column in data])

    assert start.chart == alone
    assert later.chart.n_baseline == 0
    assert later.chart == function(*[column[6:] for column in data], **alone.given())
    for panel, own in zip(chart.panels(), alone.panels(), strict=True):
        assert len(panel.values) == 8
        assert panel.restarts == (1, 7)
        assert panel.fitting_rules == own.fitting_rules
        assert isinstance(signals(panel, rules=["n1", "n2", "n3", "n5"]), list)
    assert chart.given() == later.chart.given()
    json.dumps(chart.to_dict(), allow_nan=False)


def test_a_rate_of_varying_lots_is_frozen_as_a_rate():
    stages = [Stage(start=1), Stage(start=5, frozen=True)]
    chart = staged_chart(np_chart, [D, N], stages)
    rate = sum(D[:4]) / sum(N[:4])

    assert chart.center == pytest.approx([rate * n for n in N])


def test_warnings_of_the_stages_are_told_once():
    chart = staged_chart(imr_chart, [[1, 1, 2, 2]], [Stage(start=1), Stage(start=3)])

    assert [warning.code for warning in chart.warnings] == ["zero_variance"]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"stages": []}, "stages"),
        ({"stages": [Stage(start=2)]}, "stages"),
        ({"stages": [Stage(start=1, frozen=True)]}, "stages"),
        ({"stages": [Stage(start=1), Stage(start=1)]}, "stages"),
        ({"stages": [Stage(start=1), Stage(start=10)]}, "stages"),
        ({"stages": [Stage(start=0)]}, "stages"),
        ({"data": []}, "data"),
        ({"data": "ab"}, "data"),
        ({"data": [3]}, "data"),
        ({"data": [[1, 2], [1]]}, "data"),
        ({"exclusions": [Exclusion(point=1, reason=" ")]}, "exclusions"),
        ({"exclusions": [Exclusion(point=10, reason="x")]}, "exclusions"),
        ({"exclude": [1]}, "exclude"),
        ({"baseline": slice(1)}, "baseline"),
        ({"data": [["a"]]}, "x"),
    ],
)
def test_a_wrong_argument_is_named(arguments, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        staged_chart(**{"chart": imr_chart, "data": [X], "stages": [Stage(start=1)], **arguments})


def test_no_points_are_one_empty_stage():
    chart = staged_chart(imr_chart, [[]], [Stage(start=1)])

    assert (chart.values, chart.center, chart.beyond) == ([], None, [])


def test_the_panel_of_moving_ranges_is_a_chart_of_its_own():
    chart = imr_chart([*X, 30.0], exclude=[10])
    upper, lower = chart.panels()

    assert upper is chart
    assert (lower.statistic, lower.values, lower.beyond) == ("MR", chart.mr, chart.mr_beyond)
    found = signals(lower, rules=["n1", "n7"])
    assert [(signal.rule, signal.point) for signal in found] == [("n1", 6), ("n1", 10)]
    assert lower.ucl == pytest.approx(lower.center + 3 * lower.sigma)
    assert imr_chart([4]).panels()[1].sigma is None


def test_a_given_centre_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match=r"^center:"):
        imr_chart([1, 2], center=float("nan"))
    with pytest.raises(ValueError, match=r"^sigma:"):
        p_chart([1], [2], sigma="x")


def test_a_chart_is_a_table_of_its_points():
    rows = p_chart([1, 0, 9], [10, 0, 10], center=0.1).rows()

    assert rows[1] == {
        "point": 2,
        "value": None,
        "center": None,
        "lcl": None,
        "ucl": None,
        "beyond": False,
    }
    assert (rows[2]["point"], rows[2]["value"], rows[2]["beyond"]) == (3, 0.9, True)


def test_one_lot_size_may_be_a_number():
    assert p_chart([1, 2], 50) == p_chart([1, 2], [50, 50])


CHARTS = "cumulative counts factors individuals multivariate rare run_lengths signals stages "
CHARTS += "weighted xbar zones choice"


@pytest.mark.parametrize("name", CHARTS.split())
def test_the_examples_in_the_docstrings_are_true(name):
    module = importlib.import_module(f"andon.stats.charts.{name}")

    assert doctest.testmod(module).failed == 0
