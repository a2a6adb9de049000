"""Values that are not normal: tests of normality, Box-Cox, fitted distributions, percentiles."""

import json
import math
from itertools import pairwise

import numpy as np
import pytest
import scipy.stats
import statsmodels.stats.diagnostic
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from andon.stats import (
    ArgumentError,
    boxcox_lambda,
    capability,
    capability_boxcox,
    capability_nonnormal,
    fit_distribution,
    histogram,
    normality_test,
    probability_plot,
)
from andon.stats.capabilities.distributions import Weibull
from andon.stats.capabilities.fit_errors import fit_interval

# Lives of 23 ball bearings in million revolutions: Lieblein and Zelen (1956), as in the cases.
BEARINGS = [17.88, 28.92, 33.00, 41.52, 42.12, 45.60, 48.48, 51.84, 51.96, 54.12, 55.56, 67.80]
BEARINGS += [68.64, 68.64, 68.88, 84.12, 93.12, 98.64, 105.12, 105.84, 127.92, 128.04, 173.40]
PEERS = {
    "lognormal": (scipy.stats.lognorm, {"floc": 0}),
    "gamma": (scipy.stats.gamma, {"floc": 0}),
    "normal": (scipy.stats.norm, {}),
    "largest_extreme_value": (scipy.stats.gumbel_r, {}),
}
FAMILIES = [*PEERS, "weibull", "folded_normal"]


def codes(result):
    return [warning.code for warning in result.warnings]


def skewed(size, seed=1):
    return np.random.default_rng(seed).gamma(4, 2, size)


@pytest.mark.parametrize("n", [3, 4, 5, 6, 7, 11, 12, 25, 200, 4999, 5000])
@pytest.mark.parametrize("kind", ["normal", "exponential"])
def test_shapiro_wilk_is_the_one_of_scipy(n, kind):
    x = getattr(np.random.default_rng(n), kind)(size=n)
    result = normality_test(x)

    w, p = scipy.stats.shapiro(x)
    assert result.shapiro_w == pytest.approx(w, abs=1e-8)
    assert result.shapiro_p == pytest.approx(p, rel=1e-5)


@pytest.mark.parametrize(("seed", "kind"), [(1, "normal"), (2, "uniform"), (3, "exponential")])
def test_anderson_darling_is_the_one_of_statsmodels(seed, kind):
    x = getattr(np.random.default_rng(seed), kind)(size=40)
    result = normality_test(x)

    ad, p = statsmodels.stats.diagnostic.normal_ad(x)
    assert (result.ad, result.ad_p) == pytest.approx((ad, p), rel=1e-9)


def test_every_piece_of_stephens_p_is_reached_and_they_join_without_a_jump():
    drawn = [normality_test(np.random.default_rng(seed).normal(size=30)) for seed in range(60)]
    drawn += [normality_test(skewed(size)) for size in (20, 60, 200, 5000)]
    pairs = sorted((result.ad_adjusted, result.ad_p) for result in drawn)

    assert pairs[0][0] < 0.2
    assert pairs[-1][0] > 10
    for edge in (0.2, 0.34, 0.6):
        assert any(edge < ad < edge * 1.8 for ad, _ in pairs)
    assert all(late <= early + 0.01 for (_, early), (_, late) in pairwise(pairs))


def test_few_values_have_no_p_of_anderson_darling_and_many_no_shapiro_wilk():
    few, many, two = (
        normality_test(BEARINGS[:7]),
        normality_test(skewed(5001)),
        normality_test([1, 2]),
    )

    assert (few.ad_p, codes(few)) == (None, ["too_few"])
    assert few.shapiro_p > 0
    assert (many.shapiro_w, many.shapiro_p, codes(many)) == (None, None, ["too_many"])
    assert many.normal is False
    assert (two.shapiro_w, two.normal, two.sentence) == (None, None, None)


def test_perfectly_even_small_samples_have_p_near_one():
    assert normality_test([1, 2, 3]).shapiro_p == pytest.approx(1)
    assert normality_test([-1e9, 0, 0, 0, 1e-9]).shapiro_p < 0.001


@pytest.mark.parametrize(
    ("x", "code"), [([], "no_data"), ([4], "too_few"), ([4, 4, 4], "zero_variance")]
)
def test_values_without_scatter_have_no_test(x, code):
    result = normality_test(x)

    assert (result.ad, result.shapiro_w, result.normal) == (None, None, None)
    assert codes(result) == [code]


def test_the_sentence_says_that_no_proof_of_normality_exists():
    assert "no proof" in str(normality_test(BEARINGS).sentence)
    assert "do not look normal" in str(normality_test(skewed(300)).sentence)
    assert normality_test(BEARINGS, alpha=0.2).normal is False


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(-500, 500), min_size=8, max_size=25),
    st.floats(0.01, 100),
    st.floats(-100, 100),
    st.randoms(use_true_random=False),
)
def test_unit_origin_and_order_do_not_change_the_tests(values, factor, shift, random):
    assume(len(set(values)) > 2)
    one = normality_test(values)
    moved = [value * factor + shift for value in values]
    random.shuffle(moved)
    other = normality_test(moved)

    assert other.ad == pytest.approx(one.ad, rel=1e-6, abs=1e-9)
    assert other.shapiro_w == pytest.approx(one.shapiro_w, rel=1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_power_of_box_and_cox_is_the_one_of_scipy(seed):
    x = skewed(80, seed)
    result = boxcox_lambda(x)

    _, power, ends = scipy.stats.boxcox(x, alpha=0.05)
    assert result.lambda_ == pytest.approx(power, abs=1e-4)
    assert result.lambda_ci == pytest.approx(list(ends), abs=1e-4)
    assert result["lambda"] == result.lambda_
    assert result.loglik == pytest.approx(scipy.stats.boxcox_llf(power, x), rel=1e-9)


def test_the_suggested_power_is_the_nearest_round_one_inside_the_interval():
    assert boxcox_lambda(np.exp(np.random.default_rng(1).normal(size=200))).suggested == 0
    assert boxcox_lambda(np.random.default_rng(1).normal(20, 4, 500) ** 2).suggested == 0.5
    odd = boxcox_lambda(np.random.default_rng(1).normal(20, 4, 40_000) ** (1 / 1.5))
    assert odd.suggested == odd.lambda_
    assert odd.lambda_ci[0] > 1


def test_a_search_that_ends_at_its_bounds_says_so():
    result = boxcox_lambda([9.0, 9.9, 10.0, 10.0, 10.0, 10.01])

    assert (result.lambda_, result.lambda_ci[1], codes(result)) == (5, 5, ["at_bound"])
    wide = boxcox_lambda([10.0, 10.1, 10.3, 10.2])
    assert (wide.lambda_ci, codes(wide)) == ([-5, 5], ["at_bound"])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.5, 50), min_size=6, max_size=20), st.floats(0.001, 1000))
def test_the_unit_does_not_change_the_power(values, factor):
    assume(np.std(values) > 0.5)
    one = boxcox_lambda(values)
    other = boxcox_lambda([value * factor for value in values])

    assert other.lambda_ == pytest.approx(one.lambda_, abs=1e-5)
    assert one.lambda_ci[0] <= one.lambda_ <= one.lambda_ci[1]


@pytest.mark.parametrize(
    ("x", "code"),
    [
        ([], "no_data"),
        ([1, 2], "too_few"),
        ([1, 2, 0], "nonpositive"),
        ([1, 2, -3], "nonpositive"),
        ([5, 5, 5], "zero_variance"),
        ([1e9, 1e9 + 1e-7, 1e9], "zero_variance"),
    ],
)
def test_what_cannot_be_transformed_or_fitted_gives_none_and_says_why(x, code):
    power, fits = boxcox_lambda(x), fit_distribution(x)
    moved = capability_boxcox(x, usl=9)
    by_percentile = capability_nonnormal(x, usl=9, distribution="weibull")

    assert (power.lambda_, power.lambda_ci, power.suggested) == (None, None, None)
    assert (fits.lognormal, fits.weibull, fits.best) == (None, None, None)
    assert (moved.cpk, moved.lambda_, moved.transformed, moved.sentence) == (None,) * 4
    assert (by_percentile.ppk, by_percentile.fit, by_percentile.stable) == (None, None, None)
    for result in (power, fits, moved, by_percentile):
        assert codes(result) == [code]


@pytest.mark.parametrize("name", [*PEERS])
def test_the_fit_is_the_maximum_likelihood_fit_of_scipy(name):
    x = skewed(150)
    fit = getattr(fit_distribution(x, distributions=[name]), name)

    family, fixed = PEERS[name]
    peer = family(*family.fit(x, **fixed))
    assert fit.loglik == pytest.approx(peer.logpdf(x).sum(), rel=1e-9)
    for p in (0.00135, 0.5, 0.99865):
        assert fit.quantile(p) == pytest.approx(peer.ppf(p), rel=1e-6)
    assert fit.below(3.0) == pytest.approx(peer.cdf(3.0), rel=1e-6)
    assert fit.above(30.0) == pytest.approx(peer.sf(30.0), rel=1e-5)


@pytest.mark.parametrize("name", FAMILIES)
def test_no_neighbouring_parameters_are_likelier_and_the_quantile_undoes_the_share(name):
    x = skewed(120, seed=5)
    fit = getattr(fit_distribution(x, distributions=[name]), name)
    parameters = {key: fit[key] for key in fit if key not in {"loglik", "ad"}}

    for key, value in parameters.items():
        for factor in (0.98, 1.02):
            other = type(fit)(**(parameters | {key: value * factor}))
            assert other.log_density(x).sum() < fit.loglik
    for p in (0.00135, 0.3, 0.99865):
        assert fit.below(fit.quantile(p)) == pytest.approx(p, rel=1e-8)
        assert fit.above(fit.quantile(p)) == pytest.approx(1 - p, rel=1e-8)
    grid = np.linspace(fit.quantile(1e-4), fit.quantile(0.9999), 20_001)
    assert np.trapezoid(np.exp(fit.log_density(grid)), grid) == pytest.approx(0.9998, abs=1e-4)
    assert fit.ad > 0


def test_the_weibull_and_folded_normal_are_those_of_scipy():
    fits = fit_distribution(BEARINGS, distributions=["weibull", "folded_normal"])

    weibull = scipy.stats.weibull_min(fits.weibull.shape, scale=fits.weibull.scale)
    assert fits.weibull.loglik == pytest.approx(weibull.logpdf(BEARINGS).sum(), rel=1e-12)
    assert fits.weibull.above(300) == pytest.approx(weibull.sf(300), rel=1e-9)
    mu, sigma = fits.folded_normal.mu, fits.folded_normal.sigma
    folded = scipy.stats.foldnorm(mu / sigma, scale=sigma)
    assert fits.folded_normal.loglik == pytest.approx(folded.logpdf(BEARINGS).sum(), rel=1e-9)
    assert fits.folded_normal.above(200) == pytest.approx(folded.sf(200), rel=1e-6)


def test_distances_of_a_normal_without_offset_fold_to_a_half_normal():
    x = np.abs(np.random.default_rng(11).normal(0, 2, 4000))
    fit = fit_distribution(x, distributions=["folded_normal"]).folded_normal

    assert fit.sigma == pytest.approx(2, rel=0.1)
    assert fit.mu < 1
    still = fit_distribution([0.0, 1.0, 1.0, 0.2], distributions="folded_normal")
    assert still.folded_normal.below(-1) == pytest.approx(0, abs=1e-300)
    assert codes(fit_distribution([-0.1, 1, 2], distributions="folded_normal")) == ["nonpositive"]


def test_the_best_fit_has_the_greatest_likelihood_and_negative_values_leave_two_families():
    best = fit_distribution(skewed(3000), distributions=FAMILIES)
    left = fit_distribution([-1.0, 2.0, 3.0, 2.5], distributions=FAMILIES)

    assert best.best == "gamma"
    assert (left.lognormal, left.gamma, left.weibull, left.folded_normal) == (None,) * 4
    assert left.best in {"normal", "largest_extreme_value"}
    assert codes(left) == ["nonpositive"]


def test_nearly_equal_values_can_still_be_fitted():
    x = 10 + 1e-7 * np.random.default_rng(1).normal(size=50)
    fits = fit_distribution(x, distributions=FAMILIES)

    for name in FAMILIES:
        assert fits[name].quantile(0.5) == pytest.approx(10, rel=1e-6)
    assert json.dumps(fits.to_dict(), allow_nan=False)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.5, 50), min_size=6, max_size=20), st.floats(0.01, 100))
def test_the_unit_does_not_change_the_index_by_percentiles(values, factor):
    assume(np.std(values) > 0.5)
    for name in ("lognormal", "weibull", "gamma"):
        one = capability_nonnormal(values, usl=200, distribution=name)
        other = capability_nonnormal(
            [value * factor for value in values], usl=200 * factor, distribution=name
        )
        assert other.ppk == pytest.approx(one.ppk, rel=1e-6)


def test_by_percentiles_of_a_normal_the_index_is_the_usual_one():
    x = np.random.default_rng(3).normal(10, 1, 400)
    usual = capability(x, lsl=6, usl=15)
    result = capability_nonnormal(x, lsl=6, usl=15, distribution="normal")

    ratio = 3 / scipy.stats.norm.ppf(0.99865) * math.sqrt(400 / 399)
    assert result.ppk == pytest.approx(usual.ppk * ratio, rel=1e-9)
    assert result.ppk_ci == pytest.approx(usual.ppk_ci, rel=0.01)
    assert result.expected_ppm_below == pytest.approx(usual.expected_ppm_below, rel=0.03)


@pytest.mark.parametrize(("limit", "side"), [("lsl", "ppl"), ("usl", "ppu")])
def test_one_limit_gives_the_percentile_index_of_its_side_only(limit, side):
    result = capability_nonnormal(BEARINGS, **{limit: 60}, distribution="weibull")

    assert (result.pp, result.pp_ci) == (None, None)
    assert result.ppk == getattr(result, side)
    missing = "expected_ppm_above" if limit == "lsl" else "expected_ppm_below"
    assert getattr(result, missing) is None
    assert result.expected_ppm_total > 0
    assert result.observed_below + result.observed_above > 0


def test_a_limit_far_beyond_everything_has_an_expectation_of_nothing():
    for name in FAMILIES:
        result = capability_nonnormal(skewed(100), lsl=-1e9, usl=1e12, distribution=name)
        assert result.expected_ppm_above == pytest.approx(0, abs=1e-9)
        assert result.expected_ppm_below == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("name", ["lognormal", "weibull", "gamma", "largest_extreme_value"])
def test_the_interval_covers_the_true_index_about_as_often_as_it_says(name):
    rng = np.random.default_rng(17)
    true = {
        "lognormal": scipy.stats.lognorm(0.4, scale=3),
        "weibull": scipy.stats.weibull_min(2, scale=10),
        "gamma": scipy.stats.gamma(4, scale=2),
        "largest_extreme_value": scipy.stats.gumbel_r(5, 1),
    }[name]
    middle, high = true.ppf([0.5, 0.99865])
    usl, hits = high + (high - middle) * 0.3, 0
    for _ in range(200):
        x = true.rvs(100, random_state=rng)
        ends = capability_nonnormal(x, usl=usl, distribution=name).ppk_ci
        hits += ends[0] <= 1.3 <= ends[1]

    assert 0.89 <= hits / 200 <= 0.99


def test_percentiles_of_the_values_themselves_need_two_thousand_of_them():
    x = skewed(2000)
    result = capability_nonnormal(x, lsl=0, usl=40, distribution="empirical")
    few = capability_nonnormal(x[:1999], lsl=0, usl=40, distribution="empirical")

    wanted = np.quantile(x, [0.00135, 0.5, 0.99865], method="median_unbiased")
    assert [result.x_lo, result.median, result.x_hi] == wanted.tolist()
    assert result.ppu == pytest.approx((40 - wanted[1]) / (wanted[2] - wanted[1]))
    assert (result.fit, result.expected_ppm_total, result.ppk_ci) == (None, None, None)
    assert "no interval" in str(result.sentence)
    assert (few.ppk, codes(few)) == (None, ["too_few"])
    assert codes(capability_nonnormal([], usl=1, distribution="empirical")) == ["no_data"]
    still = capability_nonnormal([3.0] * 2000, usl=4, distribution="empirical")
    assert (still.ppk, "zero_variance" in codes(still)) == (None, True)


def test_stability_is_judged_on_normal_scores_so_that_skew_alone_is_no_signal():
    x = np.random.default_rng(12).lognormal(0, 1, 60)

    assert capability(x, usl=99).stable is False
    assert capability_nonnormal(x, usl=99).stable is True
    assert capability_nonnormal(sorted(x), usl=99).sentence.code == "not_assessed"
    assert "stability_unknown" in codes(capability_nonnormal(skewed(10_001), usl=99))


def test_box_cox_gives_the_indices_of_the_transformed_values():
    x = np.random.default_rng(3).lognormal(1, 0.4, 100)
    result = capability_boxcox(x, lsl=0.5, usl=12)
    after = capability(np.log(x), lsl=math.log(0.5), usl=math.log(12))

    assert result.lambda_ == result["lambda"] == 0
    assert "logarithm" in result.method
    for name in ("cp", "cpl", "cpu", "cpk", "pp", "ppk", "cpk_ci", "sentence"):
        assert result[name] == after[name]
    assert (result.lsl, result.usl) == (0.5, 12)
    assert result.transformed.sigma_overall == after.sigma_overall


def test_a_negative_power_swaps_the_limits_but_not_the_names_of_the_sides():
    x = 1 / np.random.default_rng(3).normal(10, 1, 100)
    result = capability_boxcox(x, lsl=0.05, usl=0.2, lam=-1, target=0.1)

    assert (result.lsl_transformed, result.usl_transformed) == pytest.approx((20, 5))
    assert result.ppu == result.transformed.ppl
    assert result.ppl == result.transformed.ppu
    assert result.transformed.target == pytest.approx(10)
    assert capability_boxcox(x, usl=0.2, lam=-1).ppl is None
    assert capability_boxcox(x, usl=0.2, lam=-1).ppk == pytest.approx(result.ppu)
    assert "power -1" in result.method


def test_a_lower_limit_of_nothing_is_a_natural_bound_of_positive_values():
    result = capability_boxcox(BEARINGS, lsl=0, usl=250)

    assert (result.lsl, result.pp) == (None, None)
    assert "natural_bound" in codes(result)
    assert result.ppk == capability_boxcox(BEARINGS, usl=250).ppk


def test_the_bins_hold_every_value_once():
    for x in (skewed(1000), [1, 1, 1, 1, 1, 9], [3.0, 3.0 + 1e-12], np.arange(5), [0, 1e9, 1, 1.1]):
        result = histogram(x)
        assert sum(result.counts) == len(x) == result.n
        assert len(result.edges) == len(result.counts) + 1
        assert 1 <= len(result.counts) <= 60
        assert (result.edges[0], result.edges[-1]) == (min(x), max(x))
    assert histogram([2, 2]).edges == [2, 2]
    assert len(histogram(skewed(50), bins=7).counts) == 7
    assert (histogram([None]).counts, codes(histogram([]))) == ([], ["no_data"])


def test_the_points_of_a_probability_plot_lie_about_the_line_of_the_right_distribution():
    x = np.random.default_rng(8).weibull(2, 300)
    right = probability_plot(x, distribution="weibull")
    wrong = probability_plot(x**4, distribution="normal")

    def miss(plot):
        return np.abs(np.subtract(plot.x, plot.line_x)).max() / np.std(plot.x)

    assert miss(right) < 0.5 < miss(wrong)
    assert right.x == sorted(x)
    assert right.p[0] == pytest.approx(0.7 / 300.4)
    assert right.z == pytest.approx(scipy.stats.norm.ppf(right.p).tolist())


def test_a_probability_plot_of_many_values_keeps_both_ends():
    x = skewed(5000)
    plot = probability_plot(x, distribution="gamma")

    assert len(plot.x) == 400
    assert (plot.x[0], plot.x[-1]) == (x.min(), x.max())
    assert (probability_plot([]).x, codes(probability_plot([]))) == ([], ["no_data"])
    assert (probability_plot([1, 1, 1]).line_x, probability_plot([1, 1, 1]).x) == ([], [1, 1, 1])


@pytest.mark.parametrize(
    "x", [[], [None], [4], [4, 4], [1, 2, 3], [0, 0, 1], [-1, 2, 5], [1, 1, 9]]
)
def test_odd_but_allowed_values_give_json_without_nan(x):
    results = [normality_test(x), boxcox_lambda(x), histogram(x)]
    results += [fit_distribution(x, distributions=FAMILIES)]
    results += [capability_boxcox(x, lsl=0.5, usl=9)]
    results += [probability_plot(x, distribution=name) for name in FAMILIES]
    results += [
        capability_nonnormal(x, lsl=0.5, usl=9, distribution=name)
        for name in [*FAMILIES, "empirical"]
    ]

    for result in results:
        assert json.dumps(result.to_dict(), allow_nan=False)


def test_an_interval_is_not_made_up_where_the_likelihood_or_the_figure_gives_none():
    x = np.array(BEARINGS)
    fit = Weibull.of(x)

    assert fit_interval(fit, x, lambda other: other.scale, 0.95)[0] < fit.scale
    assert fit_interval(fit, x, lambda other: None if other is fit else 1.0, 0.95) is None
    assert fit_interval(fit, x, lambda other: 1.0 if other is fit else None, 0.95) is None
    bent = Weibull(shape=40.0, scale=20.0)
    assert fit_interval(bent, x[:1], lambda other: other.scale, 0.95) is None
    with pytest.raises(ArgumentError, match="x: has no Weibull fit"):
        Weibull.of(np.array([2.0, 2.0]))


@pytest.mark.parametrize("name", ["weibull", "gamma", "lognormal", "largest_extreme_value"])
def test_the_interval_of_narrow_values_is_as_wide_as_that_of_a_normal_would_be(name):
    x = 100 + np.random.default_rng(9).normal(0, 1, 200)
    low, high = capability_nonnormal(x, usl=106, distribution=name).ppk_ci
    normal = capability_nonnormal(x, usl=106, distribution="normal").ppk_ci

    assert 0.5 < (high - low) / (normal[1] - normal[0]) < 2


@pytest.mark.parametrize("x", [[1e61, 1, 2], [1, 2, 1e308], [1e308, 1e308, -1e308], [1e-70] * 3])
def test_sizes_no_measurement_has_are_refused_rather_than_overflowing(x):
    calls = [normality_test, boxcox_lambda, fit_distribution, histogram, probability_plot]
    calls += [lambda x: capability_boxcox(x, usl=1), lambda x: capability_nonnormal(x, usl=1)]
    for call in calls:
        with pytest.raises(ArgumentError) as refused:
            call(x)
        assert refused.value.argument == "x"
    for call in (boxcox_lambda, fit_distribution):
        with pytest.raises(ArgumentError, match="x: must be 0 or of a size"):
            call([1e-70, 1, 2])
    assert normality_test([1e-70, 1, 2]).shapiro_p > 0


GOOD = [1.0, 2.0, 3.5, 2.5]


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (normality_test, {"x": [1, math.inf]}, "x"),
        (normality_test, {"x": ["a"]}, "x"),
        (normality_test, {"x": [[1, 2]]}, "x"),
        (normality_test, {"x": GOOD, "alpha": 1}, "alpha"),
        (boxcox_lambda, {"x": [1, math.inf]}, "x"),
        (boxcox_lambda, {"x": GOOD, "confidence": 0}, "confidence"),
        (fit_distribution, {"x": ["a"]}, "x"),
        (fit_distribution, {"x": GOOD, "distributions": ["cauchy"]}, "distributions"),
        (capability_nonnormal, {"x": GOOD}, "lsl"),
        (capability_nonnormal, {"x": GOOD, "lsl": 5, "usl": 4}, "lsl"),
        (capability_nonnormal, {"x": [math.inf], "usl": 4}, "x"),
        (capability_nonnormal, {"x": GOOD, "usl": 4, "distribution": "x"}, "distribution"),
        (capability_nonnormal, {"x": GOOD, "usl": 4, "required": -1}, "required"),
        (capability_nonnormal, {"x": GOOD, "usl": 4, "confidence": 2}, "confidence"),
        (capability_nonnormal, {"x": GOOD, "lsl": 0, "lower_bound": 0}, "lsl"),
        (capability_boxcox, {"x": GOOD, "lsl": 0}, "lsl"),
        (capability_boxcox, {"x": GOOD, "usl": 0}, "usl"),
        (capability_boxcox, {"x": GOOD, "usl": 9, "lam": 6}, "lam"),
        (capability_boxcox, {"x": GOOD, "usl": 9, "lam": "log"}, "lam"),
        (capability_boxcox, {"x": GOOD, "usl": 9, "target": -1}, "target"),
        (capability_boxcox, {"x": GOOD, "usl": 9, "confidence": 1}, "confidence"),
        (capability_boxcox, {"x": [1e-200, 2e-200, 3e-200], "usl": 1, "lam": -5}, "x"),
        (histogram, {"x": GOOD, "bins": 0}, "bins"),
        (histogram, {"x": [math.inf]}, "x"),
        (probability_plot, {"x": GOOD, "distribution": "x"}, "distribution"),
        (probability_plot, {"x": ["a"]}, "x"),
    ],
)
def test_a_wrong_argument_is_named(function, arguments, name):
    with pytest.raises(ArgumentError) as refused:
        function(**arguments)

    assert refused.value.argument == name
