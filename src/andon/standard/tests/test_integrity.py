"""The data is whole, joined up, and the same in both forms."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from andon.standard import (
    EDITIONS,
    Change,
    Confidence,
    Edition,
    Kind,
    documented_information,
    load_edition,
    principles,
    terms,
)
from andon.standard.loader import DATA
from andon.standard.source import build, read

Source = dict[str, dict[str, Any]]

FIRST, LATER = (load_edition(key) for key in EDITIONS)
EACH = pytest.mark.parametrize("edition", [FIRST, LATER], ids=lambda edition: edition.slug)


@pytest.fixture(scope="module")
def source() -> Source:
    return {path.stem: read("en", path.stem) for path in (DATA / "en").glob("*.yaml")}


def test_the_json_is_what_the_yaml_says() -> None:
    for name, content in build().items():
        kept = json.loads((DATA / "en" / f"{name}.json").read_text(encoding="utf-8"))

        assert kept == content, f"run python -m andon.standard.source ({name})"


def test_the_2015_edition_has_329_requirements_in_65_of_91_clauses() -> None:
    assert len(FIRST.requirements) == 329
    assert len(FIRST.clauses) == 91
    assert len({row.clause for row in FIRST.requirements}) == 65


def test_the_counts_by_kind_are_those_of_the_file(source: Source) -> None:
    counts = Counter(row.kind for row in FIRST.requirements)

    assert counts == {Kind.ACTION: 284, Kind.MAINTAIN_DOCUMENT: 12, Kind.RETAIN_RECORD: 33}
    assert source["iso9001-2015"]["counts"]["requirements"] == len(FIRST.requirements)


def test_the_2026_edition_has_61_deltas_with_63_stated_requirements() -> None:
    changes = Counter(delta.change for delta in LATER.deltas)
    stated = [id_ for delta in LATER.deltas for id_ in delta.requirements]

    assert len(LATER.deltas) == 61
    assert changes == {
        Change.ADDED: 1,
        Change.CHANGED: 44,
        Change.REMOVED: 2,
        Change.UNCHANGED: 14,
    }
    assert len(stated) == len(set(stated)) == 63
    assert set(stated) <= set(LATER.by_id)


def test_the_2026_edition_holds_what_is_carried_over_and_what_is_new() -> None:
    stated = {id_ for delta in LATER.deltas for id_ in delta.requirements}
    carried = [row for row in LATER.requirements if row.id not in stated]

    assert len(LATER.requirements) == 340
    assert len(carried) == 340 - 63
    assert all(len(row.came_from) == 1 for row in carried)
    assert all(row.text == FIRST.by_id[row.came_from[0]].text for row in carried)


def test_what_2026_adds_is_named_added() -> None:
    new = {row.id for row in LATER.requirements if not row.came_from}

    assert {"4.2-c", "5.1.1-i", "6.3-e", "6.3-f", "6.3-g", "7.3-e", "9.3.2-c"} <= new
    assert all(LATER.by_id[id_].change is Change.ADDED for id_ in new)
    assert Counter(row.change for row in LATER.requirements)[Change.ADDED] == 13


def test_every_2015_requirement_has_a_place_in_2026() -> None:
    assert [mapping.before for mapping in LATER.mappings] == [row.id for row in FIRST.requirements]
    for mapping in LATER.mappings:
        assert mapping.after
        assert set(mapping.after) <= set(LATER.by_id)


def test_the_map_counts_are_those_of_the_file() -> None:
    assert Counter(mapping.change for mapping in LATER.mappings) == {
        Change.UNCHANGED: 260,
        Change.MOVED: 47,
        Change.CHANGED: 22,
    }


def test_every_place_named_by_the_map_has_its_requirement(source: Source) -> None:
    for row in source["iso9001-2026"]["requirement_map"]:
        places = set(row["ref_2026"].split(", "))
        found = {LATER.by_id[id_].ref for id_ in row["ids_2026"]}

        assert places <= found, row["id_2015"]


@EACH
def test_ids_and_clause_numbers_are_unique(edition: Edition) -> None:
    assert len(edition.by_id) == len(edition.requirements)
    assert len(edition.by_number) == len(edition.clauses)


@EACH
def test_an_id_begins_with_its_clause_and_the_clause_exists(edition: Edition) -> None:
    for row in edition.requirements:
        assert row.id.startswith(row.clause + "-")
        assert row.ref.split(" ")[0] == row.clause
        assert row.clause in edition.by_number
        assert re.fullmatch(r"[\d.]+-[a-z\d]+(-\d+)?", row.id)


@EACH
def test_every_clause_hangs_under_a_clause_that_is_there(edition: Edition) -> None:
    assert [clause.number for clause in edition.main_clauses] == [
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
        "10",
    ]
    for clause in edition.clauses:
        assert clause.level == 1 or clause.parent in edition.by_number


@EACH
def test_every_leaf_clause_asks_for_something(edition: Edition) -> None:
    for clause in edition.clauses:
        if not edition.children(clause.number):
            assert edition.by_clause[clause.number], clause.number


@EACH
def test_every_text_says_something_of_its_own(edition: Edition) -> None:
    titles = {clause.title.casefold() for clause in edition.clauses}
    for row in edition.requirements:
        assert len(row.text) > 15
        assert row.text.endswith((".", "?"))
        assert row.evidence
        assert row.text.casefold().rstrip(".?") not in titles
        assert row.text != row.evidence


@EACH
def test_the_same_sentence_is_not_asked_twice_in_a_clause(edition: Edition) -> None:
    seen = Counter((row.clause, row.text) for row in edition.requirements)

    assert seen.most_common(1)[0][1] == 1


def test_no_sentence_uses_the_commanding_verb_of_the_standard() -> None:
    for edition in (FIRST, LATER):
        for row in edition.requirements:
            assert not re.search(r"\bshall\b", row.text, re.IGNORECASE), row.id
    for term in terms():
        assert not re.search(r"\bshall\b", term.definition, re.IGNORECASE), term.term


def test_deltas_say_how_sure_they_are_and_name_their_sources() -> None:
    known = {source.id for source in LATER.sources}
    for delta in LATER.deltas:
        assert delta.confidence in Confidence
        assert delta.rests_on
        assert delta.source_ids
        assert set(delta.source_ids) <= known, delta.clause


def test_clauses_of_2026_point_to_clauses_of_2015() -> None:
    for clause in LATER.clauses:
        assert set(clause.came_from) <= set(FIRST.by_number)
    assert set(FIRST.by_number) - set(LATER.by_number) == {"10.3"}
    assert set(LATER.by_number) - set(FIRST.by_number) == {"6.1.3"}


def test_publication_and_transition_dates_carry_their_confidence() -> None:
    facts = {fact.name: fact for fact in LATER.facts}

    assert facts["Published"].value == "2026-09-16"
    assert facts["End of the transition for certified organizations"].value == "2029-09-30"
    sure = facts["End of the transition for certified organizations"].confidence
    assert sure is Confidence.MEDIUM
    assert all(fact.basis for fact in LATER.facts)


def test_there_are_138_terms_in_13_groups_as_the_file_counts_them(source: Source) -> None:
    assert len(terms()) == 138
    assert len({term.group for term in terms()}) == 13
    per_group = Counter(term.number.rpartition(".")[0] for term in terms())
    assert per_group == source["iso9000-terms"]["counts"]["per_group"]


def test_terms_have_own_keys_names_and_numbers() -> None:
    for field in ("key", "number", "term"):
        assert len({getattr(term, field) for term in terms()}) == 138


def test_no_term_points_to_one_that_is_not_there() -> None:
    names = {term.term for term in terms()}
    for term in terms():
        assert set(term.related) <= names, term.term
        assert term.term not in term.related
        assert len(term.definition) > 10
        assert term.definition.casefold().rstrip(".") != term.term.casefold()


def test_all_core_terms_of_2026_that_are_terms_of_2015_are_marked(source: Source) -> None:
    core = {row["term"] for row in source["iso9000-terms"]["core_terms_2026"]}

    assert {term.term for term in terms() if term.core_number_2026} == core
    assert len(core) == 23


def test_terms_and_principles_name_clauses_that_exist() -> None:
    pointed = [ref for term in terms() for ref in term.clauses]
    pointed += [ref for principle in principles() for ref in principle.clauses]
    for ref in pointed:
        assert ref.split(" ")[0] in FIRST.by_number, ref


def test_there_are_seven_principles_each_with_why_and_how() -> None:
    assert [principle.number for principle in principles()] == [1, 2, 3, 4, 5, 6, 7]
    for principle in principles():
        assert principle.statement
        assert principle.rationale
        assert principle.benefits
        assert principle.actions


def test_33_documents_and_records_point_to_requirements_that_exist() -> None:
    items = documented_information()
    modes = Counter(item.mode for item in items)

    assert modes == {"maintain": 9, "retain": 23, "plan": 1}
    for item in items:
        assert set(item.requirements) <= set(FIRST.by_id), item.id
        assert item.clause_2026.split(" ")[0] in LATER.by_number, item.id


def test_what_asks_for_a_document_is_in_the_list_of_documents() -> None:
    listed = {id_ for item in documented_information() for id_ in item.requirements}
    records = {row.id for row in FIRST.requirements if row.kind is Kind.RETAIN_RECORD}

    assert not records - listed
