"""Load the standard once per process and language; nothing is read at import."""

import json
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from andon.standard.model import (
    Change,
    Clause,
    Confidence,
    Customary,
    Delta,
    DocumentedInformation,
    Edition,
    Fact,
    Kind,
    Mapping,
    Principle,
    Requirement,
    Source,
    Term,
)

DATA = Path(__file__).parent / "data"
SLUGS = {"9001:2015+A1": "2015", "9001:2026": "2026"}
EDITIONS = tuple(SLUGS)

CODED: tuple[tuple[str, type[StrEnum]], ...] = (
    ("kind", Kind),
    ("change", Change),
    ("confidence", Confidence),
)

Row = dict[str, Any]


def _read(language: str, name: str) -> Row:
    content: Row = json.loads((DATA / language / f"{name}.json").read_text(encoding="utf-8"))
    return content


def _frozen(row: Row) -> Row:
    """Return the row with lists as tuples and coded words as enums."""
    made: Row = {key: tuple(v) if isinstance(v, list) else v for key, v in row.items()}
    for key, enum in CODED:
        if key in made:
            made[key] = enum(made[key])
    return made


def load_edition(key: str, language: str = "en") -> Edition:
    """Return a whole edition, the same object each time; `KeyError` for one that is not shipped."""
    return _edition(key, language)


@lru_cache(maxsize=8)
def _edition(key: str, language: str) -> Edition:
    content = _read(language, f"edition-{SLUGS[key]}")
    return Edition(
        key=key,
        slug=content["slug"],
        name=content["name"],
        language=language,
        clauses=tuple(Clause(**_frozen(row)) for row in content["clauses"]),
        requirements=tuple(
            Requirement(edition=key, **_frozen(row)) for row in content["requirements"]
        ),
        facts=tuple(Fact(**_frozen(row)) for row in content["facts"]),
        deltas=tuple(Delta(**_frozen(row)) for row in content.get("deltas", ())),
        mappings=tuple(Mapping(**_frozen(row)) for row in content.get("mappings", ())),
        sources=tuple(Source(**row) for row in content.get("sources", ())),
        notes=tuple(content.get("notes", ())),
    )


def edition_of_slug(slug: str, language: str = "en") -> Edition | None:
    """Return the edition an address names (`2015`, `2026`), if there is one."""
    for key, own in SLUGS.items():
        if own == slug:
            return load_edition(key, language)
    return None


def requirement(key: str, id: str, language: str = "en") -> Requirement | None:  # noqa: A002
    """Return one requirement of an edition, or None."""
    return load_edition(key, language).by_id.get(id)


@lru_cache(maxsize=2)
def _maps() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return the map from 2015 to 2026 and back."""
    later = load_edition("9001:2026")
    forward = {mapping.before: mapping.after for mapping in later.mappings}
    back = {row.id: row.came_from for row in later.requirements}
    return forward, back


def map_requirement(id: str, from_: str, to: str) -> tuple[str, ...]:  # noqa: A002
    """Return the ids in edition `to` that hold what `id` of `from_` asks; none for a new demand."""
    if from_ not in SLUGS or to not in SLUGS:
        raise KeyError(from_ if from_ not in SLUGS else to)
    if from_ == to:
        return (id,) if id in load_edition(to).by_id else ()
    forward, back = _maps()
    return (forward if to == "9001:2026" else back).get(id, ())


@lru_cache(maxsize=4)
def _vocabulary(language: str) -> tuple[tuple[Term, ...], dict[str, Term], tuple[Principle, ...]]:
    content = _read(language, "vocabulary")
    terms = tuple(Term(**_frozen(row)) for row in content["terms"])
    named = {term.term.casefold(): term for term in terms}
    for term in terms:
        named.setdefault(term.key, term)
        for word in term.synonyms:
            named.setdefault(word.casefold(), term)
    for word, name in content["aliases"].items():
        named[word.casefold()] = named[name.casefold()]
    return terms, named, tuple(Principle(**_frozen(row)) for row in content["principles"])


def terms(language: str = "en") -> tuple[Term, ...]:
    """Return all terms in the order of ISO 9000."""
    return _vocabulary(language)[0]


def term(name: str, language: str = "en") -> Term | None:
    """Return the term meant by a name, a key or a word people use for it; case does not matter."""
    named = _vocabulary(language)[1]
    wanted = " ".join(name.split()).casefold()
    if found := named.get(wanted):
        return found
    return named.get(wanted.removesuffix("s")) or named.get(_singular(wanted))


def _singular(word: str) -> str:
    return word.removesuffix("ies") + "y" if word.endswith("ies") else word.removesuffix("es")


def principles(language: str = "en") -> tuple[Principle, ...]:
    """Return the seven principles."""
    return _vocabulary(language)[2]


@lru_cache(maxsize=4)
def aliases(language: str = "en") -> dict[str, str]:
    """Return the words people use, each with the term it stands for."""
    found: dict[str, str] = dict(_read(language, "vocabulary")["aliases"])
    return found


@lru_cache(maxsize=4)
def documented_information(language: str = "en") -> tuple[DocumentedInformation, ...]:
    """Return the documents and records the standard calls for."""
    rows = _read(language, "documents")["items"]
    return tuple(DocumentedInformation(**_frozen(row)) for row in rows)


@lru_cache(maxsize=4)
def customary(language: str = "en") -> tuple[Customary, ...]:
    """Return what is usual without being asked for by name."""
    return tuple(Customary(**row) for row in _read(language, "documents")["customary"])
