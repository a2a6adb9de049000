"""Calibration interval from drift: where the prediction band meets the tolerance."""

import json
import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats import ArgumentError, calibration_interval_drift

TIME = [3, 6, 9, 12, 15, 18]
ERROR = [0.02, 0.11, 0.12, 0.21, 0.22, 0.33]


def codes(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return [warning.code for warning in result.warnings]


def test_at_the_interval_the_prediction_band_of_statsmodels_meets_the_tolerance():
    result = calibration_interval_drift(TIME, ERROR, 0.5)
    fit = sm.OLS(ERROR, sm.add_constant(TIME)).fit()
    band = fit.get_prediction([[1, result.interval]]).conf_int(obs=True)[0]

    assert band[1] == pytest.approx(0.5)
    assert result.side == "upper"
    assert [result.intercept, result.slope] == pytest.approx(fit.params)
    assert result.slope_ci == pytest.approx(fit.conf_int()[1])
    assert (result.p, result.s) == pytest.approx((fit.pvalues[1], math.sqrt(fit.mse_resid)))
    assert codes(result) == ["extrapolated"]


def test_errors_of_the_other_sign_meet_the_lower_limit_at_the_same_time():
    up = calibration_interval_drift(TIME, ERROR, 0.5)
    down = calibration_interval_drift(TIME, [-e for e in ERROR], 0.5)

    assert (down.side, down.interval) == ("lower", pytest.approx(up.interval))


@settings(max_examples=40)
@given(
    st.lists(st.floats(-0.3, 0.3), min_size=4, max_size=12),
    st.floats(-0.05, 0.05),
)
def test_before_the_interval_the_band_stays_inside_the_tolerance(noise, slope):
    time = np.arange(len(noise)) * 2.0
    result = calibration_interval_drift(time, slope * time + np.array(noise), 2.0)
    json.dumps(result.to_dict(), allow_nan=False)

    if result.interval is not None:
        inside = np.array(result.times) < result.interval * (1 - 1e-9)
        assert (np.array(result.band_high)[inside] <= 2.0 + 1e-9).all()
        assert (np.array(result.band_low)[inside] >= -2.0 - 1e-9).all()


def test_an_exact_line_meets_the_tolerance_where_it_should():
    result = calibration_interval_drift([0, 1, 2], [0, 0.1, 0.2], 1.0)

    assert (result.interval, result.p) == (pytest.approx(10), None)


@pytest.mark.parametrize(
    ("time", "error", "code"),
    [
        ([], [], "no_data"),
        ([1, None], [0.1, 0.2], "too_few"),
        ([1, 1, 1], [0.1, 0.2, 0.3], "singular"),
        ([1, 2, 3], [0.1, 0.1, 0.1], "no_drift"),
        ([1, 2, 3, 4], [0.9, -0.9, 0.8, -0.7], "out_of_tolerance"),
    ],
)
def test_errors_that_give_no_interval_say_why(time, error, code):
    result = calibration_interval_drift(time, error, 0.5)

    assert (result.interval, result.side, codes(result)) == (None, None, [code])


def test_unequal_tolerances_are_taken_as_they_are():
    narrow = calibration_interval_drift(TIME, [-e for e in ERROR], 0.9, -0.5)

    assert narrow.side == "lower"
    assert narrow.interval == pytest.approx(calibration_interval_drift(TIME, ERROR, 0.5).interval)


@pytest.mark.parametrize(
    ("function", "given", "named", "argument"),
    [
        (calibration_interval_drift, [[1, 2], [1], 1], {}, "error"),
        (calibration_interval_drift, [[-1, 2], [1, 1], 1], {}, "time"),
        (calibration_interval_drift, [[1, math.inf], [1, 1], 1], {}, "time"),
        (calibration_interval_drift, [[1, 2], [1, 1], 0], {}, "tolerance"),
        (calibration_interval_drift, [[1, 2], [1, 1], 1, 2], {}, "lower_tolerance"),
    ],
)
def test_a_drift_that_cannot_be_is_refused_by_name(function, given, named, argument):
    with pytest.raises(ArgumentError) as refused:
        function(*given, **named)

    assert refused.value.argument == argument
