"""The pages of the notices; each answers one request with one query or one service call."""

from .administering import duties, mail_again, mails
from .choosing import absence_end, absence_new, calendar, calendar_end, calendar_renew, settings
from .inbox import all_read, escalated, inbox, opened, watch

__all__ = [
    "absence_end",
    "absence_new",
    "all_read",
    "calendar",
    "calendar_end",
    "calendar_renew",
    "duties",
    "escalated",
    "inbox",
    "mail_again",
    "mails",
    "opened",
    "settings",
    "watch",
]
