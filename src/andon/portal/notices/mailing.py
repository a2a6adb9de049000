"""The outbox: mails are rows first, sent by a duty, tried again, and given up in the open.

A crash after the sending and before the mark sends one mail once more, with the same Message-ID;
nothing else can double it (the key), and nothing can lose it (the row).
"""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.trail.services import SYSTEM, audited, retrying

from .models import Mail, Notice
from .people import Sight, known

POST = SYSTEM("mail")
BATCH = 50
SHOWN = 20
# A mail repeats words of a record; the least time that a record is kept is a year.
KEPT = timedelta(days=90)
# A server that is away for a day and a half loses nothing.
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
ERROR_LENGTH = 500

log = logging.getLogger("andon.mail")


def is_on() -> bool:
    """Return whether this installation sends mail at all; without it notices stay in Andon."""
    return bool(settings.ANDON_MAIL)


def link(path: str) -> str:
    """Return ``path`` as an address from the configured base, never from a request (OB2)."""
    return f"{settings.ANDON_URL}{path}"


# -- into the outbox ------------------------------------------------------------------------


def put(
    recipient: User,
    *,
    kind: str,
    subject: str,
    body: str,
    records: Iterable[int],
    key: str,
    now: datetime,
) -> Mail | None:
    """Put a mail into the outbox; nothing when mail is off or the person has no address."""
    if not is_on() or not recipient.email:
        return None
    return Mail.objects.create(
        recipient=recipient,
        kind=kind,
        subject=subject,
        body=body,
        records=sorted(set(records)),
        key=key,
        due_at=now,
        made_at=now,
    )


def put_at_once(notices: Iterable[Notice], *, now: datetime) -> None:
    """Put one mail per recipient into the outbox, whatever the number of notices."""
    piles: dict[int, list[Notice]] = {}
    for notice in notices:
        piles.setdefault(notice.recipient_id, []).append(notice)
    for pile in piles.values():
        context = {
            "notices": pile[:SHOWN],
            "more": len(pile) - SHOWN,
            "settings_url": link(reverse("notices:settings")),
        }
        mail = put(
            pile[0].recipient,
            kind=Mail.Kind.AT_ONCE,
            subject=_subject(pile),
            body=render_to_string("notices/mail/at_once.txt", context),
            records=[notice.record_id for notice in pile],
            key=f"at-once:{pile[0].key}",
            now=now,
        )
        if mail is not None:
            Notice.objects.filter(pk__in=[notice.pk for notice in pile]).update(told_at=now)


def _subject(pile: Sequence[Notice]) -> str:
    """Return a fixed sentence; at most a number, which is ours, never a title (OB2)."""
    first = pile[0]
    if len(pile) == 1:
        return f"Andon: {first.get_kind_display()}: {first.record.number}"
    return _("Andon: %d things need you") % len(pile)


# -- out of the outbox ----------------------------------------------------------------------


def send_due(now: datetime) -> None:
    """Send what is due; one mail that fails stops no other."""
    if not is_on():
        return
    due = Mail.objects.filter(status=Mail.Status.WAITING, due_at__lte=now).order_by("due_at", "pk")
    mails = list(due.select_related("recipient")[:BATCH])
    if not mails:
        return
    people, sight = known(mail.recipient_id for mail in mails), Sight()
    connection = get_connection()
    for mail in mails:
        if reason := _withdrawn(mail, people.get(mail.recipient_id), sight):
            _mark(mail, Mail.Status.WITHDRAWN, now, error=reason)
            continue
        try:
            message(mail, connection).send()
        except Exception as error:  # noqa: BLE001  (whatever a mail server or a network does)
            log.warning("Mail %d could not be sent: %s", mail.pk, type(error).__name__)
            _failed(mail, error, now)
        else:
            _mark(mail, Mail.Status.SENT, now)


@retrying
def forget_old(now: datetime) -> None:
    """Forget mails that wait no more, a while after they were made.

    Those with a checkpoint stay: they name no record, and tell that it was handed out already.
    """
    with audited(POST):
        old = Mail.objects.filter(made_at__lt=now - KEPT)
        old.exclude(status=Mail.Status.WAITING).exclude(kind=Mail.Kind.CHECKPOINT).delete()


def _withdrawn(mail: Mail, person: User | None, sight: Sight) -> str:
    """Return why the mail must not go out any more, or nothing."""
    if person is None:
        return _("The recipient is no longer active.")
    if not all(sight(person, pk) for pk in mail.records):
        return _("The recipient may no longer see what it names.")
    return ""


def message(mail: Mail, connection: Any = None) -> EmailMessage:
    """Return the mail as it goes out; raise ``ValidationError`` for an address that is none."""
    address = mail.recipient.email
    validate_email(address)
    if any(ord(letter) < ord(" ") for letter in address + mail.subject):
        raise ValidationError(_("An address or a subject cannot hold a line end."))
    host = urlsplit(settings.ANDON_URL).hostname or "localhost"
    same = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    return EmailMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[formataddr(("", address))],
        headers={"Message-ID": f"<{same}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


@retrying
def _mark(mail: Mail, status: str, now: datetime, *, error: str = "") -> None:
    with audited(POST):
        mail.status, mail.error = status, error
        mail.sent_at = now if status == Mail.Status.SENT else None
        mail.save()


@retrying
def _failed(mail: Mail, error: Exception, now: datetime) -> None:
    """Try again later, each time after a longer wait; then give up where it is seen."""
    with audited(POST):
        mail.error = f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
        if mail.tries >= len(WAITS) or isinstance(error, ValidationError):
            mail.status = Mail.Status.GIVEN_UP
        else:
            mail.due_at = now + WAITS[mail.tries]
        mail.tries += 1
        mail.save()
