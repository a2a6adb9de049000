"""A month of work in the demo factory, the worker running by the hour: who is mailed how often."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail

from andon.accounts.models import User
from andon.demo import people
from andon.demo.answers import answering
from andon.demo.factory import Factory
from andon.demo.facts import facts
from andon.demo.lists import lists
from andon.demo.measures import measuring
from andon.demo.orders import orders
from andon.demo.people import MAKER
from andon.demo.story import SEED, _stories
from andon.demo.telling import Story, tell
from andon.portal.notices import services, worker
from andon.portal.notices.jobs import DUTIES
from andon.portal.notices.models import DutyRun, Kind, Mail, Notice
from andon.portal.notices.people import zone_of
from andon.records import services as records
from andon.records.models import Record
from andon.trail.models import AuditEntry
from andon.trail.services import audited

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TODAY = date(2026, 4, 10)  # the clocks of Berlin went forward on 29 March
DAYS = 30
WORK_BEGINS = 9
DAILY = ("ana", "ines", "pedro")  # the others get what Light gives: a digest on Mondays


class Month:
    """The last days of the story, hour by hour."""

    def __init__(self, factory: Factory, clock: Any) -> None:
        self.factory, self.clock = factory, clock
        self.people = factory.people
        self.days = [TODAY - timedelta(days=n) for n in range(DAYS, -1, -1)]

    def morning(self) -> Story:
        for day in self.days:
            yield day
            self._hours(day, range(WORK_BEGINS))

    def evening(self) -> Story:
        for day in self.days:
            yield day
            if day.isoweekday() <= 5:
                self._office(day)
            self._hours(day, range(WORK_BEGINS, 24))

    def _hours(self, day: date, hours: range) -> None:
        for hour in hours:
            now = datetime.combine(day, time(hour, 2), tzinfo=UTC)
            self.clock.move_to(now)
            worker.run_due(DUTIES, now)

    def _office(self, day: date) -> None:
        """Let people talk about each other's records, watch and hand over."""
        ana, ines, pedro = (self.people[name] for name in ("ana", "ines", "pedro"))
        number = self.days.index(day)
        opened = list(Record.objects.visible_to(ana).open().order_by("-pk")[:6])
        for place, record in enumerate(opened):
            records.comment(record, f"Looked at on {day}.", by=ana if place % 2 else ines)
        services.watch(opened[0], by=ana, wanted=True)
        services.watch(opened[1], by=ines, wanted=True)
        if number % 4 == 0:
            self._hand_over(opened, by=ana, to=(ines, pedro)[number % 8 == 0])

    @staticmethod
    def _hand_over(opened: list[Record], *, by: User, to: User) -> None:
        for record in opened:
            if record.owner_id != to.pk and record.kind == "nonconformities":
                kind: Any = Record.kind_called(record.kind)
                whole = kind.objects.get(pk=record.pk)
                records.edit(whole, {"owner": to}, by=by, version=None)
                return


@pytest.fixture
def month(settings: Any, tmp_path: Path) -> Iterator[Month]:
    settings.ANDON_MAIL, settings.FILES = True, tmp_path
    start = datetime.combine(TODAY - timedelta(days=DAYS + 1), time(12), tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        factory = Factory(today=TODAY, seed=SEED)
        people.people(factory)
        lists(factory)
        facts(factory)
        orders(factory)
        with audited(MAKER, reason="addresses"):
            for name, person in factory.people.items():
                person.email = f"{name}@example.com"
                person.save()
        for name in DAILY:
            services.choose(factory.people[name], {"weekdays": "12345"})
        told = Month(factory, clock)
        at_work = [measuring(factory), *_at_work(factory), answering(factory)]
        tell([told.morning(), *at_work, told.evening()], until=TODAY)
        yield told


def _at_work(factory: Factory) -> list[Story]:
    """Return the stories of the shop floor; studies at the Workbench give nobody work."""
    stories: list[Any] = _stories(factory)
    return [one for one in stories if "studies" not in one.gi_code.co_filename]


@pytest.mark.usefixtures("month")
def test_a_month_of_demo_use_sends_one_routine_mail_a_day_at_most_and_nothing_for_own_acts(
    record_property,
):
    routine = Counter(
        (row.recipient.username, row.made_at.astimezone(row.recipient_zone).date())
        for row in _with_zone(Mail.objects.filter(kind=Mail.Kind.DIGEST))
    )
    names = [name for name, _day in routine]
    at_once = Counter(
        Mail.objects.filter(kind=Mail.Kind.AT_ONCE).values_list("recipient__username", flat=True)
    )
    record_property("mails", f"routine {dict(Counter(names))}, at once {dict(at_once)}")

    assert max(routine.values()) == 1
    assert not _own_acts()
    assert not DutyRun.objects.exclude(error="").exists()
    assert {day.isoweekday() for name, day in routine if name not in DAILY} <= {1, 2}
    assert {day.isoweekday() for _name, day in routine} <= {1, 2, 3, 4, 5}
    assert len(mail.outbox) == Mail.objects.filter(status=Mail.Status.SENT).count()
    assert not Mail.objects.exclude(status=Mail.Status.SENT).exists()
    assert set(Notice.objects.values_list("kind", flat=True)) >= {
        Kind.ASSIGNED,
        Kind.COMMENTED,
        Kind.CHANGED,
    }


def _with_zone(rows: Any) -> Iterator[Any]:
    for row in rows.select_related("recipient"):
        row.recipient_zone = zone_of(row.recipient)
        yield row


def _own_acts() -> list[Notice]:
    """Return notices that tell somebody what they did themselves, judged by the trail itself."""
    found = []
    for notice in Notice.objects.exclude(key__startswith="late:"):
        entry = AuditEntry.objects.get(seq=int(notice.key.split(":")[0]))
        if entry.actor_kind == "user" and int(entry.actor_id) == notice.recipient_id:
            found.append(notice)
    return found
