"""What a corrective action hangs together with: the cases it corrects, and its successor."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import User
from andon.modules.actions.models import CorrectiveAction
from andon.modules.nonconformities.models import Nonconformity
from andon.records import services as records
from andon.records.models import Link
from andon.records.workflow import Refused
from andon.trail.services import audited

from .analysing import WORK

COPIED = (
    "problem", "baseline", "not_measurable", "major", "customer_case", "team", "kpi", "process",
    "restricted",
)  # fmt: skip


def take_on(
    action: CorrectiveAction, *, by: User, case: Nonconformity, day: date | None = None
) -> Link:
    """Let this action correct the cause of one more nonconformity."""
    with records.changing(action, by=by, permission=WORK, reason=gettext_lazy("taken on")) as fresh:
        if case.is_void:
            raise Refused(_("%s is void.") % case.number, fix="#cases")
        return records.link(fresh, "corrects", case, by=by, day=day)


def open_successor(
    action: CorrectiveAction,
    *,
    by: User,
    title: str = "",
    owner: User | None = None,
    due_date: date | None = None,
    day: date | None = None,
) -> CorrectiveAction:
    """Open a new corrective action in the place of one that did not hold; nothing is reopened.

    It takes over the problem and the nonconformities, and those that came back since.
    """
    with audited(by, reason=gettext_lazy("successor opened")):
        old = records.lock(action)
        if not old.is_final or old.is_void:
            raise Refused(_("A successor follows a closed corrective action."), fix="#next")
        if old.successor is not None:
            raise Refused(_("%s succeeds it already.") % old.successor.number, fix="#links")
        fresh = CorrectiveAction(
            title=title.strip() or old.title,
            site=old.site,
            owner=owner or old.owner,
            due_date=due_date,
            **{name: getattr(old, name) for name in COPIED},
        )
        records.create(fresh, by=by, day=day)
        records.link(fresh, "succeeds", old, by=by, day=day)
        again = [record.pk for record in old.came_back_as]
        for case in Nonconformity.objects.filter(pk__in=[*old.case_ids, *again]).order_by("pk"):
            records.link(fresh, "corrects", case, by=by, day=day)
    return fresh
