"""What the worker does at the door; each duty is safe to run twice."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from andon.entry import engine, once, resets, throttle
from andon.entry.models import Session
from andon.organization.duties import Duty


def mails(now: datetime) -> None:
    resets.send_due(now)


def tidy(now: datetime) -> None:
    """End what is over, and forget what counts no more."""
    over = [row for row in Session.objects.iterator() if engine.over(row, now)]
    for cause in ("idle", "absolute"):
        engine.end([row for row in over if engine.over(row, now) == cause], cause=cause)
    throttle.forget(now)
    once.forget(now)
    resets.forget(now)


DUTIES = (
    Duty("entry.resets", timedelta(seconds=30), mails, _("Mails for new passwords")),
    Duty("entry.tidy", timedelta(hours=1), tidy, _("Sessions and counts that are over")),
)
