"""Judging the effect: recurrences, and a longer window when the verdict stays open."""

from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.lifecycle import State
from andon.modules.actions.models import Cause, CauseKind, CorrectiveAction, Recurrence
from andon.modules.actions.models.effects import LONGEST_WINDOW
from andon.modules.nonconformities.models import Nonconformity
from andon.organization import clock
from andon.records import services as records
from andon.records.workflow import Refusal, Refused
from andon.trail.services import audited

from .analysing import find_cause

VERIFY = "actions.verify"


def judge_recurrence(
    action: CorrectiveAction,
    *,
    by: User,
    case: Nonconformity,
    counts: bool,
    why: str,
    produced_date: date | None = None,
    cause: int | None = None,
    day: date | None = None,
) -> Recurrence:
    """Say whether ``case`` is this problem again: same verified cause, produced after the cut-in.

    One that counts is linked as a recurrence, so that both threads show it. One that comes after
    the action was closed is judged too: the closed record stays as it is and shows the answer.
    """
    with audited(by, reason=_("recurrence judged")):
        fresh = records.lock(action)
        records.require(by, VERIFY, fresh)
        if fresh.state not in (State.IMPLEMENTED, State.EFFECTIVE) or fresh.cut_in_date is None:
            raise Refused(_("Recurrences are judged after everything is done."), fix="#next")
        row = fresh.recurrences.filter(case=case).first() or Recurrence(record=fresh, case=case)
        row.counts, row.why, row.produced_date = counts, why.strip(), produced_date
        row.cause = find_cause(fresh, cause) if cause else _only_cause(fresh) if counts else None
        row.by, row.day = by, day or clock.today(fresh.site)
        if missing := _lacking(fresh, row):
            raise Refusal([Refused(text, fix="#recurrences") for text in missing])
        row.clean_fields(exclude=["record", "case", "by", "cause"])
        row.save()
        if counts:
            records.link(case, "recurrence_of", fresh, by=by, why=row.why, day=row.day)
    return row


def _only_cause(action: CorrectiveAction) -> Cause | None:
    """Return the verified cause of the occurrence where there is but one."""
    found = [c for c in action.all_causes if c.is_verified and c.kind == CauseKind.OCCURRENCE]
    return found[0] if len(found) == 1 else None


def _lacking(action: CorrectiveAction, row: Recurrence) -> list[Promise | str]:
    """List what keeps a judgement from standing; a recurrence needs its cause and its day."""
    missing: list[Promise | str] = []
    if not row.why:
        missing.append(_("Say why it counts or not."))
    if not row.counts:
        return missing
    if row.produced_date is None:
        missing.append(_("Say when it was produced; without a day it cannot count."))
    elif action.cut_in_date and row.produced_date < action.cut_in_date:
        missing.append(
            _("It was produced before the action took hold on %s, so it does not count.")
            % action.cut_in_date
        )
    if row.cause is None or not row.cause.is_verified:
        missing.append(_("Name the verified cause that is the same; another cause does not count."))
    return missing


def extend_window(
    action: CorrectiveAction, *, by: User, days: int, reason: str, day: date | None = None
) -> CorrectiveAction:
    """Watch longer, once, because the numbers do not support a verdict yet."""
    with records.changing(
        action, by=by, permission=VERIFY, reason=_("inconclusive: watched longer")
    ) as fresh:
        day = day or clock.today(fresh.site)
        criterion, verdict = fresh.criterion, fresh.verdict(day)
        if fresh.state != State.IMPLEMENTED or criterion is None or verdict is None:
            raise Refused(_("There is nothing to judge yet."), fix="#next")
        if criterion.extended_days:
            raise Refused(
                _("The window was made longer once already. Now decide: effective or not."),
                fix="#effect",
            )
        if not verdict.elapsed:
            raise Refused(_("The window runs until %s; judge then.") % verdict.ends, fix="#effect")
        if verdict.outcome != "inconclusive":
            raise Refused(_("The verdict is not open: %s.") % verdict.label, fix="#effect")
        if not reason.strip() or not 0 < days <= LONGEST_WINDOW:
            raise Refused(_("Give a number of days and the reason."), fix="#effect")
        fresh.keep_verdict("inconclusive", by=by, day=day, note=reason.strip())
        criterion.extended_days, criterion.extended_reason = days, reason.strip()
        criterion.save()
        fresh.due_date = verdict.ends + timedelta(days=days)
    return fresh
