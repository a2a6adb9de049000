"""What people ask about notices."""

from typing import Any

from andon.accounts.models import User
from andon.portal.notices.models import Escalation, Mail, Notice, Preference, Watch
from andon.portal.notices.people import Away
from andon.records.models import Record

SHOWN = 100
COUNTED = 99


def preference(user: User) -> Preference:
    """Return the choices of ``user``, those of everybody who has not chosen."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def inbox(user: User) -> list[Notice]:
    """Return the newest notices of ``user``, about what they may still see."""
    rows = Notice.objects.visible_to(user).select_related("record", "actor", "behalf")
    return list(rows.order_by("-pk")[:SHOWN])


def unread(user: User) -> int:
    """Count the unread notices of ``user``, up to a hundred."""
    rows = Notice.objects.unread().filter(recipient_id=user.pk)
    return rows.order_by()[: COUNTED + 1].count()


def is_watched(user: User, record: Record) -> bool:
    return Watch.objects.filter(user_id=user.pk, record_id=record.pk).exists()


def escalated_to(user: User, away: Away) -> list[Escalation]:
    """Return the steps that called ``user``, or one they stand in for, about open records."""
    called = [user.pk, *(person.pk for person in away.stood_in_for(user))]
    seen: Any = Record.objects.visible_to(user).open().values("pk")
    rows = Escalation.objects.filter(recipient__in=called, record__in=seen, step__gt=1)
    related = ("record__owner", "record__site", "recipient")
    return list(rows.select_related(*related).order_by("-pk")[:SHOWN])


def mails() -> list[Mail]:
    """Return the mails that wait or were given up, then the last ones sent; without their text."""
    rows = Mail.objects.select_related("recipient").defer("body")
    trouble = rows.filter(status__in=[Mail.Status.GIVEN_UP, Mail.Status.WAITING])
    done = rows.filter(status__in=[Mail.Status.SENT, Mail.Status.WITHDRAWN])
    return [*trouble.order_by("status", "-pk")[:SHOWN], *done.order_by("-pk")[:20]]
