"""Figures as values: what is drawn stands in the table, and what is read can be translated."""

import json
import math
from dataclasses import replace

import pytest

from andon.stats.drawing.figure import ENGLISH, Measured, Words, decimals
from andon.stats.drawing.parts import Stage
from andon.stats.drawing.plane import (
    Axis,
    Curve,
    Interval,
    Mark,
    curve_figure,
    histogram_figure,
    interval_figure,
)
from andon.stats.drawing.series import Around, control_figure, pareto_figure, plain_figure

WEEKS = ["W1", "W2", "W3", "W4"]
SHOWN = Measured(WEEKS, [6.12, 7.0, None, 12.5], "⟦Scrap⟧", "⟦Week⟧", "%", gap="⟦No data⟧")
MARKED = Words(lambda text: f"⟦{text}⟧")
AROUND = Around(
    levels={"ucl": [9.0, 9.5, None, 10.0], "center": 6.5, "lcl": None, "target": 5},
    signals={3: ["⟦Week 4 lies above.⟧"]},
    notes={1: "⟦New tool.⟧"},
    stages=[Stage(1, "⟦After the change⟧"), Stage(9, "⟦Never reached⟧")],
    spec=(2, 11),
)
# What a drawing says to its library; everything else in it is for people and stands in brackets.
SPOKEN = {"name", "label", "description", "formatter", "texts", "data"}


def control(words=MARKED, shown=SHOWN, **changes):
    return control_figure(
        shown, replace(AROUND, **changes), caption="⟦Scrap⟧", said="⟦One⟧", words=words
    )


def a_curve(words=MARKED):
    curves = [
        Curve("⟦Fitted⟧", [(0.0, 1.0), (1.0, 2.5), (2.0, 3.0)]),
        Curve("⟦Readings⟧", [(0.5, 1.5), (1.5, 2.0)], points=True),
    ]
    marks = [Mark("⟦AQL⟧", 1.0), Mark("⟦No bias⟧", 0.0, upright=False)]
    x, y = Axis("⟦Size⟧", low=0), Axis("⟦Bias⟧", high=4)
    return curve_figure(curves, x=x, y=y, caption="⟦c⟧", marks=marks, words=words)


def a_histogram(words=MARKED):
    return histogram_figure(
        [9.0, 9.5, 10.0, 10.5], [2, 5, 1], x=Axis("⟦Length⟧"), caption="⟦c⟧", words=words,
        curve=Curve("⟦Normal⟧", [(9.0, 1.0), (10.0, 4.0)]), marks=[Mark("⟦Upper spec⟧", 10.4)],
    )  # fmt: skip


def some_intervals(words=MARKED):
    found = [Interval("⟦A⟧", 10.0, 9.5, 10.5), Interval("⟦B⟧", 11.0, 10.8, 11.2)]
    marks = [Mark("⟦Target⟧", 10.2)]
    return interval_figure(found, x=Axis("⟦Mean⟧"), caption="⟦c⟧", marks=marks, words=words)


def a_pareto(words=MARKED):
    causes = Measured(["⟦Burr⟧", "⟦Crack⟧", "⟦Rest⟧"], [60.0, 30.0, 10.0], "⟦n⟧", "⟦Cause⟧")
    return pareto_figure(causes, caption="⟦c⟧", words=words)


def plain(words=MARKED):
    return plain_figure(SHOWN, caption="⟦c⟧", target=[5, 5, 6, 6], digits=1, words=words)


FIGURES = {
    "control": (control, 4),
    "pareto": (a_pareto, 3),
    "plain": (plain, 4),
    "curve": (a_curve, 5),
    "histogram": (a_histogram, 3),
    "intervals": (some_intervals, 2),
}


def series(figure, name):
    return next(one for one in figure.option["series"] if one.get("name") == name)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_json_with_as_many_rows_as_points_and_described(name):
    make, points = FIGURES[name]

    figure = make()

    json.dumps(figure.option, allow_nan=False)
    json.dumps(figure.rows, allow_nan=False)
    assert len(figure.rows) == points
    assert {len(row) for row in figure.rows} == {len(figure.columns)}
    assert figure.option["aria"]["label"]["description"].startswith(figure.caption)
    assert figure.option["legend"]["data"] == [
        one["name"] for one in figure.option["series"] if "name" in one
    ]


def for_people(value, key=""):
    """Yield the texts of an option that somebody reads."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from for_people(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from for_people(part, key)
    elif isinstance(value, str) and key in SPOKEN:
        yield from value.split("\n")


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_for_people_stays_untranslated(name):
    figure = FIGURES[name][0]()
    apart = {"{b}", "%", "", *WEEKS}

    said = [*for_people(figure.option), *figure.columns, figure.caption]

    assert [text for text in said if text not in apart and "⟦" not in text] == []


def test_every_number_and_every_sentence_of_a_control_chart_stands_in_its_table():
    figure = control(ENGLISH)

    assert figure.columns == [
        "⟦Week⟧", "⟦Scrap⟧, %", "Upper limit", "Center line", "Target", "Signals",
        "Limits anew", "Note",
    ]  # fmt: skip
    assert figure.rows[1] == ["W2", 7.0, 9.5, 6.5, 5.0, "", "⟦After the change⟧", "⟦New tool.⟧"]
    assert figure.rows[3] == ["W4", 12.5, 10.0, 6.5, 5.0, "⟦Week 4 lies above.⟧", "", ""]


def test_levels_vary_where_they_vary_and_only_there():
    figure = control(ENGLISH)

    assert series(figure, "Upper limit")["data"] == [9.0, 9.5, None, 10.0]
    assert series(figure, "Center line")["data"] == [6.5] * 4
    assert not any(one.get("name") == "Lower limit" for one in figure.option["series"])


def test_a_missing_point_leaves_a_gap_and_says_so():
    figure = control()

    assert series(figure, "⟦Scrap⟧")["data"][2] is None
    assert figure.option["texts"][2] == "W3\n⟦Scrap⟧: ⟦No data⟧"
    assert figure.rows[2][1] is None


def test_what_one_reads_on_pointing_at_a_signal_is_its_sentence():
    assert control().option["texts"][3] == "W4\n⟦Scrap⟧: 12.5 %\n⟦Week 4 lies above.⟧"


def test_a_signal_and_a_note_have_shapes_of_their_own():
    figure = control(ENGLISH)
    shapes = {name: series(figure, name)["symbol"] for name in ("⟦Scrap⟧", "Signal", "Note")}

    assert len(set(shapes.values())) == 3
    assert series(figure, "Signal")["data"] == [None, None, None, 12.5]
    assert series(figure, "Note")["data"] == [None, 7.0, None, None]


def test_spec_limits_and_stages_are_drawn_where_they_lie():
    marks = series(control(), "⟦Scrap⟧")["markLine"]["data"]

    assert [(mark["name"], mark.get("yAxis"), mark.get("xAxis")) for mark in marks] == [
        ("⟦Lower spec⟧", 2.0, None),
        ("⟦Upper spec⟧", 11.0, None),
        ("⟦After the change⟧", None, "W2"),
    ]


def test_one_spec_limit_is_one_line():
    marks = series(control(spec=(None, 11), stages=()), "⟦Scrap⟧")["markLine"]["data"]

    assert [(mark["name"], mark["yAxis"]) for mark in marks] == [("⟦Upper spec⟧", 11.0)]


def test_a_chart_without_marks_notes_or_signals_draws_none_of_them():
    figure = control(ENGLISH, signals={}, notes={}, stages=(), spec=(None, None))

    assert "markLine" not in series(figure, "⟦Scrap⟧")
    assert {one["name"] for one in figure.option["series"]}.isdisjoint({"Signal", "Note"})
    assert figure.columns[-1] == "Signals"


def test_a_pareto_chart_sums_the_shares_up_to_100_percent():
    figure = a_pareto(ENGLISH)

    assert [row[-1] for row in figure.rows] == [60.0, 90.0, 100.0]
    assert series(figure, "Cumulative share, %")["yAxisIndex"] == 1
    assert figure.option["yAxis"][0]["scale"] is False
    assert figure.option["texts"][1].endswith("Cumulative share, %: 90.0")


def test_a_pareto_chart_of_nothing_has_no_share():
    nothing = Measured(["a", "b"], [0.0, None], "n", "Cause")

    assert [row[-1] for row in pareto_figure(nothing, caption="c").rows] == [0.0, 0.0]


def test_bars_begin_at_zero_and_lines_need_not():
    bars = plain_figure(SHOWN, caption="c", bars=True)

    assert (bars.option["yAxis"]["scale"], plain().option["yAxis"]["scale"]) == (False, True)
    assert bars.option["series"][0]["type"] == "bar"


@pytest.mark.parametrize(("many", "slant"), [(3, 0), (5, 30)])
def test_every_name_below_a_bar_is_shown_slanted_where_there_are_several(many, slant):
    shown = Measured([f"Cause {at}" for at in range(many)], [1.0] * many, "n", "Cause")

    axis = plain_figure(shown, caption="c", bars=True).option["xAxis"]["axisLabel"]

    assert (axis["interval"], axis["rotate"]) == (0, slant)


def test_a_curve_keeps_its_places_and_its_table_names_the_curve():
    figure = a_curve(ENGLISH)

    assert series(figure, "⟦Fitted⟧")["data"][1] == [1.0, 2.5, "⟦Size⟧: 1\n⟦Bias⟧: 2.5"]
    assert series(figure, "⟦Readings⟧")["type"] == "scatter"
    assert figure.columns == ["Curve", "⟦Size⟧", "⟦Bias⟧"]
    assert figure.rows[-1] == ["⟦Readings⟧", "1.5", "2"]


def test_marks_stand_upright_or_lie_across():
    marks = series(a_curve(), "⟦Fitted⟧")["markLine"]["data"]

    assert [(mark.get("xAxis"), mark.get("yAxis")) for mark in marks] == [(1.0, None), (None, 0.0)]


@pytest.mark.parametrize("make", [a_curve, a_histogram, some_intervals, control])
def test_the_axes_reach_the_lines_of_limits_and_of_targets(make):
    option = make(ENGLISH).option
    marks = [m for one in option["series"] for m in one.get("markLine", {}).get("data", ())]
    unseen = option["series"][-1]["data"]

    assert {m["yAxis"] for m in marks if "yAxis" in m} <= {y for _x, y in unseen}
    assert {m["xAxis"] for m in marks if isinstance(m.get("xAxis"), float)} <= {
        x for x, _y in unseen
    }


def test_an_axis_ends_where_it_is_told_and_else_follows_the_data():
    option = a_curve().option

    assert (option["xAxis"].get("min"), option["xAxis"].get("max")) == (0, None)
    assert (option["yAxis"].get("min"), option["yAxis"].get("max")) == (None, 4)


@pytest.mark.parametrize(("places", "rows"), [(60, 60), (61, 31), (1000, 59)])
def test_the_table_of_a_long_curve_is_thinned_and_its_drawing_is_not(places, rows):
    long = Curve("c", [(float(at), 1.0) for at in range(places)])

    figure = curve_figure([long], x=Axis("x"), y=Axis("y"), caption="c")

    assert len(figure.rows) == rows
    assert len(figure.option["series"][0]["data"]) == places


def test_a_figure_of_no_curves_is_empty_and_not_an_error():
    assert curve_figure([], x=Axis("x"), y=Axis("y"), caption="c").rows == []
    assert interval_figure([], x=Axis("x"), caption="c").rows == []


def test_a_histogram_has_a_bar_from_zero_between_its_edges():
    figure = a_histogram(ENGLISH)

    assert figure.rows == [["9", "9.5", 2], ["9.5", "10", 5], ["10", "10.5", 1]]
    bar = [place[:2] for place in series(figure, "Values")["data"][4:8]]
    assert bar == [[9.5, 0.0], [9.5, 5.0], [10.0, 5.0], [10.0, 0.0]]
    assert len(series(figure, "⟦Normal⟧")["data"]) == 2


def test_edges_and_counts_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="zip"):
        histogram_figure([1.0, 2.0], [1, 2], x=Axis("x"), caption="c")


def test_the_first_interval_stands_on_top_and_runs_from_low_to_high():
    figure = some_intervals(ENGLISH)
    first, second = (series(figure, name)["data"] for name in ("⟦A⟧", "⟦B⟧"))

    assert [place[0] for place in first] == [9.5, 10.0, 10.5]
    assert first[0][1] > second[0][1]
    assert first[0][2] == "⟦A⟧: 10 (9.5 … 10.5)"
    assert figure.rows[1] == ["⟦B⟧", "11", "10.8", "11.2"]


@pytest.mark.parametrize(
    ("width", "digits"),
    [(None, None), (0, None), (-1, None), (0.3, 3), (1, 2), (9.99, 2), (250, 0), (1e6, 0),
     (1e-30, 10)],
)  # fmt: skip
def test_as_many_decimals_as_the_room_between_the_limits_asks_for(width, digits):
    assert decimals(width) == digits


@pytest.mark.parametrize("width", [3e-4, 0.02, 0.7, 5.0, 42.0, 900.0])
@pytest.mark.parametrize("limit", [0.0, 9.8765, -3.3, 1234.5])
def test_telling_words_tell_a_value_from_its_limit(width, limit):
    words = ENGLISH.telling(width=width)

    assert words.show(limit) != words.show(limit + max(width / 90, 1 if width > 500 else 0))


def test_words_that_know_no_width_show_numbers_as_they_did():
    assert ENGLISH.telling(width=None).show(1.23456) == ENGLISH.show(1.23456) == "1.235"


def test_a_number_below_zero_has_a_true_minus():
    assert ENGLISH.telling(width=1).show(-1.5) == "−1.50"
    assert not math.isnan(float(ENGLISH.telling(width=1).show(1.5)))
