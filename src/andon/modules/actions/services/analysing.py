"""Finding causes: propose one, then verify or refute it."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.models import Cause, CauseKind, CauseState, CorrectiveAction
from andon.organization import clock
from andon.records import services as records
from andon.records.workflow import Refused

WORK = "actions.work"
MOST_CAUSES = 100


def add_cause(
    action: CorrectiveAction,
    *,
    by: User,
    text: str,
    kind: str = CauseKind.OCCURRENCE,
    parent: int | None = None,
    evidence: str = "",
    day: date | None = None,
) -> Cause:
    """Propose a cause of the problem, or of the cause ``parent``."""
    with records.changing(action, by=by, permission=WORK, reason=_("cause proposed")) as fresh:
        refuse_when_planned(fresh)
        if fresh.causes.count() >= MOST_CAUSES:
            raise Refused(_("There are %d causes already; refute or split first.") % MOST_CAUSES)
        row = Cause(
            record=fresh,
            parent=find_cause(fresh, parent) if parent else None,
            kind=kind,
            text=text.strip(),
            evidence=evidence.strip(),
            by=by,
            day=day or clock.today(fresh.site),
        )
        row.clean_fields(exclude=["record", "by", "parent"])
        row.save()
    return row


def judge_cause(
    action: CorrectiveAction,
    *,
    by: User,
    cause: int,
    verified: bool,
    how: str,
    day: date | None = None,
) -> Cause:
    """Say whether a proposed cause is one, and what shows it; the newest word holds."""
    reason = _("cause verified") if verified else _("cause refuted")
    with records.changing(action, by=by, permission=WORK, reason=reason) as fresh:
        refuse_when_planned(fresh)
        row = find_cause(fresh, cause)
        if not how.strip():
            raise Refused(_("Say how you know: data, a trial, an observation."), fix="#causes")
        row.state = CauseState.VERIFIED if verified else CauseState.REFUTED
        row.how, row.verified_by = how.strip(), by
        row.verified_day = day or clock.today(fresh.site)
        row.clean_fields(exclude=["record", "by", "parent", "verified_by"])
        row.save()
    return row


def find_cause(action: CorrectiveAction, pk: int) -> Cause:
    """Return one cause of ``action``; raise :class:`Refused` when it is not one of its own."""
    row = action.causes.filter(pk=pk).first()
    if row is None:
        raise Refused(_("This cause is not in the list. Look at the record again."), fix="#causes")
    return row


def refuse_when_planned(action: CorrectiveAction) -> None:
    if action.is_plan_fixed:
        raise Refused(_("The plan is confirmed; causes no longer change."), fix="#causes")
