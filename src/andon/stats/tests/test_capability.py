"""Capability of normal values: formulas, intervals, options, the edge cases and bad input."""

import json
import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from andon.stats import (
    ArgumentError,
    capability,
    capability_ci,
    capability_from_summary,
    imr_chart,
    xbar_s_chart,
)

# Fill volumes of 20 bottles: SixSigma (R), ss.data.ca, also case cap-overall-volume.
VOLUME = [755.81, 750.54, 751.05, 749.52, 749.21, 748.38, 748.11, 753.07, 749.56, 750.08]
VOLUME += [747.16, 747.53, 749.22, 746.76, 747.64, 750.46, 749.27, 750.33, 750.26, 751.29]
GROUPS = [[9.8, 10.1, 10.0], [10.2, 9.9, 10.1], [9.9, 10.0, 10.3], [10.1, 9.7, 10.0]]
INDICES = ("cp", "cpl", "cpu", "cpk", "cpm", "pp", "ppl", "ppu", "ppk")
INTERVALS = ("cp_ci", "cpk_ci", "cpm_ci", "pp_ci", "ppk_ci")


def codes(result):
    return [warning.code for warning in result.warnings]


def figures(result):
    return [getattr(result, name) for name in INDICES]


def noise(size, seed=1):
    return np.random.default_rng(seed).normal(10, 1, size)


def test_the_indices_are_the_formulas_of_montgomery_on_sums_by_hand():
    x = [9.0, 10.0, 12.0, 11.0, 10.5]
    result = capability(x, lsl=5, usl=20, target=11)

    mean, s = 10.5, math.sqrt(5 / 4)
    assert result.sigma_overall == pytest.approx(s)
    assert result.sigma_within == pytest.approx(1.125 / (2 / math.sqrt(math.pi)))
    assert result.pp == pytest.approx(15 / (6 * s))
    assert (result.ppl, result.ppu) == pytest.approx((5.5 / (3 * s), 9.5 / (3 * s)))
    assert result.ppk == result.ppl
    assert result.cpk == pytest.approx((mean - 5) / (3 * result.sigma_within))
    assert result.cpm == pytest.approx(15 / (6 * math.sqrt(5 / 4 + 0.25)))
    assert (result.cpm_sigma, result.target) == ("overall", 11)
    assert (result.z_lower, result.z_bench_min) == pytest.approx((5.5 / s, 5.5 / s))
    assert (result.minimum, result.maximum, result.n) == (9, 12, 5)


def test_expected_ppm_are_the_tails_of_the_normal_distribution_as_scipy_has_them():
    result = capability(noise(200), lsl=7.5, usl=12)
    normal = scipy.stats.norm(result.mean, result.sigma_overall)

    assert result.expected_ppm_below == pytest.approx(1e6 * normal.cdf(7.5), rel=1e-10)
    assert result.expected_ppm_above == pytest.approx(1e6 * normal.sf(12), rel=1e-10)
    assert result.expected_ppm_total == result.expected_ppm_below + result.expected_ppm_above
    assert result.expected_within_ppm_total != result.expected_ppm_total


def test_values_outside_are_counted_and_a_value_on_a_limit_is_good():
    result = capability([1.0, 2.0, 2.0, 5.0, 6.0, 6.5, None], lsl=2, usl=6)

    assert (result.observed_below, result.observed_above) == (1, 1)
    assert result.observed_ppm_total == pytest.approx(1e6 / 3)
    assert (result.n, result.n_missing) == (6, 1)


def test_the_target_is_the_middle_of_the_tolerance_unless_given():
    result = capability(VOLUME, lsl=740, usl=761)

    assert result.target == 750.5
    assert result.cpm == capability(VOLUME, lsl=740, usl=761, target=750.5).cpm


@pytest.mark.parametrize(("limit", "side", "other"), [("lsl", "ppl", "ppu"), ("usl", "ppu", "ppl")])
def test_one_limit_gives_the_index_of_its_side_only(limit, side, other):
    result = capability(VOLUME, **{limit: 750})

    assert (result.cp, result.pp, result.cpm, result.target) == (None,) * 4
    assert (result.cp_ci, result.pp_ci, result.cpm_ci) == (None,) * 3
    assert result.ppk == getattr(result, side)
    assert getattr(result, other) is None
    assert len(result.ppk_ci) == 2
    assert capability(VOLUME, **{limit: 750}, target=750).cpm is None


def test_a_natural_bound_is_no_specification_limit():
    flatness = [0.02, 0.05, 0.01, 0.04, 0.03, 0.02]
    result = capability(flatness, lsl=0, usl=0.1, lower_bound=0)

    assert (result.lsl, result.cpl, result.cp) == (None, None, None)
    assert result.cpk == capability(flatness, usl=0.1).cpk
    assert "natural_bound" in codes(result)
    assert codes(capability(flatness, lsl=0.005, usl=0.1, lower_bound=0)) == ["few_values"]
    assert "natural_bound" in codes(capability(flatness, lsl=0, usl=1, upper_bound=1))
    with pytest.raises(ArgumentError) as refused:
        capability(flatness, lsl=0, lower_bound=0)
    assert refused.value.argument == "lsl"


@pytest.mark.parametrize(("lsl", "usl"), [(760, 780), (700, 740), (760, None), (None, 740)])
def test_a_process_outside_its_limits_has_a_negative_index_that_is_not_clipped(lsl, usl):
    result = capability(VOLUME, lsl=lsl, usl=usl)

    assert result.ppk < 0
    assert result.cpk < 0
    assert result.ppk_ci[0] < result.ppk < result.ppk_ci[1]
    assert result.observed_below + result.observed_above == 20


@pytest.mark.parametrize("value", [0.1, 74.03, 1e9 + 0.3])
def test_equal_values_have_no_indices_rather_than_infinite_ones(value):
    for result in (
        capability([value] * 12, lsl=value - 1, usl=value + 1),
        capability(subgroups=[[value] * 3] * 4, lsl=value - 1, usl=value + 1),
    ):
        assert figures(result) == [None] * len(INDICES)
        assert (result.sigma_overall, result.sigma_within) == (0, 0)
        assert codes(result) == ["zero_variance"]
        assert result.sentence is None
        assert (result.mean, result.expected_ppm_total) == (value, None)


def test_subgroups_that_do_not_scatter_within_have_an_overall_index_only():
    result = capability(subgroups=[[1, 1], [2, 2], [1, 1]], lsl=0, usl=4)

    assert (result.cp, result.cpk, result.cpm) == (None, None, None)
    assert result.ppk > 0
    assert "zero_variance" in codes(result)
    assert result.sentence.values["name"] == "Ppk"


def test_no_values_give_no_indices_and_say_so():
    for result in (
        capability([], lsl=0, usl=1),
        capability([None, math.nan], lsl=0, usl=1),
        capability(subgroups=[], lsl=0, usl=1),
    ):
        assert figures(result) == [None] * len(INDICES)
        assert (result.mean, result.n, result.stable) == (None, 0, None)
        assert codes(result) == ["no_data"]


def test_one_value_is_too_few():
    result = capability([0.4], lsl=0, usl=1)

    assert figures(result) == [None] * len(INDICES)
    assert (result.mean, result.observed_below) == (0.4, 0)
    assert codes(result)[0] == "too_few"


def test_values_without_neighbours_have_an_overall_index_only():
    result = capability([0.4, None, 0.5, None, 0.7], lsl=0, usl=1)

    assert (result.sigma_within, result.nu_within, result.cpk) == (None, None, None)
    assert result.ppk > 0
    assert codes(result)[0] == "too_few"


@pytest.mark.parametrize("within", ["rbar", "sbar", "pooled"])
def test_the_sigma_within_of_subgroups_is_the_one_of_the_charts(within):
    result = capability(subgroups=GROUPS, lsl=9, usl=11, within=within)

    chart = xbar_s_chart(GROUPS)
    wanted = {"rbar": chart.sigma_mvlue_r, "sbar": chart.sigma, "pooled": chart.sigma_pooled}
    assert result.sigma_within == pytest.approx(wanted[within], rel=1e-12)
    assert result.cpm_sigma == "within"
    assert result.nu_within == pytest.approx(8 * (1.0 if within == "pooled" else 0.9))


def test_ranges_are_the_default_up_to_ten_values_and_the_pooled_s_beyond():
    small, large = noise(40).reshape(4, 10), noise(44).reshape(4, 11)

    assert "R/d2" in capability(subgroups=small, lsl=5, usl=15).method
    assert "pooled" in capability(subgroups=large, lsl=5, usl=15).method
    assert "moving range" in capability(noise(9), lsl=5, usl=15).method


def test_missing_values_in_subgroups_are_dropped_and_counted():
    result = capability(subgroups=[[1, 2, None], [2, 3], [2.5]], lsl=0, usl=5)

    assert (result.n, result.n_missing, result.mean) == (5, 1, 2.1)
    assert result.sigma_within == pytest.approx(math.sqrt(math.pi) / 2)


@pytest.mark.parametrize("n", [5, 20, 125])
def test_the_interval_of_cp_is_the_chi_square_one_of_scipy(n):
    result = capability_ci(cp=1.4, pp=1.2, n=n, confidence=0.9)

    ends = np.sqrt(scipy.stats.chi2.ppf([0.05, 0.95], n - 1) / (n - 1))
    assert result.cp_ci == pytest.approx((1.4 * ends).tolist(), rel=1e-12)
    assert result.pp_ci == pytest.approx((1.2 * ends).tolist(), rel=1e-12)
    assert result.nu == n - 1


def test_the_interval_of_cpk_is_bissells():
    # Montgomery 8.3: n = 20 and Cpk = 1.33 give 0.88 to 1.78.
    assert capability_ci(cpk=1.33, n=20).cpk_ci == pytest.approx([0.88, 1.78], abs=0.011)
    assert capability_ci(ppk=-0.5, n=20).ppk_ci[0] < -0.5
    assert capability_ci(cpk=0, n=25).cpk_ci == pytest.approx([-0.1306643, 0.1306643])


def test_fewer_degrees_of_freedom_widen_the_intervals_within():
    usual = capability(VOLUME, lsl=740, usl=760)
    exact = capability(VOLUME, lsl=740, usl=760, nu="within")

    assert exact.nu_within == pytest.approx(0.62 * 19)
    assert exact.cp_ci == capability_ci(cp=exact.cp, n=20, nu=0.62 * 19).cp_ci
    assert exact.cpk_ci[0] < usual.cpk_ci[0]
    assert exact.pp_ci == usual.pp_ci


def test_the_interval_of_cpm_is_that_of_cp_with_more_freedom_when_on_target():
    x = noise(50)
    result = capability(x, lsl=5, usl=15, target=float(x.mean()))

    ends = np.sqrt(scipy.stats.chi2.ppf([0.025, 0.975], 50) / 50)
    assert result.cpm_ci == pytest.approx((result.cpm * ends).tolist(), rel=1e-9)


def test_one_value_has_no_interval():
    result = capability_ci(cp=1.0, cpk=0.9, n=1)

    assert (result.cp_ci, result.cpk_ci, codes(result)) == (None, None, ["too_few"])


def test_the_intervals_cover_the_true_index_about_as_often_as_they_say():
    rng = np.random.default_rng(3)
    hits = {"pp_ci": 0, "ppk_ci": 0, "cp_ci": 0, "cpm_ci": 0}
    true = {"pp_ci": 4 / 3, "ppk_ci": 1.0, "cp_ci": 4 / 3, "cpm_ci": 8 / 6 / math.sqrt(2)}
    for _ in range(300):
        result = capability(rng.normal(1, 1, 60), lsl=-4, usl=4, target=0, nu="within")
        for name in hits:
            low, high = getattr(result, name)
            hits[name] += low <= true[name] <= high

    assert all(0.91 <= count / 300 <= 0.99 for count in hits.values()), hits


def test_a_process_whose_chart_signals_is_not_assessed_but_computed():
    result = capability([*noise(30), 30.0], lsl=0, usl=40)

    assert result.stable is False
    assert "unstable" in codes(result)
    assert (result.sentence.code, result.ppk > 0) == ("not_assessed", True)
    shifted = [[1.0, 1.1, 0.9], [1.1, 1.0, 0.9], [5.0, 5.1, 4.9]]
    for within in ("rbar", "sbar", "pooled"):
        assert capability(subgroups=shifted, lsl=0, usl=9, within=within).stable is False
    assert capability(subgroups=GROUPS, lsl=9, usl=11).stable is True


def test_a_series_too_long_for_one_chart_is_not_called_stable():
    result = capability(noise(10_001), lsl=0, usl=20)

    assert result.stable is None
    assert codes(result) == ["stability_unknown"]
    assert capability(noise(10_000), lsl=0, usl=20).stable is not None


def test_skewed_values_are_named_because_the_indices_assume_normal_ones():
    x = np.random.default_rng(2).exponential(1, 300)

    assert "not_normal" in codes(capability(x, usl=9))
    assert "not_normal" not in codes(capability(noise(300), usl=90))


@pytest.mark.parametrize(
    ("usl", "code", "words"),
    [
        (18, "capable", "meets the required 1.33"),
        (13, "not_capable", "below the required 1.33"),
        (14, "undecided", "do not decide"),
    ],
)
def test_the_sentence_gives_the_interval_and_compares_it_with_what_is_required(usl, code, words):
    x = noise(100, seed=4)
    result = capability(x, usl=usl)

    assert result.stable is True
    assert result.sentence.code == code
    assert words in str(result.sentence)
    assert str(result.sentence).startswith(f"Cpk {result.cpk:.2f} (95 % interval ")
    assert capability(x, usl=usl, required=0.1).sentence.code == "capable"


def test_the_summary_gives_the_indices_of_the_values_it_came_from():
    full = capability(VOLUME, lsl=740, usl=760, target=749)
    brief = capability_from_summary(
        full.mean, full.sigma_overall, lsl=740, usl=760, target=749, n=20
    )

    assert (brief.cp, brief.cpk, brief.cpm) == (full.pp, full.ppk, full.cpm)
    assert (brief.cp_ci, brief.cpk_ci) == (full.pp_ci, full.ppk_ci)
    assert brief.expected_ppm_total == full.expected_ppm_total
    assert brief.cpk == pytest.approx((1 - brief.k) * brief.cp)


def test_a_summary_without_scatter_or_with_one_limit_says_what_it_cannot_give():
    still = capability_from_summary(5, 0, lsl=0, usl=10)
    onesided = capability_from_summary(5, 1, usl=10)

    assert (still.cp, still.cpk, still.cpm, codes(still)) == (None, None, None, ["zero_variance"])
    assert (still.k, still.sentence) == (0, None)
    assert (onesided.cp, onesided.k, onesided.cpl) == (None, None, None)
    assert onesided.cpk == pytest.approx(5 / 3)
    assert (onesided.cpk_ci, onesided.sentence.code) == (None, "met")
    assert capability_from_summary(5, 2, usl=10).sentence.code == "not_met"
    assert codes(capability_from_summary(5, 2, usl=10, n=1)) == ["too_few"]
    assert capability_from_summary(5, 1e-60, usl=10).cpk > 1e59


VALUES = st.lists(st.floats(-100, 100).map(lambda value: round(value, 6)), min_size=5, max_size=30)


@settings(max_examples=50, deadline=None)
@given(VALUES, st.floats(0.01, 100), st.floats(-1000, 1000))
def test_units_and_origin_do_not_change_the_indices(values, factor, shift):
    x = np.array(values).round(3)
    assume(x.std() > 0.01 and np.abs(np.diff(x)).sum() > 0.1)
    one = capability(x, lsl=-150, usl=150, target=10)
    other = capability(
        x * factor + shift,
        lsl=-150 * factor + shift,
        usl=150 * factor + shift,
        target=10 * factor + shift,
    )

    assert figures(other) == pytest.approx(figures(one), rel=1e-7, abs=1e-7)


@settings(max_examples=30, deadline=None)
@given(VALUES, st.randoms(use_true_random=False))
def test_the_order_of_the_values_changes_the_sigma_within_only(values, random):
    assume(np.std(values) > 0.001)
    mixed = [*values]
    random.shuffle(mixed)
    one, other = capability(values, lsl=-200, usl=200), capability(mixed, lsl=-200, usl=200)

    assert other.ppk == pytest.approx(one.ppk, rel=1e-9)
    assert (other.minimum, other.observed_above) == (one.minimum, one.observed_above)


@settings(max_examples=30, deadline=None)
@given(VALUES, st.floats(1, 100))
def test_mirrored_values_swap_the_sides(values, usl):
    assume(np.std(values) > 0)
    one = capability(values, lsl=-120, usl=usl)
    other = capability([-value for value in values], lsl=-usl, usl=120)

    assert (other.ppl, other.ppu) == pytest.approx((one.ppu, one.ppl), rel=1e-9)
    assert other.observed_below == one.observed_above


@settings(max_examples=30, deadline=None)
@given(VALUES, st.floats(0.1, 50))
def test_a_wider_tolerance_never_has_a_smaller_index(values, more):
    assume(np.std(values) > 0)
    narrow = capability(values, lsl=-100, usl=100)
    wide = capability(values, lsl=-100 - more, usl=100 + more)

    assert wide.ppk > narrow.ppk
    assert wide.expected_ppm_total <= narrow.expected_ppm_total


def test_a_long_array_gives_the_numbers_of_its_list():
    x = noise(200_000)
    x[[7, 70_000]] = np.nan
    result, there = capability(x, lsl=6, usl=14), x[~np.isnan(x)]

    assert result.sigma_overall == pytest.approx(there.std(ddof=1), rel=1e-12)
    assert result.sigma_within == pytest.approx(
        np.nanmean(np.abs(np.diff(x))) * math.sqrt(math.pi) / 2, rel=1e-12
    )
    assert result.observed_below == (there < 6).sum()
    assert (result.n, result.n_missing) == (199_998, 2)
    short = x[:5000]
    assert capability(short, usl=14).sigma_within == imr_chart(short).sigma


ODD = {"lsl": 0, "usl": 20}


@pytest.mark.parametrize(
    "arguments",
    [
        {"x": []},
        {"x": [None]},
        {"x": [3]},
        {"x": [3, 3]},
        {"x": [3, math.nan, 4]},
        {"x": [-3, -4]},
        {"x": [1e60, -1e60, 5]},
        {"x": [1e-60, 2e-60, 3e-60]},
        {"x": [10, 10 + 1e-14, 10]},
        {"subgroups": [[1, None, 2], [None, None], []]},
        {"subgroups": [[1, 2], [3]]},
        {"x": np.arange(5)},
    ],
)
def test_odd_but_allowed_values_give_json_without_nan(arguments):
    result = capability(**arguments, **ODD)

    assert json.dumps(result.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (capability, {"x": [1, 2]}, "lsl"),
        (capability, {"x": [1, 2], "lsl": 2, "usl": 2}, "lsl"),
        (capability, {"x": [1, 2], "lsl": 3, "usl": 2}, "lsl"),
        (capability, {"x": [1, 2], "lsl": math.nan, "usl": 2}, "lsl"),
        (capability, {"x": [1, 2], "usl": "2"}, "usl"),
        (capability, {"x": [1, math.inf], **ODD}, "x"),
        (capability, {"x": np.array([1, math.inf]), **ODD}, "x"),
        (capability, {"x": ["a", "b"], **ODD}, "x"),
        (capability, {"x": [[1, 2], [3, 4]], **ODD}, "x"),
        (capability, {"x": [1, 1e61], **ODD}, "x"),
        (capability, {"x": [1e308, 1e308], **ODD}, "x"),
        (capability, {"x": [1e-70, 2e-70], **ODD}, "x"),
        (capability, {"subgroups": [[1, 1e200]], **ODD}, "subgroups"),
        (capability, {"x": [1, 2], "usl": 1e308}, "usl"),
        (capability_from_summary, {"mean": 1, "sigma": 1e-320, "usl": 3}, "sigma"),
        (capability, {**ODD}, "x"),
        (capability, {"x": [1, 2], "subgroups": [[1, 2]], **ODD}, "x"),
        (capability, {"x": [1, 2], "within": "rbar", **ODD}, "within"),
        (capability, {"subgroups": [[1, 2]], "within": "mr", **ODD}, "within"),
        (capability, {"x": [1, 2], "within": "magic", **ODD}, "within"),
        (capability, {"subgroups": [1, 2], **ODD}, "subgroups"),
        (capability, {"subgroups": [[1], [2]], **ODD}, "subgroups"),
        (capability, {"subgroups": [[1, math.inf]], **ODD}, "subgroups"),
        (capability, {"x": [1, 2], "target": "x", **ODD}, "target"),
        (capability, {"x": [1, 2], "confidence": 1, **ODD}, "confidence"),
        (capability, {"x": [1, 2], "confidence": 95, **ODD}, "confidence"),
        (capability, {"x": [1, 2], "required": 0, **ODD}, "required"),
        (capability, {"x": [1, 2], "nu": "some", **ODD}, "nu"),
        (capability, {"x": [1, 2], "engine": "magic", **ODD}, "engine"),
        (capability, {"x": [1, 2], "usl": 3, "lower_bound": math.nan}, "lower_bound"),
        (capability, {"x": [1, 2], "usl": 3, "upper_bound": "9"}, "upper_bound"),
        (capability_from_summary, {"mean": 1, "sigma": -1, "usl": 3}, "sigma"),
        (capability_from_summary, {"mean": math.nan, "sigma": 1, "usl": 3}, "mean"),
        (capability_from_summary, {"mean": 1, "sigma": 1, "usl": 3, "n": 0}, "n"),
        (capability_from_summary, {"mean": 1, "sigma": 1}, "lsl"),
        (capability_ci, {"n": 20}, "cp"),
        (capability_ci, {"n": 2.5, "cp": 1}, "n"),
        (capability_ci, {"n": 20, "cp": -1}, "cp"),
        (capability_ci, {"n": 20, "pp": -1}, "pp"),
        (capability_ci, {"n": 20, "cpk": math.inf}, "cpk"),
        (capability_ci, {"n": 20, "cp": 1, "nu": 0}, "nu"),
        (capability_ci, {"n": 20, "cp": 1, "confidence": 0}, "confidence"),
    ],
)
def test_a_wrong_argument_is_named(function, arguments, name):
    with pytest.raises(ArgumentError) as refused:
        function(**arguments)

    assert refused.value.argument == name
