"""Charts as values: what is drawn, what is read in the table, what is said of a point."""

import json
from decimal import Decimal

import pytest

from andon.ui import charts


@pytest.fixture
def scrap():
    return charts.control_chart(
        [Decimal("6.125"), 7, None, 12.5],
        labels=["W1", "W2", "W3", "W4"],
        center=6.5,
        ucl=[9, 9.5, None, 10],
        lcl=[4, 3.5, None, 3],
        target=5,
        caption="Scrap rate by week, line 1",
        name="Scrap rate",
        label_name="Week",
        unit="%",
        signals={3: ["Week 4 lies above the upper limit."]},
        notes={1: "New tool."},
        stages=[charts.Stage(1, "After the change")],
        spec=(None, 11),
    )


def series(chart, name):
    return next(each for each in chart.option["series"] if each["name"] == name)


def test_every_number_of_a_control_chart_stands_in_its_table(scrap):
    assert scrap.columns == [
        "Week", "Scrap rate, %", "Upper limit", "Center line", "Lower limit", "Target",
        "Signals", "Limits anew", "Note",
    ]  # fmt: skip
    assert scrap.rows[0] == ["W1", 6.12, 9.0, 6.5, 4.0, 5.0, "", "", ""]
    assert scrap.rows[3][6] == "Week 4 lies above the upper limit."
    assert scrap.rows[1][7:] == ["After the change", "New tool."]


def test_no_data_is_a_gap_and_not_zero(scrap):
    assert series(scrap, "Scrap rate")["data"][2] is None
    assert scrap.option["texts"][2] == "W3\nScrap rate: No data"


def test_a_signal_has_a_shape_of_its_own_and_a_sentence(scrap):
    signal = series(scrap, "Signal")

    assert signal["data"] == [None, None, None, 12.5]
    assert signal["symbol"] != series(scrap, "Scrap rate")["symbol"]
    assert "above the upper limit" in scrap.option["texts"][3]


def test_an_answered_signal_has_the_shape_and_the_words_of_its_answer():
    chart = charts.control_chart(
        [6, 12], labels=["W1", "W2"], center=6, lcl=4, ucl=9, caption="Scrap",
        signals={1: ["W2 lies above."]}, answers={1: "Worn punch."},
    )  # fmt: skip

    assert series(chart, "Answered")["data"] == [None, 12]
    assert all(each["name"] != "Signal" for each in chart.option["series"])
    assert chart.option["texts"][1].endswith("W2 lies above.\nWorn punch.")
    assert chart.rows[1][-2:] == ["W2 lies above.", "Worn punch."]


def test_limits_move_with_the_points(scrap):
    assert series(scrap, "Upper limit")["data"] == [9.0, 9.5, None, 10.0]
    assert series(scrap, "Center line")["data"] == [6.5] * 4


def test_specification_limits_and_stages_are_marked_apart_from_control_limits(scrap):
    marks = series(scrap, "Scrap rate")["markLine"]["data"]

    assert [(mark["name"], mark.get("yAxis"), mark.get("xAxis")) for mark in marks] == [
        ("Upper spec", 11.0, None),
        ("After the change", None, "W2"),
    ]


def test_a_chart_describes_itself_for_those_who_do_not_see_it(scrap):
    description = scrap.option["aria"]["label"]["description"]

    assert description == "Scrap rate by week, line 1. 1 point signals."


def test_an_option_is_json_and_its_colours_are_names(scrap):
    text = json.dumps(scrap.option)

    assert "#" not in text
    assert "$signal" in text


def test_a_level_nobody_set_is_not_drawn():
    chart = charts.control_chart([1], labels=["a"], center=1, lcl=None, ucl=2, caption="c")

    assert [each["name"] for each in chart.option["series"]] == [
        "Value", "Upper limit", "Center line",
    ]  # fmt: skip


def test_a_pareto_chart_sums_the_shares_in_the_order_given():
    chart = charts.pareto_chart(["Burr", "Crack", "Other"], [60, 30, 10], caption="Scrap by cause")

    assert chart.columns == ["Cause", "Count", "Cumulative share, %"]
    assert chart.rows == [["Burr", 60, 60.0], ["Crack", 30, 90.0], ["Other", 10, 100.0]]
    assert chart.option["yAxis"][1]["max"] == 100


def test_a_pareto_chart_of_nothing_has_no_share():
    assert charts.pareto_chart(["Burr"], [0], caption="c").rows == [["Burr", 0, 0.0]]


def test_bars_start_at_zero_and_lines_need_not():
    bar = charts.bar(["a"], [90], caption="c")
    line = charts.trend([90], labels=["a"], caption="c")

    assert bar.option["yAxis"]["scale"] is False
    assert line.option["yAxis"]["scale"] is True


def test_points_and_labels_of_different_length_are_refused():
    with pytest.raises(ValueError, match="zip"):
        charts.trend([1, 2], labels=["a"], caption="c")
