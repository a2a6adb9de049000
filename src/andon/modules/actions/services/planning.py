"""The plan: actions against causes, done or moved; and the whole of it on one page."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.lifecycle import State
from andon.modules.actions.models import (
    ActionItem,
    CauseKind,
    CorrectiveAction,
    ItemExtension,
    ItemKind,
)
from andon.organization import clock
from andon.organization.models import Party
from andon.records import services as records
from andon.records.workflow import Refused
from andon.trail.services import audited

from .analysing import WORK, add_cause, find_cause, judge_cause
from .promising import promise_no_recurrence


def add_item(
    action: CorrectiveAction,
    *,
    by: User,
    what: str,
    owner: User,
    due_date: date,
    kind: str = ItemKind.CHANGE,
    cause: int | None = None,
    reference: str = "",
    party: Party | None = None,
) -> ActionItem:
    """Plan one action, against a cause; also while the plan is being carried out.

    ``reference`` names the document, training or change it is about, ``party`` the supplier who
    is asked.
    """
    with records.changing(action, by=by, permission=WORK, reason=_("action planned")) as fresh:
        if fresh.state == State.IMPLEMENTED:
            raise Refused(_("Everything is done already; what is new belongs to a successor."))
        row = ActionItem(
            record=fresh,
            what=what.strip(),
            kind=kind,
            owner=owner,
            due_date=due_date,
            cause=find_cause(fresh, cause) if cause else None,
            reference=reference.strip(),
            party=party,
        )
        if (party is None) == row.is_request:
            raise Refused(
                _("A request to a supplier names the supplier; other actions do not."),
                fix="#actions",
            )
        row.clean_fields(exclude=["record", "owner", "cause", "party"])
        row.save()
    return row


def drop_item(action: CorrectiveAction, *, by: User, item: int, reason: str) -> ActionItem:
    """Take an action out of the plan before it is confirmed; it stays in the history."""
    with records.changing(action, by=by, permission=WORK, reason=_("action dropped")) as fresh:
        if fresh.is_plan_fixed:
            raise Refused(_("The plan is confirmed; its actions are done, not dropped."))
        row = live_item(fresh, item)
        row.dropped_reason = _said(reason)
        row.save()
    return row


def extend_item(
    action: CorrectiveAction,
    *,
    by: User,
    item: int,
    due_date: date,
    reason: str,
    day: date | None = None,
) -> ActionItem:
    """Move one action to a later day, with the reason; extensions are kept."""
    with records.changing(action, by=by, permission=WORK, reason=_("more time")) as fresh:
        row = live_item(fresh, item)
        if row.done_date:
            raise Refused(_("It is done already."), fix="#actions")
        if due_date <= row.due_date:
            raise Refused(_("The new date must be later than %s.") % row.due_date, fix="#actions")
        ItemExtension.objects.create(
            record=fresh,
            item=row,
            from_date=row.due_date,
            to_date=due_date,
            reason=_said(reason),
            by=by,
            day=day or clock.today(fresh.site),
        )
        row.due_date = due_date
        row.save()
    return row


def finish_item(
    action: CorrectiveAction,
    *,
    by: User,
    item: int,
    note: str,
    done_date: date | None = None,
    day: date | None = None,
) -> ActionItem:
    """Report an action of a confirmed plan as done; its own owner may, or who works on the record.

    Until everything is done it may be reported again, to put a wrong day right.
    """
    with records.changing(
        action, by=by, permission="actions.carry_out", reason=_("action done")
    ) as fresh:
        row = live_item(fresh, item)
        if row.owner_id != by.pk:
            records.require(by, WORK, fresh)
        if fresh.state != State.PLANNED:
            raise Refused(_("First the plan has to be confirmed."), fix="#next")
        today = day or clock.today(fresh.site)
        row.done_date, row.done_note = done_date or today, note.strip()
        if not row.done_note:
            raise Refused(_("Say what was done, and where it shows."), fix="#actions")
        if row.is_request and not row.has_proof:
            raise Refused(
                _("A request is done when it is answered: keep supplier, days and answer first."),
                fix="#actions",
            )
        if not fresh.opened_date <= row.done_date <= today:
            raise Refused(
                _("It was done between %(opened)s and today.") % {"opened": fresh.opened_date},
                fix="#actions",
            )
        row.clean_fields(exclude=["record", "owner", "cause"])
        row.save()
    return row


def plan_simply(
    action: CorrectiveAction,
    *,
    by: User,
    problem: str,
    cause: str,
    how: str,
    what: str,
    owner: User,
    due_date: date,
    window_days: int,
    kind: str = ItemKind.CHANGE,
    day: date | None = None,
) -> CorrectiveAction:
    """Write problem, cause, action and check at once, for the ordinary case of a small company."""
    with audited(by, reason=_("planned on one page")):
        records.edit(action, {"problem": problem}, by=by, version=None)
        row = add_cause(action, by=by, text=cause, kind=CauseKind.OCCURRENCE, day=day)
        judge_cause(action, by=by, cause=row.pk, verified=True, how=how, day=day)
        add_item(action, by=by, what=what, owner=owner, due_date=due_date, kind=kind, cause=row.pk)
        promise_no_recurrence(action, by=by, window_days=window_days, day=day)
    return CorrectiveAction.objects.get(pk=action.pk)


def live_item(action: CorrectiveAction, pk: int) -> ActionItem:
    row = action.items.filter(pk=pk, dropped_reason="").first()
    if row is None:
        raise Refused(_("This action is not in the plan any more."), fix="#actions")
    return row


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Give the reason."), fix="#actions")
    return reason.strip()
