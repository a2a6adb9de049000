"""Plans of ISO 2859-1 and Z1.4: the self-check of the tables, and the common mistakes.

Facts of the tables are from shared/statistics/iso2859-1-README.md (its sources: R package
AQLSchemes 1.7-2, public transcriptions of NTE INEN-ISO 2859-1).
"""

import doctest
import importlib
import math
from itertools import pairwise, product

import pytest
from scipy import stats as scipy_stats

from andon.stats import code_letter, oc_curve, sampling_plan
from andon.stats.sampling.tables import ISO, Z14, follow_arrows, single_rows, table_data

DATA = table_data("iso2859-1.json")
AQLS, LETTERS, LEVELS = DATA["aql"], DATA["code_letters"], DATA["inspection_levels"]
FIRST_SIZES = [first for first, _ in DATA["lot_size_ranges"]]
TABLES = {
    "normal": ("normal", ISO),
    "tightened": ("tightened", ISO),
    "reduced": ("reduced", ISO),
    "reduced_z14": ("reduced", Z14),
}


def direct_plans(table):
    """Letter, AQL, n, Ac, Re of each cell that holds a plan itself."""
    sizes, rows = DATA["single"]["sample_size"][table], DATA["single"][table]
    for letter, aql in product(LETTERS, AQLS):
        cell = rows[letter][AQLS.index(aql)]
        if "/" in cell:
            ac, re = map(int, cell.split("/"))
            yield letter, float(aql), sizes[letter], ac, re


def accepted(ac, n, aql):
    if aql <= 10:
        return float(scipy_stats.binom.cdf(ac, n, aql / 100))
    return float(scipy_stats.poisson.cdf(ac, n * aql / 100))


def staged_acceptance(plan, rate):
    """Poisson acceptance of a plan of any number of samples, by its own recursion."""
    open_paths, accepted_share = {0: 1.0}, 0.0
    for n, ac, re in zip(plan.sample_sizes, plan.ac, plan.re, strict=True):
        after = {}
        for found, share in open_paths.items():
            for more in range(re - found):
                chance = share * math.exp(
                    more * math.log(n * rate) - n * rate - math.lgamma(more + 1)
                )
                if found + more <= ac:
                    accepted_share += chance
                else:
                    after[found + more] = after.get(found + more, 0.0) + chance
        open_paths = after
    return accepted_share


# The self-check that came with the tables (iso2859_selfcheck.py).


def test_lot_ranges_follow_each_other_without_a_gap():
    ranges = DATA["lot_size_ranges"]

    assert all(last + 1 == first for (_, last), (first, _) in pairwise(ranges))
    assert (ranges[0][0], ranges[-1][1]) == (2, None)


@pytest.mark.parametrize("level", LEVELS)
def test_code_letters_never_fall_as_the_lot_grows(level):
    found = [code_letter(size, level) for size in FIRST_SIZES]

    assert found == sorted(found)


@pytest.mark.parametrize(
    ("lower", "higher"),
    [("S-1", "S-2"), ("S-2", "S-3"), ("S-3", "S-4"), ("I", "II"), ("II", "III")],
)
def test_a_higher_level_never_takes_a_smaller_letter(lower, higher):
    assert all(code_letter(size, lower) <= code_letter(size, higher) for size in FIRST_SIZES)


@pytest.mark.parametrize(("severity", "rules"), [*TABLES.values(), ("tightened", Z14)])
def test_every_arrow_ends_at_a_plan(severity, rules):
    rows = single_rows(severity, rules)

    for letter, column in product(LETTERS, range(len(AQLS))):
        path, cell = follow_arrows(rows, letter, column)
        ac, re = map(int, cell.split("/"))
        assert re > ac
        assert len(path) == len(set(path))


@pytest.mark.parametrize("table", TABLES)
def test_the_acceptance_number_never_falls_along_a_row(table):
    for letter in LETTERS:
        numbers = [ac for row, _, _, ac, _ in direct_plans(table) if row == letter]
        assert numbers == sorted(numbers)


@pytest.mark.parametrize("table", ["normal", "tightened", "reduced"])
def test_rejection_follows_acceptance_by_one_but_on_reduced_inspection_of_z14(table):
    assert all(re == ac + 1 for *_, ac, re in direct_plans(table))
    assert any(re > ac + 1 for *_, ac, re in direct_plans("reduced_z14"))


@pytest.mark.parametrize(
    ("table", "plans", "low", "high"),
    [
        ("normal", 152, 0.874, 0.994),
        ("tightened", 137, 0.795, 0.978),
        ("reduced", 137, 0.874, 0.999),
        ("reduced_z14", 152, 0.874, 1.000),
    ],
)
def test_lots_at_the_aql_are_accepted_as_often_as_stated(table, plans, low, high):
    chances = [
        accepted(re - 1 if table == "reduced_z14" else ac, n, aql)
        for _, aql, n, ac, re in direct_plans(table)
    ]

    assert len(chances) == plans
    assert round(min(chances), 3) == low
    assert round(max(chances), 3) == high


@pytest.mark.parametrize("rules", [ISO, Z14])
@pytest.mark.parametrize("aql", AQLS)
def test_tightened_inspection_is_never_looser_than_normal(aql, rules):
    for size, level in product(FIRST_SIZES, ("II", "III")):
        normal = sampling_plan(size, aql, level=level, rules=rules)
        tight = sampling_plan(size, aql, level=level, severity="tightened", rules=rules)
        if (rules, normal.letter, aql) == (ISO, "A", "10"):
            continue  # 2, 0/1 against the 5, 1/2 that the arrow of normal inspection leads to
        for ratio in (0.25, 0.5, 1, 2, 4):
            rate = float(aql) / 100 * ratio
            assert staged_acceptance(tight, rate) <= staged_acceptance(normal, rate) + 1e-9
        if normal.sample_sizes == tight.sample_sizes:
            assert tight.ac[-1] <= normal.ac[-1]


@pytest.mark.parametrize(("kind", "gap"), [("double", 0.15), ("multiple", 0.15)])
@pytest.mark.parametrize("severity", ["normal", "tightened"])
def test_double_and_multiple_plans_follow_the_curve_of_the_single_plan(kind, gap, severity):
    for size, aql in product(FIRST_SIZES, AQLS[6:18:2]):
        single = sampling_plan(size, aql, severity=severity, rules=Z14)
        staged = sampling_plan(size, aql, severity=severity, kind=kind, rules=Z14)
        for items in (0.5, 2, 5):
            rate = items / single.sample_sizes[0]
            assert abs(staged_acceptance(single, rate) - staged_acceptance(staged, rate)) < gap


@pytest.mark.parametrize("kind", ["single", "double", "multiple"])
def test_a_plan_goes_straight_into_its_oc_curve(kind):
    plan = sampling_plan(3200, 1.0, kind=kind, rules=Z14)
    curve = oc_curve(n=plan.sample_sizes, ac=plan.ac, re=plan.re, model="poisson", p=[0.01, 0.05])

    assert curve.pa == pytest.approx([staged_acceptance(plan, rate) for rate in (0.01, 0.05)])


def test_double_plans_are_well_formed():
    for severity, size, aql in product(("normal", "tightened"), FIRST_SIZES, AQLS):
        plan = sampling_plan(size, aql, severity=severity, kind="double", rules=Z14)
        if plan.kind == "double":
            assert plan.ac[0] < plan.re[0]
            assert plan.ac[0] < plan.ac[1] == plan.re[1] - 1


def test_a_double_plan_is_reached_by_the_arrows_of_the_single_plan():
    for key in ("normal", "tightened", "reduced_z14"):
        single, double = DATA["single"][key], DATA["double_z14"][key]
        for letter, column in product(LETTERS, range(len(AQLS))):
            arrows = {cells[letter][column] for cells in (single, double)}
            assert len(arrows) == 1 or not arrows & {"up", "down"}


# The common mistakes of public programs (README of the tables).


@pytest.mark.parametrize(
    ("size", "s3", "s4"),
    [(91, "C", "D"), (150, "C", "D"), (1201, "E", "G"), (3200, "E", "G"), (150_001, "G", "J")],
)
def test_special_levels_have_their_own_letters(size, s3, s4):
    assert (code_letter(size, "S-3"), code_letter(size, "S-4")) == (s3, s4)


def test_the_diagonal_is_not_continued_where_the_table_has_an_arrow():
    plan = sampling_plan(50_000, 4.0)

    assert (plan.letter, plan.path, plan.plan) == ("N", ["N", "M"], [315, 21, 22])
    assert "because the table points up at AQL 4.0" in str(plan.steps[-1])
    assert "35,001 to 150,000" in str(plan.steps[0])


def test_an_arrow_brings_its_own_sample_size():
    plan = sampling_plan(40, "0.65")

    assert (plan.letter, plan.plan_letter, plan.plan) == ("D", "F", [20, 0, 1])
    assert [str(step)[:14] for step in plan.steps[1:]] == ["Letter D → E b", "Letter E → F b"]


def test_a_lot_of_1200_is_j_and_one_more_is_k():
    assert (code_letter(1200), code_letter(1201)) == ("J", "K")
    assert "500,001 items and more" in str(sampling_plan(10**7, 1.0).steps[0])


def test_reduced_inspection_has_a_gap_by_z14_and_none_by_iso():
    iso = sampling_plan(1200, 1.0, severity="reduced")
    z14 = sampling_plan(1200, 1.0, severity="reduced", rules=Z14)

    assert (iso.plan, z14.plan) == ([32, 1, 2], [32, 1, 3])
    assert (iso.rules, z14.rules) == (ISO, Z14)


def test_tightened_letter_a_at_aql_10_differs_between_the_rule_sets():
    iso = sampling_plan(8, 10, severity="tightened")
    z14 = sampling_plan(8, 10, severity="tightened", rules="z14")

    assert (iso.plan, z14.plan, z14.path) == ([2, 0, 1], [8, 1, 2], ["A", "B", "C", "D"])


@pytest.mark.parametrize(
    "module", ["tables", "iso2859", "iso2859_lots", "iso2859_decision", "switching", "skip_lot"]
)
def test_the_examples_are_true(module):
    outcome = doctest.testmod(importlib.import_module(f"andon.stats.sampling.{module}"))

    assert (outcome.failed, outcome.attempted > 0) == (0, True)


def test_every_part_of_the_tables_names_its_source_and_status():
    sources = table_data("iso2859-1-sources.json")
    allowed = {"verified", "derived", "one source", "unverified", "absent"}

    assert {part["status"] for part in sources["status"].values()} == allowed
    for table in DATA["single"].keys() - {"sample_size"}:
        assert sources["status"][f"single.{table}"]["how"]
    assert {"double_z14", "multiple_z14", "double_iso1999_unverified"} <= sources["status"].keys()
