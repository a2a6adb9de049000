"""Whether somebody has worked on what an import made: the trail knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, cast

from django.utils.translation import gettext as _

from andon.portal.desk.fields import Target
from andon.portal.desk.models import Intake, Step
from andon.portal.desk.targets import target_named
from andon.records.models import Link, Record
from andon.records.workflow import Refused
from andon.trail.models import AuditEntry

CHUNK = 400
SHOWN = 20


def refuse_when_worked_on(intake: Intake, target: Target, reason: str) -> None:
    """Raise ``Refused`` with a list when rows of an import have changed since."""
    if not reason.strip():
        raise Refused(_("Say why this import is undone."))
    if intake.step != Step.DONE:
        raise Refused(_("Only a published import can be undone."))
    if found := worked_on(intake, target):
        more = _(" and %d more") % (len(found) - SHOWN) if len(found) > SHOWN else ""
        raise Refused(
            _(
                "Somebody has worked on %(what)s since, so the import as a whole cannot be undone."
                " Void the wrong records one by one instead."
            )
            % {"what": ", ".join(found[:SHOWN]) + more}
        )


def worked_on(intake: Intake, target: Target) -> list[str]:
    """List the numbers of records, and names of list rows, changed after the publication."""
    keys, at = intake.made_rows.get("rows", []), _published_at(intake, target)
    if target.is_record:
        return sorted(set(_records(keys, at, own=frozenset(keys))))
    return sorted(set(_rows(target, keys, at)))


def records_worked_on(intake: Intake, keys: Sequence[int]) -> list[str]:
    """List the numbers of those of ``keys`` changed, or linked to, after the publication."""
    at = _published_at(intake, target_named(intake.target))
    return sorted(set(_records(keys, at, own=frozenset(intake.made_rows["rows"]))))


def _published_at(intake: Intake, target: Target) -> Any:
    label, first = target.model._meta.label_lower, intake.made_rows["rows"][0]
    made = AuditEntry.objects.filter(model=label, object_id=str(first), action="created")
    return made.values_list("at", flat=True).get()


def _records(keys: Sequence[int], at: Any, *, own: frozenset[int]) -> Iterator[str]:
    for part in _parts(keys):
        numbers = list(Record.objects.filter(pk__in=part).values_list("number", flat=True))
        later = AuditEntry.objects.filter(number__in=numbers, at__gt=at)
        yield from later.values_list("number", flat=True).distinct()
        links = Link.objects.filter(target_id__in=part, ended_date=None)
        others = links.exclude(record_id__in=keys if len(keys) < CHUNK else part)
        for source, number in others.values_list("record_id", "target__number"):
            if source not in own:
                yield number


def _rows(target: Target, keys: Sequence[int], at: Any) -> Iterator[str]:
    label = target.model._meta.label_lower
    for part in _parts(keys):
        ids = [str(key) for key in part]
        later = AuditEntry.objects.filter(model=label, object_id__in=ids, at__gt=at)
        changed = {int(key) for key in later.values_list("object_id", flat=True)}
        rows = cast("Any", target.model)._default_manager.filter(pk__in=changed)
        yield from (str(row) for row in rows)


def _parts(keys: Sequence[int]) -> Iterator[list[int]]:
    every = iter(keys)
    while part := list(islice(every, CHUNK)):
        yield part
