"""Series in time: change of level and interruption."""

import json
import math
import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference
from statsmodels.stats.stattools import durbin_watson

from andon.stats import change_point, interrupted_series

RNG = np.random.default_rng(20)
NOISE = [round(float(value), 2) for value in RNG.normal(10, 2, 40)]
few_digits = st.integers(-300, 300).map(lambda value: value / 8)
series = st.lists(few_digits, min_size=6, max_size=25, unique=True)


def codes(result):
    return [warning.code for warning in result.warnings]


STEP = [5.1, 4.9, 5.0, 5.2, 4.8, 6.1, 5.9, 6.0, 6.2, 5.8]


def test_a_step_is_found_where_it_is():
    result = change_point(STEP)

    assert (result.point, result.point_ci, result.p < 0.03) == (6, [6, 6], True)
    assert (result.before, result.after) == pytest.approx((5, 6))
    assert [(part.first, part.last, part.n) for part in result.segments] == [(1, 5, 5), (6, 10, 5)]
    # Normal likelihood: n/2 ln(SST / SSE), SST = 2.7, SSE = 0.2.
    assert result.gain == pytest.approx(5 * math.log(2.7 / 0.2))
    assert str(result.sentence).startswith(
        "If the level changed once, it did so between point 6 and point 6 (95 % interval; likeliest"
    )


def test_the_gain_of_counts_is_their_likelihood():
    counts, exposure = [2, 3, 2, 9, 8, 10], [10, 10, 10, 10, 10, 20]
    rate = change_point(counts, exposure, kind="rate")
    share = change_point(counts, exposure, kind="proportion")

    def poisson(x, e):
        return sum(reference.poisson.logpmf(x, np.array(e) * sum(x) / sum(e)))

    def binomial(x, e):
        return sum(reference.binom.logpmf(x, e, sum(x) / sum(e)))

    for result, loglik in ((rate, poisson), (share, binomial)):
        gains = [
            loglik(counts[:k], exposure[:k]) + loglik(counts[k:], exposure[k:]) for k in (2, 3, 4)
        ]
        assert result.gain == pytest.approx(max(gains) - loglik(counts, exposure))
        assert (result.point, result.before, result.after) == pytest.approx((4, 7 / 30, 27 / 40))


def test_without_a_change_p_is_evenly_spread():
    # 60 series of chance: p <= 0.2 in 20 % of them, give or take 3 standard deviations.
    rng = np.random.default_rng(7)
    low = sum(change_point(rng.normal(size=15), permutations=99).p <= 0.2 for _ in range(60))

    assert abs(low - 12) <= 3 * math.sqrt(60 * 0.2 * 0.8)


def test_the_same_series_has_the_same_p_and_the_seed_is_free():
    assert change_point(NOISE) == change_point(NOISE)
    assert change_point(NOISE, seed=2).p == pytest.approx(change_point(NOISE).p, abs=0.08)


@given(series, st.sampled_from([0.5, 4]), st.integers(-20, 20))
@settings(max_examples=20)
def test_unit_and_origin_do_not_move_a_change(x, unit, by):
    one = change_point(x, permutations=99)
    other = change_point([value * unit + by for value in x], permutations=99)

    assert (other.point_ci, other.p) == (one.point_ci, one.p)
    assert other.gain == pytest.approx(one.gain)


def test_a_missing_point_keeps_its_number_in_a_change():
    result = change_point([5.1, 4.9, None, 5.0, 5.2, 6.1, 5.9, 6.0, 6.2])

    assert (result.point, result.n, result.n_missing) == (6, 8, 1)
    assert result.segments[0].n == 4


def test_a_change_that_cannot_be_told_says_why():
    assert codes(change_point([])) == ["no_data"]
    assert codes(change_point([1, 2, 3])) == ["too_few"]
    assert codes(change_point([0.3] * 9)) == ["zero_variance"]
    assert codes(change_point([2, 4, 6, 8], [1, 2, 3, 4], kind="rate")) == ["zero_variance"]
    assert change_point([0, 0, 0, 5, 6], kind="rate").point == 4
    assert "autocorrelated" in codes(change_point([math.sin(i / 4) for i in range(60)]))


BEFORE = [8.0, 8.4, 7.9, 8.1, 8.6, 8.2, 8.5, 8.3, 8.9, 8.4]
AFTER = [6.1, 6.4, 5.8, 5.9, 5.2, 5.7, 5.3, 5.0, 5.2, 4.6, 4.9]


def design(n, m):
    time = np.arange(1, n + 1)
    later = (time > m).astype(float)
    return np.column_stack((np.ones(n), time, later, later * (time - m - 1)))


def same_effects(result, fit, *, last, confidence=0.95):
    for effect, weights in (
        (result.slope_before, [0, 1, 0, 0]),
        (result.level, [0, 0, 1, 0]),
        (result.slope_change, [0, 0, 0, 1]),
        (result.slope_after, [0, 1, 0, 1]),
        (result.average, [0, 0, 1, last / 2]),
        (result.final, [0, 0, 1, last]),
    ):
        theirs = fit.t_test(weights)
        assert effect.estimate == pytest.approx(theirs.effect[0])
        assert (effect.se, effect.p) == pytest.approx((theirs.sd[0, 0], float(theirs.pvalue)))
        assert effect.ci == pytest.approx(theirs.conf_int(1 - confidence)[0])


@pytest.mark.parametrize("lags", [0, 1, 3])
def test_newey_west_errors_are_those_of_statsmodels(lags):
    result = interrupted_series(BEFORE, AFTER, errors="newey-west", lags=lags, confidence=0.9)
    fit = sm.OLS(BEFORE + AFTER, design(21, 10)).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
    )

    same_effects(result, fit, last=10, confidence=0.9)
    assert result.durbin_watson == pytest.approx(durbin_watson(fit.resid))
    assert result.fitted == pytest.approx(fit.fittedvalues)
    assert (result.df, result.sd) == (17, pytest.approx(math.sqrt(fit.mse_resid)))


@pytest.mark.parametrize("missing", [[], [3, 4, 15]])
def test_the_interrupted_series_is_generalised_least_squares_of_statsmodels(missing):
    drift = [0.7 * math.sin(index / 2) for index in range(21)]
    values = [value + extra for value, extra in zip(BEFORE + AFTER, drift, strict=True)]
    there = np.array([index for index in range(21) if index not in missing])
    gappy = [value if index in there else None for index, value in enumerate(values)]
    result = interrupted_series(gappy[:10], gappy[10:])
    sigma = result.rho ** np.abs(there[:, None] - there[None, :])
    fit = sm.GLS(np.array(values)[there], design(21, 10)[there], sigma=sigma).fit()

    assert result.rho > 0.2
    same_effects(result, fit, last=10)
    assert (result.n, result.n_missing, result.lags) == (there.size, len(missing), None)


def test_intervals_hold_when_neighbours_resemble_each_other():
    # 200 series without an effect, correlation 0.5: 95 % intervals should miss in 10; simulated
    # 92 to 95 % hold, Newey-West about 78 % (docstring).
    rng, held = np.random.default_rng(11), {"prais-winsten": 0, "newey-west": 0}
    for _ in range(200):
        errors = rng.normal(size=48)
        for index in range(1, 48):
            errors[index] += 0.5 * errors[index - 1]
        for method in held:
            low, high = interrupted_series(errors[:24], errors[24:], errors=method).average.ci
            held[method] += low <= 0 <= high

    assert held["prais-winsten"] >= 178
    assert held["newey-west"] < held["prais-winsten"]


def test_uncorrelated_points_are_fitted_by_ordinary_least_squares():
    zigzag = [(-1) ** index + 0.1 * index for index in range(20)]
    result = interrupted_series(zigzag[:10], zigzag[10:])
    plain = sm.OLS(zigzag, design(20, 10)).fit()

    assert result.rho == 0
    same_effects(result, plain, last=9)


def test_six_points_or_none_with_a_neighbour_are_taken_to_be_strongly_correlated():
    assert interrupted_series([1, 2, 2], [5, 4, 7]).rho == 0.9
    lonely = [value if index % 2 else None for index, value in enumerate(BEFORE + AFTER)]
    assert interrupted_series(lonely[:10], lonely[10:]).rho == 0.9


@given(st.integers(-50, 50), st.integers(-3, 3))
@settings(max_examples=30)
def test_a_common_line_changes_no_effect(by, slope):
    tilt = [by + slope * index for index in range(21)]
    moved = [value + extra for value, extra in zip(BEFORE + AFTER, tilt, strict=True)]
    one, other = interrupted_series(BEFORE, AFTER), interrupted_series(moved[:10], moved[10:])

    assert other.level.ci == pytest.approx(one.level.ci, abs=1e-9)
    assert other.slope_change.p == pytest.approx(one.slope_change.p)
    assert other.slope_before.estimate == pytest.approx(one.slope_before.estimate + slope)


def test_the_lags_follow_the_length_and_the_sentence_gives_the_interval_first():
    result = interrupted_series(BEFORE, AFTER, errors="newey-west")

    assert result.lags == 2  # 4 (21 / 100)^(2/9) = 2.83
    assert str(result.sentence).startswith(
        "Against the line before carried on, the mean effect after lies between"
    )


def test_an_interruption_that_cannot_be_judged_says_why():
    few, exact = interrupted_series([1, 2], AFTER), interrupted_series([1, 2, 3], [7, 7, 7])

    white = interrupted_series([1, 2, 3], [7, 7, 7], errors="newey-west")
    assert (white.level, codes(white)) == (exact.level, ["perfect_fit"])
    assert (few.level, codes(few)) == (None, ["too_few"])
    assert codes(interrupted_series([1, 2, None], [])) == ["too_few"]
    assert (exact.level.estimate, exact.level.ci) == (pytest.approx(3), None)
    assert (codes(exact), exact.lag1, exact.sentence) == (["perfect_fit"], None, None)


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (change_point, {"x": [1, -math.inf]}, "x"),
        (change_point, {"x": STEP, "kind": "counts"}, "kind"),
        (change_point, {"x": STEP, "kind": "proportion"}, "n"),
        (change_point, {"x": STEP, "n": STEP}, "n"),
        (change_point, {"x": [-1, 2, 3, 4], "kind": "rate"}, "x"),
        (change_point, {"x": [1, 2], "n": [1], "kind": "rate"}, "n"),
        (change_point, {"x": [1, 2], "n": [1, 1], "kind": "proportion"}, "x"),
        (change_point, {"x": STEP, "permutations": 9}, "permutations"),
        (change_point, {"x": STEP, "seed": -1}, "seed"),
        (interrupted_series, {"before": [1, "b"], "after": [1]}, "before"),
        (interrupted_series, {"before": [1], "after": [math.inf]}, "after"),
        (interrupted_series, {"before": BEFORE, "after": AFTER, "lags": 2}, "lags"),
        (interrupted_series, {"before": BEFORE, "after": AFTER, "errors": "ols"}, "errors"),
        (
            interrupted_series,
            {"before": [1, 2, 3], "after": [1, 2, 4], "errors": "newey-west", "lags": 6},
            "lags",
        ),
        (interrupted_series, {"before": [1], "after": [1], "confidence": 1.5}, "confidence"),
    ],
)
def test_a_wrong_argument_of_a_change_is_named(function, arguments, name):
    with pytest.raises(ValueError, match=r".") as refused:
        function(**arguments)

    assert refused.value.argument == name


@pytest.mark.parametrize(
    "x", [[], [1], [1, 2], [1, None, 2], [0.1] * 7, [1, 2, 3, 4], [math.nan] * 4, [1e100, 0, 0, 1]]
)
def test_no_edge_of_a_change_lets_a_nan_or_a_numpy_warning_through(x):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = [
            change_point(x, permutations=99),
            interrupted_series(x, x),
            interrupted_series(x, [1, 2, 4]),
        ]

    assert all(json.dumps(result.to_dict(), allow_nan=False) for result in results)
