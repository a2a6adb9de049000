"""A large import is taken back by the worker, part by part, so that nobody waits to write.

What a part did stays done, whatever happens to the worker. What somebody has worked on meanwhile
is left as it is, and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from andon.accounts.models import User
from andon.organization import clock
from andon.portal.desk import publishing
from andon.portal.desk.models import Intake, Step
from andon.portal.desk.since import SHOWN, records_worked_on, refuse_when_worked_on
from andon.portal.desk.targets import target_named
from andon.portal.desk.work import require
from andon.records import services as records
from andon.records.adopting import ADOPT
from andon.records.models import Record
from andon.records.workflow import Refused
from andon.tasks.leases import NotAgain
from andon.tasks.models import TaskRun
from andon.tasks.services import later

# About half a second of the one write lock of SQLite.
PART = 500


def is_large(intake: Intake) -> bool:
    """Whether undoing takes longer than a page may, and than others should wait to write."""
    return target_named(intake.target).is_record and len(intake.made_rows["rows"]) > PART


def undo_later(intake: Intake, *, by: User, reason: str) -> TaskRun:
    """Have the worker take the import back; refuses at once what cannot be undone."""
    require(by, intake.site)
    refuse_when_worked_on(intake, target_named(intake.target), reason)
    link = intake.get_absolute_url()
    if open_run := TaskRun.objects.filter(link=link, result__finished_at=None).first():
        return open_run
    return later(
        undo_in_parts, intake.pk, reason.strip(), by=by, permission=ADOPT, site=intake.site,
        link=link, label=_("Undo the import %s") % intake.file_name,
    )  # fmt: skip


@task(takes_context=True)
def undo_in_parts(context: Any, pk: int, reason: str) -> None:
    """Make the records of an import void, from where an earlier try got to."""
    intake = Intake.objects.select_related("site").get(pk=pk)
    keys: list[int] = intake.made_rows["rows"]
    try:
        if not context.done:
            refuse_when_worked_on(intake, target_named(intake.target), reason)
        for start in range(context.done, len(keys), PART):
            end = min(start + PART, len(keys))
            said = _("%(done)d of %(all)d records are void.") % {"done": end, "all": len(keys)}
            with context.part(end, len(keys), said):
                _take_back(intake, keys[start:end], context.by, reason)
        _finish(intake, context, reason)
    except Refused as refused:
        raise NotAgain(str(refused)) from refused


def _take_back(intake: Intake, keys: Sequence[int], by: User, reason: str) -> None:
    kind = cast("type[Record]", target_named(intake.target).model)
    locked = Record.objects.select_for_update().filter(pk__in=keys)
    numbers = dict(locked.values_list("number", "pk"))
    kept = {numbers.get(number) for number in records_worked_on(intake, keys)}
    taken = [key for key in keys if key not in kept]
    records.retract(kind, taken, by=by, day=clock.today(intake.site), reason=reason)


def _finish(intake: Intake, context: Any, reason: str) -> None:
    kind = cast("Any", target_named(intake.target).model)
    rows = kind._default_manager.filter(pk__in=intake.made_rows["rows"])
    left = sorted(rows.exclude(state=kind.workflow.void).values_list("number", flat=True))
    said = _("All of its records are void.")
    if left:
        names = ", ".join(left[:SHOWN])
        said = _("Somebody has worked on %s meanwhile; what is wrong there is voided by hand.")
        said %= names
    with context.whole({"left": left}, said, reason=gettext_lazy("import undone")):
        stored = Intake.objects.select_for_update(no_key=True).get(pk=intake.pk)
        if stored.step != Step.DONE:
            raise Refused(_("Only a published import can be undone."))
        publishing.out_of_use(stored)
        stored.step, stored.undone_reason = Step.UNDONE, reason[:300]
        stored.save()
