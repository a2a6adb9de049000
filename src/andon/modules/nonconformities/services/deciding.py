"""Who agrees to a decision, and what the customer allows."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.modules.nonconformities.lifecycle import State
from andon.modules.nonconformities.models import Agreement, Disposition, Nonconformity
from andon.organization import clock
from andon.records import services as records
from andon.records.workflow import Refused

from .ledger import live_line


def agree(
    nonconformity: Nonconformity, *, by: User, role: str, note: str = "", day: date | None = None
) -> Agreement:
    """Record that ``by`` agrees, in one of their roles, to the decision as it stands now."""
    with records.changing(
        nonconformity, by=by, permission="nonconformities.agree", reason=_("decision agreed to")
    ) as fresh:
        if role not in by.roles_at(fresh.site_id):
            raise PermissionDenied(_("You do not hold this role at this site."))
        _refuse_agreement(fresh, by, role)
        row = Agreement(
            record=fresh,
            role=role,
            decision=fresh.decision_text,
            note=note,
            by=by,
            day=day or clock.today(fresh.site),
        )
        row.clean_fields(exclude=["record", "by"])
        row.save()
    return row


def _refuse_agreement(fresh: Nonconformity, by: User, role: str) -> None:
    if fresh.state == State.DECIDED:
        raise Refused(_("The decision is confirmed already."), fix="#authority")
    if not fresh.live_dispositions and fresh.has_quantity:
        raise Refused(
            _("There is nothing to agree to yet: decide the dispositions first."),
            fix="#dispositions",
        )
    if role not in {need.role for need in fresh.authorities()}:
        raise Refused(_("This decision does not need “%s”.") % Role(role).label, fix="#authority")
    standing = [row for row in fresh.all_agreements if row.still_stands]
    if any(row.by_id == by.pk for row in standing):
        raise Refused(_("You have agreed already; one person speaks in one role."))
    if any(row.role == role for row in standing):
        raise Refused(_("“%s” has agreed already.") % Role(role).label, fix="#authority")


def approve_concession(
    nonconformity: Nonconformity,
    *,
    by: User,
    line: int,
    approval_number: str,
    approval_contact: str = "",
    approval_until: date | None = None,
    approval_quantity: Decimal | None = None,
) -> Disposition:
    """Record the customer's approval of a concession, also a later or longer one."""
    with records.changing(
        nonconformity,
        by=by,
        permission="nonconformities.decide",
        reason=_("customer's approval recorded"),
    ) as fresh:
        row = live_line(fresh, line)
        if not row.is_concession:
            raise Refused(_("Only use as is and repair are concessions."), fix="#dispositions")
        row.approval_number, row.approval_contact = approval_number, approval_contact
        row.approval_until, row.approval_quantity = approval_until, approval_quantity
        row.clean_fields(exclude=["record", "authority", "verified_by", "done_by", "lot"])
        row.save()
    return row
