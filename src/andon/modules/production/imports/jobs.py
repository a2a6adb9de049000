"""An import, step by step: read, map, check, compare, preview, write, publish.

Each call of `advance` does one chunk, so a page can show progress and be left, and nothing
needs a worker. What takes time is computed outside the transaction that keeps it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from andon.accounts.models import Site, User
from andon.modules.production.imports import mapping as mappings
from andon.modules.production.imports import writing
from andon.modules.production.imports.converting import Converter
from andon.modules.production.imports.fields import Kind, Target, target_named
from andon.modules.production.imports.gathering import gather
from andon.modules.production.imports.storing import compare
from andon.modules.production.imports.work import (
    Overtaken,
    keep_rows,
    keeping,
    require,
    restart,
    rows_of,
)
from andon.modules.production.models import ImportFile, ImportJob, StagedChunk, Step
from andon.organization import clock
from andon.records.workflow import Refused
from andon.tables import Cell, Question, Table, Trouble, read_table
from andon.tables.limits import MAX_BYTES
from andon.tables.values import Reading, read_column
from andon.trail.services import SYSTEM, retrying

CHUNK = 5000
MOST_ERRORS = 200
READ_OPTIONS = ("sheet", "block", "header_row", "encoding", "separator")


def start(
    content: bytes,
    *,
    file_name: str,
    target: str,
    site: Site,
    by: User | SYSTEM,
    day: date,
    answers: dict[str, Any] | None = None,
) -> ImportJob:
    """Take a file in; nothing is read yet."""
    require(by, target_named(target), site)
    if len(content) > MAX_BYTES:
        raise Refused(_("The file is larger than %(n)d MB; split it.") % {"n": MAX_BYTES // 2**20})
    job = ImportJob(
        site=site,
        owner=by if isinstance(by, User) else None,
        target=target,
        day=day,
        created_at=clock.now(),
        file_name="".join(c for c in file_name if c.isprintable())[-200:],
        file_sha256=hashlib.sha256(content).hexdigest(),
        answers={key: value for key, value in (answers or {}).items() if value not in (None, "")},
    )
    job.save()
    ImportFile.objects.create(job=job, content=content)
    return job


@retrying
def advance(job: ImportJob, *, by: User | SYSTEM) -> ImportJob:
    """Do the next chunk of work, if there is any, and return the import as it then stands."""
    require(by, target_named(job.target), job.site)
    steps: dict[str, Callable[[ImportJob, User | SYSTEM], None]] = {
        Step.READ: _read,
        Step.CHECK: _check,
        Step.COMPARE: _compare,
        Step.STAGE: writing.stage,
        Step.PUBLISH: writing.publish,
    }
    if job.step in steps:
        with suppress(Overtaken):
            steps[job.step](job, by)
        job.refresh_from_db()
    return job


def _read(job: ImportJob, by: User | SYSTEM) -> None:
    answers = {name: job.answers[name] for name in READ_OPTIONS if name in job.answers}
    try:
        table = read_table(bytes(job.file.content), job.file_name, **answers)
    except Trouble as trouble:
        with keeping(job, by) as stored:
            stored.trouble = _told(trouble)
            stored.step = Step.ASK if isinstance(trouble, Question) else Step.FAILED
        return
    readings = [
        read_column((row[index] for row in table.rows), separator=table.separator)
        for index in range(len(table.columns))
    ]
    with keeping(job, by) as stored:
        _store(stored, table, readings)


def _told(trouble: Trouble) -> dict[str, Any]:
    told: dict[str, Any] = {
        "sentence": trouble.sentence,
        "row": trouble.row,
        "column": trouble.column,
    }
    if isinstance(trouble, Question):
        told |= {"name": trouble.name, "options": list(trouble.options)}
    return told


def _store(job: ImportJob, table: Table, readings: list[Reading]) -> None:
    job.staged.all().delete()
    rows = [
        [number, [_jsonable(cell) for cell in row]]
        for number, row in zip(table.source_rows, table.rows, strict=True)
    ]
    chunks = [rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK)]
    for index, chunk in enumerate(chunks):
        keep_rows(job, StagedChunk.Kind.RAW, index, chunk)
    job.columns, job.notes = table.columns, table.notes
    job.hints = [asdict(reading) | {"kind": reading.kind} for reading in readings]
    job.rows, job.chunks, job.done = len(rows), len(chunks), 0
    target = target_named(job.target)
    known = mappings.recall(target, job.site, table.columns)
    job.mapping = known.mapping if known else mappings.guess(target, table.columns, job.hints)
    job.answers = {**(known.answers if known else {}), **job.answers}
    job.trouble, job.step = {}, Step.MAP


def _jsonable(cell: Cell) -> Any:
    """Make a cell storable; a date becomes ISO text, a duration its minutes."""
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 60
    return cell


def answer(job: ImportJob, answers: dict[str, Any], *, by: User | SYSTEM) -> ImportJob:
    """Answer the question about the file and read it again."""
    with keeping(job, by) as stored:
        if stored.is_over:
            raise Refused(_("This import is over; upload the file again."))
        stored.answers = {**stored.answers, **answers}
        stored.trouble, stored.step, stored.done = {}, Step.READ, 0
    job.refresh_from_db()
    return job


def use_mapping(
    job: ImportJob,
    mapping: dict[str, Any],
    *,
    by: User | SYSTEM,
    answers: dict[str, Any] | None = None,
) -> ImportJob:
    """Say which column is what; the rows are checked next. Raises `Trouble` if it cannot be."""
    target = target_named(job.target)
    job.answers = {**job.answers, **(answers or {})}
    mappings.check_mapping(target, job.columns, mapping)
    ask_order(job, target, mapping)
    with keeping(job, by) as stored:
        if stored.is_over or stored.step in {Step.READ, Step.ASK}:
            raise Refused(_("The file has to be read before its columns can be named."))
        writing.drop_draft(stored, by)
        stored.mapping, stored.answers = mapping, job.answers
        restart(stored, Step.CHECK)
    job.refresh_from_db()
    return job


def ask_order(job: ImportJob, target: Target, mapping: dict[str, Any]) -> None:
    """Ask what the cells themselves leave open: 3/4 is a day in March or April."""
    for name, rule in mapping["fields"].items():
        field = target.field(name)
        for column in rule.get("columns", ())[:1]:
            hint = job.hints[job.columns.index(column)]
            if field.kind is Kind.DAY and hint["order_unsure"] and "order" not in job.answers:
                raise _order_question(job, column)
            if field.is_number and hint["decimal_unsure"] and "decimal" not in job.answers:
                raise _decimal_question(column)


def _order_question(job: ImportJob, column: str) -> Question:
    example = _first(job, column)
    return Question(
        _(
            "In “%(column)s” no day is above the 12th, so “%(example)s” can be read both ways."
            " Which comes first, the day or the month?"
        )
        % {"column": column, "example": example},
        name="order",
        options=[("dmy", _("Day first")), ("mdy", _("Month first"))],
        column=column,
    )


def _decimal_question(column: str) -> Question:
    return Question(
        _("In “%(column)s” the comma may part thousands or decimals. Which is it?")
        % {"column": column},
        name="decimal",
        options=[(",", _("1,234 is a little more than one")), (".", _("1,234 is over a thousand"))],
        column=column,
    )


def _first(job: ImportJob, column: str) -> str:
    index = job.columns.index(column)
    cells = (cells[index] for _row, cells in rows_of(job, StagedChunk.Kind.RAW, 0))
    return str(next((cell for cell in cells if cell is not None), ""))


def readings_of(job: ImportJob) -> list[Reading]:
    """How the columns are read: as found, with what a person answered on top."""
    readings = []
    for hint in job.hints:
        found = {key: value for key, value in hint.items() if key != "kind"}
        if found["order_unsure"] and "order" in job.answers:
            found["order"] = job.answers["order"]
        if found["decimal_unsure"] and "decimal" in job.answers:
            found["decimal"] = job.answers["decimal"]
        readings.append(Reading(**found))
    return readings


def _check(job: ImportJob, by: User | SYSTEM) -> None:
    if job.done >= job.chunks:
        _gather(job, by)
        return
    converter = Converter(
        target_named(job.target), job.columns, readings_of(job), job.mapping, today=job.day
    )
    found = converter.convert(rows_of(job, StagedChunk.Kind.RAW, job.done))
    with keeping(job, by) as stored:
        keep_rows(stored, StagedChunk.Kind.CHECKED, stored.done, found.rows)
        stored.errors = (stored.errors + found.errors)[:MOST_ERRORS]
        stored.bad_rows += found.bad_rows
        stored.skipped += found.skipped
        stored.done += 1


def _gather(job: ImportJob, by: User | SYSTEM) -> None:
    """Bring all rows together; with everything known they are compared, else shown."""
    checked = [rows_of(job, StagedChunk.Kind.CHECKED, index) for index in range(job.chunks)]
    rows = ((number, values) for chunk in checked for number, values in chunk)
    found = gather(target_named(job.target), job.site, job.mapping, rows)
    size = max(1, -(-len(found.rows) // max(1, job.chunks)))
    with keeping(job, by) as stored:
        for index in range(stored.chunks):
            part = found.rows[index * size : (index + 1) * size]
            keep_rows(stored, StagedChunk.Kind.GATHERED, index, part)
        stored.staged.filter(kind=StagedChunk.Kind.CHECKED).delete()
        stored.errors = (stored.errors + found.errors)[:MOST_ERRORS]
        stored.bad_rows += found.bad_rows
        stored.unknown = found.unknown
        stored.marker = writing.marker_of(stored)
        stored.done = 0
        stored.step = Step.PREVIEW if found.unknown else Step.COMPARE


def _compare(job: ImportJob, by: User | SYSTEM) -> None:
    if job.done >= job.chunks:
        with keeping(job, by) as stored:
            stored.step = Step.PREVIEW
        return
    found = compare(
        target_named(job.target),
        job.site,
        rows_of(job, StagedChunk.Kind.GATHERED, job.done),
    )
    with keeping(job, by) as stored:
        keep_rows(stored, StagedChunk.Kind.READY, stored.done, found.plan)
        stored.new += found.new
        stored.corrected += found.corrected
        stored.unchanged += found.unchanged
        stored.done += 1
