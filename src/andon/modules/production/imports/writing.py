"""The second half of an import: from checked rows to facts that count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import User
from andon.modules.production.imports import mapping as mappings
from andon.modules.production.imports.fields import Kind, Target, target_named
from andon.modules.production.imports.work import keeping, restart
from andon.modules.production.models import Batched, ImportBatch, ImportJob, StagedChunk, Step
from andon.modules.production.services import batches
from andon.records.workflow import Refused
from andon.trail.services import SYSTEM, audited


@dataclass
class Compared:
    """Rows of a chunk that say something new: row number, values, and the row they replace."""

    plan: list[tuple[int, dict[str, Any], int | None]] = field(default_factory=list)
    new: int = 0
    corrected: int = 0
    unchanged: int = 0


def marker_of(job: ImportJob) -> int:
    """Count how often facts of the kind changed at the site."""
    return batches.marker(target_named(job.target).model, job.site)


def compare(job: ImportJob, chunk: StagedChunk) -> Compared:
    """Compare the gathered rows of a chunk with the facts that count now."""
    target = target_named(job.target)
    planned = [(row, values, None) for row, values in chunk.plan]
    instances = _instances(job, target, planned)
    found = batches.compare(instances)
    values_of = {row: values for row, values, _none in planned}
    plan = [(row.source_row or 0, values_of[row.source_row], row.replaces) for row in found.rows]
    return Compared(plan, len(found.new), len(found.corrected), found.unchanged)


def _instances(
    job: ImportJob, target: Target, rows: Sequence[tuple[int, dict[str, Any], int | None]]
) -> list[Batched]:
    """Make unsaved model rows of stored values."""
    ids = _ids(job, target, rows)
    site = {target.site_column: job.site_id} if target.site_column else {}
    instances = []
    for number, values, replaces in rows:
        row = target.model(source_row=number, replaces=replaces, **site)
        for found in target.fields:
            value = values.get(found.name)
            if value is not None:
                setattr(row, found.column, _typed(found.kind, value, ids.get(found.name)))
        instances.append(row)
    return instances


def _ids(job: ImportJob, target: Target, rows: Sequence[Any]) -> dict[str, dict[str, Any]]:
    ids = {}
    for found in target.fields:
        if found.kind is Kind.CODE and found.reference:
            codes = {values[found.name] for _row, values, _id in rows if values.get(found.name)}
            ids[found.name] = found.reference.find(job.site, codes) if codes else {}
    return ids


def _typed(kind: Kind, value: str, ids: dict[str, Any] | None) -> Any:
    if ids is not None:
        return ids[value.casefold()]
    if kind is Kind.DAY:
        return date.fromisoformat(value)
    if kind in {Kind.AMOUNT, Kind.COUNT}:
        return Decimal(value) if kind is Kind.AMOUNT else int(value)
    return value


def create_missing(job: ImportJob, *, by: User | SYSTEM) -> ImportJob:
    """Make the lines, items, shifts or causes that the file names and nobody knows."""
    target = target_named(job.target)
    with keeping(job, by) as stored:
        for name, codes in stored.unknown.items():
            reference = target.field(name).reference
            if reference is None or reference.create is None:
                raise Refused(_("“%(name)s” cannot be made here.") % {"name": name})
            for code in codes:
                reference.create(stored.site, code, by)
        stored.unknown = {}
        restart(stored, Step.CHECK)
    job.refresh_from_db()
    return job


def confirm(job: ImportJob, *, by: User | SYSTEM, leave_out: bool = False) -> ImportJob:
    """Agree to what the preview shows; the rows are written next, and published at the end."""
    with keeping(job, by) as stored:
        if stored.step != Step.PREVIEW:
            raise Refused(_("There is nothing to publish yet."))
        if stored.unknown:
            raise Refused(_("Some codes are not known yet; create them, or correct the file."))
        if stored.bad_rows and not leave_out:
            raise Refused(_("Some rows have errors. Correct the file, or leave these rows out."))
        stored.step = Step.STAGE if stored.new + stored.corrected else Step.SAME
        stored.done = 0
        if stored.step == Step.SAME:
            _finish(stored)
    job.refresh_from_db()
    return job


def stage(job: ImportJob, by: User | SYSTEM) -> None:
    """Write the rows of one chunk as a draft that does not count yet."""
    target = target_named(job.target)
    chunk = job.staged.filter(index=job.done).first()
    rows = _instances(job, target, chunk.checked) if chunk else []
    with keeping(job, by) as stored:
        if stored.batch is None:
            stored.batch = batches.open_batch(
                target.model,
                site=stored.site,
                by=by,
                source=ImportBatch.Source.FILE,
                file_name=stored.file_name,
                file_sha256=stored.file_sha256,
            )
        if rows:
            batches.draft(stored.batch, rows)
        stored.done += 1
        if stored.done >= stored.chunks:
            stored.step = Step.PUBLISH


def publish(job: ImportJob, by: User | SYSTEM) -> None:
    """Let the drafted rows count, all at once; compare again if facts changed meanwhile."""
    target, batch = target_named(job.target), job.batch
    if batch is None:
        raise Refused(_("There is nothing to publish yet."))
    batch.rows_count, batch.rows_sha256 = batch.digest()
    said = batches.summary(_days(batch)) | {"unchanged": job.unchanged, "left_out": job.bad_rows}
    try:
        with audited(by, reason=gettext_lazy("import published")):
            batches.publish(batch, by=by, seen=job.marker, **said)
            if target.after:
                target.after(batch, by)
            stored = ImportJob.objects.select_for_update().get(pk=job.pk)
            stored.step = Step.DONE
            stored.save(update_fields=["step"])
    except batches.Changed:
        _again(job, by)
        return
    job.refresh_from_db()
    mappings.remember(target, job.site, job.columns, job.mapping)
    _finish(job)
    job.save()


def _days(batch: ImportBatch) -> list[date]:
    model = batch.row_model
    rows = model._default_manager.filter(batch=batch).order_by()
    return list(rows.values_list(model.day_field, flat=True).distinct())


def _again(job: ImportJob, by: User | SYSTEM) -> None:
    with keeping(job, by) as stored:
        drop_draft(stored, by)
        restart(stored, Step.COMPARE)
        stored.marker = marker_of(stored)


def drop_draft(job: ImportJob, by: User | SYSTEM) -> None:
    """Throw the draft of an import away, if there is one."""
    if job.batch is not None and not job.is_over:
        batches.discard(job.batch, by=by)
        job.batch = None


def drop(job: ImportJob, *, by: User | SYSTEM) -> ImportJob:
    """Give an import up; nothing of it was ever counted."""
    with keeping(job, by) as stored:
        if stored.is_over:
            raise Refused(_("This import is over already."))
        drop_draft(stored, by)
        stored.step = Step.DROPPED
        _finish(stored)
    job.refresh_from_db()
    return job


def _finish(job: ImportJob) -> None:
    """Free what is no longer needed; the facts and the hash of the file stay."""
    job.content = None
    job.staged.all().delete()
