"""What proves that an action is done: a reference, a record, a file; for a supplier the answer."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.models import ActionItem, CorrectiveAction
from andon.organization import clock
from andon.organization.models import Party
from andon.records import services as records
from andon.records.models import Attachment, Record
from andon.records.workflow import Refused

from .analysing import WORK
from .planning import live_item


def prove_item(
    action: CorrectiveAction,
    *,
    by: User,
    item: int,
    reference: str = "",
    proof_record: Record | None = None,
    proof_file: Attachment | None = None,
) -> ActionItem:
    """Name what proves that an action is done; its owner may, or who works on the record."""
    with records.changing(
        action, by=by, permission="actions.carry_out", reason=_("proof named")
    ) as fresh:
        row = live_item(fresh, item)
        if row.owner_id != by.pk:
            records.require(by, WORK, fresh)
        if proof_file is not None and proof_file.record_id != fresh.pk:
            raise Refused(_("Choose a file of this record."), fix="#files")
        if proof_record is not None and proof_record.pk == fresh.pk:
            raise Refused(_("A corrective action does not prove itself."), fix="#actions")
        row.reference = reference.strip()
        row.proof_record, row.proof_file = proof_record, proof_file
        row.clean_fields(exclude=["record", "owner", "cause", "proof_record", "proof_file"])
        row.save()
    return row


def ask_supplier(
    action: CorrectiveAction,
    *,
    by: User,
    item: int,
    party: Party,
    sent_date: date | None = None,
    answered_date: date | None = None,
    answer: str = "",
    day: date | None = None,
) -> ActionItem:
    """Keep what was asked of a supplier and when, and what they answered and when."""
    with records.changing(
        action, by=by, permission="actions.carry_out", reason=_("supplier asked")
    ) as fresh:
        row = live_item(fresh, item)
        if row.owner_id != by.pk:
            records.require(by, WORK, fresh)
        if not row.is_request:
            raise Refused(_("This action is no request to a supplier."), fix="#actions")
        row.party, row.answer = party, answer.strip()
        row.sent_date, row.answered_date = sent_date, answered_date
        _refuse_poor_dates(row, day or clock.today(fresh.site))
        row.clean_fields(exclude=["record", "owner", "cause", "party"])
        row.save()
    return row


def _refuse_poor_dates(row: ActionItem, today: date) -> None:
    sent, answered = row.sent_date, row.answered_date
    if answered and not sent:
        raise Refused(_("Say when it was sent before you say when it was answered."))
    if sent and answered and answered < sent:
        raise Refused(_("An answer does not come before the request."))
    if max((one for one in (sent, answered) if one), default=today) > today:
        raise Refused(_("These days are not in the future."))
    if bool(answered) != bool(row.answer):
        raise Refused(_("An answer has a day and words: give both."))
