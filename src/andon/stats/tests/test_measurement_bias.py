"""Bias, type-1 study, linearity and stability of a gage."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from andon.stats import (
    ArgumentError,
    bias_study,
    bias_study_from_summary,
    linearity_study,
    stability_study,
    type1_study,
)

X = [5.8, 5.7, 5.9, 5.9, 6.0, 6.1, 6.0, 6.1, 6.4, 6.3, 6.0, 6.1, 6.2, 5.6, 6.0]
REFERENCE = [2.0] * 4 + [4.0] * 4 + [6.5] * 4
READ = [2.1, 2.2, 2.0, 2.2, 4.0, 4.1, 3.9, 4.2, 6.4, 6.3, 6.5, 6.2]

finite = st.lists(st.integers(-500, 500), min_size=3, max_size=30)


def codes(result):
    return [warning.code for warning in result.warnings]


def is_clean(result):
    return json.loads(json.dumps(result.to_dict(), allow_nan=False)) == result.to_dict()


def test_the_bias_is_tested_as_scipy_does():
    result = bias_study(X, 6.2, 0.9)
    want = scipy_stats.ttest_1samp(X, 6.2)

    assert result.t == pytest.approx(want.statistic, rel=1e-9)
    assert result.p == pytest.approx(want.pvalue, rel=1e-9)
    interval = want.confidence_interval(0.9)
    assert result.ci == pytest.approx([interval.low - 6.2, interval.high - 6.2], rel=1e-9)
    assert (result.acceptable, result.df, result.n) == (False, 14, 15)
    assert "0 is not among these" in str(result.report[0])
    assert "no bias is shown" in str(bias_study(X, 6.0).report[0])


def test_a_summary_gives_the_same_as_its_readings():
    whole = bias_study(X, 6.0)
    summary = bias_study_from_summary(whole.mean, whole.sd, 15, 6.0)

    assert summary.t == pytest.approx(whole.t, rel=1e-9)
    assert summary.ci == pytest.approx(whole.ci, rel=1e-9)
    fewer = bias_study_from_summary(whole.mean, whole.sd, 15, 6.0, df=10.8)
    assert fewer.ci[1] > summary.ci[1]
    half = scipy_stats.t.ppf(0.975, 10.8) * whole.sd / math.sqrt(15)
    assert fewer.ci == pytest.approx([whole.bias - half, whole.bias + half])


def test_too_few_or_equal_readings_leave_the_test_open():
    none, one, equal = bias_study([None], 3), bias_study([5], 3), bias_study([0.1] * 7, 0.3)

    assert (none.bias, none.n_missing, codes(none)) == (None, 1, ["no_data"])
    assert (one.bias, one.sd, one.ci, codes(one)) == (2, None, None, ["too_few"])
    assert (equal.sd, equal.t, equal.p, equal.ci, equal.acceptable) == (0, None, None, None, None)
    assert equal.bias == pytest.approx(-0.2)
    assert codes(equal) == ["zero_variance"]
    assert codes(bias_study([1, 2, 3], 2)) == ["few_readings"]
    assert codes(bias_study_from_summary(5, 0, 9, 3)) == ["zero_variance"]
    assert codes(bias_study_from_summary(5, 1, 1, 3)) == ["too_few"]
    assert codes(bias_study_from_summary(5, 1, 0, 3)) == ["no_data"]
    assert bias_study_from_summary(5, 1, 1, 3, df=20).t == 2
    assert all(map(is_clean, (none, one, equal)))


@given(finite, st.integers(-300, 300))
@settings(max_examples=40, deadline=None)
def test_shifting_gage_and_reference_together_leaves_the_bias(values, shift):
    plain = bias_study(values, 7)
    moved = bias_study([value + shift for value in values], 7 + shift)

    assert moved.bias == pytest.approx(plain.bias, abs=1e-9)
    assert moved.p == pytest.approx(plain.p, abs=1e-9)
    assert is_clean(plain)


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (bias_study, ([1, math.inf], 2), "x"),
        (bias_study, (["a"], 2), "x"),
        (bias_study, ([1, 2], None), "reference"),
        (bias_study, ([1, 2], 2, 1.0), "confidence"),
        (bias_study_from_summary, (1, -1, 5, 2), "sd"),
        (bias_study_from_summary, (1, 1, -5, 2), "n"),
        (bias_study_from_summary, (math.nan, 1, 5, 2), "mean"),
        (type1_study, ([1, 2], 2), "tolerance"),
        (type1_study, ([1, 2], 2, -1), "tolerance"),
        (type1_study, ([1, 2], 2, 1, 0), "percent"),
        (type1_study, ([1, "b"], 2, 1), "x"),
        (linearity_study, ([1, 2], [1, 2, 3]), "y"),
        (linearity_study, ([1, math.inf], [1, 2]), "reference"),
        (linearity_study, ([1, 2], ["1", "2"]), "y"),
        (linearity_study, ([1, 2], [1, 2], 0), "confidence"),
        (stability_study, ([1, math.inf],), "x"),
        (stability_study, (["a", "b"],), "x"),
        (stability_study, ([[1], [2]],), "x"),
        (stability_study, ([[1, 2], ["a", 2]],), "x"),
        (stability_study, ([1, 2, 3], "six"), "reference"),
    ],
)
def test_a_wrong_argument_is_refused_by_name(function, arguments, name):
    with pytest.raises(ArgumentError, match=rf"^{name}:"):
        function(*arguments)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"usl": 3}, "usl"),
        ({"lsl": 3, "usl": 2}, "lsl"),
        ({"tolerance": 1, "spread": 0}, "spread"),
        ({"tolerance": 1, "least": -1}, "least"),
        ({"tolerance": 1, "resolution": 0}, "resolution"),
    ],
)
def test_a_wrong_option_of_a_type_1_study_is_refused_by_name(options, name):
    with pytest.raises(ArgumentError, match=rf"^{name}:"):
        type1_study([1, 2, 3], 2, **options)


def test_cg_and_cgk_are_by_their_definition():
    result = type1_study(X, 6.0, tolerance=8.0)
    sd = np.std(X, ddof=1)

    assert result.cg == pytest.approx(0.2 * 8 / (6 * sd))
    assert result.cgk == pytest.approx((0.1 * 8 - (np.mean(X) - 6)) / (3 * sd))
    assert type1_study(X, 6.0, lsl=2, usl=10).cg == result.cg
    assert type1_study(X, 6.0, 8.0, 15, spread=4).cg == pytest.approx(0.15 * 8 / (4 * sd))
    assert codes(result) == ["few_readings"]
    assert codes(type1_study(X * 2, 6.0, 8.0)) == []


def test_the_smallest_tolerance_makes_the_gage_just_capable():
    result = type1_study(X, 6.0, tolerance=8.0)

    assert not result.capable
    assert result.report[0].code == "scatters"
    need = result.smallest_tolerance
    assert type1_study(X, 6.0, need).cgk == pytest.approx(1.33)
    assert type1_study(X, 6.0, need * 1.001).report[0].code == "capable"
    off = type1_study([x + 0.3 for x in X], 6.0, need)
    assert (off.capable, off.report[0].code) == (False, "biased")


def test_a_gage_without_scatter_has_no_cg():
    result = type1_study([2.0] * 30, 2.0, 1.0, resolution=0.05)

    assert (result.cg, result.cgk, result.capable, result.smallest_tolerance) == (None,) * 4
    assert codes(result) == ["zero_variance"]
    assert result.resolution_fine
    assert not type1_study([2.0] * 30, 2.0, 1.0, resolution=0.06).resolution_fine
    assert codes(type1_study([], 2.0, 1.0)) == ["no_data"]
    assert is_clean(result)


def test_the_line_is_that_of_scipy():
    result = linearity_study(REFERENCE, READ)
    want = scipy_stats.linregress(REFERENCE, np.subtract(READ, REFERENCE))

    assert result.slope == pytest.approx(want.slope, rel=1e-9)
    assert result.intercept == pytest.approx(want.intercept, rel=1e-9)
    assert result.slope_se == pytest.approx(want.stderr, rel=1e-9)
    assert result.intercept_se == pytest.approx(want.intercept_stderr, rel=1e-9)
    assert result.slope_p == pytest.approx(want.pvalue, rel=1e-9)
    assert result.r2 == pytest.approx(want.rvalue**2, rel=1e-9)
    assert list(result.mean_bias) == ["2", "4", "6.5"]
    assert result.mean_bias["2"] == pytest.approx(0.125)
    assert result.linearity == pytest.approx(abs(want.slope) * 4.5)


def test_the_band_is_that_of_the_fitted_mean():
    result = linearity_study(REFERENCE, READ, 0.9)
    x, t = np.array(REFERENCE), scipy_stats.t.ppf(0.95, 10)

    for point in result.band:
        spread = 1 / 12 + (point.reference - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()
        assert point.upper - point.fit == pytest.approx(t * result.s * math.sqrt(spread), rel=1e-9)
        assert point.fit - point.lower == pytest.approx(point.upper - point.fit)


@given(st.integers(0, 10**6), st.floats(-0.6, 0.6), st.floats(-0.3, 0.3))
@settings(max_examples=50, deadline=None)
def test_the_verdict_looks_at_the_whole_band(seed, height, slope):
    noise = np.random.default_rng(seed).normal(size=12)
    x = np.array(REFERENCE)
    result = linearity_study(x, x + height + slope * (x - 4) + noise / 3)
    t = scipy_stats.t.ppf(0.975, 10)
    grid = np.linspace(2, 6.5, 2001)
    half = t * result.s * np.sqrt(1 / 12 + (grid - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum())

    inside = np.abs(result.intercept + result.slope * grid) - half
    assert result.acceptable == (inside <= 0).all() or abs(inside.max()) < 1e-5


def test_zero_outside_the_band_only_between_the_references_is_seen():
    # Half width smallest in the middle: a constant bias leaves the band there first.
    x = [0.0] * 3 + [10.0] * 3
    noise = [-1.0, 0.0, 1.0] * 2
    half_middle = scipy_stats.t.ppf(0.975, 4) * 1.0 * math.sqrt(1 / 6)
    result = linearity_study(x, [a + b + half_middle * 1.1 for a, b in zip(x, noise, strict=True)])

    assert all(point.lower < 0 for point in result.band)
    assert not result.acceptable
    assert result.report[0].code == "not_linear"
    near = linearity_study(x, [a + b + half_middle * 0.9 for a, b in zip(x, noise, strict=True)])
    assert (near.acceptable, near.report[0].code) == (True, "linear")


def test_a_line_needs_two_references_and_scatter():
    none, flat = linearity_study([], []), linearity_study([3, 3, 3], [3.1, 3.0, None])
    assert (codes(none), codes(flat)) == (["no_data"], ["too_few"])
    assert (flat.slope, flat.n_missing, flat.mean_bias) == (None, 1, {"3": pytest.approx(0.05)})
    two = linearity_study([1, 2], [1.5, 2.0])
    assert (two.slope, two.s, two.slope_t, codes(two)) == (-0.5, None, None, ["too_few"])

    exact = linearity_study([1, 2, 3, 4], [1.1, 2.2, 3.3, 4.4])
    assert exact.slope == pytest.approx(0.1)
    assert (exact.s, exact.slope_t, exact.slope_p, exact.band, exact.acceptable) == (
        0,
        None,
        None,
        [],
        None,
    )
    assert codes(exact) == ["zero_variance"]
    assert exact.r2 == 1
    right = linearity_study([1, 2, 3], [1, 2, 3])
    assert (right.slope, right.intercept, right.r2, right.s) == (0, 0, None, 0)
    assert all(map(is_clean, (none, flat, two, exact, right)))


def test_a_stable_reference_has_no_signal():
    wave = [6.0, 6.1, 5.9, 6.05, 5.95] * 5
    result = stability_study(wave, 6.0)

    assert (result.stable, result.signals, codes(result)) == (True, [], [])
    assert result.bias.bias == pytest.approx(0)
    assert [s.code for s in result.report] == ["stable"]
    assert stability_study(wave).bias is None
    assert result.rows() == result.chart.rows()
    assert is_clean(result)


def test_a_drifting_reference_is_not_stable():
    drift = [6 + i / 100 for i in range(12)]
    result = stability_study(drift)

    assert result.stable is False
    assert {signal.rule for signal in result.signals} >= {"n3"}
    assert result.report[0].code == "not_stable"
    assert "few_points" in codes(result)


def test_several_readings_each_time_make_a_chart_of_means():
    times = [[6.0, 6.1, 5.9], [6.1, 5.9, 6.0], [5.9, 6.0, 6.1], [7.0, 7.1, 6.9]]
    result = stability_study(times, 6.0)

    assert result.chart.values == pytest.approx([6, 6, 6, 7])
    assert result.stable is False
    assert result.bias.n == 12
    assert stability_study(np.array(times)).chart.values == result.chart.values
    frozen = stability_study(times[:3], center=6.0, sigma=0.1)
    assert (frozen.stable, codes(frozen)) == (True, [])


def test_a_reference_read_once_or_never_is_open():
    assert (stability_study([]).stable, codes(stability_study([]))) == (None, ["no_data"])
    once = stability_study([6.0], 6.0)
    assert (once.stable, once.report, codes(once)) == (None, (), ["too_few", "few_points"])
    still = stability_study([6.0] * 25, 6.0)
    assert (still.stable, codes(still)) == (True, ["zero_variance"])
