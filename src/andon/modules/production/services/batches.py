"""Batches of rows: compared with what is there, written as drafts, published, undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from andon.accounts.models import Site, User
from andon.modules.production.models import Batched, ImportBatch, Stage
from andon.organization import clock
from andon.records.workflow import Refused
from andon.trail.services import SYSTEM, audited, retrying

CHUNK = 2000


class Changed(Refused):
    """Facts changed between comparing and publishing; compare again."""


@dataclass
class Comparison:
    """Rows sorted by what they would do to the facts."""

    new: list[Batched] = field(default_factory=list)
    corrected: list[Batched] = field(default_factory=list)
    unchanged: int = 0

    @property
    def rows(self) -> list[Batched]:
        """The rows worth writing."""
        return self.new + self.corrected


def compare(rows: Sequence[Batched]) -> Comparison:
    """Compare ``rows`` (one model, keys unique) with the current rows of the same keys.

    A corrected row is given the id of the row it replaces.
    """
    result = Comparison()
    if not rows:
        return result
    there = current_by_key(type(rows[0]), [row.key for row in rows])
    for row in rows:
        found = there.get(row.key)
        if found is None:
            result.new.append(row)
        elif found[1] == row.values:
            result.unchanged += 1
        else:
            row.replaces = found[0]
            result.corrected.append(row)
    return result


Key = tuple[Any, ...]


def current_by_key(
    model: type[Batched], keys: Sequence[Key]
) -> dict[Key, tuple[int, tuple[Any, ...]]]:
    """Return id and values of the current rows in the range of ``keys``, by key."""
    found = model._default_manager.filter(model.around(keys), current=True).values_list(
        "pk", *model.key_fields, *model.value_fields
    )
    cut = 1 + len(model.key_fields)
    return {row[1:cut]: (row[0], row[cut:]) for row in found.iterator(chunk_size=5000)}


def marker(model: type[Batched], site: Site) -> int:
    """Count how often facts of this kind were published or undone at ``site``."""
    batches = ImportBatch.objects.filter(site=site, model=model._meta.label_lower)
    return int(batches.aggregate(last=Max("moved"))["last"] or 0)


def open_batch(
    model: type[Batched], *, site: Site, by: User | SYSTEM, source: str, **said: Any
) -> ImportBatch:
    """Return a new draft batch; its rows do not count until it is published."""
    with audited(by, reason=gettext_lazy("facts received")):
        batch = ImportBatch(site=site, model=model._meta.label_lower, source=source, **said)
        batch.save()
    return batch


def draft(batch: ImportBatch, rows: Sequence[Batched]) -> None:
    """Write rows of a draft batch; nobody counts them yet."""
    for row in rows:
        row.batch_id = batch.pk
        row.current = False
    batch.row_model._default_manager.bulk_create(rows, batch_size=CHUNK)


def discard(batch: ImportBatch, *, by: User | SYSTEM) -> None:
    """Throw a draft away that was never published."""
    if batch.stage != Stage.DRAFT:
        raise Refused(_("A published batch is undone, not thrown away."))
    with audited(by, reason=gettext_lazy("import given up")):
        batch.row_model._default_manager.filter(batch=batch).delete()
        batch.stage, batch.void_reason = Stage.VOID, _("Given up before it was published.")
        batch.save()


@retrying
def publish(
    batch: ImportBatch, *, by: User | SYSTEM, seen: int | None = None, **said: Any
) -> ImportBatch:
    """Let the rows of a draft batch count, and those they correct no longer, all at once.

    Raises `Changed` when facts were published or undone since ``seen`` (see `marker`).
    """
    model = batch.row_model
    rows = model._default_manager.filter(batch=batch)
    if not batch.rows_sha256:
        batch.rows_count, batch.rows_sha256 = batch.digest()
    with audited(by, reason=gettext_lazy("facts published")):
        last = lock(model, batch.site)
        if not ImportBatch.objects.filter(pk=batch.pk, stage=Stage.DRAFT).exists():
            raise Refused(_("This batch is published already, or was given up."))
        if seen is not None and last != seen:
            raise Changed(_("Facts changed while this was under way; they are compared again."))
        older = rows.filter(replaces__isnull=False).values("replaces")
        corrected = model._default_manager.filter(pk__in=older, current=True).update(
            current=False, replaced_by=batch
        )
        rows.update(current=True)
        _mark(batch, Stage.PUBLISHED, last + 1, corrected=corrected, **said)
        batch.published_at = clock.now()
        batch.published_by = by if isinstance(by, User) else None
        batch.save()
    return batch


@retrying
def undo(batch: ImportBatch, *, by: User | SYSTEM, reason: str) -> ImportBatch:
    """Let the rows of a published batch count no longer, and those it corrected count again."""
    if isinstance(by, User) and not by.may_at("production.undo", batch.site_id):
        raise PermissionDenied(_("Only quality may undo a batch."))
    if not reason.strip():
        raise Refused(_("Say why the batch is undone."), fix="#id_reason")
    with audited(by, reason=gettext_lazy("batch undone")):
        model = batch.row_model
        last = lock(model, batch.site)
        batch = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
        _refuse_undo(batch)
        rows = model._default_manager.filter(batch=batch)
        rows.update(current=False)
        model._default_manager.filter(replaced_by=batch).update(current=True, replaced_by=None)
        _mark(batch, Stage.VOID, last + 1, void_reason=reason.strip())
        batch.save()
    return batch


def _refuse_undo(batch: ImportBatch) -> None:
    if batch.stage != Stage.PUBLISHED:
        raise Refused(_("Only a published batch can be undone."))
    rows = batch.row_model._default_manager.filter(batch=batch, replaced_by__isnull=False)
    later = rows.order_by().values_list("replaced_by", flat=True).distinct()[:5]
    if numbers := sorted(later):
        raise Refused(
            ngettext(
                "Batch %(numbers)s corrected rows of this one; undo it first.",
                "Batches %(numbers)s corrected rows of this one; undo them first.",
                len(numbers),
            )
            % {"numbers": ", ".join(map(str, numbers))}
        )


def _mark(batch: ImportBatch, stage: Stage, moved: int, **said: Any) -> None:
    batch.stage = stage
    batch.moved = moved
    for name, value in said.items():
        setattr(batch, name, value)


def lock(model: type[Batched], site: Site) -> int:
    """One publication at a time for a site; return how many there were."""
    # Not FOR UPDATE: that would wait for every row just written that names the site.
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    return marker(model, site)


@retrying
def record(
    rows: Sequence[Batched],
    *,
    site: Site,
    by: User | SYSTEM,
    source: str = ImportBatch.Source.TYPED,
    file_name: str = "",
) -> ImportBatch | None:
    """Publish ``rows`` (one model, keys unique) at once; None when they say nothing new."""
    if not rows:
        return None
    if isinstance(by, User) and not by.may_at("production.record", site.pk):
        raise PermissionDenied(_("Facts of this site are recorded by people of this site."))
    model = type(rows[0])
    with audited(by, reason=gettext_lazy("facts recorded")):
        lock(model, site)
        found = compare(rows)
        if not found.rows:
            return None
        days = [getattr(row, model.day_field) for row in found.rows]
        batch = open_batch(model, site=site, by=by, source=source, file_name=file_name)
        draft(batch, found.rows)
        return publish(batch, by=by, **summary(days), unchanged=found.unchanged)


def summary(days: Sequence[date]) -> dict[str, Any]:
    """First and last day of a batch."""
    return {"first_day": min(days), "last_day": max(days)}
