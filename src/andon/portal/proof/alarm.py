"""A finding is told: by mail at once, and on the first page until a verification is clean."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.accounts.queries import holders
from andon.accounts.roles import roles_with
from andon.portal.notices import mailing
from andon.portal.notices.models import Mail
from andon.portal.proof import queries
from andon.portal.proof.apps import VERIFY
from andon.portal.proof.models import Verification
from andon.trail.services import audited

LATE = timedelta(days=2)


@dataclass(frozen=True)
class Alarm:
    """What is wrong with the proof: findings, or nobody has looked for too long."""

    last: Verification | None

    @property
    def found(self) -> bool:
        return self.last is not None and not self.last.clean_run


def for_person(person: User, now: datetime) -> Alarm | None:
    """Return what ``person`` must look into; nothing when all is well or is not theirs."""
    if not person.may_at(VERIFY, None):
        return None
    last = queries.latest()
    if last is None or (last.clean_run and now - last.started_at < LATE):
        return None
    return Alarm(last)


def raise_for(run: Verification, *, now: datetime) -> None:
    """Mail to everybody who may verify that ``run`` found something."""
    if run.clean_run or not mailing.is_on():
        return
    address = mailing.link(reverse("proof:run", args=[run.pk]))
    body = render_to_string("proof/mail/findings.txt", {"run": run, "address": address})
    told = {person.pk: person for role in roles_with(VERIFY) for person in holders(role)}
    with audited(mailing.POST):
        for person in told.values():
            mailing.put(
                person,
                kind=Mail.Kind.AT_ONCE,
                subject=_("Andon: the trail has findings"),
                body=body,
                records=(),
                key=f"verification:{run.pk}:{person.pk}",
                now=now,
            )
