"""ISO 9000 and ISO 9001 as versioned data in our own words; the standard itself decides.

No text of a standard is shipped. Clause numbers, short titles, term names and dates are facts.
"""

from andon.standard.loader import (
    EDITIONS,
    aliases,
    customary,
    documented_information,
    edition_of_slug,
    load_edition,
    map_requirement,
    principles,
    requirement,
    term,
    terms,
)
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
from andon.standard.search import find_clauses, find_requirements, find_terms

__all__ = [
    "EDITIONS",
    "Change",
    "Clause",
    "Confidence",
    "Customary",
    "Delta",
    "DocumentedInformation",
    "Edition",
    "Fact",
    "Kind",
    "Mapping",
    "Principle",
    "Requirement",
    "Source",
    "Term",
    "aliases",
    "customary",
    "documented_information",
    "edition_of_slug",
    "find_clauses",
    "find_requirements",
    "find_terms",
    "load_edition",
    "map_requirement",
    "principles",
    "requirement",
    "term",
    "terms",
]
