"""Who is told when backups or drills go wrong, without having to look at the page."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.accounts.queries import holders
from andon.accounts.roles import roles_with
from andon.portal.notices import mailing
from andon.portal.notices.models import Mail
from andon.trail.services import SYSTEM, audited

from . import queries
from .apps import SEE
from .queries import Missing

WATCH = SYSTEM("backup")


def alarms(person: User, now: datetime) -> list[Missing]:
    """Return what ``person`` must see on their first page; nothing for who may not see it."""
    return queries.troubles(now) if person.may(SEE) else []


def raise_when_due(now: datetime) -> int:
    """Put one mail a day into the outbox of each who must know; return how many."""
    troubles = queries.troubles(now)
    if not troubles:
        return 0
    lines = [f"- {one.sentence} {one.advice}" for one in troubles]
    body = "\n".join([*lines, "", mailing.link(reverse("keeping:backups"))])
    with audited(WATCH):
        made = [_mail(person, body, now) for person in _who_must_know()]
    return sum(mail is not None for mail in made)


def _mail(person: User, body: str, now: datetime) -> Mail | None:
    key = f"backups:{now.date()}:{person.pk}"
    if Mail.objects.filter(key=key).exists():
        return None
    return mailing.put(
        person,
        kind=Mail.Kind.AT_ONCE,
        subject=_("Andon: the backups need you"),
        body=body,
        records=[],
        key=key,
        now=now,
    )


def _who_must_know() -> list[User]:
    found = {person.pk: person for role in roles_with(SEE) for person in holders(role)}
    return [found[pk] for pk in sorted(found)]
