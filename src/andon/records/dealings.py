"""What people add to a record: comments, more time, links, people who may see it."""

from datetime import date
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.organization import clock
from andon.trail.services import audited

from .changing import changing, lock, require
from .links import LINK_KINDS
from .models import Comment, Extension, Link, Participant, Record
from .workflow import Refused

R = TypeVar("R", bound=Record)


def comment(record: Record, text: str, *, by: User, day: date | None = None) -> Comment:
    """Add what ``by`` says about ``record``; closed records can still be commented."""
    if not text.strip():
        raise Refused(_("Write something first."), fix="#comments")
    require(by, "records.comment", record)
    with audited(by, reason=_("commented")):
        return Comment.objects.create(
            record=_shell(record), text=text.strip(), by=by, day=day or clock.today(record.site)
        )


def _shell(record: Record) -> Record:
    return record if type(record) is Record else record.record_ptr  # type: ignore[attr-defined]


def extend(record: R, due_date: date, *, by: User, reason: str, day: date | None = None) -> R:
    """Move the due date later, with a reason that is kept and counted."""
    if not reason.strip():
        raise Refused(_("Say why more time is needed."), fix="#due")
    with changing(
        record,
        by=by,
        permission=record.edit_permission,
        reason=_("due date: %s") % reason.strip(),
    ) as fresh:
        move_due_date(fresh, due_date, by=by, reason=reason, day=day)
    return fresh


def move_due_date(
    fresh: Record, due_date: date, *, by: User, reason: str, day: date | None = None
) -> None:
    """Give a record that is being changed a later due date, and keep the extension."""
    refuse_earlier(fresh, due_date)
    if fresh.due_date:
        Extension.objects.create(
            record=_shell(fresh),
            from_date=fresh.due_date,
            to_date=due_date,
            reason=reason.strip(),
            by=by,
            day=day or clock.today(fresh.site),
        )
    fresh.due_date = due_date


def refuse_earlier(record: Record, due_date: date) -> None:
    if record.due_date and due_date <= record.due_date:
        raise Refused(_("The new date must be later than %s.") % record.due_date, fix="#due")


def link(
    source: Record, kind: str, target: Record, *, by: User, why: str = "", day: date | None = None
) -> Link:
    """Draw a typed link from ``source`` to ``target``; an equal one is returned, not doubled."""
    if kind not in LINK_KINDS:
        raise Refused(_("There is no link called “%s”.") % kind)
    if source.pk == target.pk:
        raise Refused(_("A record cannot be linked to itself."), fix="#links")
    if not any(
        by.may(p, source.site_id) for p in (source.edit_permission, source.create_permission)
    ):
        raise PermissionDenied(_("Your roles do not allow this at this site."))
    with audited(by, reason=LINK_KINDS[kind].label):
        lock(source)  # two clicks at once draw one link
        found = Link.objects.filter(
            record_id=source.pk, target_id=target.pk, kind=kind, ended_date=None
        ).first()
        return found or Link.objects.create(
            record=_shell(source),
            target=_shell(target),
            kind=kind,
            why=why,
            made_by=by,
            made_date=day or clock.today(source.site),
        )


def unlink(drawn: Link, *, by: User, reason: str) -> Link:
    """End a link with a reason; it stays in the history."""
    if not reason.strip():
        raise Refused(_("Say why the link no longer holds."), fix="#links")
    with audited(by, reason=_("link ended")):
        source = lock(drawn.record)
        require(by, source.edit_permission, source)
        drawn.ended_date, drawn.ended_reason = clock.today(drawn.record.site), reason.strip()
        drawn.save()
    return drawn


def let_in(record: Record, person: User, *, by: User) -> None:
    """Let ``person`` see a restricted record."""
    with audited(by, reason=_("let in")):
        lock(record)
        require(by, record.edit_permission, record)
        if not Participant.objects.filter(record_id=record.pk, user=person).exists():
            Participant.objects.create(record=_shell(record), user=person)
