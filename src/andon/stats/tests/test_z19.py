"""The Z1.9 tables: every cell, every edge of a lot size, and lookups that must be refused."""

import json
import math

import pytest
from scipy import stats as second_opinion

from andon.stats import ArgumentError, oc_curve_variables, variables_m_from_k, z19_plan
from andon.stats.sampling.z19 import INSPECTIONS

AQLS = ["0.10", "0.15", "0.25", "0.40", "0.65", "1.0", "1.5", "2.5", "4.0", "6.5", "10"]
LEVELS = ["S-3", "S-4", "I", "II", "III"]
LOTS = [2, 9, 16, 26, 51, 91, 151, 281, 401, 501, 1201, 3201, 10001, 35001, 150001, 500001]


def codes(result):
    return [warning.code for warning in result.warnings]


@pytest.mark.parametrize("inspection", INSPECTIONS)
@pytest.mark.parametrize("known", [True, False])
def test_every_cell_of_the_tables_gives_the_k_that_scipy_gives(inspection, known):
    for lot in LOTS[3::3]:
        for aql in AQLS:
            plan = z19_plan(lot_size=lot, aql=aql, inspection=inspection, sigma_known=known)
            n, m = plan.n, plan.m
            if known:
                k = second_opinion.norm.isf(m) * math.sqrt((n - 1) / n)
            else:
                share = second_opinion.beta.ppf(m, n / 2 - 1, n / 2 - 1)
                k = (1 - 2 * share) * (n - 1) / math.sqrt(n)
            assert plan.k == pytest.approx(k, rel=1e-8, abs=1e-10)
            back = variables_m_from_k(plan.k, n, sigma_known=known).m
            assert back == pytest.approx(m, rel=1e-8)


def test_a_larger_lot_never_has_an_earlier_code_letter():
    for level in LEVELS:
        letters = [z19_plan(lot_size=lot, aql=1, level=level).code_letter for lot in LOTS]

        assert letters == sorted(letters)


def test_the_edges_of_the_lot_sizes_belong_to_their_own_row():
    for place, lot in enumerate(LOTS[1:]):
        below = z19_plan(lot_size=lot - 1, aql=1).lot_size_range
        assert below == z19_plan(lot_size=LOTS[place], aql=1).lot_size_range
        assert below != z19_plan(lot_size=lot, aql=1).lot_size_range


@pytest.mark.parametrize("known", [True, False])
def test_tightened_asks_for_more_and_reduced_for_less_than_normal(known):
    for lot in LOTS[4::4]:
        for aql in AQLS[1:-1]:
            kinds = [
                z19_plan(lot_size=lot, aql=aql, inspection=kind, sigma_known=known)
                for kind in ("tightened", "normal", "reduced")
            ]
            accepted = [
                oc_curve_variables(plan.n, plan.k, sigma_known=known, p=float(aql) / 100).pa[0]
                for plan in kinds
            ]

            assert accepted[0] <= accepted[1] + 1e-9
            assert kinds[2].n <= kinds[1].n


def test_an_arrow_leads_to_a_plan_with_its_own_sample_size():
    # Letter B at AQL 0.10 normal has no plan of its own: the arrow ends at E, n = 7.
    plan = z19_plan(lot_size=5, aql="0.1")

    assert (plan.code_letter, plan.n, plan.m) == ("B", 7, pytest.approx(0.00005))
    assert codes(plan) == ["full_inspection"]
    assert "7 items" in str(plan.warnings[0])


def test_many_plans_come_as_one_result():
    plans = z19_plan(
        [
            {"lot_size_range": "3,201–10,000", "aql": 1.0, "level": "II"},
            {"lot_size": 6000, "aql": "1"},
            {"lot_size_range": "500,001 and over", "aql": "1.0"},
            {"lot_size_range": "2-8", "aql": "0.10", "inspection": "reduced", "level": "S-3"},
        ]
    )

    assert plans.n[0] == plans.n[1] == 75
    assert plans.n[2] == 200
    assert [row["code_letter"] for row in plans.rows()] == ["L", "L", "P", "B"]
    assert codes(plans) == []
    assert z19_plan([]).n == []
    assert json.loads(json.dumps(plans.to_dict(), allow_nan=False)) == plans.to_dict()


BAD = [
    ({}, "lot_size"),
    ({"lot_size": 0, "aql": 1}, "lot_size"),
    ({"lot_size": 1, "aql": 1}, "lot_size"),
    ({"lot_size": 10.5, "aql": 1}, "lot_size"),
    ({"lot_size": 100}, "aql"),
    ({"lot_size": 100, "aql": 3}, "aql"),
    ({"lot_size": 100, "aql": "one"}, "aql"),
    ({"lot_size": 100, "aql": math.nan}, "aql"),
    ({"lot_size": 100, "aql": 1, "level": "IV"}, "level"),
    ({"lot_size": 100, "aql": 1, "level": 2}, "level"),
    ({"lot_size": 100, "aql": 1, "inspection": "skip"}, "inspection"),
    ({"lot_size": 100, "aql": 1, "sigma_known": 1}, "sigma_known"),
    ({"plans": [{"lot_size_range": "5-9", "aql": 1}]}, "lot_size_range"),
    ({"plans": [{"lot": 9, "aql": 1}]}, "plans"),
    ({"plans": ["26-50"]}, "plans"),
    ({"plans": 40}, "plans"),
    ({"plans": [], "aql": 1}, "plans"),
]


@pytest.mark.parametrize(("arguments", "name"), BAD)
def test_a_wrong_argument_is_named(arguments, name):
    with pytest.raises(ArgumentError) as refused:
        z19_plan(**arguments)

    assert refused.value.argument == name
