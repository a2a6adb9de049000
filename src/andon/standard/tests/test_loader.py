"""The questions a program asks of the standard."""

import subprocess
import sys

import pytest

from andon.standard import (
    EDITIONS,
    edition_of_slug,
    load_edition,
    map_requirement,
    requirement,
    term,
)

FIRST, LATER = EDITIONS


def test_an_edition_is_loaded_once() -> None:
    assert load_edition(FIRST) is load_edition(FIRST)


def test_an_edition_that_is_not_shipped_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_edition("9001:2008")


def test_an_edition_is_found_by_the_word_in_an_address() -> None:
    assert edition_of_slug("2026") is load_edition(LATER)
    assert edition_of_slug("2008") is None


def test_a_requirement_is_found_by_its_id() -> None:
    found = requirement(FIRST, "8.7.1-1")

    assert found is not None
    assert found.ref == "8.7.1"
    assert requirement(FIRST, "99.9-x") is None


def test_the_same_id_means_another_demand_in_another_edition() -> None:
    before, after = requirement(FIRST, "9.2.2-b"), requirement(LATER, "9.2.2-b")

    assert before is not None
    assert after is not None
    assert before.text != after.text


@pytest.mark.parametrize(
    ("id_", "there"),
    [
        ("8.7.1-1", ("8.7.1-1",)),
        ("5.1.1-a", ("5.1.1-l",)),
        ("6.1.2-a", ("6.1.2-2", "6.1.3-2")),
        ("9.3.2-c-4", ("9.3.2-d",)),
        ("10.3-1", ("10.1-1",)),
        ("no-such", ()),
    ],
)
def test_a_requirement_of_2015_is_followed_to_2026(id_: str, there: tuple[str, ...]) -> None:
    assert map_requirement(id_, FIRST, LATER) == there


def test_a_requirement_of_2026_is_followed_back() -> None:
    assert map_requirement("10.1-2", LATER, FIRST) == ("10.1-1", "10.3-2")
    assert map_requirement("4.2-c", LATER, FIRST) == ()


def test_there_and_back_leads_to_where_it_began() -> None:
    for row in load_edition(FIRST).requirements:
        for after in map_requirement(row.id, FIRST, LATER):
            assert row.id in map_requirement(after, LATER, FIRST)


def test_within_one_edition_the_map_is_the_thing_itself() -> None:
    assert map_requirement("8.7.1-1", FIRST, FIRST) == ("8.7.1-1",)
    assert map_requirement("no-such", FIRST, FIRST) == ()


def test_a_map_to_an_unknown_edition_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        map_requirement("8.7.1-1", FIRST, "9001:2008")


def test_the_requirements_under_a_clause_do_not_spill_into_the_next() -> None:
    numbers = {row.clause for row in load_edition(FIRST).under("8.7")}
    every = {row.clause for row in load_edition(FIRST).under("1")}

    assert numbers == {"8.7.1", "8.7.2"}
    assert every == set()


def test_the_requirements_of_a_clause_are_read_lead_list_rest() -> None:
    ids = [row.id for row in load_edition(LATER).by_clause["8.1"]]

    assert ids[:3] == ["8.1-1", "8.1-a", "8.1-b-1"]
    assert ids[-1] == "8.1-8"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("nonconformity", "nonconformity"),
        ("Nonconformities", "nonconformity"),
        ("  Corrective   Action ", "corrective action"),
        ("corrective-action", "corrective action"),
        ("CAPA", "corrective action"),
        ("8D", "corrective action"),
        ("supplier", "external provider"),
        ("Suppliers", "external provider"),
        ("stakeholder", "interested party"),
        ("processes", "process"),
        ("record", "record"),
        ("drp-provider", "DRP-provider"),
    ],
)
def test_a_term_is_found_by_the_words_people_use(word: str, meant: str) -> None:
    found = term(word)

    assert found is not None
    assert found.term == meant


def test_an_unknown_word_is_no_term() -> None:
    assert term("") is None
    assert term("s") is None
    assert term("flux capacitor") is None


def test_the_standard_needs_neither_django_nor_yaml() -> None:
    code = (
        "import sys; from andon.standard import load_edition, term;"
        "load_edition('9001:2026'); term('risk');"
        "print([m for m in ('django', 'yaml') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
