"""Skip-lot: what is earned, what interrupts it, and which lots are due."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats import ArgumentError, skip_lot

Y, N = True, False


def codes(result):
    return [warning.code for warning in result.warnings]


def test_a_product_qualifies_advances_is_interrupted_and_requalifies():
    rules = {"qualify_after": 3, "advance_after": 2, "requalify_after": 2}
    results = [Y, Y, Y, None, Y, None, Y, Y, None, None, N, Y, Y, None]
    result = skip_lot(results, **rules)

    assert result.one_in_for_lot == [1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 1, 1, 2]
    assert [change.why.code for change in result.changes] == [
        "qualified",
        "less_often",
        "interrupted",
        "requalified",
    ]
    assert [change.lot for change in result.changes] == [4, 8, 12, 14]
    assert (result.final_state, result.next_due, result.n) == ("skip_lot", True, 9)
    assert codes(result) == ["simplified"]


def test_a_lot_not_accepted_while_interrupted_disqualifies():
    result = skip_lot([Y, Y, N, Y, N], qualify_after=2)

    assert result.state_for_lot == ["lot_by_lot"] * 2 + ["skip_lot"] + ["interrupted"] * 2
    assert (result.final_state, result.changes[-1].why.code) == ("lot_by_lot", "disqualified")


def test_one_lot_of_each_block_is_due_wherever_in_it_the_draw_falls():
    result = skip_lot([Y, None, None, Y, Y, None, None, Y, None], qualify_after=1, frequencies=[3])

    assert result.due == [Y, N, N, Y, N, N, N, N, N]
    assert not result.next_due


def test_a_due_lot_that_was_not_inspected_is_reported_and_stays_due():
    result = skip_lot([None, Y, None, None, None, Y, None], qualify_after=1)

    assert result.due == [Y, Y, N, Y, Y, Y, N]
    assert (result.n, result.n_missing) == (2, 3)
    assert str(result.warnings[-1]) == "Lots that had to be inspected were not: 1, 4, 5."


def test_the_last_frequency_is_kept_and_the_first_is_not_passed_downwards():
    often = skip_lot([Y] * 60, qualify_after=1, frequencies=[2], advance_after=1)
    assert often.one_in_for_lot[1:] == [2] * 59
    first = skip_lot([Y, N, Y, Y], qualify_after=1, requalify_after=1)
    assert first.one_in_for_lot == [1, 2, 1, 2]


def test_nothing_to_follow_is_said():
    assert codes(skip_lot([])) == ["no_data", "simplified"]
    assert skip_lot([]).next_due


@settings(max_examples=50)
@given(st.lists(st.sampled_from([Y] * 8 + [N] + [None] * 3), max_size=80), st.integers(0, 80))
def test_skip_lot_in_two_parts_ends_like_the_whole_and_skips_only_what_it_may(results, cut):
    rules = {"qualify_after": 4, "advance_after": 3, "requalify_after": 2}
    whole = skip_lot(results, **rules)
    first = skip_lot(results[:cut], **rules)
    second = skip_lot(results[cut:], **rules, start=first.state)

    assert first.changes + second.changes == whole.changes
    assert first.due + second.due == whole.due
    assert second.state == whole.state
    assert json.loads(json.dumps(whole.to_dict(), allow_nan=False)) == whole.to_dict()
    for used, one_in in zip(whole.state_for_lot, whole.one_in_for_lot, strict=True):
        assert (one_in > 1) == (used == "skip_lot")
    for lot, change in enumerate(whole.changes):
        if change.why.code in {"interrupted", "disqualified"}:
            assert results[change.lot - 2] is N
        if change.inspection == "skip_lot" and lot + 1 < len(whole.changes):
            assert whole.changes[lot + 1].previous == "skip_lot"


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"results": ["x"]}, "results"),
        ({"results": None}, "results"),
        ({"qualify_after": 0}, "qualify_after"),
        ({"advance_after": 1.5}, "advance_after"),
        ({"requalify_after": math.nan}, "requalify_after"),
        ({"frequencies": []}, "frequencies"),
        ({"frequencies": [3, 2]}, "frequencies"),
        ({"frequencies": [2, 2]}, "frequencies"),
        ({"frequencies": [1, 2]}, "frequencies"),
    ],
)
def test_a_wrong_argument_of_skip_lot_is_named(arguments, name):
    with pytest.raises(ArgumentError, match=f"^{name}: "):
        skip_lot(**{"results": [Y], **arguments})
