"""Judging the effect: recurrences, and a longer window when the verdict stays open."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.lifecycle import State
from andon.modules.actions.models import CorrectiveAction, Recurrence
from andon.modules.actions.models.effects import LONGEST_WINDOW
from andon.modules.nonconformities.models import Nonconformity
from andon.organization import clock
from andon.records import services as records
from andon.records.workflow import Refused

VERIFY = "actions.verify"


def judge_recurrence(
    action: CorrectiveAction,
    *,
    by: User,
    case: Nonconformity,
    counts: bool,
    why: str,
    produced_date: date | None = None,
    day: date | None = None,
) -> Recurrence:
    """Say whether ``case`` is this problem again: same verified cause, produced after the cut-in.

    One that counts is linked as a recurrence, so that both threads show it.
    """
    with records.changing(action, by=by, permission=VERIFY, reason=_("recurrence judged")) as fresh:
        if fresh.state != State.IMPLEMENTED or fresh.cut_in_date is None:
            raise Refused(_("Recurrences are judged after everything is done."), fix="#next")
        if not why.strip():
            raise Refused(_("Say why it counts or not."), fix="#recurrences")
        if counts and produced_date and produced_date < fresh.cut_in_date:
            raise Refused(
                _("It was produced before the action took hold on %s, so it does not count.")
                % fresh.cut_in_date,
                fix="#recurrences",
            )
        day = day or clock.today(fresh.site)
        row = fresh.recurrences.filter(case=case).first() or Recurrence(record=fresh, case=case)
        row.counts, row.why, row.produced_date = counts, why.strip(), produced_date
        row.by, row.day = by, day
        row.clean_fields(exclude=["record", "case", "by"])
        row.save()
        if counts:
            records.link(case, "recurrence_of", fresh, by=by, why=row.why, day=day)
    return row


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
