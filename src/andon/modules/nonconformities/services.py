"""What people do with a nonconformity beyond reporting, editing and its steps."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.organization import clock
from andon.records import services as records
from andon.records.workflow import Refused
from andon.trail.services import audited

from .lifecycle import State, plain
from .models import Containment, DefectCode, Disposition, Nonconformity, Sorting

WORK = "nonconformities.work"


def contain(
    nonconformity: Nonconformity,
    *,
    by: User,
    place: str,
    quantity: Decimal,
    action: str,
    day: date | None = None,
) -> Containment:
    """Record where some of the suspect quantity is held."""
    with records.changing(nonconformity, by=by, permission=WORK, reason=_("contained")) as fresh:
        _require_quantity(fresh)
        row = Containment(
            record=fresh,
            place=place,
            quantity=quantity,
            action=action,
            by=by,
            day=day or clock.today(fresh.site),
        )
        row.clean_fields(exclude=["record", "by"])
        row.save()
    return row


def sort_out(
    nonconformity: Nonconformity,
    *,
    by: User,
    good: Decimal,
    nonconforming: Decimal,
    not_recovered: Decimal,
    note: str = "",
    day: date | None = None,
) -> Sorting:
    """Record one round of sorting of the suspect quantity."""
    with records.changing(nonconformity, by=by, permission=WORK, reason=_("sorted")) as fresh:
        _require_quantity(fresh)
        _refuse_decided(fresh)
        total, ledger = good + nonconforming + not_recovered, fresh.ledger
        if total <= 0:
            raise Refused(_("Enter how many were sorted."))
        if total > ledger.unsorted:
            raise Refused(
                _("Only %(left)s of %(suspect)s suspect are left to sort.")
                % {"left": plain(ledger.unsorted), "suspect": plain(ledger.suspect)}
            )
        row = Sorting(
            record=fresh,
            good=good,
            nonconforming=nonconforming,
            not_recovered=not_recovered,
            note=note,
            by=by,
            day=day or clock.today(fresh.site),
        )
        row.clean_fields(exclude=["record", "by"])
        row.save()
    return row


def dispose(
    nonconformity: Nonconformity,
    *,
    by: User,
    disposal: str,
    quantity: Decimal,
    day: date | None = None,
    **details: Any,
) -> Disposition:
    """Decide what happens to part of the confirmed quantity, on the authority of ``by``."""
    with records.changing(
        nonconformity, by=by, permission="nonconformities.decide", reason=_("disposition decided")
    ) as fresh:
        _require_quantity(fresh)
        _refuse_decided(fresh)
        left = fresh.ledger.undisposed
        if quantity > left:
            raise Refused(
                _("Only %s of the confirmed quantity are left to decide; sort more first.")
                % plain(left)
            )
        row = Disposition(
            record=fresh,
            disposal=disposal,
            quantity=quantity,
            authority=by,
            day=day or clock.today(fresh.site),
            **details,
        )
        row.clean_fields(exclude=["record", "authority", "verified_by"])
        row.save()
    return row


def withdraw(nonconformity: Nonconformity, *, by: User, line: int, reason: str) -> Disposition:
    """Take a disposition back before the decision is confirmed; it stays in the history."""
    with records.changing(
        nonconformity, by=by, permission="nonconformities.decide", reason=_("disposition withdrawn")
    ) as fresh:
        _refuse_decided(fresh)
        row = _live_line(fresh, line)
        row.withdrawn_reason = reason
        row.save()
    return row


def carry_out(
    nonconformity: Nonconformity, *, by: User, line: int, quantity: Decimal
) -> Disposition:
    """Record that ``quantity`` more of a disposition was carried out."""
    with records.changing(
        nonconformity, by=by, permission=WORK, reason=_("disposition carried out")
    ) as fresh:
        _require_decided(fresh)
        row = _live_line(fresh, line)
        if quantity <= 0 or row.done_quantity + quantity > row.quantity:
            raise Refused(
                _("Enter a quantity above 0 and at most %s.")
                % plain(row.quantity - row.done_quantity)
            )
        row.done_quantity += quantity
        row.save()
    return row


def verify_again(
    nonconformity: Nonconformity,
    *,
    by: User,
    line: int,
    passed: bool,
    note: str,
    day: date | None = None,
) -> Disposition:
    """Record whether reworked or repaired product fulfils the requirement.

    A failed verification reopens only its line: it is to be carried out and verified again.
    """
    with records.changing(
        nonconformity, by=by, permission="nonconformities.verify", reason=_("verified again")
    ) as fresh:
        _require_decided(fresh)
        row = _live_line(fresh, line)
        if not row.needs_verification:
            raise Refused(_("Only rework and repair are verified again."))
        if row.done_quantity < row.quantity:
            raise Refused(
                _("Carry it out first: %s are still open.")
                % plain(row.quantity - row.done_quantity)
            )
        row.verified_ok, row.verified_by, row.verified_note = passed, by, note
        row.verified_day = day or clock.today(fresh.site)
        if not passed:
            row.done_quantity = Decimal(0)
        row.clean_fields(exclude=["record", "authority", "verified_by"])
        row.save()
    return row


def _require_quantity(nonconformity: Nonconformity) -> None:
    if not nonconformity.has_quantity:
        raise Refused(
            _("Only a product nonconformity has quantities; write the correction instead.")
        )


def _require_decided(nonconformity: Nonconformity) -> None:
    if nonconformity.state != State.DECIDED:
        raise Refused(_("First the decision has to be confirmed."), fix="#next")


def _refuse_decided(nonconformity: Nonconformity) -> None:
    if nonconformity.state == State.DECIDED:
        raise Refused(_("The decision is confirmed; its quantities no longer change."))


def _live_line(nonconformity: Nonconformity, line: int) -> Disposition:
    row = nonconformity.dispositions.filter(pk=line, withdrawn_reason="").first()
    if row is None:
        raise Refused(
            _("This disposition is not there any more. Look at the record again."),
            fix="#dispositions",
        )
    return row


def add_defect_code(*, code: str, name: str, by: User) -> DefectCode:
    """Add a defect code to the list; codes are never deleted."""
    if not by.may("nonconformities.codes"):
        raise Refused(_("Your roles do not allow you to change the defect codes."))
    with audited(by, reason=_("defect code added")):
        row = DefectCode(code=code.strip().upper(), name=name.strip())
        row.full_clean()
        row.save()
    return row
