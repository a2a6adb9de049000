"""The ledger: lots, containment, sorting, dispositions, carrying out, re-inspection."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.nonconformities.lifecycle import State, plain
from andon.modules.nonconformities.models import (
    AffectedLot,
    Containment,
    Disposition,
    Ledger,
    Nonconformity,
    Reinspection,
    Sorting,
)
from andon.organization import clock
from andon.organization.policy import policy
from andon.records import services as records
from andon.records.workflow import Refusal, Refused

WORK = "nonconformities.work"


def list_lot(
    nonconformity: Nonconformity,
    *,
    by: User,
    lot: str,
    quantity: Decimal,
    note: str = "",
    day: date | None = None,
) -> AffectedLot:
    """Name a lot that is affected and how many of it are suspect, or correct one named before.

    The suspect quantity of the record becomes the sum of its lots.
    """
    with records.changing(nonconformity, by=by, permission=WORK, reason=_("lot listed")) as fresh:
        _require_quantity(fresh)
        _refuse_decided(fresh)
        row = fresh.lots.filter(lot=lot.strip()).first() or AffectedLot(
            record=fresh, lot=lot.strip(), by=by, day=day or clock.today(fresh.site)
        )
        if row.pk and quantity < (done := fresh.ledger_of(row).sorted):
            raise Refused(_("%s of this lot are sorted already.") % plain(done), fix="#sorting")
        row.quantity, row.note = quantity, note or row.note
        row.clean_fields(exclude=["record", "by"])
        row.save()
        fresh.suspect_quantity = sum(fresh.lots.values_list("quantity", flat=True), Decimal(0))
    return row


def contain(
    nonconformity: Nonconformity,
    *,
    by: User,
    place: str,
    quantity: Decimal,
    action: str,
    lot: int | None = None,
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
            lot=_lot(fresh, lot, required=False),
            by=by,
            day=day or clock.today(fresh.site),
        )
        row.clean_fields(exclude=["record", "by", "lot"])
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
    lot: int | None = None,
    day: date | None = None,
) -> Sorting:
    """Record one round of sorting of the suspect quantity."""
    with records.changing(nonconformity, by=by, permission=WORK, reason=_("sorted")) as fresh:
        _require_quantity(fresh)
        _refuse_decided(fresh)
        of_lot = _lot(fresh, lot)
        total, ledger = good + nonconforming + not_recovered, _ledger(fresh, of_lot)
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
            lot=of_lot,
            by=by,
            day=day or clock.today(fresh.site),
        )
        row.clean_fields(exclude=["record", "by", "lot"])
        row.save()
    return row


def dispose(
    nonconformity: Nonconformity,
    *,
    by: User,
    disposal: str,
    quantity: Decimal,
    lot: int | None = None,
    day: date | None = None,
    **details: Any,
) -> Disposition:
    """Decide what happens to part of the confirmed quantity, on the authority of ``by``."""
    with records.changing(
        nonconformity, by=by, permission="nonconformities.decide", reason=_("disposition decided")
    ) as fresh:
        _require_quantity(fresh)
        _refuse_decided(fresh)
        of_lot = _lot(fresh, lot)
        left = _ledger(fresh, of_lot).undisposed
        if quantity > left:
            raise Refused(
                _("Only %s of the confirmed quantity are left to decide; sort more first.")
                % plain(left)
            )
        row = Disposition(
            record=fresh,
            disposal=disposal,
            quantity=quantity,
            lot=of_lot,
            authority=by,
            day=day or clock.today(fresh.site),
            **details,
        )
        row.clean_fields(exclude=["record", "authority", "verified_by", "done_by", "lot"])
        row.save()
    return row


def withdraw(nonconformity: Nonconformity, *, by: User, line: int, reason: str) -> Disposition:
    """Take a disposition back before the decision is confirmed; it stays in the history."""
    with records.changing(
        nonconformity, by=by, permission="nonconformities.decide", reason=_("disposition withdrawn")
    ) as fresh:
        _refuse_decided(fresh)
        row = live_line(fresh, line)
        row.withdrawn_reason = reason
        row.save()
    return row


def carry_out(
    nonconformity: Nonconformity,
    *,
    by: User,
    line: int,
    quantity: Decimal,
    day: date | None = None,
) -> Disposition:
    """Record that ``quantity`` more of a disposition was carried out.

    A concession that needs the customer is used only while and as far as the approval reaches.
    """
    with records.changing(
        nonconformity, by=by, permission=WORK, reason=_("disposition carried out")
    ) as fresh:
        _require_decided(fresh)
        row = live_line(fresh, line)
        total = row.done_quantity + quantity
        if quantity <= 0 or total > row.quantity:
            raise Refused(
                _("Enter a quantity above 0 and at most %s.")
                % plain(row.quantity - row.done_quantity)
            )
        _refuse_without_approval(row, day or clock.today(fresh.site), total)
        row.done_quantity, row.done_by = total, by
        row.save()
    return row


def _refuse_without_approval(row: Disposition, day: date, quantity: Decimal) -> None:
    if row.needs_customer and (lacking := list(row.lacks_approval(day, quantity))):
        raise Refusal([Refused(text, fix="#dispositions") for text in lacking])


def verify_again(
    nonconformity: Nonconformity,
    *,
    by: User,
    line: int,
    good: Decimal,
    failed: Decimal = Decimal(0),
    note: str,
    day: date | None = None,
) -> Reinspection:
    """Record how many of the reworked or repaired fulfil the requirement, and how many do not.

    What fails reopens only its line: that many are to be carried out and verified again.
    """
    with records.changing(
        nonconformity, by=by, permission="nonconformities.verify", reason=_("verified again")
    ) as fresh:
        _require_decided(fresh)
        row = live_line(fresh, line)
        _refuse_verification(row, by, good + failed)
        found = Reinspection(record=fresh, disposition=row, good=good, failed=failed, note=note)
        found.by, found.day = by, day or clock.today(fresh.site)
        found.clean_fields(exclude=["record", "disposition", "by"])
        row.verified_quantity += good
        row.done_quantity -= failed
        row.verified_ok = (
            None if not failed and row.verified_quantity < row.quantity else not failed
        )
        row.verified_by, row.verified_day, row.verified_note = by, found.day, note
        row.save()
        found.save()
    return found


def _refuse_verification(row: Disposition, by: User, quantity: Decimal) -> None:
    if not row.needs_verification:
        raise Refused(_("Only rework and repair are verified again."))
    if not row.to_verify:
        raise Refused(
            _("Carry it out first: %s are still open.") % plain(row.quantity - row.done_quantity)
        )
    if quantity <= 0 or quantity > row.to_verify:
        raise Refused(
            _("Enter how many were verified: above 0 and at most %s.") % plain(row.to_verify)
        )
    if policy().separate_verifier and row.done_by_id == by.pk:
        raise Refused(_("Somebody else than the one who carried it out verifies it."))


def _ledger(nonconformity: Nonconformity, lot: AffectedLot | None) -> Ledger:
    return nonconformity.ledger_of(lot) if lot else nonconformity.ledger


def _lot(
    nonconformity: Nonconformity, key: int | None, *, required: bool = True
) -> AffectedLot | None:
    """Return the lot a row of the ledger is about; where lots are listed, one must be named."""
    found: AffectedLot | None = None
    if key is not None:
        found = nonconformity.lots.filter(pk=key).first()
    if found is None and (key is not None or (required and nonconformity.affected_lots)):
        raise Refused(_("Choose the lot this is about."), fix="#lots")
    return found


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


def live_line(nonconformity: Nonconformity, line: int) -> Disposition:
    row = nonconformity.dispositions.filter(pk=line, withdrawn_reason="").first()
    if row is None:
        raise Refused(
            _("This disposition is not there any more. Look at the record again."),
            fix="#dispositions",
        )
    return row
