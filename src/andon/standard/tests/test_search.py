"""Find by words what one knows only half."""

from andon.standard import EDITIONS, find_clauses, find_requirements, find_terms

FIRST, LATER = EDITIONS


def test_the_term_that_is_meant_comes_first() -> None:
    assert find_terms("CAPA")[0].term == "corrective action"
    assert find_terms("audit")[0].term == "audit"
    assert find_terms("Supplier")[0].term == "external provider"


def test_a_term_with_the_word_in_its_name_comes_before_one_that_only_tells_of_it() -> None:
    names = [row.term for row in find_terms("audit")]

    assert names.index("audit programme") < names.index("observer")


def test_each_term_is_found_once() -> None:
    found = find_terms("audit")

    assert len(found) == len({row.key for row in found})


def test_a_clause_is_found_by_number_or_title() -> None:
    assert [row.number for row in find_clauses("8.7", FIRST)] == ["8.7", "8.7.1", "8.7.2"]
    assert "9.2" in [row.number for row in find_clauses("internal audit", FIRST)]
    assert find_clauses("8.7 nothing", FIRST) == ()


def test_a_number_does_not_find_the_one_that_only_begins_alike() -> None:
    assert {row.number.split(".")[0] for row in find_clauses("1", FIRST)} == set()
    assert find_clauses("10.3", LATER) == ()


def test_a_requirement_is_found_by_its_words_and_usual_evidence() -> None:
    assert "8.7.1-d" in [row.id for row in find_requirements("under a concession", FIRST)]
    assert find_requirements("speak-up", LATER)[0].id == "5.1.1-i"


def test_no_words_find_nothing() -> None:
    for found in (find_terms(" "), find_clauses("", FIRST), find_requirements("", FIRST)):
        assert found == ()
