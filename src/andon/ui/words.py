"""The words of ISO 9000 beside the words of the page."""

from dataclasses import dataclass

from andon import standard


@dataclass(frozen=True, slots=True)
class Entry:
    """A defined word as a page shows it."""

    id: str
    number: str
    term: str
    definition: str


def entry(name: str, *, nth: int = 1) -> Entry | None:
    """Return the definition of ``name``, or nothing when the standard does not define it."""
    found = standard.term(name)
    if found is None:
        return None
    return Entry(f"term-{nth}", found.number, found.term, found.definition)
