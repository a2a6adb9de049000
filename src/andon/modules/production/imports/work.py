"""Keeping what was computed for an import, if nobody else was quicker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import Site, User
from andon.modules.production.imports.fields import Target, target_named
from andon.modules.production.models import ImportJob, StagedChunk, Step
from andon.trail.services import SYSTEM, audited


class Overtaken(Exception):
    """The same step was done meanwhile, in another window."""


def require(by: User | SYSTEM, target: Target, site: Site) -> None:
    """Let through who may import this kind of row at the site."""
    if isinstance(by, User) and not by.may_at(target.permission, site.pk):
        raise PermissionDenied(_("Files are imported by process owners and quality of the site."))


@contextmanager
def keeping(job: ImportJob, by: User | SYSTEM) -> Iterator[ImportJob]:
    """Lock the import; what was computed for it is kept only if it still stands where it stood."""
    require(by, target_named(job.target), job.site)
    with audited(by, reason=gettext_lazy("import")):
        stored = ImportJob.objects.select_for_update(no_key=True).get(pk=job.pk)
        if (stored.step, stored.done) != (job.step, job.done):
            raise Overtaken
        yield stored
        stored.save()


def rows_of(job: ImportJob, kind: StagedChunk.Kind, index: int) -> list[Any]:
    """Return one chunk of rows as a step left them; nothing if there is no such chunk."""
    chunk = job.staged.filter(kind=kind, index=index).first()
    return chunk.rows if chunk else []


def keep_rows(job: ImportJob, kind: StagedChunk.Kind, index: int, rows: list[Any]) -> None:
    """Keep one chunk of rows for the next step."""
    StagedChunk.objects.update_or_create(job=job, kind=kind, index=index, defaults={"rows": rows})


def restart(job: ImportJob, step: Step) -> None:
    """Begin a step anew and forget what it found before."""
    job.step, job.done, job.trouble = step, 0, {}
    job.new = job.corrected = job.unchanged = 0
    job.staged.filter(kind=StagedChunk.Kind.READY).delete()
    if step == Step.CHECK:
        job.staged.exclude(kind=StagedChunk.Kind.RAW).delete()
        job.errors, job.unknown = [], {}
        job.bad_rows = job.skipped = 0
