"""Absurd arguments of charts are refused by name; absurd sizes give finite numbers."""

import json

import numpy as np
import pytest

from andon import stats
from andon.stats import ArgumentError, Exclusion, Stage

X = [5.1, 4.9, 5.0, 5.2, 4.8, 5.1, 5.3, 4.9]
T2 = [[5.0, 3.1], [5.2, 3.0], [4.9, 2.8], [5.1, 3.2], [5.0, 2.9], [4.8, 3.0]]


def no_chart(x, exclude=()):
    return x


def refused(argument, function, *args, **given):
    with pytest.raises(ArgumentError) as error:
        function(*args, **given)
    assert error.value.argument == argument


@pytest.mark.parametrize(
    ("argument", "function", "given"),
    [
        ("screen", stats.imr_chart, {"x": X, "screen": "no"}),
        ("ranges", stats.imr_chart, {"x": X, "ranges": np.array(["mean"])}),
        ("sigma", stats.imr_chart, {"x": X, "sigma": 1e-320}),
        ("fixed", stats.ewma_chart, {"x": X, "fixed": 1}),
        ("n", stats.ewma_chart, {"x": X, "n": 0.5}),
        ("n", stats.cusum_chart, {"x": X, "n": 0.5}),
        ("sigma", stats.cusum_chart, {"x": X, "sigma": 1e-320}),
        ("d", stats.p_chart, {"d": None, "n": 50}),
        ("d", stats.p_chart, {"d": 3, "n": 50}),
        ("n", stats.p_chart, {"d": [1, 2], "n": "50"}),
        ("n", stats.p_chart, {"d": [1, 2], "n": np.float64("nan")}),
        ("n", stats.u_chart, {"c": [0, 1], "n": [1e-320, 1]}),
        ("c", stats.u_chart, {"c": [1e-320, 1], "n": [1, 1]}),
        ("sigma_z", stats.laney_p_chart, {"d": [1, 2], "n": 50, "sigma_z": 1e-320}),
        ("n", stats.spc_constants, {"n": None}),
        ("n", stats.spc_constants, {"n": {2, 3}}),
        ("n", stats.spc_constants, {"n": float("nan")}),
        ("subgroups", stats.xbar_r_chart, {"subgroups": np.array(3.0)}),
        ("subgroups", stats.xbar_r_chart, {"subgroups": [np.array(3.0), [1, 2]]}),
        ("subgroups", stats.xbar_s_chart, {"subgroups": [[1, 2], {1, 2}]}),
        ("subgroups", stats.xbar_s_chart, {"subgroups": {"a": [1, 2]}}),
        ("estimator", stats.xbar_s_chart, {"subgroups": [[1, 2]], "estimator": []}),
        ("names", stats.hotelling_t2_individuals, {"x": T2, "names": 3}),
        ("names", stats.hotelling_t2_individuals, {"x": T2, "names": "ab"}),
        ("alpha", stats.hotelling_t2_individuals, {"x": T2, "alpha": 1e-300}),
        ("sigma", stats.hotelling_t2_individuals, {"x": T2, "sigma": [[1e-200, 0], [0, 1]]}),
        ("choice", stats.draw, {"choice": None, "numerators": [1], "denominators": [2]}),
        ("choice", stats.draw, {"choice": [], "numerators": [1], "denominators": [2]}),
        ("choice", stats.draw, {"choice": "x", "numerators": [1], "denominators": [2]}),
    ],
)  # fmt: skip
def test_an_argument_no_chart_can_have_is_refused_by_name(argument, function, given):
    refused(argument, function, **given)


@pytest.mark.parametrize("restarts", [None, 3, "3", {3}, [0], [9], [1.5], ["3"], [[3]], [None]])
def test_restarts_are_a_list_of_points(restarts):
    refused("restarts", stats.run_rules, X, 5, 1, restarts=restarts)
    refused("restarts", stats.signals, stats.imr_chart(X), restarts=restarts)


@pytest.mark.parametrize("lines", [([5.0, None], 1.0), (5.0, [1.0, None])])
def test_a_point_without_a_line_breaks_a_run_and_is_never_judged(lines):
    center, sigma = (line * 4 if isinstance(line, list) else line for line in lines)

    found = stats.run_rules([99.0] * 8, center, sigma, ["n1", "we4"])

    assert found == {"n1": [1, 3, 5, 7], "we4": []}


def test_one_exposure_for_all_points_may_be_any_number():
    one, many = stats.p_chart([1, 2, 3], np.int64(50)), stats.p_chart([1, 2, 3], [50] * 3)

    assert one == many


@pytest.mark.parametrize("function", [stats.laney_p_chart, stats.laney_u_chart])
def test_a_chart_of_counts_holds_plain_numbers(function):
    chart = function([60, 140, 90], 1000, center=np.float32(0.5), sigma_z=np.array(2.0))

    assert (type(chart.level), type(chart.sigma_z)) == (float, float)
    json.dumps(chart.to_dict(), allow_nan=False)


@pytest.mark.parametrize("scale", [1e-155, 1e-120, 1e-90, 1e90])
def test_t2_of_any_unit_is_a_number_or_singular(scale):
    chart = stats.hotelling_t2_individuals(np.array(T2) * scale)

    json.dumps(chart.to_dict(), allow_nan=False)
    assert chart.t2[0] is not None or chart.warnings[0].code == "singular"


@pytest.mark.parametrize(
    ("chart", "argument"),
    [
        ({"kind": []}, "charts"),
        ({"kind": "cusum", "k": 0.5, "h": 5, 7: 1}, "charts"),
        ({"kind": "cusum", "k": 0.5, "h": 5, None: 1}, "charts"),
        ({"kind": "cusum", "k": 0.5, "h": 5, "sided": []}, "sided"),
        ({"kind": "cusum", "k": 0.5, "h": 1000, "shift": 1}, "h"),
        ({"kind": "cusum", "k": 0, "h": 1000}, "h"),
        ({"kind": "ewma", "lam": 1e-320, "L": 3}, "lam"),
        ({"kind": "ewma", "lam": 1e-6, "L": 3}, "lam"),
        ({"kind": "ewma", "lam": 1, "L": 1e6, "shift": 1e6}, "lam"),
        ({"kind": "shewhart", "rules": [[]]}, "rules"),
    ],
)
def test_a_run_length_that_cannot_be_computed_is_refused(chart, argument):
    refused(argument, stats.arl, [chart])


def test_a_shift_in_sigmas_of_the_value_is_many_of_its_average():
    # sigma of the settled average is 0.23: limits at 9 sigma lie 2.1 away, the shift is 2.
    assert stats.arl([{"kind": "ewma", "lam": 0.1, "L": 9, "shift": 2}]).arl[0] < 100


def test_the_signals_of_two_sums_are_those_of_both_panels():
    chart = stats.cusum_chart([0, 0, 9, 9, -9, -9, -9], 0.5, 5, 0, 1)

    found = stats.signals(chart)

    assert [(one.point, one.side) for one in found] == [
        (3, "above"), (4, "above"), (5, "above"), (5, "below"), (6, "below"), (7, "below"),
    ]  # fmt: skip


@pytest.mark.parametrize("chart", [None, [1, 2], "p", 3, {}])
def test_signals_need_a_chart(chart):
    refused("chart", stats.signals, chart)


@pytest.mark.parametrize(
    ("argument", "value"),
    [("rules", None), ("rules", "n1"), ("rules", [[]]), ("labels", 3), ("labels", "abcdefgh"),
     ("labels", ["a"]), ("show", 3)],
)  # fmt: skip
def test_what_signals_are_told_is_checked(argument, value):
    refused(argument, stats.signals, stats.imr_chart(X), **{argument: value})


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("chart", None), ("chart", no_chart), ("data", None), ("data", []), ("data", [3]),
        ("data", "ab"), ("data", [np.array(3.0)]), ("data", [dict(enumerate(X))]),
        ("stages", None), ("stages", [1]), ("stages", {}), ("stages", []),
        ("exclusions", None), ("exclusions", [2]),
        ("exclusions", [Exclusion(point=2, reason=None)]),  # type: ignore[arg-type]
        ("exclusions", [Exclusion(point=None, reason="a")]),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_a_staged_chart_is_made_of_charts_data_and_stages(argument, value):
    given = {"chart": stats.imr_chart, "data": [X], "stages": [Stage(start=1)]} | {argument: value}
    refused(argument, stats.staged_chart, **given)
