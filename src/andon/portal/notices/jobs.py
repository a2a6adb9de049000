"""The duties of the notices; each is safe to run twice."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from andon.organization.duties import Duty

from . import digesting, escalating, keeping, mailing, reading


def notices(now: datetime) -> None:
    """Tell at once what cannot wait, and remember the rest for the digests."""
    reading.read_on(now)


def ladder(now: datetime) -> None:
    escalating.escalate(now)


def digests(now: datetime) -> None:
    digesting.send_digests(now)


def mail(now: datetime) -> None:
    mailing.send_due(now)


def tidy(now: datetime) -> None:
    mailing.forget_old(now)


def checkpoints(now: datetime) -> None:
    keeping.keep(now)


# The trail is read before the ladder and the digests look, and the mail goes out last.
DUTIES = (
    Duty("notices.read", timedelta(seconds=30), notices, _("Notices from what was done")),
    Duty("notices.ladder", timedelta(minutes=30), ladder, _("Escalation of what is late")),
    Duty("notices.digest", timedelta(minutes=5), digests, _("Digests at everybody's hour")),
    Duty("trail.checkpoints", timedelta(minutes=1), checkpoints, _("Checkpoints of the trail")),
    Duty("notices.mail", timedelta(seconds=30), mail, _("Mail from the outbox")),
    Duty("notices.tidy", timedelta(hours=6), tidy, _("Old mails are forgotten")),
)
