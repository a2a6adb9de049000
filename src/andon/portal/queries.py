"""What home and search ask across all modules; every question is bounded."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from andon.accounts.models import User
from andon.organization import clock
from andon.records.history import Told, told
from andon.records.models import Record
from andon.records.search import words_of
from andon.records.work import Task
from andon.standard import Clause, Requirement, Term, find_clauses, find_requirements, find_terms
from andon.trail.queries import changed_since

from . import work

SHOWN = 10
COUNTED = 100
ENTRIES_READ = 300


@dataclass(frozen=True)
class Work:
    """What one person has to do, the soonest due first, and how much there is at least."""

    tasks: tuple[Task, ...]
    count: int
    overdue: int

    @property
    def count_text(self) -> str:
        return f"{COUNTED}+" if self.count > COUNTED else str(self.count)


def my_work(person: User, day: date, *, most: int = SHOWN) -> Work:
    """Return what ``person`` has to do, over all kinds of records."""
    mine: Any = Record.objects.visible_to(person).open().filter(owner_id=person.pk)
    count = mine.order_by()[: COUNTED + 1].count()
    late = mine.filter(due_date__lt=day).order_by()[: COUNTED + 1].count()
    own, further = work.owned(person, most), work.further(person, COUNTED + 1)
    late += sum(task.due_date is not None and task.due_date < day for task in further)
    found = sorted([*own, *further], key=work.soonest)[:most]
    return Work(tuple(found), count + len(further), late)


def overdue(person: User, day: date) -> tuple[Record, ...]:
    """Return the longest overdue records that ``person`` can see and does not own."""
    rows: Any = Record.objects.visible_to(person).overdue(day).exclude(owner_id=person.pk)
    return work.records_in_order(
        list(rows.order_by("due_date", "id").values_list("id", flat=True)[:SHOWN])
    )


@dataclass(frozen=True)
class Happened:
    """A record and the last thing that happened to it."""

    record: Record
    told: Told


def since_yesterday(person: User, now: datetime) -> list[Happened]:
    """Return the records that changed since yesterday began, the last change first."""
    yesterday = clock.today() - timedelta(days=1)
    start = datetime.combine(yesterday, time(), tzinfo=clock.zone()).astimezone(UTC)
    entries = changed_since(start, until=now).exclude(number="")[:ENTRIES_READ]
    last = {entry.number: entry for entry in reversed(entries)}
    seen: Any = Record.objects.visible_to(person).filter(number__in=list(last)[-COUNTED:])
    records = {record.number: record for record in seen.select_related("site", "owner")}
    shown = sorted(
        ((records[number], entry) for number, entry in last.items() if number in records),
        key=lambda pair: -pair[1].seq,
    )[:SHOWN]
    said = told(entry for _record, entry in shown)
    return [Happened(record, one) for (record, _entry), one in zip(shown, said, strict=True)]


@dataclass(frozen=True)
class Hits:
    """What one search found in records, clauses, requirements and terms."""

    words: str
    records: tuple[Record, ...]
    clauses: tuple[Clause, ...]
    requirements: tuple[Requirement, ...]
    terms: tuple[Term, ...]

    @property
    def any(self) -> bool:
        return bool(self.records or self.clauses or self.requirements or self.terms)


# CAPA and 8D are other names of the corrective action (design: "Words").
SYNONYMS = {"capa": "corrective action", "8d": "corrective action", "ncr": "nonconformity"}


def search(person: User, typed: str, *, edition: str) -> Hits:
    """Search the newest matching records, the edition in use and the vocabulary."""
    words = " ".join(SYNONYMS.get(word.casefold(), word) for word in typed.split()[:8])
    if not words_of(typed):
        return Hits(typed, (), (), (), ())
    rows: Any = Record.objects.visible_to(person)
    exact = list(rows.filter(number=typed.strip().upper()).select_related("site", "owner"))
    found = (
        exact
        or rows.found(typed, viewer=person).select_related("site", "owner").order_by("-pk")[:50]
    )
    return Hits(
        typed,
        tuple(found),
        find_clauses(words, edition)[:SHOWN],
        find_requirements(words, edition)[:SHOWN],
        find_terms(words)[:SHOWN],
    )
