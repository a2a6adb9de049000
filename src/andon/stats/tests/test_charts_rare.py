"""Charts of rare events: exact limits, transforms, edge cases."""

import json
import math

import pytest
from scipy import stats as second

from andon.stats import g_chart, imr_chart, signals, t_chart

COUNTS = [120, 85, 240, 31, 160, 12, 95]
TIMES = [286, 948, 536, 124, 816, 729, 4, 143, 431, 8]


def codes(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return [warning.code for warning in result.warnings]


@pytest.mark.parametrize("mean", [0.2, 1, 7.5, 106, 2000, 1e6])
def test_the_limits_of_counts_are_those_of_the_geometric_distribution(mean):
    chart = g_chart([1], center=mean)
    # scipy counts trials including the event, so units before it are one less.
    law = second.geom(1 / (mean + 1), loc=-1)

    assert law.sf(chart.ucl) <= 0.00135 < law.sf(chart.ucl - 1)
    assert law.cdf(chart.lcl - 1) <= 0.00135 < law.cdf(chart.lcl)
    assert law.cdf(chart.median) >= 0.5 > law.cdf(chart.median - 1)


def test_three_sigma_limits_of_counts_are_there_on_request():
    # Kaminsky and others (1992): mean +/- 3 sqrt(mean (mean + 1)).
    chart = g_chart(COUNTS, limits="sigma")
    mean = sum(COUNTS) / 7

    assert chart.ucl == pytest.approx(mean + 3 * math.sqrt(mean * (mean + 1)))
    assert (chart.lcl, chart.p) == (0, pytest.approx(1 / (mean + 1)))
    assert g_chart(COUNTS, limits="sigma", sigma=2).ucl == pytest.approx(mean + 6)


def test_a_wider_chance_of_alarm_narrows_the_limits():
    assert g_chart(COUNTS, alpha=0.05).ucl < g_chart(COUNTS).ucl
    assert g_chart([5000] * 3, alpha=0.05).lcl > g_chart([5000] * 3).lcl > 0


def test_events_that_became_rarer_lie_above_and_are_judged_by_the_limits_only():
    chart = g_chart([*COUNTS, 5000], exclude=[8])

    assert (chart.beyond, chart.n_baseline, chart.n) == ([8], 7, 8)
    assert chart.center == g_chart(COUNTS).center
    assert [s.rule for s in signals(chart, rules=["n1", "we4", "n6"])] == ["n1"]
    assert g_chart(COUNTS, **chart.given()).ucl == chart.ucl


@pytest.mark.parametrize(
    ("x", "warnings"),
    [
        ([], ["no_data"]),
        ([None], ["no_data"]),
        ([0, 0], ["zero_variance"]),
        ([3], []),
        ([1.5, 2], ["not_counts"]),
    ],
)
def test_what_a_reader_of_counts_must_know_is_said(x, warnings):
    assert codes(g_chart(x)) == warnings


def test_only_events_put_the_limits_on_the_centre():
    chart = g_chart([0, 0, 0])

    assert (chart.center, chart.lcl, chart.ucl, chart.beyond, chart.median) == (0, 0, 0, [], 0)


def test_the_lines_of_times_are_those_of_their_power_turned_back():
    # Nelson (1994): single values of x ** (1 / 3.6).
    chart = t_chart(TIMES)
    plain = imr_chart([x ** (1 / 3.6) for x in TIMES])

    assert chart.transformed == pytest.approx(plain.values)
    assert (chart.center, chart.ucl) == pytest.approx((plain.center**3.6, plain.ucl**3.6))
    assert chart.lcl == 0
    assert chart.sigma == plain.sigma


def test_exponential_limits_are_the_quantiles_of_the_distribution():
    chart = t_chart(TIMES, distribution="exponential")
    law = second.expon(scale=sum(TIMES) / 10)

    lines = (chart.lcl, chart.center, chart.ucl)
    assert lines == pytest.approx((law.ppf(0.00135), law.median(), law.isf(0.00135)))


@pytest.mark.parametrize("distribution", ["weibull", "exponential"])
def test_frozen_lines_of_times_judge_later_times(distribution):
    chart = t_chart(TIMES, distribution=distribution)
    later = t_chart([500, 90_000], distribution=distribution, **chart.given())

    assert (later.center, later.ucl) == pytest.approx((chart.center, chart.ucl))
    assert (later.beyond, later.n_baseline) == ([2], 0)


def test_runs_of_short_times_are_seen():
    short = [1, 2, 3, 1, 2, 3, 1, 2]
    found = signals(t_chart([*TIMES, *short], exclude=range(11, 19)), rules=["we4"])

    assert [(signal.rule, signal.side) for signal in found] == [("we4", "below")]
    assert signals(t_chart([5]), rules=["we4"]) == []


@pytest.mark.parametrize(
    ("x", "warnings"),
    [
        ([], ["no_data"]),
        ([4], ["too_few"]),
        ([4, 4, 4], ["zero_variance"]),
        ([3, 0, 8], ["nonpositive"]),
    ],
)
def test_what_a_reader_of_times_must_know_is_said(x, warnings):
    assert codes(t_chart(x)) == warnings


def test_exponential_limits_need_one_time_only():
    chart = t_chart([100], distribution="exponential")

    assert codes(chart) == []
    assert chart.ucl > 600
    assert t_chart([], distribution="exponential").ucl is None


@pytest.mark.parametrize(
    ("chart", "arguments", "name"),
    [
        (g_chart, {"x": [-1]}, "x"),
        (g_chart, {"x": [math.inf]}, "x"),
        (g_chart, {"x": ["a"]}, "x"),
        (g_chart, {"x": [1], "limits": "2"}, "limits"),
        (g_chart, {"x": [1], "alpha": 1}, "alpha"),
        (g_chart, {"x": [1], "center": -1}, "center"),
        (g_chart, {"x": [1], "sigma": -1}, "sigma"),
        (g_chart, {"x": [1], "exclude": [0]}, "exclude"),
        (t_chart, {"x": [-1]}, "x"),
        (t_chart, {"x": [[1]]}, "x"),
        (t_chart, {"x": [1], "distribution": "gamma"}, "distribution"),
        (t_chart, {"x": [1], "alpha": 0}, "alpha"),
        (t_chart, {"x": [1], "center": -1}, "center"),
    ],
)
def test_a_wrong_argument_is_named(chart, arguments, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        chart(**arguments)
