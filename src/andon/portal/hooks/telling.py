"""Reads the trail on and puts messages into the rows of webhooks; nothing is lost or doubled.

As for notices: the cursor moves in the transaction of the messages, and entries become visible in
the order of their numbers.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings

from andon.portal.notices.people import Sight, known
from andon.records.models import Record
from andon.trail.canonical import dumps
from andon.trail.models import AuditEntry, TrailHead
from andon.trail.sealing import RECORDS
from andon.trail.services import SYSTEM, audited, retrying

from .models import Delivery, Event, HookCursor, Webhook

READER = SYSTEM("webhooks")
BATCH = 500


def read_on(now: datetime) -> None:
    """Make the messages of what happened since the last time."""
    while _read_batch(now):
        pass


@retrying
def _read_batch(now: datetime) -> bool:
    with audited(READER):
        cursor, new = HookCursor.objects.select_for_update().get_or_create(
            pk=HookCursor.ONLY, defaults={"seq": _head()}
        )
        hooks = list(Webhook.objects.filter(is_active=True))
        if new or not hooks:  # nobody is told of what was before
            HookCursor.objects.filter(pk=cursor.pk).update(seq=_head())
            return False
        later = AuditEntry.objects.filter(stream=RECORDS, seq__gt=cursor.seq)
        entries = list(later.order_by("seq")[:BATCH])
        if not entries:
            return False
        Delivery.objects.bulk_create(_Reader(entries, hooks).deliveries(now))
        cursor.seq = entries[-1].seq
        cursor.save()
    return len(entries) == BATCH


def _head() -> int:
    return TrailHead.objects.filter(stream=RECORDS).values_list("seq", flat=True).first() or 0


class _Reader:
    """Some entries, the records they are about, and who is told of them."""

    def __init__(self, entries: list[AuditEntry], hooks: list[Webhook]) -> None:
        self.entries = entries
        numbers = {entry.number for entry in entries if entry.number}
        rows = Record.objects.filter(number__in=numbers).select_related("site")
        self.records = {row.number: row for row in rows}
        self.hooks, self.sight = hooks, Sight()
        self.people = known(hook.seen_by_id for hook in hooks)

    def deliveries(self, now: datetime) -> Iterator[Delivery]:
        for entry in self.entries:
            record = self.records.get(entry.number)
            if record is None or not _is_about(entry, record):
                continue
            content = entry.content()
            event = _event(entry, content)
            if event is None:
                continue
            for hook in self.hooks:
                if self._is_told(hook, event, record):
                    yield _delivery(hook, event, entry, record=record, now=now)

    def _is_told(self, hook: Webhook, event: Event, record: Record) -> bool:
        person = self.people.get(hook.seen_by_id)
        return (
            event in hook.events
            and (not hook.kinds or record.kind in hook.kinds)
            and (hook.site_id is None or hook.site_id == record.site_id)
            and person is not None
            and self.sight(person, record.pk)
        )


def _is_about(entry: AuditEntry, record: Record) -> bool:
    """Whether the entry tells of the record itself, not of a part of it."""
    kind = Record.kind_called(record.kind)._meta.label_lower
    return (entry.model, entry.object_id) == (kind, str(record.pk))


def _event(entry: AuditEntry, content: dict[str, Any]) -> Event | None:
    if entry.action == "created":
        return Event.CREATED
    if entry.action != "changed":
        return None
    return Event.MOVED if "state" in content.get("after", {}) else Event.CHANGED


def _delivery(
    hook: Webhook,
    event: Event,
    entry: AuditEntry,
    *,
    record: Record,
    now: datetime,
) -> Delivery:
    content = entry.content()
    state = content.get("after", {}).get("state", record.state)
    return Delivery(
        webhook=hook,
        key=f"{entry.seq}",
        event=event,
        number=record.number,
        record_id=record.pk,
        body=message(f"{hook.pk}-{entry.seq}", event, at=content["at"], record=record, state=state),
        made_at=now,
        due_at=now,
    )


def message(
    word: str,
    event: str,
    *,
    at: str,
    record: Record | None = None,
    state: str = "",
    checkpoint: str = "",
) -> str:
    """Return what is sent: of a record its number, kind, state, title and place, nothing else."""
    told: dict[str, Any] = {"id": word, "event": str(event), "at": at}
    if checkpoint:
        told["checkpoint"] = checkpoint
    if record is not None:
        told["record"] = {
            "number": record.number,
            "kind": record.kind,
            "title": record.title,
            "state": state,
            "site": record.site.code,
            "url": f"{settings.ANDON_URL}/r/{record.number}/",
        }
    return dumps(told)
