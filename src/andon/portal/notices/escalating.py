"""The ladder of what is late: the owner, then the process owner, then the quality manager.

Each step is taken once for each due date; a later date (an extension) begins a new ladder. What
one person is told in one round comes in one mail.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from andon.accounts import queries as accounts
from andon.accounts.models import Site, User
from andon.accounts.queries import with_grants
from andon.accounts.roles import Role
from andon.organization import clock
from andon.portal import work
from andon.records.work import Task
from andon.trail.services import SYSTEM, audited, retrying

from .models import Escalation, Kind
from .people import Sight
from .telling import Event, tell

LADDER = SYSTEM("escalation")
# Days late, the first step first. The owner's is part of their digest.
OWNER, PROCESS, QUALITY = 1, 3, 7
FROM_HOUR = 6
MOST = 200


def escalate(now: datetime) -> None:
    """Take every step of the ladder that is due, at each site where work is done today."""
    for site in Site.objects.active():
        local = now.astimezone(site.zone)
        if local.hour >= FROM_HOUR and clock.is_working_day(local.date(), site):
            _escalate_at(site, local.date(), now)


@retrying
def _escalate_at(site: Site, day: date, now: datetime) -> None:
    with audited(LADDER):
        steps = list(_steps(site, day))
        for step in steps:
            Escalation.objects.bulk_create(step.rows(now))
        tell((event for step in steps for event in step.events()), now=now)


@dataclass
class _Step:
    """One step for one task and whom it calls."""

    task: Task
    days: int
    people: list[User]

    def rows(self, now: datetime) -> list[Escalation]:
        return [
            Escalation(
                record_id=self.task.record.pk,
                uid=self.task.uid,
                what=str(self.task.what)[:300],
                due_date=self.task.due_date or date.min,
                step=self.days,
                recipient=person,
                at=now,
            )
            for person in self.people
        ]

    def events(self) -> Iterator[Event]:
        """Yield what is told; the owner's step stands in the digest anyway."""
        if self.days != OWNER:
            key = f"late:{self.task.uid}:{self.task.due_date}:{self.days}"
            people = tuple(person.pk for person in self.people)
            yield Event(Kind.ESCALATED, self.task.record.pk, people, key)


def _steps(site: Site, day: date) -> Iterator[_Step]:
    """Yield the steps that are due on ``day`` and were not taken."""
    tasks = list(work.late(site, day - timedelta(days=OWNER), most=MOST))
    taken = set(
        Escalation.objects.filter(uid__in=[task.uid for task in tasks]).values_list(
            "uid", "due_date", "step"
        )
    )
    callers = _Called(site)
    for task in tasks:
        for days in (OWNER, PROCESS, QUALITY):
            due = task.due_date and task.due_date + timedelta(days=days) <= day
            if due and (task.uid, task.due_date, days) not in taken:
                yield _Step(task, days, callers.at(days, task))


class _Called:
    """Who is called at which step; those who may see the record and do not own the work."""

    def __init__(self, site: Site) -> None:
        self.quality = with_grants(accounts.holders(Role.MANAGER, site=site))
        self.top = with_grants(accounts.holders(Role.MANAGEMENT, site=site))
        self.sight = Sight()

    def at(self, days: int, task: Task) -> list[User]:
        owner = task.person or task.record.owner
        if days == OWNER:
            return [owner]
        process = task.record.process
        first = [process.owner] if process and days == PROCESS else []
        for people in (first, self.quality, self.top):
            if called := self._fit(people, owner, task):
                return called
        return []

    def _fit(self, people: Iterable[Any], owner: User, task: Task) -> list[User]:
        others = (person for person in people if person.pk != owner.pk)
        return [person for person in others if self.sight(person, task.record.pk)]
