"""Find terms, clauses and requirements by words."""

from andon.standard.loader import load_edition, term, terms
from andon.standard.model import Clause, Requirement, Term

MOST = 20


def find_terms(words: str, language: str = "en") -> tuple[Term, ...]:
    """Return the terms in which all words occur, the one that is meant first."""
    wanted = words.casefold().split()
    if not wanted:
        return ()
    meant = term(words, language)
    rows = [row for row in terms(language) if row is not meant and _holds(wanted, _text(row))]
    in_name = [row for row in rows if _holds(wanted, row.term.casefold())]
    others = [row for row in rows if row not in in_name]
    return (*([meant] if meant else []), *in_name, *others)


def find_clauses(words: str, edition: str, language: str = "en") -> tuple[Clause, ...]:
    """Return the clauses whose number begins with or whose title holds the words."""
    wanted = words.casefold().split()
    if not wanted:
        return ()
    number = wanted[0].rstrip(".")
    rows = load_edition(edition, language).clauses
    if len(wanted) == 1 and number.replace(".", "").isdigit():
        below = number + "."
        found = [row for row in rows if row.number == number or row.number.startswith(below)]
    else:
        found = [row for row in rows if _holds(wanted, row.title.casefold())]
    return tuple(found[:MOST])


def find_requirements(words: str, edition: str, language: str = "en") -> tuple[Requirement, ...]:
    """Return the requirements whose text or usual evidence holds all words."""
    wanted = words.casefold().split()
    if not wanted:
        return ()
    found = [
        row
        for row in load_edition(edition, language).requirements
        if _holds(wanted, f"{row.id} {row.ref} {row.text} {row.evidence}".casefold())
    ]
    return tuple(found[:MOST])


def _text(row: Term) -> str:
    return " ".join([row.term, row.number, row.definition, *row.synonyms]).casefold()


def _holds(words: list[str], text: str) -> bool:
    return all(word in text for word in words)
