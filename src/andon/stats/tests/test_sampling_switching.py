"""Switching rules: every change has its reason, and none comes wrongly.

The rules are those of shared/statistics/iso2859-1.json (ISO 2859-1:1999 clause 9, Z1.4); the
sequences here were worked by hand from them.
"""

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats import ArgumentError, InspectionState, switching_state

Y, N = True, False
series_of_lots = st.lists(st.sampled_from([Y, Y, Y, N]), max_size=80)
mostly_good = st.lists(st.sampled_from([Y] * 12 + [N]), max_size=90)
schemes = st.sampled_from(["iso1999", "z14"])


def codes(result):
    return [warning.code for warning in result.warnings]


def moves(result):
    return [(change.lot, change.previous, change.inspection) for change in result.changes]


# Normal and tightened.


def test_two_of_five_lots_not_accepted_tighten_and_five_in_a_row_bring_normal_back():
    result = switching_state(1, [Y, N, Y, Y, Y, N, *[Y] * 4])

    assert result.final_state == "tightened"
    assert moves(result) == [(7, "normal", "tightened")]
    back = switching_state(1, [N, N, Y, Y, N, Y, Y, Y, Y, Y, Y])
    assert moves(back) == [(3, "normal", "tightened"), (11, "tightened", "normal")]
    assert back.score_after[-1] == 2
    assert str(back.changes[1].why) == "5 lots in a row were accepted on tightened inspection."


def test_two_lots_not_accepted_six_apart_change_nothing():
    assert moves(switching_state(1, [N, Y, Y, Y, Y, N])) == []
    assert moves(switching_state(1, [N, Y, Y, Y, N])) == [(6, "normal", "tightened")]


def test_five_lots_not_accepted_in_one_stay_on_tightened_discontinue():
    result = switching_state(1, [N, N, N, Y, N, Y, N, Y, Y, N, N, Y])

    assert moves(result) == [(3, "normal", "tightened"), (12, "tightened", "discontinued")]
    assert result.inspection_for_lot[-1] == "discontinued"
    assert "supplier has acted" in str(result.changes[1].why)
    assert codes(result) == ["discontinued"]
    assert result.score_after[2:] == [None] * 10


def test_a_new_stay_on_tightened_counts_anew():
    stay = [N, N, N, N, N, N, *[Y] * 5]

    assert switching_state(1, stay + stay).final_state == "normal"


def test_inspection_resumes_tightened_when_the_supplier_has_acted():
    result = switching_state(1, [N] * 8 + [Y] * 5, resumed=[9])

    assert moves(result)[1:] == [
        (8, "tightened", "discontinued"),
        (9, "discontinued", "tightened"),
        (14, "tightened", "normal"),
    ]
    assert result.changes[2].why.code == "resumed"
    with pytest.raises(ArgumentError, match="resumed: inspection is not discontinued at lot 2"):
        switching_state(1, [Y, Y], resumed=[2])


def test_resubmitted_and_missing_lots_count_for_nothing():
    result = switching_state(1, [N, N, None, Y], resubmitted=[2])

    assert result.final_state == "normal"
    assert (result.score_after, result.n, result.n_missing) == ([0, 0, 0, 2], 3, 1)


# The switching score and reduced inspection.


def test_the_score_counts_two_for_small_acceptance_numbers_and_resets():
    assert switching_state(0, [Y, Y, N, Y]).score_after == [2, 4, 0, 2]


def test_from_ac_2_the_score_counts_three_only_with_the_next_tighter_aql():
    result = switching_state(2, [Y, Y, Y, N], accepted_tighter=[Y, Y, N, N])

    assert result.score_after == [3, 6, 0, 0]
    assert codes(result) == []


def test_without_knowing_about_the_tighter_aql_the_score_stays_at_nothing_and_says_so():
    result = switching_state(3, [Y] * 20, reduced_allowed=True)

    assert (result.score_after, moves(result)) == ([0] * 20, [])
    assert codes(result) == ["tighter_unknown"]
    assert codes(switching_state(1, [Y], kind="double")) == ["tighter_unknown"]


def test_the_acceptance_number_may_change_from_lot_to_lot():
    result = switching_state([1, 2, 0], [Y, Y, Y], accepted_tighter=[None, Y, None])

    assert result.score_after == [2, 5, 7]


@pytest.mark.parametrize("kind", ["double", "multiple"])
def test_staged_plans_score_three_for_an_early_acceptance(kind):
    result = switching_state(1, [Y, Y, Y], kind=kind, accepted_early=[Y, N, Y])

    assert result.score_after == [3, 0, 3]


def test_a_score_of_thirty_gives_reduced_inspection_only_with_permission():
    allowed = [False] * 17 + [True] * 3
    result = switching_state(1, [Y] * 20, reduced_allowed=allowed)

    assert moves(result) == [(19, "normal", "reduced")]
    assert result.score_after[17] == 36
    assert "switching score 36 is 30 or more" in str(result.changes[0].why)
    assert moves(switching_state(1, [Y] * 40)) == []


def test_z14_takes_ten_lots_in_a_row_and_knows_no_score():
    result = switching_state(1, [Y] * 11, "z14", reduced_allowed=True)

    assert moves(result) == [(11, "normal", "reduced")]
    assert result.score_after == [None] * 11
    assert "last 10 lots" in str(result.changes[0].why)
    assert moves(switching_state(1, [Y] * 9 + [N] + [Y] * 9, "z14", reduced_allowed=True)) == []


def test_a_lot_between_ac_and_re_ends_reduced_inspection_of_z14_and_is_no_failure():
    result = switching_state(1, [Y] * 13, "ANSI Z1.4", reduced_allowed=True, marginal=[12])

    assert moves(result)[1] == (13, "reduced", "normal")
    assert "between Ac and Re" in str(result.changes[1].why)
    with pytest.raises(ArgumentError, match="marginal"):
        switching_state(1, [Y], marginal=[1])


def test_irregular_production_ends_reduced_inspection_before_the_lot():
    result = switching_state(1, [Y] * 17, reduced_allowed=True, irregular=[3, 17])

    assert moves(result) == [(16, "normal", "reduced"), (17, "reduced", "normal")]
    assert result.score_after[-1] == 2


def test_a_lot_not_accepted_on_reduced_inspection_brings_normal_back_and_names_the_lot():
    result = switching_state(1, [*[Y] * 15, N], reduced_allowed=True)

    assert str(result.changes[1].why) == "Lot 16 was not accepted on reduced inspection."


# Where the series stands.


@pytest.mark.parametrize(
    ("results", "scheme", "says"),
    [
        ([Y], "iso1999", "Normal: switching score 2, reduced inspection from 30."),
        ([Y], "z14", "Normal: 1 of 10 lots accepted in a row for reduced."),
        ([N, N, N, Y], "z14", "Tightened: 1 of 5 lots accepted in a row, 1 of 5 not accepted"),
        ([Y] * 12, "z14", "Reduced: 2 lots accepted in a row"),
        ([N] * 7, "iso1999", "Discontinued: the supplier has to act"),
    ],
)
def test_it_says_how_far_the_next_change_is(results, scheme, says):
    assert str(switching_state(1, results, scheme, reduced_allowed=True).standing).startswith(says)


def test_no_lots_leave_the_start():
    result = switching_state(1, [], start="tightened")

    assert (result.final_state, result.inspection_for_lot) == ("tightened", [])
    assert codes(result) == ["no_data"]


# What must hold for every series.


@settings(max_examples=50)
@given(series_of_lots, schemes, st.booleans())
def test_no_inspection_is_left_wrongly(results, scheme, allowed):
    result = switching_state(1, results, scheme, reduced_allowed=allowed)
    used = [*result.inspection_for_lot, result.final_state]

    for lot, (here, after) in enumerate(pairwise(used), 1):
        stay = [r for u, r in zip(used, results[:lot], strict=False)][_begin(used, lot) :]
        if (here, after) == ("tightened", "normal"):
            assert stay[-5:] == [Y] * 5
        if (here, after) == ("tightened", "discontinued"):
            assert stay.count(N) == 5
        if (here, after) == ("tightened", "tightened"):
            assert stay.count(N) < 5
            assert stay[-5:] != [Y] * 5
        if (here, after) == ("normal", "tightened"):
            assert stay[-5:].count(N) == 2
        if here == after == "normal":
            assert stay[-5:].count(N) < 2
        if after == "reduced":
            assert allowed
            assert here == "reduced" or stay[-(15 if scheme == "iso1999" else 10) :].count(N) == 0
        if here == "reduced" and after != "reduced":
            assert (stay[-1], after) == (N, "normal")
    assert ("reduced" in used) <= allowed
    assert [change.lot for change in result.changes] == [
        lot for lot in range(2, len(used) + 1) if used[lot - 1] != used[lot - 2]
    ]


def _begin(used, lot):
    """Where the stay that holds ``lot`` began, from 0."""
    begin = lot - 1
    while begin and used[begin - 1] == used[lot - 1]:
        begin -= 1
    return begin


@settings(max_examples=50)
@given(mostly_good, schemes)
def test_there_is_a_score_on_normal_inspection_by_iso_only_and_results_are_plain(results, scheme):
    result = switching_state(0, results, scheme, reduced_allowed=True)

    for used, score in zip(result.inspection_for_lot, result.score_after, strict=True):
        assert (score is not None) == (scheme == "iso1999" and used == "normal")
    assert json.loads(json.dumps(result.to_dict(), allow_nan=False)) == result.to_dict()


@settings(max_examples=50)
@given(mostly_good, schemes, st.integers(0, 90))
def test_a_series_in_two_parts_ends_like_the_whole(results, scheme, cut):
    whole = switching_state(0, results, scheme, reduced_allowed=True)
    first = switching_state(0, results[:cut], scheme, reduced_allowed=True)
    second = switching_state(0, results[cut:], scheme, reduced_allowed=True, start=first.state)

    assert first.inspection_for_lot + second.inspection_for_lot == whole.inspection_for_lot
    assert first.score_after + second.score_after == whole.score_after
    assert first.changes + second.changes == whole.changes
    assert second.state == whole.state


@settings(max_examples=30)
@given(series_of_lots, st.integers(0, 20), schemes)
def test_resubmitted_lots_leave_the_others_as_they_were(results, place, scheme):
    place = min(place, len(results))
    with_it = switching_state(
        0, [*results[:place], N, *results[place:]], scheme, resubmitted=[place + 1]
    )

    without = switching_state(0, results, scheme)
    kept = with_it.inspection_for_lot[:place] + with_it.inspection_for_lot[place + 1 :]
    assert kept == without.inspection_for_lot
    assert with_it.final_state == without.final_state


# Wrong arguments.


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"ac": -1}, "ac"),
        ({"ac": 1.5}, "ac"),
        ({"ac": "one"}, "ac"),
        ({"ac": [1]}, "ac"),
        ({"ac": None}, "ac"),
        ({"results": "yes"}, "results"),
        ({"results": 1}, "results"),
        ({"results": ["yes", "no"]}, "results"),
        ({"results": [2, 0]}, "results"),
        ({"results": [math.nan, 1]}, "results"),
        ({"results": [math.inf, 1]}, "results"),
        ({"scheme": "iso2026"}, "scheme"),
        ({"scheme": None}, "scheme"),
        ({"kind": "triple"}, "kind"),
        ({"reduced_allowed": [True]}, "reduced_allowed"),
        ({"reduced_allowed": "yes"}, "reduced_allowed"),
        ({"accepted_tighter": [True]}, "accepted_tighter"),
        ({"accepted_early": ["x", "y"]}, "accepted_early"),
        ({"irregular": [3]}, "irregular"),
        ({"resubmitted": [0]}, "resubmitted"),
        ({"resumed": [-1]}, "resumed"),
        ({"start": "strict"}, "start"),
        ({"start": None}, "start"),
        ({"start": InspectionState()}, "start"),
        ({"scheme": "z14", "start": InspectionState(score=4)}, "start"),
    ],
)
def test_a_wrong_argument_is_named(arguments, name):
    with pytest.raises(ArgumentError, match=f"^{name}: "):
        switching_state(**{"ac": 1, "results": [Y, N], **arguments})
