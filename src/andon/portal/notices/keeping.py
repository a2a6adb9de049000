"""Checkpoints are made in time, and handed to people outside of the database by mail (AT9).

A checkpoint in the mailbox of a quality manager shows later whether the history before it was
changed. One goes out each day on which something was signed, and at once after a change of key.
"""

from collections.abc import Iterator
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.accounts.queries import holders
from andon.accounts.roles import Role
from andon.trail import checkpoints
from andon.trail.models import Checkpoint
from andon.trail.services import audited

from . import mailing
from .models import Mail

KEEPERS = (Role.QUALITY, Role.MANAGER)


def keep(now: datetime) -> None:
    """Make a checkpoint when one is due, mend the file, and hand the newest one to the keepers."""
    if checkpoints.due(now):
        checkpoints.checkpoint("the hour")
    checkpoints.write_file()
    newest = Checkpoint.objects.order_by("-number").first()
    if newest is not None:
        for keeper in checkpoints.keepers():
            keeper(newest)


def by_mail(newest: Checkpoint) -> None:
    """Put ``newest`` into the outbox for each quality manager, once a day and key."""
    if not mailing.is_on():
        return
    day, body = newest.at.date(), _body(newest)
    with audited(mailing.POST):
        for person in _keepers():
            key = f"checkpoint:{day}:{newest.key_id}:{person.pk}"
            if not Mail.objects.filter(key=key).exists():
                mailing.put(
                    person,
                    kind=Mail.Kind.CHECKPOINT,
                    subject=_("Andon: keep this checkpoint"),
                    body=body,
                    records=(),
                    key=key,
                    now=newest.at,
                )


def _keepers() -> Iterator[User]:
    seen = set()
    for role in KEEPERS:
        for person in holders(role):
            if person.pk not in seen:
                seen.add(person.pk)
                yield person


def _body(newest: Checkpoint) -> str:
    return render_to_string("notices/mail/checkpoint.txt", {"text": newest.text})
