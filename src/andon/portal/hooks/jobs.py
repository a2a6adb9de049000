"""The duties of webhooks; each is safe to run twice."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from andon.organization.duties import Duty

from . import sending, telling


def tell(now: datetime) -> None:
    """Turn what happened into messages."""
    telling.read_on(now)


def send(now: datetime) -> None:
    """Send what waits."""
    sending.send_due(now)


def tidy(now: datetime) -> None:
    sending.forget_old(now)


DUTIES = (
    Duty("hooks.read", timedelta(seconds=30), tell, _("Messages for webhooks")),
    Duty("hooks.send", timedelta(seconds=30), send, _("Messages to other programs")),
    Duty("hooks.tidy", timedelta(hours=6), tidy, _("Old messages to programs are forgotten")),
)
