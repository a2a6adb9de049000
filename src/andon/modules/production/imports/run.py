"""One call from a file to facts: what `andon import` and other programs use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from andon.accounts.models import Site, User
from andon.modules.production.imports import jobs, mapping, writing
from andon.modules.production.models import ImportBatch, ImportJob, Step
from andon.tables import Question, Trouble
from andon.trail.services import SYSTEM


@dataclass(frozen=True)
class Result:
    """What became of a file."""

    job: ImportJob
    batch: ImportBatch | None
    published: bool
    new: int
    corrected: int
    unchanged: int
    left_out: int
    skipped: int
    errors: list[tuple[int, str, str]]
    unknown: dict[str, dict[str, int]]
    notes: list[str]

    @property
    def clean(self) -> bool:
        """Whether nothing stands in the way of publishing."""
        return not self.errors and not self.unknown


def import_file(
    source: Path | bytes,
    *,
    target: str,
    site: Site,
    by: User | SYSTEM,
    day: date,
    file_name: str = "",
    said: dict[str, Any] | None = None,
    answers: dict[str, Any] | None = None,
    create_missing: bool = False,
    leave_out: bool = False,
    dry_run: bool = False,
) -> Result:
    """Import a file as one kind of fact, all of it or nothing.

    ``said`` is a mapping on top of the guessed one; ``answers`` are for the questions a file may
    raise (sheet, block, header_row, order, decimal …). Errors in rows do not raise: they are in
    the result, and nothing was published.

    Raises
    ------
    Trouble
        The file is no table or a required field has no column; a `Question` if an answer is due.
    """
    content = source if isinstance(source, bytes) else source.read_bytes()
    name = file_name or ("" if isinstance(source, bytes) else source.name)
    job = jobs.start(
        content, file_name=name, target=target, site=site, by=by, day=day, answers=answers
    )
    try:
        _prepare(job, said or {}, by)
        if not dry_run:
            _go_through(job, by, create_missing=create_missing, leave_out=leave_out)
    except Trouble:
        if not job.is_over:
            writing.drop(job, by=by)
        raise
    return _result(job, by)


def _go_through(
    job: ImportJob, by: User | SYSTEM, *, create_missing: bool, leave_out: bool
) -> None:
    if job.unknown and create_missing:
        _work(writing.create_missing(job, by=by), by)
    if job.step == Step.PREVIEW and not job.unknown and (leave_out or not job.bad_rows):
        _publish(job, by, leave_out=leave_out)


def _prepare(job: ImportJob, said: dict[str, Any], by: User | SYSTEM) -> None:
    jobs.advance(job, by=by)
    if job.step != Step.MAP:
        raise _trouble(job)
    mapped = mapping.merged(job.mapping, said)
    jobs.use_mapping(job, mapped, by=by)
    _work(job, by)


def _trouble(job: ImportJob) -> Trouble:
    told = job.trouble
    if "options" in told:
        options = [(value, label) for value, label in told["options"]]
        return Question(told["sentence"], name=told["name"], options=options, row=told["row"])
    return Trouble(told["sentence"], row=told["row"], column=told["column"])


def _work(job: ImportJob, by: User | SYSTEM) -> None:
    while job.is_working:
        jobs.advance(job, by=by)


def _publish(job: ImportJob, by: User | SYSTEM, *, leave_out: bool) -> None:
    """Publish; if facts changed meanwhile, look again at what the preview then shows."""
    while job.step == Step.PREVIEW:
        writing.confirm(job, by=by, leave_out=leave_out)
        _work(job, by)


def _result(job: ImportJob, by: User | SYSTEM) -> Result:
    result = Result(
        job=job,
        batch=job.batch,
        published=job.step == Step.DONE,
        new=job.new,
        corrected=job.corrected,
        unchanged=job.unchanged,
        left_out=job.bad_rows,
        skipped=job.skipped,
        errors=[(row, column, sentence) for row, column, sentence in job.errors],
        unknown=job.unknown,
        notes=job.notes,
    )
    if not job.is_over:
        writing.drop(job, by=by)
    return result
