"""The second half of an import: from checked rows to facts that count."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import User
from andon.modules.production.imports import mapping as mappings
from andon.modules.production.imports.fields import target_named
from andon.modules.production.imports.storing import write
from andon.modules.production.imports.work import keeping, restart, rows_of
from andon.modules.production.models import (
    ImportBatch,
    ImportFile,
    ImportJob,
    StagedChunk,
    Step,
)
from andon.modules.production.services import batches
from andon.records.workflow import Refused
from andon.trail.services import SYSTEM, audited


def marker_of(job: ImportJob) -> int:
    """Count how often facts of the kind changed at the site."""
    return batches.marker(target_named(job.target).model, job.site)


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
            write(target, stored.site, stored.batch, rows)
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
    mappings.remember(target, job.site, job.columns, job.mapping, job.answers)
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
