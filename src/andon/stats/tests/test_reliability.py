"""Equipment: MTBF, MTTR, availability, Weibull life and OEE."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference

from andon.stats import ArgumentError, availability, mtbf, mttr, oee, weibull_fit

# NIST/SEMATECH e-Handbook 8.4.1.2: 20 units, 10 failures, the rest working at 500 hours.
NIST_TIMES = [54, 187, 216, 240, 244, 335, 361, 373, 375, 386] + [500] * 10
NIST_FAILED = [1] * 10 + [0] * 10


def codes(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return [warning.code for warning in result.warnings]


def test_the_factors_of_nist_for_a_test_of_fixed_time_are_met():
    # e-Handbook 8.4.5.1, table of factors: 1 failure, 90 % two-sided.
    assert mtbf(1, 1, confidence=0.9).ci == pytest.approx([0.2108, 19.4958], abs=2e-4)


def test_an_end_by_failure_takes_two_degrees_of_freedom_less_at_the_lower_limit():
    by_time, by_failure = mtbf(100, 4), mtbf(100, 4, termination="failure")

    assert by_failure.ci[0] == pytest.approx(200 / reference.chi2.ppf(0.975, 8))
    assert by_time.ci[0] == pytest.approx(200 / reference.chi2.ppf(0.975, 10))
    assert by_time.ci[1] == by_failure.ci[1] == pytest.approx(200 / reference.chi2.ppf(0.025, 8))
    assert by_time.lower_one_sided == pytest.approx(200 / reference.chi2.ppf(0.95, 10))
    assert mtbf(100, 4, termination="failures").ci == by_failure.ci


def test_no_failure_gives_a_lower_bound_and_never_a_mean():
    result = mtbf(5000, 0)

    assert (result.mtbf, result.ci, result.failure_rate) == (None, None, None)
    assert result.lower_one_sided == pytest.approx(5000 / -math.log(0.05))
    assert codes(result) == ["no_failures"]
    assert str(result.sentence) == "No failure seen: the MTBF is above 1,669 (confidence 95 %)."


def test_no_time_is_no_data():
    assert codes(mtbf(0, 0)) == ["no_data"]


def test_the_sentence_of_an_mtbf_states_the_interval_first():
    assert str(mtbf(2.0, 2, 0.9).sentence) == (
        "MTBF between 0.3177 and 5.628 (90 % interval), estimate 1."
    )


@settings(max_examples=30)
@given(st.integers(1, 60), st.floats(0.5, 0.999))
def test_the_limits_of_an_mtbf_hold_the_estimate_and_scale_with_the_unit(failures, confidence):
    hours, minutes = mtbf(250, failures, confidence), mtbf(15000, failures, confidence)

    assert hours.ci[0] < hours.mtbf < hours.ci[1]
    assert minutes.ci == pytest.approx([60 * end for end in hours.ci])
    assert hours.ci[0] < hours.lower_one_sided


def test_the_mean_time_to_repair_comes_with_the_median():
    result = mttr([10, 20, None, 90])

    assert (result.mttr, result.median, result.longest, result.total) == (40, 20, 90, 120)
    logs = np.log([10, 20, 90])
    ends = reference.t.interval(0.95, 2, logs.mean(), logs.std(ddof=1) / math.sqrt(3))
    assert result.median_ci == pytest.approx(np.exp(ends).tolist())
    assert (result.n, result.n_missing, codes(result)) == (3, 1, [])


def test_repair_times_that_have_no_interval_say_why():
    assert codes(mttr([])) == codes(mttr([None])) == ["no_data"]
    assert codes(mttr([7])) == ["too_few"]
    zero = mttr([0, 7])
    assert (zero.mttr, zero.median_ci, codes(zero)) == (3.5, None, ["nonpositive"])
    assert mttr([1e-300, 1e100]).median_ci is None


def test_availability_counts_the_stops_unless_told_the_failures():
    listed, told = availability(950, [12, 20, 18]), availability(950, 50, 3)

    assert (listed.mtbf, listed.mttr, listed.availability) == (
        told.mtbf,
        told.mttr,
        told.availability,
    )
    assert (availability(900, [50, None], 2).n_missing, listed.n_missing) == (1, 0)


def test_availability_without_failures_has_no_means():
    result = availability(100, [])

    assert (result.mtbf, result.mttr, result.availability) == (None, None, 1)
    assert codes(result) == ["no_failures"]
    nothing = availability(0, 0, 0)
    assert (nothing.availability, codes(nothing)) == (None, ["no_data"])


def test_the_weibull_estimate_of_nist_is_met():
    # e-Handbook 8.4.1.2 prints the maximum likelihood estimates 1.7208 and 606.5280.
    result = weibull_fit(NIST_TIMES, NIST_FAILED)

    assert result.shape == pytest.approx(1.7208, abs=6e-5)
    assert result.scale == pytest.approx(606.5280, abs=6e-4)
    assert (result.n_failed, result.n_censored, codes(result)) == (10, 10, [])


def test_scipy_finds_the_same_censored_weibull():
    data = reference.CensoredData.right_censored(NIST_TIMES, np.array(NIST_FAILED) == 0)
    shape, _, scale = reference.weibull_min.fit(data, floc=0)
    result = weibull_fit(NIST_TIMES, NIST_FAILED)

    assert (result.shape, result.scale) == pytest.approx((shape, scale), rel=1e-3)


def loglik(logs, ended, log_scale, log_spread):
    z = (logs - log_scale) / math.exp(log_spread)
    return ((z - log_spread - logs) * ended).sum() - np.exp(z).sum()


def test_the_intervals_come_from_the_curvature_of_the_likelihood():
    logs, ended, h = np.log(NIST_TIMES), np.array(NIST_FAILED), 1e-4
    result = weibull_fit(NIST_TIMES, NIST_FAILED)
    top = np.array([math.log(result.scale), -math.log(result.shape)])
    moves = np.eye(2) * h
    information = [
        [
            -(
                loglik(logs, ended, *(top + one + other))
                - loglik(logs, ended, *(top + one - other))
                - loglik(logs, ended, *(top - one + other))
                + loglik(logs, ended, *(top - one - other))
            )
            / (4 * h * h)
            for other in moves
        ]
        for one in moves
    ]
    covariance = np.linalg.inv(information)
    gradient = np.array([1, math.log(-math.log(0.9)) / result.shape])

    def half(ci):
        return math.log(ci[1] / ci[0]) / 2 / 1.959963984540054

    assert loglik(logs, ended, *top) == pytest.approx(result.loglik)
    assert half(result.scale_ci) == pytest.approx(math.sqrt(covariance[0, 0]), rel=1e-4)
    assert half(result.shape_ci) == pytest.approx(math.sqrt(covariance[1, 1]), rel=1e-4)
    assert half(result.b10_ci) == pytest.approx(
        math.sqrt(gradient @ covariance @ gradient), rel=1e-4
    )
    life = reference.weibull_min(result.shape, scale=result.scale)
    assert (result.b10, result.mean_life) == pytest.approx((life.ppf(0.1), life.mean()))


@settings(max_examples=30)
@given(st.lists(st.floats(1, 50), min_size=4, max_size=20, unique=True), st.floats(1e-6, 1e6))
def test_the_unit_of_time_scales_the_scale_and_leaves_the_shape(times, unit):
    failed = [1] * (len(times) - 1) + [0]
    one, other = weibull_fit(times, failed), weibull_fit([unit * t for t in times], failed)

    if one.shape is None:
        assert other.shape is None
    else:
        assert other.shape == pytest.approx(one.shape, rel=1e-6)
        assert other.scale == pytest.approx(unit * one.scale, rel=1e-6)


def test_the_order_of_units_does_not_matter():
    one = weibull_fit(NIST_TIMES, NIST_FAILED)
    other = weibull_fit(NIST_TIMES[::-1], NIST_FAILED[::-1])

    assert (other.shape, other.loglik) == pytest.approx((one.shape, one.loglik))


@pytest.mark.parametrize(
    ("t", "failed", "code"),
    [
        ([], [], "no_data"),
        ([None, math.nan], [1, 1], "no_data"),
        ([0, 4, 5], None, "nonpositive"),
        ([-1, 4, 5], None, "nonpositive"),
        ([3, 4, 5], [0, 0, 0], "no_failures"),
        ([3, 3, 3], None, "zero_variance"),
        ([5], [1], "zero_variance"),
        ([3, 4, 5], [0, 0, 1], "not_estimable"),
        ([1e-9, 1, 1e6], None, "too_wide"),
    ],
)
def test_lives_that_give_no_weibull_say_why(t, failed, code):
    result = weibull_fit(t, failed)

    assert (result.shape, result.scale, result.loglik) == (None, None, None)
    assert codes(result) == [code]


def test_a_unit_without_time_or_outcome_is_missing():
    result = weibull_fit([5, None, 9, 12], [1, 1, None, 1])

    assert (result.n, result.n_missing, result.n_failed) == (2, 2, 2)
    assert codes(result) == ["few_failures"]


def test_the_sentence_tells_wear_from_early_failures():
    rng = np.random.default_rng(3)
    wear, early = 100 * rng.weibull(4, 60), 100 * rng.weibull(0.4, 60)

    assert "rises with age (wear)" in str(weibull_fit(wear).sentence)
    assert "falls with age (early failures)" in str(weibull_fit(early).sentence)
    assert "constant failure rate is possible" in str(weibull_fit([20, 90, 3, 55]).sentence)


def test_a_steep_life_is_found_too():
    times = 100 + 0.01 * np.arange(50)

    assert weibull_fit(times).shape == pytest.approx(
        reference.weibull_min.fit(times, floc=0, method="MLE")[0], rel=0.02
    )


def test_the_losses_of_an_oee_add_up_to_the_planned_time():
    result = oee(420, 47, 1.0, 19271, 18848)

    assert result.good_minutes + result.availability_loss_minutes + (
        result.performance_loss_minutes + result.quality_loss_minutes
    ) == pytest.approx(420)
    assert result.oee == pytest.approx(result.good_minutes / 420)
    assert str(result.sentence).startswith("OEE 74.8 %: as many good pieces as 314 ideal minutes")


@settings(max_examples=40)
@given(st.floats(10, 1000), st.floats(0, 0.9), st.integers(1, 10_000), st.floats(0, 1))
def test_an_oee_is_the_product_of_its_factors(planned, down, total, share):
    result = oee(planned, planned * down, 2.0, total, int(total * share))

    assert result.oee == pytest.approx(result.availability * result.performance * result.quality)


def test_performance_above_one_is_a_warning_and_not_clipped():
    result = oee(100, 0, 60, 120, 120)

    assert (result.performance, result.oee, codes(result)) == (1.2, 1.2, ["ideal_cycle"])
    assert str(result.warnings[0]).startswith("Performance is above 100 %:")


def test_an_oee_without_time_or_output_says_so():
    assert codes(oee(0, 0, 1, 0, 0)) == ["no_data"]
    idle = oee(100, 100, 1, 0, 0)
    assert (idle.availability, idle.performance, idle.quality, idle.oee) == (0, None, None, 0)
    assert codes(idle) == ["no_output"]


@pytest.mark.parametrize(
    ("function", "given", "named", "argument"),
    [
        (mtbf, [-1, 0], {}, "total_time"),
        (mtbf, [0, 2], {}, "total_time"),
        (mtbf, [math.nan, 2], {}, "total_time"),
        (mtbf, ["9", 2], {}, "total_time"),
        (mtbf, [9, -2], {}, "failures"),
        (mtbf, [9, 1.5], {}, "failures"),
        (mtbf, [9, 0], {"termination": "failure"}, "failures"),
        (mtbf, [9, 2], {"termination": "tea"}, "termination"),
        (mtbf, [9, 2], {"confidence": 1}, "confidence"),
        (mttr, [[1, -1]], {}, "repair_times"),
        (mttr, [[1, 2]], {"confidence": 0}, "confidence"),
        (availability, [-1, [2]], {}, "uptime"),
        (availability, [10, [-2]], {}, "downtime"),
        (availability, [10, ["a"]], {}, "downtime"),
        (availability, [10, 5], {}, "failures"),
        (availability, [10, 5, -1], {}, "failures"),
        (weibull_fit, [[1, math.inf]], {}, "t"),
        (weibull_fit, [["a"]], {}, "t"),
        (weibull_fit, [[1, 2], [1]], {}, "failed"),
        (weibull_fit, [[1, 2], [1, 2]], {}, "failed"),
        (weibull_fit, [[1, 2]], {"confidence": 2}, "confidence"),
        (oee, [-1, 0, 1, 1, 1], {}, "planned_minutes"),
        (oee, [10, 11, 1, 1, 1], {}, "downtime_minutes"),
        (oee, [10, -1, 1, 1, 1], {}, "downtime_minutes"),
        (oee, [10, 1, 0, 1, 1], {}, "ideal_cycle_seconds"),
        (oee, [10, 1, 1, 1, 2], {}, "good"),
        (oee, [10, 1, 1, math.inf, 2], {}, "total"),
        (oee, [10, 10, 1, 1, 1], {}, "total"),
    ],
)
def test_what_equipment_cannot_do_is_refused_by_name(function, given, named, argument):
    with pytest.raises(ArgumentError) as refused:
        function(*given, **named)

    assert refused.value.argument == argument
