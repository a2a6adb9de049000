"""Plans for lots: full inspection, certainty, lists of lots, and decisions."""

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats import ArgumentError, decide, iso2859_plan, sampling_plan
from andon.stats.sampling.tables import ISO, Z14, table_data

DATA = table_data("iso2859-1.json")
lots: st.SearchStrategy[dict[str, object]] = st.builds(
    dict,
    lot_size=st.integers(2, 2_000_000),
    aql=st.sampled_from(DATA["aql"]),
    level=st.sampled_from(DATA["inspection_levels"]),
    severity=st.sampled_from(("normal", "tightened", "reduced")),
    kind=st.sampled_from(["single", "double", "multiple"]),
    rules=st.sampled_from([ISO, Z14]),
)


def codes(result):
    return [warning.code for warning in result.warnings]


def test_a_sample_no_smaller_than_the_lot_means_every_item():
    plan = sampling_plan(25, 0.25)

    assert (plan.plan, plan.full_inspection, plan.n) == ([50, 0, 1], True, 25)
    assert [dict(stage) for stage in plan.stages] == [{"n": 25, "ac": 0, "re": 1}]
    assert codes(plan) == ["full_inspection"]
    assert not sampling_plan(51, 0.25).full_inspection


def test_the_last_sample_takes_what_is_left_of_the_lot_and_decides():
    plan = sampling_plan(30, 10, level="III", kind="double", rules=Z14)

    assert (plan.letter, plan.plan) == ("E", [8, 1, 4, 8, 4, 5])
    short = sampling_plan(12, 150, level="III", kind="double", rules=Z14)
    assert short.plan[::3] == [3, 3]
    tiny = sampling_plan(5, 150, level="III", kind="double", rules=Z14)
    assert [stage.n for stage in tiny.stages] == [2, 2]
    assert codes(sampling_plan(3, 150, level="III", kind="double", rules=Z14)) == ["lot_exhausted"]


@pytest.mark.parametrize(
    ("size", "aql", "level", "sure", "warning"),
    [
        (1200, "1.0", "II", "verified", []),
        (1200, "1.5", "II", "derived", ["derived"]),
        (8, "65", "II", "unverified", ["unverified"]),
        (15, "1000", "II", "unverified", ["unverified"]),
    ],
)
def test_cells_of_reduced_inspection_say_how_sure_they_are(size, aql, level, sure, warning):
    plan = sampling_plan(size, aql, level=level, severity="reduced")

    assert plan.verification == sure
    assert [code for code in codes(plan) if "inspection" not in code] == warning


def test_double_plans_by_iso_say_that_the_numbers_are_those_of_z14():
    plan = sampling_plan(1200, 1.5, kind="double")

    assert (plan.plan, plan.verification) == ([50, 1, 4, 50, 4, 5], "Z1.4 numbers")
    assert codes(plan) == ["z14_numbers", "unverified"]
    assert "Ac 1 and 4, Re 3 and 5" in str(plan.warnings[1])
    assert codes(sampling_plan(1200, 1.0, kind="double")) == ["z14_numbers"]
    assert codes(sampling_plan(1200, 1.5, kind="double", rules=Z14)) == []


@pytest.mark.parametrize(("kind", "severity"), [("double", "reduced"), ("multiple", "normal")])
def test_plans_of_iso_that_are_not_in_the_data_are_not_made_up(kind, severity):
    plan = sampling_plan(1200, 1.0, kind=kind, severity=severity)

    assert plan.kind in {"single", "double"}
    assert plan.kind_asked == kind
    assert codes(plan)[0] == "absent"


def test_multiple_plans_have_seven_samples_by_z14():
    # AQLSchemes 1.7-2, AAZ14Multiple: letter K, AQL 1.0, normal.
    plan = sampling_plan(3200, 1.0, kind="multiple", rules=Z14)

    assert plan.sample_sizes == [32] * 7
    assert plan.ac == [-1, 0, 1, 2, 3, 4, 6]
    assert plan.re == [3, 3, 4, 5, 6, 6, 7]
    assert codes(plan) == ["one_source"]
    reduced = sampling_plan(3200, 1.0, kind="multiple", severity="reduced", rules=Z14)
    assert (reduced.sample_sizes[0], reduced.ac[-1], reduced.re[-1]) == (13, 2, 7)
    tight = sampling_plan(
        10**6, "0.025", kind="multiple", level="III", severity="tightened", rules=Z14
    )
    assert (tight.plan_letter, tight.sample_sizes[0]) == ("S", 800)


@pytest.mark.parametrize(
    ("size", "aql", "kind", "given"),
    [
        (1200, "0.15", "double", "single"),
        (1200, "0.15", "multiple", "single"),
        (20, "25", "multiple", "double"),
    ],
)
def test_where_the_table_has_no_such_plan_it_says_which_one_is_used(size, aql, kind, given):
    plan = sampling_plan(size, aql, kind=kind, rules=Z14)

    assert plan.kind == given
    assert codes(plan)[0] == "other_kind"
    assert f"no {kind} plan" in str(plan.warnings[0])


def test_an_aql_above_ten_counts_nonconformities():
    assert sampling_plan(500, 15).oc_model == "poisson"
    assert sampling_plan(500, 10).oc_model == "binomial"
    assert sampling_plan(500, 4.0, counting="nonconformities").oc_model == "poisson"
    with pytest.raises(ArgumentError, match="counting"):
        sampling_plan(500, 15, counting="items")


@settings(max_examples=50)
@given(lots)
def test_every_lot_gets_a_plan_it_can_fulfil(lot):
    plan = sampling_plan(lot["lot_size"], **{k: lot[k] for k in lot if k != "lot_size"})

    assert sum(stage.n for stage in plan.stages) <= lot["lot_size"]
    assert all(stage.n > 0 and stage.ac < stage.re for stage in plan.stages)
    assert all(a <= b for a, b in pairwise(plan.ac))
    assert len(plan.steps) == len(plan.path)
    assert plan.full_inspection == (plan.sample_sizes[0] >= lot["lot_size"])
    assert str(plan.task)
    assert json.loads(json.dumps(plan.to_dict(), allow_nan=False)) == plan.to_dict()


@settings(max_examples=50)
@given(lots, st.lists(st.integers(0, 40), min_size=7, max_size=7))
def test_every_lot_is_decided_at_the_latest_with_the_last_sample(lot, counts):
    plan = sampling_plan(lot["lot_size"], **{k: lot[k] for k in lot if k != "lot_size"})
    taken = []
    for stage, count in zip(plan.stages, counts, strict=False):
        taken.append(min(count, stage.n))
        outcome = decide(plan, taken)
        assert outcome.found == sum(taken)
        if outcome.decision != "next_sample":
            break
    assert outcome.decision in {"accept", "not_accept"}
    assert outcome.back_to_normal <= (lot["severity"] == "reduced" and lot["rules"] == Z14)
    assert (outcome.decision == "accept") == (
        outcome.found <= plan.stages[len(taken) - 1].ac or outcome.back_to_normal
    )


# The list form.


def test_a_list_of_lots_gives_the_plans_in_order_and_each_warning_once():
    result = iso2859_plan([{"lot_size": 25, "aql": "0.25"}, {"lot_size": 26, "aql": 0.25}])

    assert (result.n, result.letter, result.full_inspection) == (2, ["C", "D"], [True, True])
    assert codes(result) == ["full_inspection"]
    assert codes(iso2859_plan([])) == ["no_data"]


@pytest.mark.parametrize(
    ("lot", "says"),
    [
        ({"lot_size": 1, "aql": "1.0"}, "lot_size: must be 2 or more; inspect every item"),
        ({"lot_size": 0, "aql": "1.0"}, "lot_size"),
        ({"lot_size": -5, "aql": "1.0"}, "lot_size"),
        ({"lot_size": 10.5, "aql": "1.0"}, "lot_size"),
        ({"lot_size": math.nan, "aql": "1.0"}, "lot_size"),
        ({"lot_size": math.inf, "aql": "1.0"}, "lot_size"),
        ({"lot_size": "many", "aql": "1.0"}, "lot_size"),
        ({"lot_size": None, "aql": "1.0"}, "lot_size"),
        ({"lot_size": 50, "aql": "2.0"}, "aql: must be one of 0.010"),
        ({"lot_size": 50, "aql": "low"}, "aql"),
        ({"lot_size": 50, "aql": None}, "aql"),
        ({"lot_size": 50, "aql": math.nan}, "aql"),
        ({"lot_size": 50, "aql": "1.0", "level": "IV"}, "level"),
        ({"lot_size": 50, "aql": "1.0", "level": 2}, "level"),
        ({"lot_size": 50, "aql": "1.0", "inspection": "strict"}, "inspection"),
        ({"lot_size": 50, "aql": "1.0", "inspection": ["normal"]}, "inspection"),
        ({"lot_size": 50, "aql": "1.0", "kind": "triple"}, "kind"),
        ({"lot_size": 50, "aql": "1.0", "rules": "MIL-STD-414"}, "rules"),
        ({"lot_size": 50, "aql": "1.0", "inspection": "reduced_z14", "rules": ISO}, "rules"),
        ({"lot_size": 50}, "needs lot_size and aql"),
        ({"lot_size": 50, "aql": "1.0", "colour": "red"}, "known are"),
        (17, "needs lot_size and aql"),
    ],
)
def test_a_lot_without_a_plan_is_named_with_what_is_allowed(lot, says):
    with pytest.raises(ArgumentError) as refused:
        iso2859_plan([{"lot_size": 50, "aql": "1.0"}, lot])

    assert str(refused.value).startswith("lots: lot 2")
    assert says in str(refused.value)


@pytest.mark.parametrize("wrong", ["lots", {"lot_size": 5, "aql": 1}, 5, None])
def test_lots_that_are_no_list_are_refused(wrong):
    with pytest.raises(ArgumentError, match="lots"):
        iso2859_plan(wrong)


def test_a_single_plan_names_its_own_argument():
    with pytest.raises(
        ArgumentError, match=r"severity: must be one of normal, tightened, reduced$"
    ):
        sampling_plan(50, 1.0, severity="reduced_z14")


# Decisions.


def test_a_single_sample_accepts_up_to_ac_and_not_from_re():
    plan = sampling_plan(1200, 1.0)

    assert decide(plan, 2).decision == decide(plan, [0]).decision == "accept"
    refused = decide(plan, [3])
    assert (refused.decision, refused.sample, refused.n, refused.found) == ("not_accept", 1, 80, 3)
    assert "rejection number 3 is reached" in str(refused.sentence)
    assert str(plan.task).startswith("Inspect 80 of 1,200 items; accept with 2 or fewer")


def test_between_ac_and_re_of_z14_the_lot_is_accepted_and_normal_comes_back():
    plan = sampling_plan(1200, 1.0, severity="reduced", rules=Z14)
    outcomes = [decide(plan, found) for found in (1, 2, 3)]

    assert [one.decision for one in outcomes] == ["accept", "accept", "not_accept"]
    assert [one.back_to_normal for one in outcomes] == [False, True, False]
    assert outcomes[1].sentence.code == "accept_back_to_normal"


def test_before_the_first_sample_nothing_is_decided():
    outcome = decide(sampling_plan(1200, 1.0), [])

    assert (outcome.decision, outcome.n, outcome.back_to_normal) == (None, 0, False)
    assert codes(outcome) == ["no_data"]
    assert "take sample 1 of 80" in str(outcome.sentence)


def test_no_lot_is_accepted_with_the_first_sample_of_a_multiple_plan_that_forbids_it():
    plan = sampling_plan(3200, 1.0, kind="multiple", rules=Z14)

    assert decide(plan, [0]).decision == "next_sample"
    assert decide(plan, [0, 0]).decision == "accept"
    assert decide(plan, [3]).decision == "not_accept"
    assert decide(plan, [1, 1, 1, 1]).decision == "next_sample"


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ([-1], "0 or more"),
        ([1.5], "whole"),
        (["two"], "number"),
        ([math.nan], "finite"),
        ([81], "must not exceed the sample size 80"),
        ([0, 0], r"1 sample\(s\)"),
    ],
)
def test_a_count_that_cannot_be_is_refused(counts, says):
    with pytest.raises(ArgumentError, match=f"^nonconforming: .*{says}"):
        decide(sampling_plan(1200, 1.0), counts)


def test_a_sample_after_the_decision_is_refused():
    plan = sampling_plan(3200, 2.5, kind="double", rules=Z14)

    with pytest.raises(ArgumentError, match="fell with sample 1"):
        decide(plan, [3, 0])


def test_nonconformities_may_outnumber_the_items():
    assert decide(sampling_plan(50, 1000), [44]).decision == "accept"
