"""What people ask of the clause map."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

from andon.accounts.models import User
from andon.assurance import rules
from andon.assurance.answers import Answer, Found
from andon.assurance.models import Assessment, AssessmentRecord, Verdict
from andon.assurance.tally import Tally
from andon.organization.policy import policy
from andon.records.evidence import Rule
from andon.records.models import Record
from andon.standard import EDITIONS, Clause, Edition, Requirement, load_edition, map_requirement


@dataclass(frozen=True)
class Branch:
    """One clause with how its requirements stand, and its clauses one level down."""

    clause: Clause
    tally: Tally
    branches: tuple["Branch", ...] = ()


@dataclass(frozen=True)
class ClauseMap:
    """Clauses 4 to 10 of one edition on one day, as one person sees the records."""

    edition: Edition
    day: date
    answers: tuple[Answer, ...]

    @cached_property
    def tally(self) -> Tally:
        return Tally(self.answers)

    @cached_property
    def branches(self) -> tuple[Branch, ...]:
        """Return clauses 4 to 10, each with its clauses one level down."""
        found: dict[str, list[Answer]] = {}
        for answer in self.answers:
            found.setdefault(".".join(answer.requirement.clause.split(".")[:2]), []).append(answer)
        return tuple(self._branch(clause, found) for clause in self.edition.main_clauses)

    def _branch(self, clause: Clause, found: dict[str, list[Answer]]) -> Branch:
        below = tuple(
            Branch(child, Tally(tuple(found.get(child.number, ()))))
            for child in self.edition.children(clause.number)
        )
        every = chain.from_iterable(branch.tally.answers for branch in below)
        return Branch(clause, Tally(tuple(every)), below)


def edition_in_use() -> Edition:
    """Return the edition the organization works by."""
    return load_edition(policy().edition)


def other_edition(edition: Edition) -> Edition:
    """Return the edition one may look at beside this one."""
    return load_edition(next(key for key in EDITIONS if key != edition.key))


def answers(
    requirements: Iterable[Requirement],
    *,
    person: User,
    day: date,
    using: tuple[Rule, ...] | None = None,
) -> tuple[Answer, ...]:
    """Answer requirements of one edition, each with its whole assessment."""
    asked = tuple(requirements)
    said = last_words(asked[0].edition, [row.id for row in asked]) if asked else {}
    return tuple(
        Answer(row, day, found, one.verdict, one.expires_on, one)
        if (one := said.get(row.id))
        else Answer(row, day, found)
        for row, found in _found(asked, person=person, day=day, using=using)
    )


def clause_map(
    edition: Edition, *, person: User, day: date, using: tuple[Rule, ...] | None = None
) -> ClauseMap:
    """Return the whole map of an edition, with verdicts but without their notes."""
    rows: Any = Assessment.objects.of(edition.key).current()
    said = {row[0]: row[1:] for row in rows.values_list("requirement", "verdict", "expires_on")}
    found = _found(edition.requirements, person=person, day=day, using=using)
    return ClauseMap(
        edition, day, tuple(Answer(row, day, rules, *said.get(row.id, ())) for row, rules in found)
    )


def _found(
    asked: tuple[Requirement, ...], *, person: User, day: date, using: tuple[Rule, ...] | None
) -> Iterator[tuple[Requirement, tuple[Found, ...]]]:
    """Yield each requirement with what the rules found; each rule is asked once."""
    if not asked:
        return
    named = rules.by_requirement(asked[0].edition, rules.RULES if using is None else using)
    wanted = [rule for row in asked for rule in named.get(row.id, ())]
    found = {
        name: Found(rule, evidence)
        for name, (rule, evidence) in rules.ask(wanted, person, day).items()
    }
    for row in asked:
        yield row, tuple(found[rule.name] for rule in named.get(row.id, ()))


def last_words(edition: str, ids: Iterable[str]) -> dict[str, Assessment]:
    """Return the current assessment of each of these requirements that has one."""
    rows: Any = Assessment.objects.of(edition).current().filter(requirement__in=list(ids))
    return {row.requirement: row for row in rows.select_related("assessor")}


def history(requirement: Requirement) -> list[Assessment]:
    """Return every assessment of a requirement, the last word first."""
    rows: Any = Assessment.objects.of(requirement.edition).filter(requirement=requirement.id)
    return list(rows.select_related("assessor").order_by("-pk")[:50])


def records_seen(said: Iterable[Assessment], *, person: User) -> dict[int, list[Record | None]]:
    """Return the records of each assessment; None stands for one the person may not see."""
    rows: Any = AssessmentRecord.objects.filter(assessment__in=[row.pk for row in said])
    pairs = list(rows.values_list("assessment_id", "record_id"))
    visible = Record.objects.visible_to(person).filter(pk__in={pk for _, pk in pairs})
    known = {record.pk: record for record in visible}
    found: dict[int, list[Record | None]] = {}
    for assessment, record in pairs:
        found.setdefault(assessment, []).append(known.get(record))
    return found


def counterparts(requirement: Requirement) -> list[tuple[Requirement, Assessment | None]]:
    """Return the same demand in the other edition, with the last word spoken there.

    A verdict is never carried over: the other edition may ask for more.
    """
    other = other_edition(load_edition(requirement.edition))
    ids = map_requirement(requirement.id, requirement.edition, other.key)
    said = last_words(other.key, ids) if ids else {}
    return [(other.by_id[id_], said.get(id_)) for id_ in ids]


def not_applicable(edition: str) -> list[tuple[Requirement, Assessment]]:
    """Return what the scope (4.3) leaves out, with the reason."""
    known = load_edition(edition).by_id
    rows: Any = Assessment.objects.of(edition).current().filter(verdict=Verdict.NOT_APPLICABLE)
    found = {row.requirement: row for row in rows.select_related("assessor")}
    return [(row, found[id_]) for id_, row in known.items() if id_ in found]
