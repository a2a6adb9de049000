"""The calendar of a person's due work, for any program that reads iCalendar (RFC 5545).

The address is the key: a secret of 256 bits of which only the hash is kept. The calendar holds
numbers and titles, nothing else. What changed or is gone is told by SEQUENCE and CANCELLED, for
which each entry is remembered as it was shown last.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from andon import __version__
from andon.accounts.models import User
from andon.portal import work
from andon.records.work import Task
from andon.trail.services import SYSTEM, audited, retrying

from . import mailing
from .models import CalendarEntry, CalendarFeed

CALENDAR = SYSTEM("calendar")
MOST = 300
# How long a calendar program is told that something is off the list.
CANCELLED_FOR = timedelta(days=30)
PER_MINUTE = 20
ONE_DAY = timedelta(days=1)


def person_of(secret: str) -> User | None:
    """Return whose calendar this is; nobody for a wrong, renewed or ended address."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    feed = CalendarFeed.objects.filter(secret_sha256=digest).select_related("user").first()
    if feed is None or not feed.user.is_active or not feed.user.grants_in_force():
        return None
    person: User = feed.user
    return person


def too_often(key: str) -> bool:
    """Return whether this was asked for more often than a calendar program does."""
    name = f"calendar:{hashlib.sha256(key.encode()).hexdigest()}"
    cache.add(name, 0, timeout=60)
    try:
        return int(cache.incr(name)) > PER_MINUTE
    except ValueError:  # it ended between the two
        return False


def calendar_of(person: User, now: datetime) -> bytes:
    """Return the calendar of ``person`` as it is now."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Andon//Andon {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Andon: my work"))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for entry in _entries(person, now):
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


@retrying
def _entries(person: User, now: datetime) -> list[CalendarEntry]:
    """Bring what is remembered up to date and return it, cancelled entries too for a while."""
    with audited(CALENDAR):
        CalendarFeed.objects.select_for_update().get(user=person)
        known = {entry.uid: entry for entry in CalendarEntry.objects.filter(user=person)}
        due = {task.uid: task for task in work.tasks(person, most=MOST) if task.due_date}
        for uid, task in due.items():
            entry = known.setdefault(uid, CalendarEntry(user=person, uid=uid))
            _take_over(entry, task, now)
        _cancel((entry for uid, entry in known.items() if uid not in due), now)
    return [e for e in known.values() if not e.cancelled_at or now - e.cancelled_at < CANCELLED_FOR]


def forget(numbers: Iterable[str]) -> None:
    """Forget what calendars showed of records that are destroyed."""
    CalendarEntry.objects.filter(url__in=[_url(number) for number in numbers]).delete()


def _url(number: str) -> str:
    return f"/r/{number}"


def _take_over(entry: CalendarEntry, task: Task, now: datetime) -> None:
    what = f" · {task.what}" if task.what else ""
    shown = {
        "title": f"{task.record.number} {task.record.title}{what}"[:300],
        "url": _url(task.record.number),
        "due_date": task.due_date,
        "cancelled_at": None,
    }
    if all(getattr(entry, name) == value for name, value in shown.items()):
        return
    for name, value in shown.items():
        setattr(entry, name, value)
    _keep(entry, now)


def _cancel(entries: Iterable[CalendarEntry], now: datetime) -> None:
    for entry in entries:
        if entry.cancelled_at is None:
            entry.cancelled_at = now
            _keep(entry, now)


def _keep(entry: CalendarEntry, now: datetime) -> None:
    if entry.pk is not None:
        entry.sequence += 1
    entry.changed_at = now
    entry.save()


def _event(entry: CalendarEntry) -> Event:
    """Return an event of a whole day; its end is the day after, which does not belong to it."""
    host = urlsplit(settings.ANDON_URL).hostname or "localhost"
    event = Event()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    event.add("dtstart", entry.due_date)
    event.add("dtend", entry.due_date + ONE_DAY)
    event.add("status", "CANCELLED" if entry.cancelled_at else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", mailing.link(entry.url))
    return event
