"""The smallest plan for two points, and acceptance on zero: minimal, and as published."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as second_opinion

from andon.stats import ArgumentError, c0_plan, find_plan

FEW = settings(max_examples=30, deadline=None)
MODELS = ["binomial", "poisson", "hypergeometric"]


def chance(model, n, c, p, lot=None):
    """P(X <= c) as scipy.stats has it."""
    if model == "binomial":
        return second_opinion.binom.cdf(c, n, p)
    if model == "poisson":
        return second_opinion.poisson.cdf(c, n * p)
    return second_opinion.hypergeom.cdf(c, lot, round(lot * p), n)


@pytest.mark.parametrize("model", MODELS)
@FEW
@given(good=st.floats(0.01, 0.05), factor=st.floats(2.5, 8), often=st.floats(0.9, 0.99))
def test_the_plan_found_keeps_both_promises_and_none_smaller_does(model, good, factor, often):
    bad, lot = good * factor, 400
    plan = find_plan([good, often], [bad, 0.1], model, lot)

    assert chance(model, plan.n, plan.c, good, lot) >= often - 1e-9
    assert chance(model, plan.n, plan.c, bad, lot) <= 0.1 + 1e-9
    assert plan.pa_producer == pytest.approx(chance(model, plan.n, plan.c, good, lot))
    assert plan.pa_consumer == pytest.approx(chance(model, plan.n, plan.c, bad, lot))
    if plan.n > 1:
        assert chance(model, plan.n - 1, plan.c, bad, lot) > 0.1
    if plan.c:
        sizes = np.arange(1, lot + 1)
        keeps = (chance(model, sizes, plan.c - 1, bad, lot) <= 0.1) & (
            chance(model, sizes, plan.c - 1, good, lot) >= often
        )
        assert not keeps.any()


def test_the_plan_says_what_it_promises():
    plan = find_plan([0.01, 0.95], [0.06, 0.1])

    assert str(plan.promise) == (
        "Accepts lots with 1 % nonconforming in 97.5 of 100 cases, and lots with 6 % in 9.8 of 100."
    )


def test_success_run_sizes_are_the_published_ones():
    # The classical sizes for 95/90, 90/95, 99/95: ln(1-C)/ln(R), e.g. Montgomery; Squeglia.
    cases = [(0.95, 0.9, 29), (0.9, 0.95, 45), (0.99, 0.95, 90), (0.5, 0.5, 1), (0.75, 0.5, 2)]

    assert [c0_plan(confidence=c, reliability=r).n for c, r, _ in cases] == [n for *_, n in cases]


@FEW
@given(
    sure=st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99]),
    good=st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999]),
    lot=st.integers(2, 3000),
)
def test_the_sample_from_a_lot_is_the_smallest_and_never_above_the_endless_one(sure, good, lot):
    plan = c0_plan(confidence=sure, reliability=good, lot_size=lot)

    assert chance("hypergeometric", plan.n, 0, plan.bad / lot, lot) <= (1 - sure) * (1 + 1e-9)
    if plan.n > 1:
        assert chance("hypergeometric", plan.n - 1, 0, plan.bad / lot, lot) > (1 - sure) * (
            1 - 1e-9
        )
    assert plan.n <= min(lot, c0_plan(confidence=sure, reliability=good).n)
    assert 0 <= plan.bad - lot * (1 - good) < 1 - 1e-9 or plan.bad == round(lot * (1 - good))


def test_five_percent_of_a_hundred_are_five_items():
    plan = c0_plan(reliability=0.95, lot_size=100)

    assert 100 * (1 - 0.95) > 5  # in floating point, which must not make it six
    assert (plan.bad, plan.n) == (5, 45)


def test_an_enormous_lot_needs_no_more_than_an_endless_one():
    assert c0_plan(reliability=0.9, lot_size=10**9).n == c0_plan(reliability=0.9).n


def test_many_acceptance_on_zero_plans_come_as_one_result():
    cases = [{"confidence": 0.95, "reliability": 0.95}, {"reliability": 0.95, "lot_size": 100}]
    plans = c0_plan(cases)

    assert plans.n == [59, 45]
    assert [row["n"] for row in plans.rows()] == [59, 45]
    assert "95 % are good" in str(plans.plans[1].promise)
    assert c0_plan([]).n == []


BAD_POINTS = [
    ({"producer": [0.01]}, "producer"),
    ({"producer": "0.01"}, "producer"),
    ({"producer": [0.01, None]}, "producer"),
    ({"producer": [0, 0.95]}, "producer"),
    ({"producer": [-0.01, 0.95], "model": "poisson"}, "producer"),
    ({"producer": [0.01, 1]}, "producer"),
    ({"consumer": [1.2, 0.1]}, "consumer"),
    ({"consumer": [math.inf, 0.1]}, "consumer"),
    ({"consumer": [0.01, 0.1]}, "consumer"),
    ({"consumer": [0.06, 0.96]}, "consumer"),
    ({"consumer": [0.0100001, 0.1]}, "consumer"),
    ({"consumer": [0.0105, 0.1]}, "consumer"),
    ({"consumer": [0.0100001, 0.1], "model": "normal_known"}, "consumer"),
    ({"model": "normal"}, "model"),
    ({"model": []}, "model"),
    ({"producer": None}, "producer"),
    ({"model": "hypergeometric"}, "lot_size"),
    ({"model": "hypergeometric", "lot_size": 1}, "lot_size"),
    ({"model": "hypergeometric", "lot_size": 8}, "lot_size"),
]


@pytest.mark.parametrize(("changes", "name"), BAD_POINTS)
def test_points_that_no_plan_can_meet_are_refused(changes, name):
    with pytest.raises(ArgumentError) as refused:
        find_plan(**{"producer": [0.01, 0.95], "consumer": [0.06, 0.1], **changes})

    assert refused.value.argument == name


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({}, "reliability"),
        ({"reliability": 1}, "reliability"),
        ({"reliability": "high"}, "reliability"),
        ({"reliability": 0.9, "confidence": 0}, "confidence"),
        ({"reliability": 0.9, "lot_size": 1}, "lot_size"),
        ({"reliability": 0.9, "lot_size": -5}, "lot_size"),
        ({"reliability": 0.9, "lot_size": 10.5}, "lot_size"),
        ({"cases": [{"reliability": 0.9, "lot": 5}]}, "cases"),
        ({"cases": [0.9]}, "cases"),
        ({"cases": 0.9}, "cases"),
        ({"cases": {"reliability": 0.9}}, "cases"),
        ({"cases": [], "reliability": 0.9}, "cases"),
        ({"cases": [{"confidence": 0.9}]}, "reliability"),
    ],
)
def test_a_wrong_argument_of_an_acceptance_on_zero_plan_is_named(arguments, name):
    with pytest.raises(ArgumentError) as refused:
        c0_plan(**arguments)

    assert refused.value.argument == name
