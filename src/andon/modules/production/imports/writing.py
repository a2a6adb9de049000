"""The second half of an import: from checked rows to facts that count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import User
from andon.modules.production.imports import mapping as mappings
from andon.modules.production.imports.fields import Field, Kind, Target, target_named
from andon.modules.production.imports.work import keeping, restart, rows_of
from andon.modules.production.models import (
    ImportBatch,
    ImportFile,
    ImportJob,
    StagedChunk,
    Step,
)
from andon.modules.production.services import batches
from andon.modules.production.services.bulk import database_value, insert_rows
from andon.records.workflow import Refused
from andon.trail.services import SYSTEM, audited

Ids = dict[str, dict[str, Any]]


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


def compare(job: ImportJob, rows: Sequence[tuple[int, dict[str, Any]]]) -> Compared:
    """Compare gathered rows with the facts that count now."""
    result = Compared()
    if not rows:
        return result
    target = target_named(job.target)
    ids = _ids(job, target, [values for _row, values in rows])
    about = _getters(target, target.model.key_fields, ids, job.site_id)
    said = _getters(target, target.model.value_fields, ids)
    keys = [tuple(getter(values) for getter in about) for _row, values in rows]
    there = batches.current_by_key(target.model, keys)
    for key, (row, values) in zip(keys, rows, strict=True):
        found = there.get(key)
        if found is None:
            result.new += 1
            result.plan.append((row, values, None))
        elif found[1] == tuple(getter(values) for getter in said):
            result.unchanged += 1
        else:
            result.corrected += 1
            result.plan.append((row, values, found[0]))
    return result


def _write(
    job: ImportJob, batch: ImportBatch, rows: Sequence[tuple[int, dict[str, Any], int | None]]
) -> None:
    """Write stored values as rows of a draft batch."""
    target = target_named(job.target)
    ids = _ids(job, target, [values for _row, values, _old in rows])
    columns = [found.column for found in target.fields]
    fixed: dict[str, Any] = {"batch_id": batch.pk, "current": False}
    if target.site_column:
        fixed[target.site_column] = job.site_id
    prepared = [
        _getter(found, ids, partial(database_value, target.model, found.column))
        for found in target.fields
    ]
    insert_rows(
        target.model,
        [*columns, "source_row", "replaces", *fixed],
        (
            [*(get(values) for get in prepared), number, replaces, *fixed.values()]
            for number, values, replaces in rows
        ),
    )


def _getters(
    target: Target, columns: Sequence[str], ids: Ids, site: int | None = None
) -> list[Callable[[dict[str, Any]], Any]]:
    """Return, for each column of the model, what takes its value out of stored values."""
    by_column = {found.column: found for found in target.fields}
    return [
        (lambda _values: site)
        if column == target.site_column
        else _getter(by_column.get(column), ids)
        for column in columns
    ]


def _getter(
    spec: Field | None, ids: Ids, made: Callable[[Any], Any] | None = None
) -> Callable[[dict[str, Any]], Any]:
    """Return what makes a typed value of the stored text, remembering equal ones."""
    if spec is None:
        return lambda _values: None
    name, kind, known = spec.name, spec.kind, ids.get(spec.name)
    typed: dict[Any, Any] = {None: None}

    def get(values: dict[str, Any]) -> Any:
        stored: Any = values.get(name)
        if stored not in typed:
            value = known[stored.casefold()] if known is not None else _typed(kind, stored)
            typed[stored] = made(value) if made else value
        return typed[stored]

    return get


def _typed(kind: Kind, stored: str) -> Any:
    if kind is Kind.DAY:
        return date.fromisoformat(stored)
    if kind is Kind.AMOUNT:
        return Decimal(stored)
    return int(stored) if kind is Kind.COUNT else stored


def _ids(job: ImportJob, target: Target, rows: Sequence[dict[str, Any]]) -> Ids:
    ids = {}
    for found in target.fields:
        if found.reference:
            codes = {code for values in rows if (code := values.get(found.name))}
            ids[found.name] = found.reference.find(job.site, codes) if codes else {}
    return ids


def create_missing(job: ImportJob, *, by: User | SYSTEM) -> ImportJob:
    """Make the lines, items, shifts or causes that the file names and nobody knows."""
    target = target_named(job.target)
    with keeping(job, by) as stored:
        found = {name: target.field(name).reference for name in stored.unknown}
        made = {name: one.create for name, one in found.items() if one and one.create}
        if not made:
            raise Refused(_("These cannot be made here; name them under Set up first."))
        for name, create in made.items():
            for code in stored.unknown[name]:
                create(stored.site, code, by)
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
    rows = rows_of(job, StagedChunk.Kind.READY, job.done)
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
            _write(stored, stored.batch, rows)
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
            stored = ImportJob.objects.select_for_update(no_key=True).get(pk=job.pk)
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
    ImportFile.objects.filter(job=job).delete()
    job.staged.all().delete()
