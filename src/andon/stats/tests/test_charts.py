"""Control charts: limits, options, and the edge cases of the specification."""

import math

import numpy as np
import pytest

from andon.stats import (
    c_chart,
    imr_chart,
    laney_p_chart,
    laney_u_chart,
    np_chart,
    p_chart,
    spc_constants,
    summary_statistics,
    u_chart,
)

FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def codes(result):
    return [warning.code for warning in result.warnings]


def test_no_values_give_no_lines_and_say_so():
    chart = imr_chart([])

    assert (chart.center, chart.sigma, chart.lcl, chart.ucl, chart.mr_ucl) == (None,) * 5
    assert codes(chart) == ["no_data"]
    assert codes(p_chart([], [])) == ["no_data"]
    assert p_chart([None, 0], [4, 0]).center is None
    assert codes(imr_chart([None], center=4)) == ["no_data"]


def test_one_value_is_its_own_centre_without_limits():
    chart = imr_chart([4.5])

    assert (chart.center, chart.sigma, chart.ucl, chart.beyond) == (4.5, None, None, [])
    assert codes(chart) == ["too_few"]


@pytest.mark.parametrize("value", [0.1, 0.07, 1e9 + 0.3])
def test_equal_values_put_the_limits_on_the_centre_without_a_signal(value):
    chart = imr_chart([value] * 11)

    assert (chart.center, chart.sigma, chart.lcl, chart.ucl) == (value, 0, value, value)
    assert chart.beyond == chart.mr_beyond == []
    assert codes(chart) == ["zero_variance"]


def test_a_missing_point_breaks_moving_ranges_and_is_counted():
    chart = imr_chart([1, None, 5, 7, math.nan])

    assert chart.mr == [None, None, None, 2.0, None]
    assert (chart.mr_center, chart.n, chart.n_missing) == (2.0, 3, 2)
    assert chart.values == [1.0, None, 5.0, 7.0, None]


def test_an_excluded_point_is_plotted_but_does_not_widen_the_limits():
    x = [*FLOW, 90.0]
    chart = imr_chart(x, exclude=[11])

    assert chart.center == pytest.approx(imr_chart(FLOW).center)
    assert chart.ucl == pytest.approx(imr_chart(FLOW).ucl)
    assert chart.beyond == [11]
    assert chart.mr_beyond == [11]
    assert (chart.n, chart.n_baseline) == (11, 10)


def test_a_baseline_estimates_and_the_rest_is_judged_by_it():
    chart = imr_chart([*FLOW, 60.0], baseline=slice(0, 10))

    assert chart.ucl == pytest.approx(imr_chart(FLOW).ucl)
    assert chart.beyond == [11]


def test_given_lines_are_used_as_they_are():
    chart = imr_chart([9, 10, 14], center=10, sigma=1)

    assert (chart.lcl, chart.ucl, chart.beyond, chart.n_baseline) == (7, 13, [3], 0)
    assert chart.method == "individuals; sigma given"
    assert imr_chart([9, 10, 14], center=10).n_baseline == 3


def test_a_point_on_a_limit_is_inside():
    assert imr_chart([7, 13, 13.001], center=10, sigma=1).beyond == [3]


def test_the_median_and_screening_resist_a_jump():
    jump = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 30.0]

    assert imr_chart(jump, ranges="median").sigma == pytest.approx(1 / 0.954, rel=2e-4)
    assert imr_chart(jump, screen=True).sigma == pytest.approx(math.sqrt(math.pi) / 2)
    assert "screened" in imr_chart(jump, screen=True).method


def test_a_longer_span_uses_its_own_constant():
    chart = imr_chart([1, 4, 2, 8], span=3)

    assert chart.mr == [None, None, 3.0, 6.0]
    assert chart.sigma == pytest.approx(4.5 / 1.6925687506441)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"x": [1, math.inf]}, "x"),
        ({"x": [[1, 2], [3, 4]]}, "x"),
        ({"x": ["a"]}, "x"),
        ({"x": [1, 2], "span": 1}, "span"),
        ({"x": [1, 2], "span": 3, "ranges": "median"}, "span"),
        ({"x": [1, 2], "ranges": "mode"}, "ranges"),
        ({"x": [1, 2], "sigma": -1}, "sigma"),
        ({"x": [1, 2], "exclude": [3]}, "exclude"),
        ({"x": [1, 2], "exclude": [0]}, "exclude"),
    ],
)
def test_a_wrong_argument_of_an_individuals_chart_is_named(arguments, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        imr_chart(**arguments)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"d": [-1], "n": [5]}, "d"),
        ({"d": [6], "n": [5]}, "d"),
        ({"d": [1, 2], "n": [5]}, "n"),
        ({"d": [1], "n": [math.inf]}, "n"),
        ({"d": [1], "n": [5], "center": 1.2}, "center"),
        ({"d": [1], "n": [5], "sigma": -1}, "sigma"),
    ],
)
def test_a_wrong_argument_of_a_proportion_chart_is_named(arguments, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        p_chart(**arguments)


def test_events_without_exposure_are_refused():
    with pytest.raises(ValueError, match=r"^n: must not be 0"):
        u_chart([1, 2], [0, 5])
    with pytest.raises(ValueError, match=r"^sigma_z:"):
        laney_u_chart([1, 2], [1, 5], sigma_z=-1)
    with pytest.raises(ValueError, match=r"^center:"):
        u_chart([1, 2], [1, 5], center=-1)


@pytest.mark.parametrize("d", [0, 1])
def test_none_or_all_bad_puts_the_limits_on_the_centre(d):
    n = [10, 20, 30]
    chart = laney_p_chart([d * size for size in n], n)

    assert (chart.center, chart.lcl, chart.ucl, chart.sigma_z) == (d, d, d, None)
    assert chart.beyond == []
    assert codes(chart) == ["zero_variance"]
    assert p_chart([d * size for size in n], n).ucl == d


def test_a_point_without_exposure_has_no_value_and_no_limits():
    chart = p_chart([1, 0, 2], [10, 0, 10])

    assert chart.values == [0.1, None, 0.2]
    assert chart.ucl[1] is None
    assert chart.lcl[1] is None
    assert (chart.n, chart.n_missing) == (2, 0)


def test_one_point_has_binomial_limits_but_no_scatter_between_points():
    assert p_chart([5], [100]).ucl == pytest.approx(0.05 + 3 * math.sqrt(0.05 * 0.95 / 100))
    laney = laney_p_chart([5], [100])
    assert (laney.sigma_z, laney.ucl) == (None, None)
    assert codes(laney) == ["too_few"]


def test_limits_vary_with_the_exposure_and_are_clipped():
    chart = p_chart([1, 90], [100, 100], center=0.02)

    assert chart.lcl == 0
    assert p_chart([1, 9], [10, 100]).ucl[0] > p_chart([1, 9], [10, 100]).ucl[1]
    assert np_chart([9, 9], [10, 10]).ucl == 10
    assert chart.beyond == [2]
    assert chart.along(chart.ucl) == [chart.ucl, chart.ucl]
    assert u_chart([1, 9], [10, 100]).along(u_chart([1, 9], [10, 100]).ucl)[0] > 0


def test_np_is_p_times_n():
    d, n = [3, 5, 8], [50, 60, 90]
    p, number = p_chart(d, n), np_chart(d, n)

    assert number.ucl == pytest.approx([u * size for u, size in zip(p.ucl, n, strict=True)])
    assert number.z == pytest.approx(p.z)


def test_laney_without_extra_scatter_is_the_plain_chart():
    d, n = [3, 5, 8], [50, 60, 90]

    assert laney_p_chart(d, n, sigma_z=1).ucl == p_chart(d, n).ucl
    assert laney_u_chart(d, n, sigma_z=1).lcl == u_chart(d, n).lcl


def test_broken_counts_are_charted_with_a_warning():
    assert codes(c_chart([1.5, 2])) == ["not_counts"]
    assert codes(laney_u_chart([1.5, 2], [3, 4])) == []


def test_ten_million_counts_do_not_overflow():
    chart = p_chart([3_000_000_000] * 2, [9_000_000_000_000] * 2)

    assert chart.center == pytest.approx(1 / 3000)


def test_a_million_points_need_no_loop():
    x = np.random.default_rng(1).normal(size=1_000_000)
    chart = imr_chart(x)

    assert chart.sigma == pytest.approx(1, abs=0.01)


def test_the_constants_refuse_a_subgroup_of_one():
    with pytest.raises(ValueError, match=r"^n:"):
        spc_constants([2, 1])
    with pytest.raises(ValueError, match=r"^n:"):
        spc_constants([2.5])
    table = spc_constants(5)
    # AIAG SPC, 2nd edition, appendix E.
    found = [table.a2[0], table.d4[0], table.d3_lower[0], table.b4[0], table.a3[0], table.e2]
    assert found == pytest.approx([0.577, 2.114, 0, 2.089, 1.427, 2.660], rel=6e-4)


def test_summaries_of_nothing_and_of_one_value_are_open():
    assert codes(summary_statistics([None])) == ["no_data"]
    one = summary_statistics([3])
    assert (one.mean, one.sd, one.lag1, codes(one)) == (3, None, None, ["too_few"])
    equal = summary_statistics([3, 3, 3])
    assert (equal.sd, equal.lag1, codes(equal)) == (0, None, ["zero_variance"])


def test_the_autocorrelation_of_numacc4_keeps_its_digits():
    # NIST StRD NumAcc4: certified mean 10000000.2, sd 0.1, lag-1 -0.999.
    result = summary_statistics([10000000.2, *[10000000.1, 10000000.3] * 500])

    assert result.sd == pytest.approx(0.1, rel=1e-7)
    assert result.lag1 == pytest.approx(-0.999, rel=1e-7)


def test_an_np_chart_takes_its_centre_as_a_number_or_as_a_proportion():
    by_number = np_chart([3, 4, 6], [50, 50, 50], center=5)

    assert by_number.center == np_chart([3, 4, 6], 50, center=0.1).center == 5
    assert by_number.ucl == pytest.approx(5 + 3 * 4.5**0.5)
    with pytest.raises(ValueError, match="center: must be a proportion where the sample sizes"):
        np_chart([3, 4], [50, 60], center=5)
