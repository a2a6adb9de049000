"""Finding causes: propose one, then verify or refute it."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.models import Cause, CauseKind, CauseState, CorrectiveAction
from andon.modules.actions.models.causes import DEEPEST
from andon.organization import clock
from andon.records import services as records
from andon.records.workflow import Refused, Stale

WORK = "actions.work"
MOST_CAUSES = 100


def add_cause(
    action: CorrectiveAction,
    *,
    by: User,
    text: str,
    kind: str = CauseKind.OCCURRENCE,
    branch: str = "",
    parent: int | None = None,
    evidence: str = "",
    day: date | None = None,
) -> Cause:
    """Propose a cause of the problem, or of the cause ``parent``, on a branch of the fishbone."""
    with records.changing(action, by=by, permission=WORK, reason=_("cause proposed")) as fresh:
        refuse_when_planned(fresh)
        if fresh.causes.count() >= MOST_CAUSES:
            raise Refused(_("There are %d causes already; refute or split first.") % MOST_CAUSES)
        row = Cause(
            record=fresh,
            parent=find_cause(fresh, parent) if parent else None,
            kind=kind,
            branch=branch,
            text=text.strip(),
            evidence=evidence.strip(),
            by=by,
            day=day or clock.today(fresh.site),
        )
        _refuse_poor_place(fresh, row)
        row.clean_fields(exclude=["record", "by", "parent"])
        row.save()
    return row


def edit_cause(
    action: CorrectiveAction,
    *,
    by: User,
    cause: int,
    text: str,
    kind: str = CauseKind.OCCURRENCE,
    branch: str = "",
    parent: int | None = None,
    evidence: str = "",
    version: int | None = None,
) -> Cause:
    """Word a cause anew or hang it elsewhere; with other words it has to be verified again."""
    typed = {"text": text.strip(), "kind": kind, "branch": branch, "evidence": evidence.strip()}
    with records.changing(action, by=by, permission=WORK, reason=_("cause edited")) as fresh:
        refuse_when_planned(fresh)
        row = find_cause(fresh, cause)
        if version not in (None, fresh.version):
            raise Stale(fresh, records.differences(row, typed))
        if (text.strip(), kind) != (row.text, row.kind):
            row.state, row.how = CauseState.PROPOSED, ""
            row.verified_by = row.verified_day = None
        for name, value in typed.items():
            setattr(row, name, value)
        row.parent = find_cause(fresh, parent) if parent else None
        _refuse_poor_place(fresh, row)
        row.clean_fields(exclude=["record", "by", "parent", "verified_by"])
        row.save()
    return row


def _refuse_poor_place(action: CorrectiveAction, row: Cause) -> None:
    """Refuse a cause behind itself, and a tree deeper than anybody reads."""
    above = {cause.pk: cause.parent_id for cause in action.all_causes}
    below: dict[int | None, list[int]] = {}
    for pk, parent in above.items():
        below.setdefault(parent, []).append(pk)
    depth, at = 1, row.parent_id
    while at is not None:
        if at == row.pk:
            raise Refused(_("A cause cannot lie behind itself."), fix="#causes")
        depth, at = depth + 1, above.get(at)
    level = [row.pk] if row.pk else []
    while level := [pk for one in level for pk in below.get(one, [])]:
        depth += 1
    if depth > DEEPEST:
        raise Refused(
            _("More than %d times why is too deep to act on; begin a cause of its own.") % DEEPEST,
            fix="#causes",
        )


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
