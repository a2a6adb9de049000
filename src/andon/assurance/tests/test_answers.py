"""Records and verdict side by side; nothing here says that a requirement is met."""

from datetime import date, timedelta

import pytest

from andon.assurance.answers import UNWATCHED, WORDS, Answer, Found, Rank
from andon.assurance.models import Verdict
from andon.assurance.tally import Tally
from andon.assurance.testing import DAY, FIRST, saying
from andon.records.evidence import Evidence, EvidenceRecord, Missing, Start, State
from andon.standard import load_edition

REQUIREMENTS = load_edition(FIRST).by_id
GAP = Missing("Two are without containment.", "/nonconformities/", "Show them")


def answer(*found: Evidence, verdict: str = "", until: date = DAY, id_: str = "8.7.1-1") -> Answer:
    rows = tuple(Found(saying(name=str(i)), evidence) for i, evidence in enumerate(found))
    return Answer(REQUIREMENTS[id_], DAY, rows, verdict, until if verdict else None)


def test_a_requirement_without_a_rule_says_that_there_is_no_module() -> None:
    alone = answer()

    assert alone.state == UNWATCHED
    assert "no module for this yet" in str(alone.word.text)


@pytest.mark.parametrize(
    ("states", "together"),
    [
        ([State.CURRENT], State.CURRENT),
        ([State.CURRENT, State.NONE], State.CURRENT),
        ([State.CURRENT, State.PARTIAL], State.PARTIAL),
        ([State.STALE, State.NONE], State.STALE),
        ([State.NONE, State.NONE], State.NONE),
    ],
)
def test_with_several_rules_what_is_missing_for_one_is_missing(
    states: list[State], together: State
) -> None:
    assert answer(*map(Evidence, states)).state == together


@pytest.mark.parametrize(
    ("state", "verdict", "disagree"),
    [
        (State.CURRENT, Verdict.CONFORMING, False),
        (State.PARTIAL, Verdict.CONFORMING, True),
        (State.STALE, Verdict.EFFECTIVE, True),
        (State.NONE, Verdict.EFFECTIVE, True),
        (State.CURRENT, Verdict.NONCONFORMING, True),
        (State.NONE, Verdict.NONCONFORMING, False),
        (State.CURRENT, Verdict.NOT_APPLICABLE, True),
        (State.NONE, Verdict.NOT_APPLICABLE, False),
    ],
)
def test_records_and_assessor_disagree_where_one_says_more_than_the_other(
    state: State, verdict: Verdict, disagree: bool
) -> None:
    assert bool(answer(Evidence(state), verdict=verdict).conflict) is disagree


def test_without_a_rule_or_a_verdict_there_is_nothing_to_disagree_about() -> None:
    assert answer(verdict=Verdict.CONFORMING).conflict == ""
    assert answer(Evidence(State.NONE)).conflict == ""


def test_a_verdict_holds_to_its_last_day_included() -> None:
    assert not answer(verdict=Verdict.CONFORMING, until=DAY).expired
    assert answer(verdict=Verdict.CONFORMING, until=DAY - timedelta(days=1)).expired


@pytest.mark.parametrize(
    ("given", "rank"),
    [
        (answer(Evidence(State.NONE), verdict=Verdict.NONCONFORMING), Rank.NONCONFORMING),
        (answer(Evidence(State.NONE), verdict=Verdict.CONFORMING), Rank.CONTRADICTED),
        (
            answer(verdict=Verdict.CONFORMING, until=DAY - timedelta(days=1)),
            Rank.EXPIRED,
        ),
        (answer(Evidence(State.PARTIAL, missing=(GAP,))), Rank.MISSING),
        (answer(Evidence(State.STALE)), Rank.MISSING),
        (answer(Evidence(State.NONE)), Rank.NOTHING),
        (answer(), Rank.NOTHING),
    ],
)
def test_what_stands_in_the_way_has_one_rank(given: Answer, rank: Rank) -> None:
    assert given.blocker is not None
    assert given.blocker.rank == rank
    assert given.blocker.text


@pytest.mark.parametrize(
    "given",
    [
        answer(Evidence(State.CURRENT)),
        answer(Evidence(State.CURRENT), verdict=Verdict.CONFORMING),
        answer(verdict=Verdict.EFFECTIVE),
        answer(verdict=Verdict.NOT_APPLICABLE),
        answer(Evidence(State.NONE), verdict=Verdict.NOT_APPLICABLE),
    ],
)
def test_what_is_answered_or_left_out_with_a_reason_stands_in_nobodys_way(given: Answer) -> None:
    assert given.blocker is None


def test_what_is_missing_is_told_in_the_words_of_the_rule() -> None:
    blocker = answer(Evidence(State.PARTIAL, missing=(GAP,))).blocker

    assert blocker is not None
    assert blocker.text == GAP.text


def test_records_of_several_rules_come_once_and_newest_first() -> None:
    old = EvidenceRecord("NC-1", "Burr", "/1/", date(2026, 1, 1))
    new = EvidenceRecord("NC-2", "Crack", "/2/", date(2026, 5, 1))
    undated = EvidenceRecord("P1", "Stamping", "/3/")

    both = answer(
        Evidence(State.CURRENT, records=(undated, old)), Evidence(State.CURRENT, records=(new, old))
    )

    assert [row.number for row in both.records] == ["NC-2", "NC-1", "P1"]


def test_the_same_button_is_shown_once() -> None:
    start = Start("Report a nonconformity", "/nonconformities/new/")

    both = answer(Evidence(State.NONE, fix=start), Evidence(State.NONE, fix=start))

    assert both.starts == [start]


def test_a_tally_counts_every_requirement_in_exactly_one_state() -> None:
    tally = Tally(
        (answer(Evidence(State.CURRENT)), answer(Evidence(State.NONE)), answer(), answer())
    )

    assert [(part.state, part.count) for part in tally.segments] == [
        (State.CURRENT, 1),
        (State.NONE, 1),
        (UNWATCHED, 2),
    ]
    assert sum(part.width for part in tally.segments) == pytest.approx(100)
    assert [part.start for part in tally.segments] == [0, 25, 50]


def test_a_tally_puts_the_pressing_first_and_counts_the_untouched_apart() -> None:
    nothing = answer()
    gap = answer(Evidence(State.PARTIAL, missing=(GAP,)))
    failing = answer(verdict=Verdict.NONCONFORMING)
    tally = Tally((nothing, gap, failing))

    assert [blocker.answer for blocker in tally.blockers] == [failing, gap, nothing]
    assert [blocker.answer for blocker in tally.pressing] == [failing, gap]
    assert tally.untouched == 1


def test_the_same_gap_is_one_thing_to_do_with_all_it_holds_up() -> None:
    gap = Evidence(State.PARTIAL, missing=(GAP,))
    first, second = answer(gap), answer(gap, id_="8.7.1-2")
    failing = answer(verdict=Verdict.NONCONFORMING)

    obstacles = Tally((first, second, failing)).obstacles

    assert [one.answers for one in obstacles] == [(failing,), (first, second)]
    assert [one.spelled_out for one in obstacles] == [True, False]
    assert [one.fix for one in obstacles] == [None, GAP]


def test_an_expired_verdict_is_not_counted_as_assessed() -> None:
    holds = answer(verdict=Verdict.CONFORMING)
    gone = answer(verdict=Verdict.CONFORMING, until=date(2026, 5, 1))

    assert Tally((holds, gone)).assessed == 1


def test_no_state_of_evidence_uses_the_words_of_an_assessor() -> None:
    for word in WORDS.values():
        for text in (str(word.label), str(word.text)):
            assert "conform" not in text.casefold()
            assert "effective" not in text.casefold()
