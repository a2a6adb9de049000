"""Notices are made here: for whom, at once or with the digest, and for whoever stands in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from andon.accounts.models import User

from . import mailing
from .models import Kind, Notice, Preference
from .people import Away, Sight, known

# What goes out at once, and the choice by which a person lets it wait for the digest. Containment,
# safety and somebody who tries to sign as another cannot wait.
AT_ONCE = {
    Kind.ASSIGNED: "assigned_at_once",
    Kind.RETURNED: "returned_at_once",
    Kind.ESCALATED: "escalated_at_once",
    Kind.UNSAFE: "",
    Kind.REFUSED: "",
}


@dataclass(frozen=True)
class Event:
    """Something that happened to a record and whom it concerns."""

    kind: Kind
    record_id: int
    recipients: tuple[int, ...]
    key: str
    actor_id: int | None = None


def tell(events: Iterable[Event], *, now: datetime) -> list[Notice]:
    """Make the notices of ``events`` and the mails of those that go out at once.

    Nobody is told what they did themselves, or about a record that they may not see. Belongs into
    the transaction of the caller, which makes sure that each event comes here once.
    """
    listed = list(events)
    if not listed:
        return []
    teller = _Teller(listed, now)
    for event in listed:
        for person_id in dict.fromkeys(event.recipients):
            if person := teller.people.get(person_id):
                teller.reach(event, person)
    Notice.objects.bulk_create(teller.made)
    mailing.put_at_once(teller.going_out(), now=now)
    return teller.made


class _Teller:
    def __init__(self, events: list[Event], now: datetime) -> None:
        self.now, self.away, self.sight = now, Away(now), Sight()
        self.people = known(pk for event in events for pk in event.recipients)
        self.made: list[Notice] = []
        rows = Preference.objects.filter(user__in=self.people)
        self._chosen = {row.user_id: row for row in rows}
        self._waiting = self._unread(events)

    def reach(self, event: Event, person: User) -> None:
        """Tell ``person``, and whoever stands in for them."""
        if event.actor_id == person.pk:
            return
        self._make(event, person)
        substitute = self.away.substitute(person)
        if substitute and substitute.pk not in {event.actor_id, *event.recipients}:
            self._make(event, substitute, behalf=person)

    def going_out(self) -> list[Notice]:
        """Return what is mailed at once; who is away reads it when back."""
        return [n for n in self.made if not n.routine and n.recipient not in self.away]

    def _make(self, event: Event, person: User, *, behalf: User | None = None) -> None:
        same = (person.pk, event.record_id, event.kind)
        routine = self._is_routine(event.kind, person)
        if event.kind not in AT_ONCE and same in self._waiting:
            return
        if not self.sight(person, event.record_id):
            return
        self._waiting.add(same)
        self.made.append(
            Notice(
                recipient=person,
                kind=event.kind,
                record_id=event.record_id,
                actor_id=event.actor_id,
                behalf=behalf,
                at=self.now,
                key=f"{event.key}:{person.pk}",
                routine=routine,
            )
        )

    def _is_routine(self, kind: Kind, person: User) -> bool:
        if kind not in AT_ONCE:
            return True
        chosen = self._chosen.get(person.pk)
        return bool(AT_ONCE[kind]) and not getattr(chosen, AT_ONCE[kind], True)

    def _unread(self, events: list[Event]) -> set[tuple[int, int, str]]:
        """Return what is told and not read yet: ten comments make one line of a digest."""
        records = {event.record_id for event in events}
        rows = Notice.objects.filter(record_id__in=records, read_at=None, told_at=None)
        return set(rows.values_list("recipient_id", "record_id", "kind"))
