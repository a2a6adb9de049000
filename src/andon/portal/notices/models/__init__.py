"""The rows of the notices: duties of the worker, choices of people, notices, mails."""

from .choices import Absence, CalendarFeed, Preference, Watch
from .duties import DutyRun
from .mails import CalendarEntry, Mail
from .told import DigestDay, Escalation, Kind, Notice, TrailCursor

__all__ = [
    "Absence",
    "CalendarEntry",
    "CalendarFeed",
    "DigestDay",
    "DutyRun",
    "Escalation",
    "Kind",
    "Mail",
    "Notice",
    "Preference",
    "TrailCursor",
    "Watch",
]
