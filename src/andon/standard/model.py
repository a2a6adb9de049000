"""The words of the standard as typed, frozen values."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What a requirement asks for; the same words in every edition."""

    ACTION = "action"
    MAINTAIN_DOCUMENT = "maintain_document"
    RETAIN_RECORD = "retain_record"


class Change(StrEnum):
    """How a requirement or clause stands against the edition before."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


class Confidence(StrEnum):
    """How sure a statement is; the data says what it rests on."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One single demand in our own words; `id` is unique together with `edition`."""

    id: str
    edition: str
    ref: str
    clause: str
    text: str
    kind: Kind
    evidence: str
    change: Change = Change.UNCHANGED
    confidence: Confidence = Confidence.HIGH
    came_from: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One place in the tree of clauses 4 to 10."""

    number: str
    title: str
    note: str = ""
    title_status: str = ""
    came_from: tuple[str, ...] = ()

    @property
    def level(self) -> int:
        """Return 1 for a main clause, 2 for `8.7`, 3 for `8.7.1`."""
        return self.number.count(".") + 1

    @property
    def parent(self) -> str:
        """Return the number one level up, or nothing for a main clause."""
        return self.number.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Delta:
    """What an edition changes in one clause, and how sure that is."""

    clause: str
    title: str
    change: Change
    came_from: str
    text: str
    wording_only: bool
    confidence: Confidence
    rests_on: str
    source_ids: tuple[str, ...]
    requirements: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Where one requirement of the edition before is found in this one."""

    before: str
    after: tuple[str, ...]
    change: Change
    confidence: Confidence
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A dated fact about an edition with its confidence; never a constant to count on."""

    name: str
    value: str
    confidence: Confidence
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement about an edition was read."""

    id: str
    what: str
    stage: str
    dated: str = ""
    url: str = ""


@dataclass(frozen=True)
class Edition:
    """One edition of ISO 9001: clauses, requirements, and what it changed."""

    key: str
    slug: str
    name: str
    language: str
    clauses: tuple[Clause, ...]
    requirements: tuple[Requirement, ...]
    facts: tuple[Fact, ...] = ()
    deltas: tuple[Delta, ...] = ()
    mappings: tuple[Mapping, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Requirement]:
        """Return the requirements by their id."""
        return {requirement.id: requirement for requirement in self.requirements}

    @cached_property
    def by_number(self) -> dict[str, Clause]:
        """Return the clauses by their number."""
        return {clause.number: clause for clause in self.clauses}

    @cached_property
    def by_clause(self) -> dict[str, tuple[Requirement, ...]]:
        """Return the requirements that stand directly in each clause."""
        found: dict[str, list[Requirement]] = {clause.number: [] for clause in self.clauses}
        for requirement in self.requirements:
            found[requirement.clause].append(requirement)
        return {number: tuple(rows) for number, rows in found.items()}

    @cached_property
    def main_clauses(self) -> tuple[Clause, ...]:
        """Return clauses 4 to 10 themselves."""
        return tuple(clause for clause in self.clauses if clause.level == 1)

    def children(self, number: str) -> tuple[Clause, ...]:
        """Return the clauses one level below `number`."""
        return tuple(clause for clause in self.clauses if clause.parent == number)

    def under(self, number: str) -> tuple[Requirement, ...]:
        """Return every requirement in the clause or below it."""
        start = number + "."
        return tuple(
            requirement
            for requirement in self.requirements
            if requirement.clause == number or requirement.clause.startswith(start)
        )


@dataclass(frozen=True, slots=True)
class Term:
    """One term of ISO 9000 with our plain definition; `key` stays when numbers move."""

    key: str
    number: str
    term: str
    group: str
    definition: str
    related: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    core_number_2026: str = ""


@dataclass(frozen=True, slots=True)
class Principle:
    """One of the seven quality management principles."""

    number: int
    key: str
    ref: str
    name: str
    statement: str
    rationale: str
    benefits: tuple[str, ...]
    actions: tuple[str, ...]
    clauses: tuple[str, ...]
    added_2026: tuple[str, ...]
    support: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentedInformation:
    """One document or record the standard calls for."""

    id: str
    clause: str
    mode: str
    what: str
    typical_form: str
    requirements: tuple[str, ...]
    clause_2026: str
    phrase_2026: str
    change_2026: str
    extent: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Customary:
    """Something usual that no clause asks for by name."""

    clause: str
    what: str
