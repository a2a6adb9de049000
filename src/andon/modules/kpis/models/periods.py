"""The periods a KPI is looked at in: where they begin and end, and what they are called."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

ONE_DAY = timedelta(days=1)
DECEMBER = 12


class Period(TextChoices):
    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    SAMPLE = "sample", _("Sample, numbered in order")


def start_of(period: str, day: date) -> date:
    """Return the first day of the period ``day`` lies in (weeks begin on Monday)."""
    if period == Period.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if period == Period.MONTH else day


def next_start(period: str, start: date) -> date:
    """Return the first day after the period that begins on ``start``."""
    if period == Period.WEEK:
        return start + timedelta(days=7)
    if period == Period.MONTH:
        year, month = (
            (start.year, start.month + 1) if start.month < DECEMBER else (start.year + 1, 1)
        )
        return date(year, month, 1)
    return start + ONE_DAY


def back(period: str, start: date, count: int) -> date:
    """Return the start of the period ``count`` periods before ``start``; never before year 1."""
    if period == Period.MONTH:
        months = max(start.year * 12 + start.month - 1 - count, 12)
        return date(months // 12, months % 12 + 1, 1)
    days = count * (7 if period == Period.WEEK else 1)
    return date.fromordinal(max(start.toordinal() - days, 1))


def starts(period: str, first: date, last: date) -> Iterator[date]:
    """Yield the starts of the periods from ``first`` to ``last``, both included."""
    while first <= last:
        yield first
        if first.year == date.max.year and first.month == DECEMBER:
            return
        first = next_start(period, first)


def last_closed(period: str, day: date) -> date:
    """Return the start of the newest period that is over on ``day``."""
    return start_of(period, start_of(period, day) - ONE_DAY)


def label(period: str, start: date, sequence: int = 0) -> str:
    """Return the short name of a period: 2026-03-05, 2026-W12, 2026-03, or 12 for a sample."""
    if period == Period.SAMPLE:
        return str(sequence)
    if period == Period.WEEK:
        year, week, _day = start.isocalendar()
        return f"{year}-W{week:02d}"
    return start.isoformat()[:7] if period == Period.MONTH else start.isoformat()
