"""Hotelling's T-squared: quadratic forms, limits, contributions, edge cases."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as second

from andon.stats import hotelling_t2_individuals, hotelling_t2_subgroups, signals

ROWS = np.random.default_rng(11).multivariate_normal([10, 5, 1], np.eye(3) + 0.5, 30)
PIECES = np.random.default_rng(12).normal(20, 2, (2, 12, 4))


def codes(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return [warning.code for warning in result.warnings]


def test_single_observations_have_the_quadratic_form_and_limits_of_the_definition():
    chart = hotelling_t2_individuals(ROWS, 0.01)
    away = ROWS - ROWS.mean(axis=0)
    expected = np.einsum("ij,jk,ik->i", away, np.linalg.inv(np.cov(ROWS.T)), away)

    assert chart.t2 == pytest.approx(expected)
    # Montgomery, chapter 11; quantiles from scipy.
    assert chart.ucl_phase1 == pytest.approx(29**2 / 30 * second.beta.isf(0.01, 1.5, 13))
    phase2 = 3 * 31 * 29 / (30 * 27) * second.f.isf(0.01, 3, 27)
    assert chart.ucl_phase2 == pytest.approx(phase2)
    assert sum(chart.t2) == pytest.approx(29 * 3)


def test_subgroups_have_the_quadratic_form_and_limits_of_the_definition():
    chart = hotelling_t2_subgroups(x1=PIECES[0], x2=PIECES[1], alpha=0.01)
    means = PIECES.mean(axis=2)
    within = np.mean([np.cov(PIECES[:, i]) for i in range(12)], axis=0)
    away = (means - means.mean(axis=1, keepdims=True)).T
    expected = 4 * np.einsum("ij,jk,ik->i", away, np.linalg.inv(within), away)

    assert chart.t2 == pytest.approx(expected)
    # Montgomery, chapter 11: m = 12, n = 4, p = 2, df = mn - m - p + 1 = 35.
    f = second.f.isf(0.01, 2, 35)
    assert chart.ucl_phase1 == pytest.approx(2 * 11 * 3 / 35 * f)
    assert chart.ucl_phase2 == pytest.approx(2 * 13 * 3 / 35 * f)
    assert chart.covariance == pytest.approx(within)


def test_matrices_may_come_in_order_or_by_name():
    by_name = hotelling_t2_subgroups(bore=PIECES[0], length=PIECES[1], alpha=0.9)
    in_order = hotelling_t2_subgroups(PIECES[0].tolist(), PIECES[1].tolist(), alpha=0.9)

    assert by_name.t2 == in_order.t2
    assert set(by_name.contributions[0].by_variable) == {"bore", "length"}
    assert set(in_order.contributions[0].by_variable) == {"x1", "x2"}


def test_the_default_alarm_is_that_of_a_chart_for_each_characteristic():
    assert hotelling_t2_individuals(ROWS).alpha == pytest.approx(1 - (1 - 0.0027) ** 3)
    assert hotelling_t2_subgroups(*PIECES).alpha == pytest.approx(1 - (1 - 0.0027) ** 2)


def test_contributions_are_what_is_lost_without_a_characteristic():
    chart = hotelling_t2_individuals(
        [*ROWS.tolist(), [10, 5, 9]], names=["bore", "length", "tilt"], exclude=[31]
    )
    found = chart.contributions[-1]
    cut = hotelling_t2_individuals([*ROWS[:, :2].tolist(), [10, 5]], exclude=[31])

    assert (found.point, found.t2) == (31, chart.t2[30])
    assert found.by_variable["tilt"] == pytest.approx(chart.t2[30] - cut.t2[30])
    assert max(found.by_variable, key=found.by_variable.get) == "tilt"


def test_points_outside_the_baseline_are_judged_by_the_limit_of_phase_two():
    chart = hotelling_t2_individuals(ROWS, baseline=slice(0, 20))

    assert chart.ucl[0] == chart.ucl_phase1 < chart.ucl_phase2 == chart.ucl[25]
    assert chart.n_baseline == 20
    whole = hotelling_t2_subgroups(*PIECES, baseline=[0, 8])
    assert whole.ucl == [whole.ucl_phase1] * 8 + [whole.ucl_phase2] * 4


def test_known_means_and_covariances_have_the_limit_of_chi_square():
    chart = hotelling_t2_individuals([[0, 0], [9, 9]], 0.01, center=[0, 0], sigma=np.eye(2))
    several = hotelling_t2_subgroups(
        [[0, 0], [9, 9]], [[0, 0], [9, 9]], alpha=0.01, center=[0, 0], sigma=np.eye(2)
    )

    assert (chart.t2, several.t2) == ([0, 162], [0, 324])
    assert chart.ucl == several.ucl == pytest.approx(second.chi2.isf(0.01, 2))
    assert (chart.beyond, chart.n_baseline, chart.ucl_phase1) == ([2], 0, None)
    assert [signal.point for signal in signals(chart)] == [2]
    frozen = hotelling_t2_individuals(ROWS, **hotelling_t2_individuals(ROWS).given())
    assert frozen.t2 == pytest.approx(hotelling_t2_individuals(ROWS).t2)


@pytest.mark.parametrize(
    ("x", "warnings"),
    [
        ([], ["no_data"]),
        ([[]], ["no_data"]),
        ([[None, None]], ["no_data"]),
        ([[1, 2]], ["singular", "too_few"]),
        ([[1, 2], [3, 1]], ["singular", "too_few"]),
        ([[1, 2]] * 9, ["singular"]),
        ([[i, 7] for i in range(9)], ["singular"]),
        ([[i, i * i, 3 * i + i * i] for i in range(9)], ["singular"]),
    ],
)
def test_what_cannot_be_inverted_gives_none_and_says_so(x, warnings):
    chart = hotelling_t2_individuals(x)

    assert codes(chart) == warnings
    assert set(chart.t2) <= {None}
    assert (chart.ucl, chart.ucl_phase1, chart.mean, chart.beyond) == (None, None, None, [])


def test_one_point_more_than_characteristics_has_no_limit_of_phase_one():
    chart = hotelling_t2_individuals([[1, 2], [2, 3], [3, 1]])

    assert chart.t2 == pytest.approx([4 / 3] * 3)
    assert (chart.ucl_phase1, codes(chart)) == (None, ["too_few"])
    assert chart.ucl_phase2 > 0


def test_subgroups_that_say_too_little_give_none():
    assert codes(hotelling_t2_subgroups(x1=[], x2=[])) == ["no_data"]
    assert codes(hotelling_t2_subgroups([[1, 2]], [[2, 5]])) == ["singular", "too_few"]
    assert codes(hotelling_t2_subgroups([[1, 1]] * 5, [[2, 5]] * 5)) == ["singular"]


def test_a_row_or_subgroup_with_a_missing_value_has_no_point():
    chart = hotelling_t2_individuals([[None, 1, 1], *ROWS.tolist()])
    assert (chart.t2[0], chart.n, chart.n_missing) == (None, 30, 1)
    assert chart.t2[1:] == pytest.approx(hotelling_t2_individuals(ROWS).t2)

    pieces = PIECES.copy()
    pieces[0, 0, 0] = math.nan
    several = hotelling_t2_subgroups(*pieces)
    assert (several.t2[0], several.n_missing, codes(several)) == (None, 1, [])


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"x": [[1, 2], [3]]}, "x"),
        ({"x": [1, 2]}, "x"),
        ({"x": None}, "x"),
        ({"x": [["a", 1]]}, "x"),
        ({"x": [[1, math.inf]]}, "x"),
        ({"x": [[1, 2]], "alpha": 0}, "alpha"),
        ({"x": [[1, 2]], "alpha": 1.5}, "alpha"),
        ({"x": [[1, 2]], "names": ["a"]}, "names"),
        ({"x": [[1, 2]], "names": ["a", "a"]}, "names"),
        ({"x": [[1, 2]], "center": [1]}, "center"),
        ({"x": [[1, 2]], "center": [1, None]}, "center"),
        ({"x": [[1, 2]], "sigma": [[1]]}, "sigma"),
        ({"x": [[1, 2]], "sigma": [[1, 2], [0, 1]]}, "sigma"),
        ({"x": [[1, 2]], "exclude": [2]}, "exclude"),
    ],
)
def test_a_wrong_argument_is_named(arguments, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        hotelling_t2_individuals(**arguments)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({}, "x1"),
        ({"x1": [[1], [2]]}, "x1"),
        ({"x1": [[1, 2]], "x2": [[1, 2], [3, 4]]}, "x2"),
        ({"x1": [1, 2]}, "x1"),
        ({"x1": [[1, math.inf]]}, "x1"),
        ({"x1": [[1, 2]], "alpha": 2}, "alpha"),
    ],
)
def test_a_wrong_matrix_is_named(arguments, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        hotelling_t2_subgroups(**arguments)


@given(scale=st.floats(0.001, 1000), shift=st.floats(-1000, 1000), seed=st.integers(0, 99))
@settings(max_examples=25)
def test_units_and_the_order_of_characteristics_do_not_matter(scale, shift, seed):
    order = np.random.default_rng(seed).permutation(3)
    moved = ROWS[:, order] * [1, scale, 1] + [0, 0, shift]

    expected = hotelling_t2_individuals(ROWS).t2
    assert hotelling_t2_individuals(moved).t2 == pytest.approx(expected, rel=1e-6)
