"""The one place that reads the clock; everybody above asks ``organization.clock``."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> datetime:
    """Return this instant, aware, in UTC."""
    return timezone.now()


def today_in(zone: str) -> date:
    """Return the date it is now in the time zone named ``zone``."""
    return now().astimezone(ZoneInfo(zone)).date()
