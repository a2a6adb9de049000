"""Plans by attributes: the curve of any number of stages, and what inspection costs."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as second_opinion

from andon.stats import ArgumentError, c0_plan, find_plan, oc_curve

FEW = settings(max_examples=30, deadline=None)
SHARES = st.floats(0, 1)
MODELS = ["binomial", "poisson", "hypergeometric"]


def codes(result):
    return [warning.code for warning in result.warnings]


def chance(model, n, c, p, lot=None):
    """P(X <= c) as scipy.stats has it."""
    if model == "binomial":
        return second_opinion.binom.cdf(c, n, p)
    if model == "poisson":
        return second_opinion.poisson.cdf(c, n * p)
    return second_opinion.hypergeom.cdf(c, lot, round(lot * p), n)


def mass(model, n, x, p, lot=None, *already):
    drawn, found = already or (0, 0)
    if model == "binomial":
        return second_opinion.binom.pmf(x, n, p)
    if model == "poisson":
        return second_opinion.poisson.pmf(x, n * p)
    return second_opinion.hypergeom.pmf(x, lot - drawn, round(lot * p) - found, n)


def by_paths(plan, model, p, lot):
    """Chance of acceptance and average sample number, path by path."""
    accepted, inspected = 0.0, 0.0
    paths = {0: 1.0}
    drawn = 0
    for n, ac, re in zip(*plan, strict=True):
        inspected += n * sum(paths.values())
        reached = {}
        for found, weight in paths.items():
            for x in range(re - found):
                if not weight:
                    continue
                step = weight * float(mass(model, n, x, p, lot, drawn, found))
                reached[found + x] = reached.get(found + x, 0.0) + step
        accepted += sum(weight for total, weight in reached.items() if total <= ac)
        paths = {total: weight for total, weight in reached.items() if ac < total < re}
        drawn += n
    return accepted, inspected


@pytest.mark.parametrize("model", MODELS)
@FEW
@given(n=st.integers(1, 300), c=st.integers(0, 12), p=SHARES)
def test_a_single_plan_accepts_as_scipy_says(model, n, c, p):
    got = oc_curve(n, c, model=model, p=[p], lot_size=400).pa[0]

    assert got == pytest.approx(chance(model, n, c, p, 400), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("model", "n", "c", "p", "lot"),
    [
        ("binomial", 10_000, 1_000, 0.1, None),
        ("binomial", 3_150, 20, 0.9999, None),
        ("poisson", 2_000, 44, 2.5, None),
        ("poisson", 20_000, 1_000, 0.05, None),
        ("hypergeometric", 9_000, 880, 0.1, 10_000),
        ("hypergeometric", 1_250, 21, 0.01, 500_000),
    ],
)
def test_large_samples_keep_their_digits(model, n, c, p, lot):
    got = oc_curve(n, c, model=model, p=[p], lot_size=lot).pa[0]

    assert got == pytest.approx(chance(model, n, c, p, lot), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("p", [0.0, 0.01, 0.03, 0.08, 0.2, 1.0])
@pytest.mark.parametrize(
    "plan",
    [
        ([50, 50], [0, 3], [3, 4]),
        ([20, 30, 25], [0, 2, 5], [3, 5, 6]),
        ([13] * 7, [None, 0, 1, 2, 3, 5, 6], [3, 3, 4, 5, 6, 6, 7]),
    ],
)
def test_many_stages_are_followed_along_every_path(plan, p, model):
    curve = oc_curve(*plan, model=model, p=[p], lot_size=130)
    sizes, accept, reject = plan
    numbers = sizes, [-1 if ac is None else ac for ac in accept], reject

    accepted, inspected = by_paths(numbers, model, p, 130)

    assert curve.pa[0] == pytest.approx(accepted, rel=1e-9, abs=1e-12)
    assert curve.asn[0] == pytest.approx(inspected, rel=1e-9)


@pytest.mark.parametrize("model", MODELS)
@FEW
@given(n=st.integers(1, 60), c=st.integers(0, 6), better=SHARES, worse=SHARES)
def test_a_worse_quality_is_never_accepted_more_often(model, n, c, better, worse):
    better, worse = sorted((better, worse))
    plan = [n, n], [c, c + 2], [c + 2, c + 3]

    good, bad = oc_curve(*plan, model=model, p=[better, worse], lot_size=150).pa

    assert bad <= good + 1e-12
    assert 0 <= bad <= good + 1e-12 <= 1 + 2e-12


@pytest.mark.parametrize("model", MODELS)
@FEW
@given(parts=st.lists(st.integers(1, 40), min_size=2, max_size=4), c=st.integers(0, 5), p=SHARES)
def test_one_sample_drawn_in_parts_is_one_sample(model, parts, c, p):
    never = [None] * (len(parts) - 1)
    split = oc_curve(parts, [*never, c], [c + 1] * len(parts), model=model, p=[p], lot_size=200)

    whole = oc_curve(sum(parts), c, model=model, p=[p], lot_size=200)

    assert split.pa[0] == pytest.approx(whole.pa[0], rel=1e-9, abs=1e-12)


def test_without_rejection_numbers_every_stage_rejects_above_the_last_acceptance_number():
    assert oc_curve([50, 50], [0, 3], p=[0.02]) == oc_curve([50, 50], [0, 3], [4, 4], p=[0.02])


def test_rectifying_inspection_gives_the_numbers_of_the_nist_handbook():
    # NIST/SEMATECH e-Handbook 6.2.3.2: plan (52, 3), N = 10 000, p = 0.03.
    curve = oc_curve(52, 3, p=[0.03], lot_size=10_000)

    assert curve.aoq[0] == pytest.approx(0.0277, abs=1e-4)
    assert curve.ati[0] == pytest.approx(753, abs=1)
    assert curve.aoql == pytest.approx(0.0372, abs=2e-4)
    assert curve.aoql_p == pytest.approx(0.056, abs=1e-3)


def test_the_average_total_inspection_is_that_of_montgomery():
    # Montgomery, Introduction to Statistical Quality Control: n = 89, c = 2, N = 10 000, p = 0.01.
    curve = oc_curve(89, 2, p=[0.01], lot_size=10_000)

    assert curve.pa[0] == pytest.approx(0.9397, abs=1e-4)
    assert curve.ati[0] == pytest.approx(687, abs=1)


@pytest.mark.parametrize(("c", "y"), [(0, 0.3679), (1, 0.8400), (2, 1.371), (3, 1.942)])
def test_the_outgoing_quality_limit_is_that_of_dodge_and_romig(c, y):
    # Dodge and Romig, Sampling Inspection Tables: AOQL = y (1/n - 1/N) under the Poisson model.
    curve = oc_curve(100, c, model="poisson", lot_size=2_000)

    assert curve.aoql == pytest.approx(y * (1 / 100 - 1 / 2_000), rel=5e-4)


def test_in_one_lot_the_bad_items_left_behind_are_counted():
    curve = oc_curve([5, 5], [0, 2], [2, 3], model="hypergeometric", p=[0.2], lot_size=20)
    left = sum((4 - x) * mass("hypergeometric", 5, x, 0.2, 20) for x in range(1)) + sum(
        (4 - 1 - y)
        * mass("hypergeometric", 5, 1, 0.2, 20)
        * mass("hypergeometric", 5, y, 0.2, 20, 5, 1)
        for y in range(2)
    )

    assert curve.aoq[0] == pytest.approx(left / 20)
    every = oc_curve(5, 0, model="hypergeometric", p=np.arange(21) / 20, lot_size=20)
    assert every.aoql == pytest.approx(max(every.aoq))
    assert every.aoql_p == every.p[int(np.argmax(every.aoq))]


@pytest.mark.parametrize("model", ["binomial", "hypergeometric"])
@pytest.mark.parametrize("p", [0.0, 0.05, 0.1, 0.4, 1.0])
def test_curtailed_inspection_stops_at_the_rejection_number(model, p):
    curve = oc_curve([20, 40], [0, 3], [3, 4], model=model, p=[p], lot_size=100)
    # E[min(T, n)] is the sum of P(fewer than r found among the first m) for m below n.
    second = sum(
        float(mass(model, 20, x, p, 100))
        * sum(sum(float(mass(model, m, y, p, 100, 20, x)) for y in range(4 - x)) for m in range(40))
        for x in (1, 2)
        if mass(model, 20, x, p, 100) > 0
    )

    assert curve.asn_curtailed[0] == pytest.approx(20 + second)
    assert curve.asn_curtailed[0] <= curve.asn[0] + 1e-9


def test_curtailing_nonconformities_stops_within_the_sample():
    curve = oc_curve([20, 40], [0, 3], [3, 4], model="poisson", p=[0, 0.01, 0.1])

    assert curve.asn_curtailed[0] == 20
    assert all(
        20 < short < full
        for short, full in zip(curve.asn_curtailed[1:], curve.asn[1:], strict=True)
    )
    # The second sample ends at the (4 - x)-th event: a gamma variate, cut off at 40 items.
    rate = 0.1
    longest = np.linspace(0, 40, 4001)
    second = sum(
        float(mass("poisson", 20, x, rate))
        * np.trapezoid(second_opinion.poisson.cdf(3 - x, rate * longest), longest)
        for x in (1, 2)
    )
    assert curve.asn_curtailed[2] == pytest.approx(20 + second, rel=1e-6)


def test_a_stage_whose_rejection_number_was_passed_before_costs_nothing_when_curtailed():
    curve = oc_curve([10, 10, 10], [0, 1, 2], [4, 2, 3], p=[0.3])
    accepted, inspected = by_paths(([10] * 3, [0, 1, 2], [4, 2, 3]), "binomial", 0.3, None)

    assert curve.pa[0] == pytest.approx(accepted)
    assert curve.asn[0] == pytest.approx(inspected)
    assert 10 < curve.asn_curtailed[0] < inspected


def test_between_ac_and_re_of_reduced_inspection_the_lot_is_accepted_with_a_warning():
    # ANSI/ASQ Z1.4, reduced, letter J, AQL 1.0: n = 32, Ac 1, Re 3.
    curve = oc_curve(32, 1, 3, p=[0.05])

    assert codes(curve) == ["reduced_gap"]
    assert curve.pa == oc_curve(32, 2, p=[0.05]).pa


def test_the_named_qualities_lie_on_the_curve():
    curve = oc_curve(80, 2)

    for share, wanted in ((curve.p95, 0.95), (curve.p50, 0.5), (curve.p10, 0.1)):
        assert chance("binomial", 80, 2, share) == pytest.approx(wanted, abs=1e-9)


def test_in_a_lot_of_whole_items_the_promise_can_be_kept():
    curve = oc_curve(20, 1, model="hypergeometric", lot_size=100)

    assert chance("hypergeometric", 20, 1, curve.p95, 100) >= 0.95
    assert chance("hypergeometric", 20, 1, curve.p95 + 0.01, 100) < 0.95
    assert chance("hypergeometric", 20, 1, curve.p10, 100) <= 0.1
    assert chance("hypergeometric", 20, 1, curve.p10 - 0.01, 100) > 0.1


@pytest.mark.parametrize("model", MODELS)
def test_the_curve_to_draw_runs_from_all_to_hardly_any_lot_accepted(model):
    curve = oc_curve([13, 13], [0, 3], [3, 4], model=model, lot_size=500)

    assert (curve.p[0], curve.pa[0], len(curve.p)) == (0, 1, 101)
    assert curve.pa[-1] == pytest.approx(0.001, abs=5e-4)
    assert curve.rows()[0].keys() == {"p", "pa", "asn", "asn_curtailed", "aoq", "ati"}
    assert len(curve.rows()) == 101


def test_nonconformities_per_item_may_exceed_one_and_are_named_per_hundred():
    curve = oc_curve(2, 5, model="poisson")

    assert curve.p10 > 1
    assert "nonconformities per 100 items" in str(curve.promise)
    assert curve.aoql > 1


def test_a_plan_that_accepts_everything_promises_nothing():
    curve = oc_curve(2, 3)

    assert curve.pa == pytest.approx([1.0] * 101)
    assert (curve.p95, curve.p10, curve.aoql, curve.promise) == (None, None, None, None)


def test_a_missing_quality_has_no_point_and_no_quality_at_all_is_said():
    curve = oc_curve(5, 0, p=[0.1, None, math.nan])

    assert curve.pa[1:] == curve.aoq[1:] == [None, None]
    assert curve.n_missing == 2
    empty = oc_curve(5, 0, p=[])
    assert (empty.pa, codes(empty), empty.rows()) == ([], ["no_data"], [])


BAD_CURVES = [
    ({"n": []}, "n"),
    ({"n": "52"}, "n"),
    ({"n": [0]}, "n"),
    ({"n": [2.5]}, "n"),
    ({"n": [math.nan]}, "n"),
    ({"n": [None]}, "n"),
    ({"n": {"a": 1}}, "n"),
    ({"ac": [1, 2]}, "ac"),
    ({"ac": [-2]}, "ac"),
    ({"ac": None}, "ac"),
    ({"n": [5, 5], "ac": [0, None]}, "ac"),
    ({"ac": ["x"]}, "ac"),
    ({"n": [5, 5], "ac": [2, 1]}, "ac"),
    ({"re": [1]}, "re"),
    ({"re": [2, 3]}, "re"),
    ({"re": ["a"]}, "re"),
    ({"model": "normal"}, "model"),
    ({"model": ["binomial"]}, "model"),
    ({"p": [-0.1]}, "p"),
    ({"p": [1.1]}, "p"),
    ({"p": [math.inf]}, "p"),
    ({"p": ["0.1"]}, "p"),
    ({"p": [[0.1]]}, "p"),
    ({"p": [1.1], "model": "hypergeometric", "lot_size": 90}, "p"),
    ({"model": "hypergeometric"}, "lot_size"),
    ({"lot_size": 1}, "lot_size"),
    ({"lot_size": 0}, "lot_size"),
    ({"lot_size": 51}, "n"),
]


@pytest.mark.parametrize(("changes", "name"), BAD_CURVES)
def test_a_wrong_argument_of_the_curve_is_named(changes, name):
    with pytest.raises(ArgumentError) as refused:
        oc_curve(**{"n": [52], "ac": [1], "p": [0.1], **changes})

    assert refused.value.argument == name


@pytest.mark.parametrize(
    "result",
    [
        oc_curve([5, 5], [None, 1], p=[0, 0.1, None], lot_size=50),
        oc_curve(2, 3),
        find_plan([0.01, 0.95], [0.06, 0.1], "poisson"),
        c0_plan([{"reliability": 0.9, "lot_size": 30}]),
    ],
    ids=lambda result: type(result).__name__,
)
def test_every_result_is_plain_json(result):
    assert json.loads(json.dumps(result.to_dict(), allow_nan=False)) == result.to_dict()
