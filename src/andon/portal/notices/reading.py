"""Reads the trail on from where it stopped and turns its entries into notices.

The cursor moves in the same transaction as the notices and the mails, and entries become visible
in the order of their numbers (the head row is locked until the commit). So nothing is lost and
nothing is told twice, whatever stops the worker; and nobody who writes waits for this.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.apps import apps

from andon.accounts import queries as accounts
from andon.accounts.roles import Role
from andon.records.models import Record, RecordPart
from andon.signing.proving import ENDED
from andon.trail.models import AuditEntry, TrailHead
from andon.trail.sealing import RECORDS
from andon.trail.services import SYSTEM, audited, retrying

from .models import Kind, TrailCursor, Watch
from .telling import Event, tell

READER = SYSTEM("notices")
BATCH = 500

# Fields that give work to a person; a record gives it by its owner.
ASSIGNS: dict[str, tuple[str, ...]] = {
    "actions.correctiveaction": ("owner", "verifier"),
    "actions.actionitem": ("owner",),
}
# Values by which something becomes unsafe: quality of the site and the process owner are told.
UNSAFE: dict[str, dict[str, Any]] = {
    "nonconformities.nonconformity": {"severity": "critical", "shipped": True},
}
CALLED_TO_UNSAFE = (Role.QUALITY, Role.MANAGER)


def read_on(now: datetime) -> None:
    """Tell what happened since the last time."""
    while _read_batch(now):
        pass


@retrying
def _read_batch(now: datetime) -> bool:
    """Read up to ``BATCH`` entries; return whether there may be more."""
    with audited(READER):
        cursor, new = TrailCursor.objects.select_for_update().get_or_create(
            pk=TrailCursor.ONLY, defaults={"seq": _head()}
        )
        if new:  # what happened before anybody could be told is history
            return False
        later = AuditEntry.objects.filter(stream=RECORDS, seq__gt=cursor.seq)
        entries = list(later.order_by("seq")[:BATCH])
        if not entries:
            return False
        tell(_Reader(entries).events(), now=now)
        cursor.seq = entries[-1].seq
        cursor.save()
    return len(entries) == BATCH


def _head() -> int:
    return TrailHead.objects.filter(stream=RECORDS).values_list("seq", flat=True).first() or 0


class _Reader:
    """Some entries, with the records they are about as those are now."""

    def __init__(self, entries: list[AuditEntry]) -> None:
        self.entries = [entry for entry in entries if entry.number]
        rows = Record.objects.filter(number__in={entry.number for entry in self.entries})
        self.records = {row.number: row for row in rows.select_related("site", "process")}
        ids = [record.pk for record in self.records.values()]
        self.watchers: dict[int, list[int]] = {}
        watched = Watch.objects.filter(record__in=ids).values_list("record_id", "user_id")
        for record_id, user_id in watched:
            self.watchers.setdefault(record_id, []).append(user_id)

    def events(self) -> Iterator[Event]:
        for entry in self.entries:
            record = self.records.get(entry.number)
            if record is not None:
                yield from self._events_of(entry, record)

    def _events_of(self, entry: AuditEntry, record: Record) -> Iterator[Event]:
        content = entry.content()
        before, after = content.get("before", {}), content.get("after", {})
        actor = int(entry.actor_id) if entry.actor_kind == "user" else None
        kinds: dict[Kind, Iterable[int | None]] = {
            Kind.UNSAFE: _called(entry, record, after),
            Kind.REFUSED: _alarmed(entry, record),
            Kind.ASSIGNED: _assigned(entry, record, after),
            Kind.RETURNED: _returned(record, before, after),
            Kind.COMMENTED: [record.owner_id] if _is_comment(entry) else (),
            Kind.CHANGED: self.watchers.get(record.pk, ()),
        }
        told: set[int] = set()
        for kind, people in kinds.items():
            # One entry is told to one person once, in the most urgent way.
            recipients = tuple(pk for pk in people if pk is not None and pk not in told)
            told.update(recipients)
            if recipients:
                key = f"{entry.seq}:{kind}"
                yield Event(kind, record.pk, recipients, key, actor)


def _assigned(entry: AuditEntry, record: Record, after: dict[str, Any]) -> list[int | None]:
    """Return to whom work was given, while it is still open."""
    if record.closed_date is not None:
        return []
    default = ("owner",) if _is_kind(entry.model) else ()
    return [after.get(name) for name in ASSIGNS.get(entry.model, default)]


def _returned(record: Record, before: dict[str, Any], after: dict[str, Any]) -> list[int | None]:
    """Return the owner when the record went back to an earlier state."""
    states = list(record.life.states.values)
    was, became = before.get("state"), after.get("state")
    if was not in states or became not in states or became == record.life.void:
        return []
    return [record.owner_id] if states.index(became) < states.index(was) else []


def _called(entry: AuditEntry, record: Record, after: dict[str, Any]) -> list[int | None]:
    """Return who is called because something became unsafe by this entry."""
    signs = UNSAFE.get(entry.model, {})
    if record.closed_date or not any(after.get(name) == value for name, value in signs.items()):
        return []
    quality = [p.pk for role in CALLED_TO_UNSAFE for p in accounts.holders(role, site=record.site)]
    process = [record.process.owner_id] if record.process else []
    return [record.owner_id, *process, *quality]


def _alarmed(entry: AuditEntry, record: Record) -> list[int]:
    """Return who looks after accounts and quality, when somebody could not prove who they are."""
    roles = (Role.ADMIN, Role.MANAGER) if entry.action == ENDED else ()
    return [person.pk for role in roles for person in accounts.holders(role, site=record.site)]


def _is_comment(entry: AuditEntry) -> bool:
    return entry.model == "records.comment" and entry.action == "created"


def _is_kind(label: str) -> bool:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return False
    return issubclass(model, Record) and not issubclass(model, RecordPart)
