"""Plans by variables: the noncentral t, curves, and the estimate of a lot."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as second_opinion

from andon.stats import (
    ArgumentError,
    find_plan,
    oc_curve_variables,
    variables_m_from_k,
    variables_sampling_estimate,
)
from andon.stats.sampling.noncentral import crossing, noncentral_t_quantile, noncentral_t_tail

FEW = settings(max_examples=30, deadline=None)
SAMPLE = st.lists(st.floats(-100, 100), min_size=3, max_size=12)
OVEN = [197, 188, 184, 205, 201]


def codes(result):
    return [warning.code for warning in result.warnings]


@pytest.mark.parametrize("df", [1, 2, 3, 5, 12, 60, 400])
@pytest.mark.parametrize("k", [-1.0, 0.0, 0.7, 2.0, 5.0])
@pytest.mark.parametrize("z", [-1.0, 0.0, 1.3, 3.0])
def test_the_noncentral_t_agrees_with_scipy(df, k, z):
    root = math.sqrt(df + 1)

    got = noncentral_t_tail(k * root, df, z * root)

    assert got == pytest.approx(second_opinion.nct.sf(k * root, df, z * root), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("tail", [0.001, 0.05, 0.5, 0.95, 0.999])
@pytest.mark.parametrize(("df", "shift"), [(1, 0.0), (4, -3.0), (9, 8.0), (200, 25.0)])
def test_the_noncentral_t_quantile_is_its_inverse(tail, df, shift):
    t = noncentral_t_quantile(tail, df, shift)

    assert noncentral_t_tail(t, df, shift) == pytest.approx(tail, rel=1e-10)
    if df > 1:  # scipy's own root finding is not reliable for one degree of freedom
        assert t == pytest.approx(second_opinion.nct.isf(tail, df, shift), rel=1e-7)


def test_a_curve_that_jumps_is_crossed_at_its_jump():
    at = crossing(lambda x: 1.0 if x < 0.3 else 0.0, 0.5, -1, 1)

    assert at == pytest.approx(0.3)


@pytest.mark.parametrize("known", [True, False])
@FEW
@given(n=st.integers(2, 200), k=st.floats(-1, 4), better=st.floats(0, 1), worse=st.floats(0, 1))
def test_a_worse_quality_is_never_accepted_more_often(known, n, k, better, worse):
    better, worse = sorted((better, worse))

    good, bad = oc_curve_variables(n, k, sigma_known=known, p=[better, worse]).pa

    assert 0 <= bad <= good + 1e-12 <= 1 + 2e-12


@pytest.mark.parametrize("known", [True, False])
def test_nothing_bad_is_always_and_all_bad_never_accepted(known):
    assert oc_curve_variables(5, 1.5, sigma_known=known, p=[0, 1]).pa == [1, 0]


@pytest.mark.parametrize("known", [True, False])
def test_the_named_qualities_lie_on_the_curve_and_the_drawing_shows_its_fall(known):
    curve = oc_curve_variables(10, 1.6, sigma_known=known)
    named = oc_curve_variables(10, 1.6, sigma_known=known, p=[curve.p95, curve.p50, curve.p10])

    assert named.pa == pytest.approx([0.95, 0.5, 0.1], abs=1e-9)
    assert (curve.pa[0], len(curve.p), len(curve.rows())) == (1, 101, 101)
    assert curve.pa[-1] == pytest.approx(0.001, abs=1e-6)
    assert str(curve.promise).startswith("Accepts lots with ")


def test_a_missing_quality_has_no_point():
    curve = oc_curve_variables(5, 1, p=[None, 0.1])

    assert (curve.pa[0], curve.n_missing, codes(curve)) == (None, 1, [])
    assert codes(oc_curve_variables(5, 1, p=[])) == ["no_data"]
    assert oc_curve_variables(5, 1, p=0.1).pa == curve.pa[1:]


@pytest.mark.parametrize("model", ["normal_known", "normal_unknown"])
@settings(max_examples=12, deadline=None)
@given(good=st.floats(0.001, 0.05), factor=st.floats(2, 8), often=st.floats(0.8, 0.99))
def test_the_plan_found_meets_the_producer_exactly_and_is_the_smallest(model, good, factor, often):
    bad = good * factor
    plan = find_plan([good, often], [bad, 0.1], model)

    curve = oc_curve_variables(plan.n, plan.k, sigma_known=model == "normal_known", p=[good, bad])

    assert curve.pa == pytest.approx([plan.pa_producer, plan.pa_consumer], abs=1e-9)
    assert curve.pa[0] == pytest.approx(often, abs=1e-9)
    assert curve.pa[1] <= 0.1 + 1e-9
    smaller = plan.n - 1
    if model == "normal_known" and smaller:
        k = second_opinion.norm.isf(good) - second_opinion.norm.ppf(often) / math.sqrt(smaller)
        sharper = math.sqrt(smaller) * (second_opinion.norm.isf(bad) - k)
        assert second_opinion.norm.cdf(sharper) > 0.1
    elif smaller > 1:
        root = math.sqrt(smaller)
        t = noncentral_t_quantile(often, smaller - 1, root * second_opinion.norm.isf(good))
        ncp = root * second_opinion.norm.isf(bad)
        assert second_opinion.nct.sf(t, smaller - 1, ncp) > 0.1


def test_knowing_sigma_saves_items():
    known, unknown = (
        find_plan([0.01, 0.95], [0.06, 0.1], model) for model in ("normal_known", "normal_unknown")
    )

    assert known.n < unknown.n < find_plan([0.01, 0.95], [0.06, 0.1]).n


@FEW
@given(x=SAMPLE, shift=st.floats(-1e3, 1e3), scale=st.floats(0.1, 100), sigma=st.floats(1, 50))
def test_the_estimate_depends_on_neither_unit_nor_order(x, shift, scale, sigma):
    if np.std(x) < 1e-3:
        return
    moved = [shift + scale * value for value in reversed(x)]
    for known in (None, sigma):
        there = variables_sampling_estimate(x, 50, -40, known)
        here = variables_sampling_estimate(
            moved, shift + scale * 50, shift - scale * 40, known and scale * known
        )
        assert here.p_total == pytest.approx(there.p_total, rel=1e-5, abs=1e-9)


@FEW
@given(x=SAMPLE, sigma=st.none() | st.floats(1, 50))
def test_a_mirror_swaps_the_sides(x, sigma):
    one = variables_sampling_estimate(x, 50, -40, sigma)
    other = variables_sampling_estimate([-value for value in x], 40, -50, sigma)

    assert (one.q_u, one.p_u, one.p_l) == (other.q_l, other.p_l, other.p_u)


def test_the_estimate_is_the_mean_chance_of_one_item_given_the_sample():
    # Lieberman and Resnikoff: the same as (1 - t) / 2 folded into Student's t with n - 2 df.
    x, usl = OVEN, 209
    estimate = variables_sampling_estimate(x, usl)
    w = estimate.q_u * math.sqrt(5) / 4
    t = w * math.sqrt(3 / (1 - w * w))

    assert estimate.p_u == pytest.approx(second_opinion.t.sf(t, 3), rel=1e-12)


def test_a_mean_outside_a_limit_gives_more_than_one_half():
    estimate = variables_sampling_estimate(OVEN, usl=190)

    assert estimate.q_u < 0
    assert 0.5 < estimate.p_u < 1
    assert variables_sampling_estimate(OVEN, usl=100).p_u == 1
    assert variables_sampling_estimate(OVEN, usl=400).p_u == 0


def test_both_limits_add_up_and_decide_against_m():
    estimate = variables_sampling_estimate(OVEN, usl=209, lsl=180, m=0.025)

    assert estimate.p_total == pytest.approx(estimate.p_u + estimate.p_l)
    assert estimate.accept is False
    assert variables_sampling_estimate(OVEN, usl=209, m=0.025).accept is True
    assert variables_sampling_estimate(OVEN, usl=209).accept is None


def test_a_known_sigma_is_used_in_place_of_that_of_the_sample():
    # MIL-STD-414, section D: p is the normal tail at Q sqrt(n / (n - 1)).
    estimate = variables_sampling_estimate(OVEN, usl=209, sigma=8)

    assert estimate.q_u == 14 / 8
    assert estimate.p_u == pytest.approx(second_opinion.norm.sf(14 / 8 * math.sqrt(5 / 4)))
    assert estimate.sd == pytest.approx(8.8034084)
    assert variables_sampling_estimate([5, 5], usl=9, sigma=2).p_u is not None


@pytest.mark.parametrize(
    ("x", "sigma", "warning", "q_u"),
    [
        ([], None, "no_data", None),
        ([None, math.nan], 2, "no_data", None),
        ([5], None, "too_few", None),
        ([5], 2, "too_few", 2.0),
        ([4, 6], None, "too_few", 2 * math.sqrt(2)),
        ([5, 5, 5, 5], None, "zero_variance", None),
    ],
)
def test_too_little_to_estimate_gives_no_share_and_says_why(x, sigma, warning, q_u):
    estimate = variables_sampling_estimate(x, 9, None, sigma, 0.02)

    assert codes(estimate) == [warning]
    assert (estimate.p_u, estimate.p_total, estimate.accept) == (None, None, None)
    assert estimate.q_u == pytest.approx(q_u) if q_u else estimate.q_u is None
    json.dumps(estimate.to_dict(), allow_nan=False)


def test_missing_values_are_dropped_and_counted():
    estimate = variables_sampling_estimate([*OVEN, None, math.nan], usl=209)

    assert (estimate.n, estimate.n_missing) == (5, 2)
    assert estimate.p_u == variables_sampling_estimate(OVEN, usl=209).p_u


@pytest.mark.parametrize("known", [True, False])
@FEW
@given(n=st.integers(3, 200), k=st.floats(-2, 4))
def test_m_from_k_is_the_estimate_at_k(known, n, k):
    m = variables_m_from_k(k, n, sigma_known=known).m

    if known:
        assert m == pytest.approx(second_opinion.norm.sf(k * math.sqrt(n / (n - 1))), rel=1e-9)
    else:
        x = 0.5 - k * math.sqrt(n) / (2 * (n - 1))
        assert m == pytest.approx(second_opinion.beta.cdf(x, n / 2 - 1, n / 2 - 1), rel=1e-8)


BAD = [
    (oc_curve_variables, {"n": 1, "k": 1}, "n"),
    (oc_curve_variables, {"n": 0, "k": 1, "sigma_known": True}, "n"),
    (oc_curve_variables, {"n": 5, "k": None}, "k"),
    (oc_curve_variables, {"n": 5, "k": math.inf}, "k"),
    (oc_curve_variables, {"n": 5, "k": 1, "p": [1.5]}, "p"),
    (oc_curve_variables, {"n": 5, "k": 1, "p": ["a"]}, "p"),
    (oc_curve_variables, {"n": 5, "k": 1, "sigma_known": "yes"}, "sigma_known"),
    (variables_m_from_k, {"n": 2, "k": 1}, "n"),
    (variables_m_from_k, {"n": 1, "k": 1, "sigma_known": True}, "n"),
    (variables_m_from_k, {"n": 5, "k": "1"}, "k"),
    (variables_m_from_k, {"n": 5, "k": 1, "sigma_known": None}, "sigma_known"),
    (variables_sampling_estimate, {"x": OVEN}, "lsl"),
    (variables_sampling_estimate, {"x": OVEN, "usl": 1, "lsl": 2}, "lsl"),
    (variables_sampling_estimate, {"x": OVEN, "usl": math.nan}, "usl"),
    (variables_sampling_estimate, {"x": OVEN, "usl": 1, "sigma": 0}, "sigma"),
    (variables_sampling_estimate, {"x": OVEN, "usl": 1, "sigma": -1}, "sigma"),
    (variables_sampling_estimate, {"x": OVEN, "usl": 1, "m": 3.3}, "m"),
    (variables_sampling_estimate, {"x": [1, math.inf], "usl": 1}, "x"),
    (variables_sampling_estimate, {"x": ["a"], "usl": 1}, "x"),
    (variables_sampling_estimate, {"x": [[1], [2]], "usl": 1}, "x"),
]


@pytest.mark.parametrize(("function", "arguments", "name"), BAD)
def test_a_wrong_argument_is_named(function, arguments, name):
    with pytest.raises(ArgumentError) as refused:
        function(**arguments)

    assert refused.value.argument == name


def test_no_plan_loads_scipy():
    code = (
        "import sys, andon.stats as s;"
        "s.oc_curve([9, 9], [0, 2], lot_size=90, model='hypergeometric');"
        "s.find_plan([.01, .95], [.06, .1], 'normal_unknown');"
        "s.oc_curve_variables(9, 1.5, sigma_known=False); s.z19_plan(lot_size=90, aql=1);"
        "s.variables_sampling_estimate([1, 2, 4], usl=5); s.c0_plan(reliability=.9, lot_size=50);"
        "sys.exit(any(m.split('.')[0] == 'scipy' for m in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
