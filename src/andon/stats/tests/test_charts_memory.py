"""EWMA and CUSUM: recursions, options, estimates, edge cases."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats import cusum_chart, ewma_chart, imr_chart, signals

VALUES = st.lists(st.floats(-50, 50), min_size=3, max_size=60)
BOTH = pytest.mark.parametrize("chart", [ewma_chart, cusum_chart])


def codes(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return [warning.code for warning in result.warnings]


@given(x=VALUES, lam=st.floats(0.01, 1))
@settings(max_examples=50)
def test_the_average_without_a_loop_is_the_recursion(x, lam):
    z, expected = 5.0, []
    for value in x:
        z = lam * value + (1 - lam) * z
        expected.append(z)

    assert ewma_chart(x, lam, 3, 5, 1).z == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_the_average_of_a_long_series_is_the_recursion():
    x = np.random.default_rng(3).normal(10, 1, 30_000)
    z = 10.0
    for value in x:
        z = 0.02 * value + 0.98 * z

    assert ewma_chart(x, 0.02, 3, 10, 1).z[-1] == pytest.approx(z, rel=1e-13)


def test_limits_widen_to_those_of_the_settled_average():
    chart = ewma_chart([0] * 200, 0.2, 3, 0, 1)
    settled = 3 * math.sqrt(0.2 / 1.8)

    assert chart.ucl[0] == pytest.approx(0.6)
    assert chart.ucl[-1] == pytest.approx(settled)
    assert ewma_chart([0] * 5, 0.2, 3, 0, 1, fixed=True).ucl == pytest.approx(settled)


def test_a_weight_of_one_is_the_chart_of_single_values():
    x = [5, 7, 4, 6, 19, 5]
    one, plain = ewma_chart(x, 1, 3), imr_chart(x)

    assert one.z == plain.values
    assert (one.ucl, one.lcl, one.center) == pytest.approx((plain.ucl, plain.lcl, plain.center))


@given(x=VALUES, k=st.floats(0, 2), start=st.floats(0, 4))
@settings(max_examples=50)
def test_the_sums_without_a_loop_are_the_recursion(x, k, start):
    up = down = start
    rises, falls = [], []
    for value in x:
        up, down = max(0, up + value / 2 - k), max(0, down - value / 2 - k)
        rises.append(up)
        falls.append(down)
    chart = cusum_chart(x, k, 5, 0, 2, head_start=start)

    assert chart.c_plus == pytest.approx(rises, abs=1e-10)
    assert chart.c_minus == pytest.approx(falls, abs=1e-10)


def test_the_sums_of_a_long_series_are_the_recursion_beyond_one_block():
    x = np.random.default_rng(3).normal(0.4, 1, 10_000)
    up, rises = 0.0, []
    for value in x:
        up = max(0.0, up + value - 0.5)
        rises.append(up)

    assert cusum_chart(x, 0.5, 5, 0, 1).c_plus == pytest.approx(rises, abs=1e-9)


def test_the_signal_says_since_when_and_to_what_mean():
    # Montgomery, chapter 9: the change began N+ points back; new mean = target + (k + C+/N+) sigma.
    x = [10, 9, 11, 12, 13, 12]
    chart = cusum_chart(x, 0.5, 3, 10, 1)

    assert chart.n_plus == [0, 0, 1, 2, 3, 4]
    assert (chart.signals_up, chart.since_up) == ([5, 6], [3, 3])
    assert chart.new_mean_up == pytest.approx([np.mean(x[2:5]), np.mean(x[2:6])])
    mirrored = cusum_chart([20 - value for value in x], 0.5, 3, 10, 1)
    assert mirrored.signals_down == [5, 6]
    assert mirrored.new_mean_down == pytest.approx([8, 8])
    assert mirrored.signals_up == []


def test_a_sum_on_the_interval_is_no_signal():
    assert cusum_chart([1.5, 1.5], 0.5, 2, 0, 1).signals_up == []
    assert cusum_chart([1.5, 1.51], 0.5, 2, 0, 1).signals_up == [2]


def test_the_head_start_finds_an_early_shift_sooner():
    x = [1.0] * 10
    plain, fast = cusum_chart(x, 0.5, 4, 0, 1), cusum_chart(x, 0.5, 4, 0, 1, head_start=True)

    assert fast.c_plus[0] == 2.5
    assert fast.signals_up[0] < plain.signals_up[0]


@BOTH
def test_means_of_n_values_have_a_smaller_sigma(chart):
    x = [0.4, -0.2, 1.1]
    four, one = chart(x, center=0, sigma=2, n=4), chart(x, center=0, sigma=1)
    same = "ucl" if chart is ewma_chart else "c_plus"

    assert four[same] == one[same]
    assert four.sigma == 2


@BOTH
def test_without_given_lines_they_come_from_the_values(chart):
    x = [5, 7, 4, 6, 5, 30]
    result, quiet = chart(x, exclude=[6]), imr_chart(x[:5])

    assert (result.center, result.sigma) == pytest.approx((quiet.center, quiet.sigma))
    assert chart(x, baseline=slice(0, 5)).sigma == result.sigma
    assert result.n_baseline == 5
    assert chart(x, center=1, sigma=1).n_baseline == 0


def test_a_missing_point_has_no_statistic_and_the_next_goes_on():
    assert ewma_chart([1, None, 3], 0.5, 3, 0, 1).z == [0.5, None, 1.75]
    chart = cusum_chart([2, None, 2], 0.5, 5, 0, 1)
    assert (chart.c_plus, chart.n_plus) == ([1.5, None, 3.0], [1, None, 2])
    assert (chart.n, chart.n_missing) == (2, 1)


@BOTH
@pytest.mark.parametrize(
    ("x", "warning"),
    [([], "no_data"), ([None], "no_data"), ([4], "too_few"), ([1, None, 2], "too_few")],
)
def test_too_little_is_said(chart, x, warning):
    assert codes(chart(x)) == [warning]


@BOTH
def test_equal_values_give_no_signal(chart):
    result = chart([0.1] * 12)

    assert codes(result) == ["zero_variance"]
    assert result.sigma == 0
    assert [signal for panel in result.panels() for signal in signals(panel)] == []


def test_without_scatter_a_value_off_target_has_no_sum():
    assert cusum_chart([1, 2], 0.5, 5, 1, 0).c_plus == [0, None]


@BOTH
@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"x": [[1, 2]]}, "x"),
        ({"x": ["a"]}, "x"),
        ({"x": [math.inf]}, "x"),
        ({"x": None}, "x"),
        ({"x": [1], "sigma": -1}, "sigma"),
        ({"x": [1], "center": math.inf}, "center"),
        ({"x": [1], "n": 0}, "n"),
        ({"x": [1], "exclude": [2]}, "exclude"),
    ],
)
def test_a_wrong_argument_is_named(chart, arguments, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        chart(**arguments)


@pytest.mark.parametrize(
    ("chart", "arguments", "name"),
    [
        (ewma_chart, {"lam": 0}, "lam"),
        (ewma_chart, {"lam": 1.1}, "lam"),
        (ewma_chart, {"L": 0}, "L"),
        (cusum_chart, {"k": -0.1}, "k"),
        (cusum_chart, {"h": 0}, "h"),
        (cusum_chart, {"head_start": -1}, "head_start"),
        (cusum_chart, {"head_start": "x"}, "head_start"),
    ],
)
def test_a_wrong_option_is_named(chart, arguments, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        chart([1, 2, 3], **arguments)


def test_signals_of_sums_and_averages_ask_only_the_limits():
    x = [0] * 3 + [3] * 9
    average, sums = ewma_chart(x, 0.2, 3, 0, 1), cusum_chart(x, 0.5, 5, 0, 1)

    assert {signal.rule for signal in signals(average, rules=["n1", "we4", "n3"])} == {"n1"}
    assert [signal.point for signal in signals(average)] == average.signals
    up, down = sums.panels()
    assert [signal.point for signal in signals(up)] == sums.signals_up
    assert signals(down) == []
    assert str(signals(up)[0]).endswith("lies above the upper limit of 5.")
    fallen = cusum_chart([-value for value in x], 0.5, 5, 0, 1).panels()[1]
    assert "below the lower limit of −5" in str(signals(fallen)[0])


@given(x=VALUES, factor=st.sampled_from([0.5, 2, 4]), shift=st.integers(-9, 9))
@settings(max_examples=30)
def test_another_unit_changes_no_sum(x, factor, shift):
    moved = [value * factor + shift for value in x]
    before = cusum_chart(x, 0.5, 4, 1, 2)
    after = cusum_chart(moved, 0.5, 4, factor + shift, 2 * factor)

    assert after.c_plus == pytest.approx(before.c_plus, abs=1e-9)
