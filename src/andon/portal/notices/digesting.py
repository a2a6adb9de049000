"""The digest: at most one mail a day, at the hour chosen, only when there is something."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.models import Site, User
from andon.accounts.queries import with_grants
from andon.organization import clock
from andon.organization.policy import policy
from andon.portal import work
from andon.records.work import Task
from andon.trail.services import SYSTEM, audited, retrying

from . import mailing
from .models import Absence, DigestDay, Mail, Notice, Preference
from .people import Away, Sight, home_site, zone_of

DIGEST = SYSTEM("digest")
ONE_DAY = timedelta(days=1)
# Days before and after the due date on which a task is worth a word.
REMINDED = (timedelta(days=-7), timedelta(days=-1), timedelta(days=1))
# What is late and was told is told again once a week.
NAGGING = timedelta(days=7)
TASKS = 50
NEWS = 30
# News of a time when no mail was sent are old news.
FRESH = timedelta(days=14)
MONDAY = 1


def send_digests(now: datetime) -> None:
    """Put the digests of all people whose hour has come into the outbox."""
    if not mailing.is_on():
        return
    people = with_grants(User.objects.active().exclude(email=""))
    chosen = {row.user_id: row for row in Preference.objects.filter(user__in=people)}
    days = {row.user_id: row.day for row in DigestDay.objects.filter(user__in=people)}
    away = Away(now)
    for person in people:
        day = due_day(person, chosen.get(person.pk), now)
        if day is not None and days.get(person.pk) != day and person.grants_in_force():
            _think_about(person, chosen.get(person.pk), day=day, now=now, away=away)


def due_day(person: User, chosen: Preference | None, now: datetime) -> date | None:
    """Return the day at the person's site when the hour of its digest has come, else nothing.

    The hour is turned into an instant: where clocks go forward over it the digest comes with the
    first moment after it, and where they go back it comes the first time.
    """
    zone = zone_of(person)
    day = now.astimezone(zone).date()
    hour = chosen.hour if chosen else Preference._meta.get_field("hour").default
    begins = datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
    return day if now >= begins else None


@retrying
def _think_about(
    person: User, chosen: Preference | None, *, day: date, now: datetime, away: Away
) -> None:
    """Send the digest of ``day``, or let it be; either way the day is done with."""
    with audited(DIGEST):
        yesterday = day - ONE_DAY
        last, _new = DigestDay.objects.select_for_update().get_or_create(
            user=person, defaults={"day": yesterday, "due_day": yesterday}
        )
        if last.day >= day:
            return
        last.day = day
        site = home_site(person)
        if person not in away and is_wanted(chosen, site, since=last.due_day, day=day):
            digest = Digest(person, last, now=now, away=away)
            last.due_day = day
            if digest.is_worth_it:
                digest.put()
                last.sent_day = day
        last.save()


def is_wanted(chosen: Preference | None, site: Site | None, *, since: date, day: date) -> bool:
    """Return whether a digest is due on the working day ``day``.

    It is when a chosen weekday lies after ``since``: one that was a holiday, or a day of absence,
    moves to the next working day.
    """
    weekdays = _weekdays(chosen)
    passed = {
        (day - n * ONE_DAY).isoweekday() for n in range(min((day - since).days, len("1234567")))
    }
    return bool(passed & weekdays) and clock.is_working_day(day, site)


def _weekdays(chosen: Preference | None) -> frozenset[int]:
    if chosen and chosen.weekdays:
        return frozenset(map(int, chosen.weekdays))
    rules = policy()
    return frozenset({MONDAY}) if rules.light else rules.working_days


@dataclass
class Part:
    """Some tasks under a heading of the mail; of the person, or of one they stand in for."""

    heading: str
    tasks: list[Task] = field(default_factory=list)


class Digest:
    """What one person is told on one day."""

    def __init__(self, person: User, last: DigestDay, *, now: datetime, away: Away) -> None:
        self.person, self.last, self.now = person, last, now
        self.day = last.day
        self._before = last.due_day
        self.sight = Sight()
        self.news = self._news()
        own = work.tasks(person, most=TASKS)
        self.reminded = any(self._is_reminded(task) for task in own)
        self.late = any(self._is_late(task) for task in own)
        self.parts = self._parts(own)
        for absent in away.stood_in_for(person):
            theirs = [t for t in work.tasks(absent, most=TASKS) if self.sight(person, t.record.pk)]
            self.reminded = self.reminded or any(self._is_reminded(task) for task in theirs)
            self.parts += self._parts(theirs, absent)

    @property
    def is_worth_it(self) -> bool:
        """Whether there is news, a reminder, or late work that was not told for a week."""
        sent = self.last.sent_day
        nagging = self.late and (sent is None or self.day - sent >= NAGGING)
        return bool(self.news) or self.reminded or nagging

    def put(self) -> None:
        """Put the mail into the outbox, and what it tells is told."""
        named = [task.record.pk for part in self.parts for task in part.tasks]
        mailing.put(
            self.person,
            kind=Mail.Kind.DIGEST,
            subject=_("Andon: your work"),
            body=render_to_string("notices/mail/digest.txt", self._context()),
            records=[*named, *(notice.record_id for notice in self.news)],
            key=f"digest:{self.person.pk}:{self.day.isoformat()}",
            now=self.now,
        )
        told = [notice.pk for notice in self.news]
        Notice.objects.filter(pk__in=told).update(told_at=self.now)

    def _context(self) -> dict[str, object]:
        away = self._absence_over()
        return {
            "parts": self.parts,
            "news": self.news,
            "away": away,
            "day": self.day,
            "work_url": mailing.link(reverse("portal:work")),
            "settings_url": mailing.link(reverse("notices:settings")),
        }

    def _news(self) -> list[Notice]:
        since = datetime.combine(self.last.due_day - FRESH, time(), tzinfo=UTC)
        rows = Notice.objects.filter(
            recipient=self.person, told_at=None, read_at=None, at__gte=since
        )
        found = rows.select_related("record", "behalf").order_by("-pk")[:NEWS]
        return [notice for notice in found if self.sight(self.person, notice.record_id)]

    def _absence_over(self) -> Absence | None:
        """Return the absence that ended since the last digest."""
        rows = Absence.objects.filter(user=self.person, from_date__lt=self.day)
        ended = rows.filter(until_date__gte=self.last.due_day - ONE_DAY)
        return ended.select_related("substitute").order_by("-until_date").first()

    def _is_late(self, task: Task) -> bool:
        return task.due_date is not None and task.due_date < self.day

    def _is_reminded(self, task: Task) -> bool:
        if task.due_date is None:
            return False
        before = self._before
        return any(before < task.due_date + days <= self.day for days in REMINDED)

    def _parts(self, tasks: Iterable[Task], absent: User | None = None) -> list[Part]:
        groups = [group for group in work.grouped(tasks, self.day) if group.key != work.LATER]
        suffix = _(" (for %s)") % absent.display_name if absent else ""
        return [Part(f"{group.label}{suffix}", list(group.tasks)) for group in groups]
