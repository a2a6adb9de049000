"""Charts of subgroups: estimates of sigma, limits, panels, and the edge cases."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.stats import signals, spc_constants, xbar_r_chart, xbar_s_chart
from andon.stats.charts.factors import c4, d2, d3

CHARTS = pytest.mark.parametrize("chart", [xbar_r_chart, xbar_s_chart])
ROWS = st.lists(st.lists(st.integers(-1000, 1000), min_size=2, max_size=6), min_size=2, max_size=12)


def codes(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return [warning.code for warning in result.warnings]


def test_equal_sizes_give_the_textbook_limits():
    # Montgomery, chapter 6: centre +/- A2 Rbar, D3 Rbar, D4 Rbar; A3, B3, B4 for s.
    rows = np.random.default_rng(7).normal(50, 3, (25, 5))
    table = spc_constants(5)
    ranges, deviations = np.ptp(rows, axis=1).mean(), rows.std(axis=1, ddof=1).mean()

    r, s = xbar_r_chart(rows), xbar_s_chart(rows)

    assert r.xbar_ucl == pytest.approx(rows.mean() + table.a2[0] * ranges)
    assert (r.r_center, r.r_ucl) == pytest.approx((ranges, table.d4[0] * ranges))
    assert s.xbar_lcl == pytest.approx(rows.mean() - table.a3[0] * deviations)
    assert (s.s_center, s.s_ucl) == pytest.approx((deviations, table.b4[0] * deviations))
    assert (r.r_lcl, s.s_lcl) == (0, 0)


def test_large_subgroups_have_a_lower_limit_for_the_scatter():
    rows = np.random.default_rng(7).normal(50, 3, (25, 8))

    assert xbar_r_chart(rows).r_lcl > 0
    assert xbar_s_chart(rows).s_lcl > 0


def test_unequal_sizes_have_their_own_limits_of_ranges_and_s():
    chart = xbar_r_chart([[1, 2, 4], [2, 5], [3, 3, 4, 6]])
    sd = xbar_s_chart([[1, 2, 4], [2, 5], [3, 3, 4, 6]])

    for i, n in enumerate([3, 2, 4]):
        assert chart.r_center[i] == pytest.approx(d2(n) * chart.sigma)
        assert chart.r_ucl[i] == pytest.approx((d2(n) + 3 * d3(n)) * chart.sigma)
        assert sd.s_ucl[i] == pytest.approx((c4(n) + 3 * math.sqrt(1 - c4(n) ** 2)) * sd.sigma)
    assert chart.sizes == [3, 2, 4]
    assert chart.center == pytest.approx(30 / 9)


def test_the_estimators_are_the_weighted_means_of_the_definition():
    rows = [[1, 2, 4], [2, 5], [3, 3, 4, 6]]
    sizes, s = [3, 2, 4], [np.std(row, ddof=1) for row in rows]
    r = [np.ptp(row) for row in rows]
    w_s = [c4(n) ** 2 / (1 - c4(n) ** 2) for n in sizes]
    w_r = [(d2(n) / d3(n)) ** 2 for n in sizes]
    from_s = np.divide(s, [c4(n) for n in sizes])
    from_r = np.divide(r, [d2(n) for n in sizes])
    chart = xbar_s_chart(rows)

    assert chart.sigma == pytest.approx(from_s.mean())
    assert chart.sigma_mvlue_s == pytest.approx(np.average(from_s, weights=w_s))
    pooled = math.sqrt(np.square(s) @ np.subtract(sizes, 1) / 6) / c4(7)
    assert chart.sigma_pooled == pytest.approx(pooled)
    expected = np.average(from_r, weights=w_r)
    assert chart.sigma_mvlue_r == pytest.approx(expected)
    assert xbar_r_chart(rows, estimator="mvlue").sigma == pytest.approx(expected)
    assert xbar_s_chart(rows, estimator="mvlue").sigma == chart.sigma_mvlue_s
    assert xbar_s_chart(rows, estimator="pooled").sigma == chart.sigma_pooled
    assert "pooled" in xbar_s_chart(rows, estimator="pooled").method


def test_the_pooled_sigma_of_many_values_keeps_its_digits():
    # c4 of many degrees of freedom: DLMF 5.11.13, first terms.
    assert c4(1001) == pytest.approx(1 - 1 / 4000 + 1 / 32e6, rel=1e-10)
    assert c4(1000) == pytest.approx(c4(1001), rel=1e-6)


@CHARTS
def test_known_lines_are_used_as_they_are(chart):
    result = chart([[9, 11], [14, 16], [10, 10, 10, 10]], center=10, sigma=1)

    assert result.xbar_ucl == pytest.approx([10 + 3 / math.sqrt(n) for n in (2, 2, 4)])
    assert (result.beyond, result.n_baseline) == ([2], 0)
    assert "given" in result.method
    assert chart([[9, 11]], sigma=1).center == 10


@CHARTS
def test_excluded_subgroups_and_those_outside_the_baseline_are_only_plotted(chart):
    rows = [[9, 11], [10, 12], [8, 11], [50, 90]]
    quiet = chart(rows[:3])

    for result in (chart(rows, exclude=[4]), chart(rows, baseline=slice(0, 3))):
        assert (result.center, result.sigma) == (quiet.center, quiet.sigma)
        assert (result.beyond, result.n_baseline, result.n) == ([4], 3, 8)
    assert chart(rows, baseline=[0, 3]).sigma == quiet.sigma


@CHARTS
def test_a_single_value_counts_for_the_centre_and_not_for_sigma(chart):
    result, without = chart([[1, 3], [2, 4], [12]]), chart([[1, 3], [2, 4]])

    assert (result.center, result.sigma) == (22 / 5, without.sigma)
    assert result.panels()[1].values[2] is None
    assert result.panels()[1].along(result.panels()[1].ucl)[2] is None
    assert result.ucl[2] == pytest.approx(result.center + 3 * result.sigma)


@CHARTS
def test_only_single_values_are_sent_to_the_individuals_chart(chart):
    with pytest.raises(ValueError, match=r"^subgroups:.*imr_chart"):
        chart([[1], [2, None], [None, 3]])


@CHARTS
@pytest.mark.parametrize(
    ("rows", "warning", "center", "sigma"),
    [
        ([], "no_data", None, None),
        ([[]], "no_data", None, None),
        ([[None, None], [math.nan]], "no_data", None, None),
        (np.empty((3, 0)), "no_data", None, None),
        ([[7, 7], [7, 7, 7]], "zero_variance", 7, 0),
        ([[0.1] * 3] * 4, "zero_variance", 0.1, 0),
    ],
)
def test_little_to_compute_from_is_said(chart, rows, warning, center, sigma):
    result = chart(rows)

    assert codes(result) == [warning]
    assert (result.center, result.sigma, result.beyond) == (center, sigma, [])
    assert result.panels()[1].beyond == []


@CHARTS
def test_no_scatter_left_after_exclusions_gives_the_centre_without_limits(chart):
    result = chart([[1, 2], [3]], exclude=[1])

    assert (result.center, result.sigma, result.ucl) == (3, None, None)
    assert codes(result) == ["too_few"]


@CHARTS
def test_a_missing_subgroup_has_no_point_and_missing_values_are_counted(chart):
    result = chart([[1, 2, None], [None, None, None], [4, 5, 6]])

    assert (result.values[1], result.ucl[1], result.n, result.n_missing) == (None, None, 5, 4)
    assert codes(result) == []


@CHARTS
@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"subgroups": [1, 2, 3]}, "subgroups"),
        ({"subgroups": None}, "subgroups"),
        ({"subgroups": 5}, "subgroups"),
        ({"subgroups": "abc"}, "subgroups"),
        ({"subgroups": [[1, "a"]]}, "subgroups"),
        ({"subgroups": [[1, 2, 3], [1, "a"]]}, "subgroups"),
        ({"subgroups": [[1, math.inf]]}, "subgroups"),
        ({"subgroups": [[[1, 2]], [[3, 4]]]}, "subgroups"),
        ({"subgroups": [[1, 2]], "estimator": "best"}, "estimator"),
        ({"subgroups": [[1, 2]], "sigma": -1}, "sigma"),
        ({"subgroups": [[1, 2]], "sigma": math.nan}, "sigma"),
        ({"subgroups": [[1, 2]], "center": "x"}, "center"),
        ({"subgroups": [[1, 2]], "exclude": [2]}, "exclude"),
        ({"subgroups": [[1, 2]], "exclude": ["a"]}, "exclude"),
        ({"subgroups": [[1, 2]], "baseline": [1]}, "baseline"),
        ({"subgroups": [[1, 2]], "baseline": ["a", 2]}, "baseline"),
    ],
)
def test_a_wrong_argument_is_named(chart, arguments, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        chart(**arguments)


@CHARTS
@given(rows=ROWS, factor=st.sampled_from([0.5, 2, 8]), shift=st.integers(-500, 500))
def test_another_unit_moves_all_lines_with_it(chart, rows, factor, shift):
    before, after = chart(rows), chart([[x * factor + shift for x in row] for row in rows])

    assert after.sigma == pytest.approx(before.sigma * factor, abs=1e-9)
    assert after.center == pytest.approx(before.center * factor + shift, abs=1e-9)
    ucl = [line * factor + shift for line in before.along(before.ucl)]
    assert after.along(after.ucl) == pytest.approx(ucl, abs=1e-8)


@CHARTS
@given(rows=ROWS, seed=st.randoms(use_true_random=False))
def test_the_order_of_subgroups_and_values_does_not_matter_for_the_lines(chart, rows, seed):
    mixed = [seed.sample(row, len(row)) for row in seed.sample(rows, len(rows))]

    assert chart(mixed).sigma == pytest.approx(chart(rows).sigma)
    assert chart(mixed).center == pytest.approx(chart(rows).center)


@CHARTS
def test_the_panel_of_the_scatter_is_judged_by_sides_and_trends_only(chart):
    rows = [[0, 2]] * 6 + [[0, 2.1], [0, 40]]
    lower = chart(rows, sigma=2, center=1).panels()[1]

    found = signals(lower, rules=["n1", "n5", "n6", "n7"])

    assert {(signal.rule, signal.point) for signal in found} == {("n1", 8)}
    assert lower.statistic in {"R", "s"}


def test_the_run_rules_of_means_use_the_sigma_of_a_mean():
    # 2 of 3 beyond 2 sigma: sigma of a mean of 4 is 1, so 2.5 counts and 2.5 of 2 does not.
    rows = [[2.5] * 4, [0] * 4, [2.5] * 4]
    chart = xbar_r_chart(rows, center=0, sigma=2)

    assert [signal.point for signal in signals(chart, rules=["n5"])] == [3]
    assert chart.sigma_plotted == 1


def test_few_subgroups_make_provisional_limits():
    assert [note.code for note in xbar_r_chart([[1, 2]] * 7).notes] == ["provisional"]
    assert xbar_r_chart([[1, 2]] * 20).notes == ()
