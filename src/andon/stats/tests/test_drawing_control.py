"""Control charts as figures: every kind, its lines, its signals in words, its unit."""

import json

import pytest

from andon import stats
from andon.stats.drawing.control import Look, drawn
from andon.stats.drawing.figure import Words

STEADY = [9.9, 10.1, 10.0, 10.3, 9.8, 10.2, 10.0, 9.9, 10.1, 10.0] * 2
JUMP = [*STEADY, 12.0]
GROUPS = [[10 + ((at * 7 + piece * 3) % 5) / 10 for piece in range(4)] for at in range(12)]
GROUPS.append([12.0, 12.1, 12.2, 12.3])
COUNTS = [3, 4, 2, 3, 5, 4, 3, 2] * 3 + [30]
SIZES = [100, 110, 90, 100, 120] * 5
CHARTS = {
    "imr": (lambda: stats.imr_chart(JUMP), 2),
    "xbar_r": (lambda: stats.xbar_r_chart(GROUPS), 2),
    "xbar_s": (lambda: stats.xbar_s_chart(GROUPS), 2),
    "p": (lambda: stats.p_chart(COUNTS, SIZES), 1),
    "np": (lambda: stats.np_chart(COUNTS, 100), 1),
    "u": (lambda: stats.u_chart(COUNTS, SIZES), 1),
    "c": (lambda: stats.c_chart(COUNTS), 1),
    "laney p": (lambda: stats.laney_p_chart([*COUNTS[:-1], 60], SIZES), 1),
    "laney u": (lambda: stats.laney_u_chart([*COUNTS[:-1], 60], SIZES), 1),
    "ewma": (lambda: stats.ewma_chart([*STEADY, 12.0, 12.0, 12.0]), 1),
    "g": (lambda: stats.g_chart([3, 4, 20, 30, 5, 8] * 4 + [300]), 1),
    "t": (lambda: stats.t_chart([3.5, 4.0, 20.0, 30.0, 5.0] * 4), 1),
}
MARKED = Words(lambda text: f"⟦{text}⟧")


def series(figure, name):
    return next(one for one in figure.option["series"] if one.get("name") == name)


@pytest.mark.parametrize("kind", CHARTS)
def test_every_chart_is_drawn_panel_by_panel_with_a_row_for_each_point(kind):
    make, panels = CHARTS[kind]
    chart = make()

    found = drawn(chart, "Things", Look())

    assert len(found) == panels
    for one in found:
        json.dumps([one.figure.option, one.figure.rows], allow_nan=False)
        assert len(one.figure.rows) == len(chart.values) == len(one.figure.option["texts"])
        assert one.figure.columns[-4:] == ["Upper limit", "Center line", "Lower limit", "Signals"]


@pytest.mark.parametrize("kind", [kind for kind in CHARTS if kind not in {"t", "np"}])
def test_every_signal_stands_with_its_sentence_at_its_point(kind):
    found = drawn(CHARTS[kind][0](), "Things", Look())[0]

    assert found.signals
    for signal in found.signals:
        at = signal.point - 1
        assert str(signal.sentence) in found.figure.rows[at][-1]
        assert str(signal.sentence) in found.figure.option["texts"][at]
        assert series(found.figure, "Signal")["data"][at] == found.figure.rows[at][1]


@pytest.mark.parametrize("kind", ["p", "u", "laney p", "laney u", "ewma"])
def test_limits_that_move_are_drawn_point_by_point_and_said_to_move(kind):
    figure = drawn(CHARTS[kind][0](), "Things", Look())[0].figure

    assert len(set(series(figure, "Upper limit")["data"])) > 1
    assert figure.caption == "Things of Value; the limits move from point to point."


@pytest.mark.parametrize("kind", ["imr", "xbar_r", "xbar_s", "np", "c", "g", "t"])
def test_limits_that_stand_are_one_level_and_said_in_the_caption(kind):
    figure = drawn(CHARTS[kind][0](), "Things", Look())[0].figure

    assert len(set(series(figure, "Upper limit")["data"])) == 1
    assert "centre" in figure.caption
    assert "limits" in figure.caption


def test_a_chart_where_nothing_signals_says_so_to_those_who_do_not_see_it():
    figure = drawn(stats.imr_chart(STEADY), "Values", Look())[0].figure

    assert figure.option["aria"]["label"]["description"].endswith("No point signals.")


def test_too_few_values_have_no_lines_and_a_caption_that_says_why():
    figure = drawn(stats.imr_chart([10.0]), "Values", Look(name="Flow"))[0].figure

    assert figure.caption == "Values of Flow; too few values for limits."
    assert not any("limit" in one["name"] for one in figure.option["series"])


def test_a_missing_value_leaves_a_gap_that_reads_no_data():
    figure = drawn(stats.imr_chart([*STEADY, None, 10.0]), "Values", Look())[0].figure

    assert figure.rows[20][1] is None
    assert figure.option["texts"][20].endswith("No data")


def test_spec_limits_are_drawn_over_the_values_and_not_over_their_ranges():
    upper, lower = drawn(stats.imr_chart(STEADY), "Values", Look(spec=(9.5, 10.5)))

    marks = upper.figure.option["series"][0]["markLine"]["data"]
    assert [(mark["name"], mark["yAxis"]) for mark in marks] == [
        ("Lower spec", 9.5),
        ("Upper spec", 10.5),
    ]
    assert "markLine" not in lower.figure.option["series"][0]


def test_the_panel_of_the_scatter_is_named_by_its_statistic():
    names = [
        drawn(CHARTS[kind][0](), "Means", Look())[1].figure.columns[1]
        for kind in ("imr", "xbar_r", "xbar_s")
    ]

    assert names == ["Moving ranges", "Ranges", "Standard deviations"]


def test_a_factor_of_100_shows_percent_in_values_levels_sentences_and_caption():
    chart = stats.p_chart([2, 1, 2, 3, 9, 1, 2], [50] * 7)

    figure = drawn(chart, "Shares", Look(unit="%", factor=100))[0].figure

    assert figure.columns[1] == "Value, %"
    assert figure.rows[4] == ["5", 18.0, 15.6, 5.7, 0.0, figure.rows[4][-1]]
    assert figure.rows[4][-1] == "Point 5: 18.0 % lies above the upper limit of 15.6 %."
    assert figure.caption == "Shares of Value: centre 5.7 %, limits 0.0 % to 15.6 %."
    assert figure.option["texts"][4].startswith("5\nValue: 18.0 %\n")


@pytest.mark.parametrize("kind", CHARTS)
def test_numbers_are_those_that_are_read_without_the_noise_of_binary_fractions(kind):
    for one in drawn(CHARTS[kind][0](), "Things", Look(factor=100, unit="%")):
        shown = [cell for row in one.figure.rows for cell in row if isinstance(cell, float)]
        assert all(len(f"{cell!r}") <= 9 for cell in shown)


def test_a_value_just_beyond_its_limit_does_not_read_like_it():
    limit = stats.imr_chart(STEADY).ucl
    chart = stats.imr_chart([*STEADY, limit + 0.0004], center=10.03, sigma=(limit - 10.03) / 3)

    (signal,) = drawn(chart, "Values", Look(rules=["n1"]))[0].signals

    value, above = signal.sentence.values["value"], signal.sentence.values["limit"]
    assert value != above
    assert len(value) < 10


def test_names_of_points_are_used_in_the_table_and_in_sentences():
    weeks = [f"W{at}" for at in range(1, 22)]

    found = drawn(stats.imr_chart(JUMP), "Values", Look(labels=weeks, label_name="Week"))[0]

    assert found.figure.columns[0] == "Week"
    assert found.figure.rows[20][0] == "W21"
    assert str(found.signals[0].sentence).startswith("W21: 12.00 lies above the upper limit")


def test_only_the_rules_asked_for_signal():
    chart = stats.imr_chart([*STEADY, *[10.2] * 9], center=10.0, sigma=0.2)

    assert {one.rule for one in drawn(chart, "V", Look(rules=["n2"]))[0].signals} == {"n2"}
    assert drawn(chart, "V", Look(rules=["n1"]))[0].signals == []


@pytest.mark.parametrize("kind", CHARTS)
def test_nothing_a_chart_says_stays_untranslated(kind):
    look = Look(name="⟦Flow⟧", label_name="⟦Week⟧", words=MARKED)

    for one in drawn(CHARTS[kind][0](), "⟦Things⟧", look):
        option = one.figure.option
        said = [
            one.figure.caption, *one.figure.columns, option["aria"]["label"]["description"],
            *option["legend"]["data"], *(row[-1] for row in one.figure.rows if row[-1]),
        ]  # fmt: skip
        assert [text for text in said if "⟦" not in text] == []
        for text in (row[-1] for row in one.figure.rows if row[-1]):
            assert text.count("⟦") > 1, "the point is named in English"
