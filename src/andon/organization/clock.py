"""Business time: which day it is at a site, which day a shift belongs to, working days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from andon.accounts import clock
from andon.accounts.models import Site, main_zone
from andon.organization.models import Holiday, Shift
from andon.organization.policy import policy

ONE_DAY = timedelta(days=1)


def now() -> datetime:
    """Return this instant, aware, in UTC."""
    return clock.now()


def zone(site: Site | None = None) -> ZoneInfo:
    """Return the time zone of ``site``, or that of the first site."""
    return site.zone if site else ZoneInfo(main_zone())


def today(site: Site | None = None) -> date:
    """Return the date it is now at ``site`` (by default at the first one)."""
    return now().astimezone(zone(site)).date()


def production_day(site: Site, instant: datetime) -> date:
    """Return the day ``instant`` counts for: a night shift belongs to the day it began."""
    return shift_at(site, instant)[1]


def shift_at(site: Site, instant: datetime) -> tuple[Shift | None, date]:
    """Return the shift at ``site`` that covers ``instant``, and the day it counts for.

    The shifts of the day come first, so that where a night shift overlaps an early
    one the early one has begun.
    """
    local = instant.astimezone(site.zone)
    time, day = local.time(), local.date()
    shifts = list(Shift.objects.filter(site=site, is_active=True).order_by("-starts"))
    for shift in shifts:
        if shift.starts <= time and (shift.passes_midnight or time < shift.ends):
            return shift, day
    for shift in shifts:
        if shift.passes_midnight and time < shift.ends:
            return shift, day - ONE_DAY
    return None, day


def add_working_days(day: date, count: int, site: Site | None = None) -> date:
    """Return the ``count``-th working day after ``day`` at ``site``."""
    weekdays = policy().working_days or frozenset(range(1, 8))
    holidays = holidays_after(day, site)
    while count > 0:
        day += ONE_DAY
        if day.isoweekday() in weekdays and day not in holidays:
            count -= 1
    return day


def is_working_day(day: date, site: Site | None = None) -> bool:
    """Return whether work is done on ``day`` at ``site``."""
    weekdays = policy().working_days or frozenset(range(1, 8))
    if day.isoweekday() not in weekdays:
        return False
    holidays = Holiday.objects.filter(Q(site=site) | Q(site=None), day=day, is_active=True)
    return not holidays.exists()


def holidays_after(day: date, site: Site | None = None) -> frozenset[date]:
    """Return the holidays after ``day``: those of all sites and those of ``site``."""
    days = Holiday.objects.filter(Q(site=site) | Q(site=None), day__gt=day, is_active=True)
    return frozenset(days.values_list("day", flat=True))
