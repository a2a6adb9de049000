"""A new password by mail: to the stored address only, one use, half an hour (AU6).

Asking only writes a row, for a known name as for an unknown one; the worker sends the mail, so
the answer takes the same time. The link is signed over the password, the address and the last
sign-in: any of them changed, and it is dead. Whoever has set a new password signs in as always,
second factor included.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy

from andon.accounts import clock, names, services
from andon.accounts.models import User
from andon.entry import engine, throttle
from andon.entry.models import ResetRequest, Session
from andon.trail.security import tell

TRIES = 5
WAITING = timedelta(hours=1)
log = logging.getLogger("andon.mail")
_links = PasswordResetTokenGenerator()
_links.key_salt = "andon.entry.resets"

SUBJECT = gettext_lazy("Andon: a new password")


def is_on() -> bool:
    """Return whether this installation sends mail; otherwise an administrator sets passwords."""
    return bool(settings.ANDON_MAIL)


def ask(username: str, request: HttpRequest) -> None:
    """Note that somebody asks for a new password of ``username``; raise `throttle.Paused`.

    It is a try that is never taken back, so nobody floods a mailbox.
    """
    account = names.username_key(username)
    throttle.attempt(account, request, act="password reset").stands()
    person = User.objects.active().filter(username_key=account).exclude(email="").first()
    if person is not None and not person.has_usable_password():
        person = None  # they sign in elsewhere, and a mail must not open a second way
    ResetRequest.objects.create(person=person, asked_at=clock.now())
    tell("password reset asked", by=throttle.DOOR, detail={"person": person and person.pk})


def send_due(now: datetime) -> None:
    """Send the mails that were asked for; a request an hour old is worth nothing any more."""
    waiting = ResetRequest.objects.filter(done_at=None, tries__lt=TRIES).order_by("pk")
    for asked in waiting.select_related("person")[:50]:
        if asked.person is None or asked.asked_at < now - WAITING or not is_on():
            _done(asked, now)
            continue
        try:
            mail(asked.person).send()
        except Exception as error:  # noqa: BLE001  (whatever a mail server or a network does)
            log.warning("A mail for a new password could not be sent: %s", type(error).__name__)
            ResetRequest.objects.filter(pk=asked.pk).update(tries=asked.tries + 1)
        else:
            _done(asked, now)


def _done(asked: ResetRequest, now: datetime) -> None:
    ResetRequest.objects.filter(pk=asked.pk).update(done_at=now)


def mail(person: User) -> EmailMessage:
    """Return the mail with the link, from the configured address of Andon, never from a Host."""
    validate_email(person.email)
    path = reverse("entry:reset", kwargs={"pk": person.pk, "key": _links.make_token(person)})
    body = render_to_string(
        "entry/mail/reset.txt",
        {"url": f"{settings.ANDON_URL}{path}", "minutes": settings.PASSWORD_RESET_TIMEOUT // 60},
    )
    return EmailMessage(
        subject=str(SUBJECT),
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def person_of(pk: int, key: str) -> User | None:
    """Return whose new password the link sets; None when it is used, old or wrong."""
    person = User.objects.active().filter(pk=pk).first()
    if person is None or not person.has_usable_password():
        return None
    return person if _links.check_token(person, key) else None


def set_new(person: User, password: str) -> None:
    """Set the new password and end every session of the person."""
    services.change_own_password(person, password)
    engine.end(list(Session.objects.filter(person=person)), cause="password reset")
    tell("password reset", by=person)


def forget(now: datetime) -> None:
    ResetRequest.objects.filter(asked_at__lt=now - timedelta(days=1)).delete()
