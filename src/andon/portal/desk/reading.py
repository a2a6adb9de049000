"""The first steps: a file is taken in, read into rows, and a mapping is proposed."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from andon.accounts.models import Site, User
from andon.organization import clock
from andon.portal.desk import mapping as mappings
from andon.portal.desk.models import Intake, IntakeFile, IntakeRow, Step
from andon.portal.desk.targets import target_named
from andon.portal.desk.values import hint_of
from andon.portal.desk.work import keeping, require
from andon.records.workflow import Refused
from andon.tables import Cell, Question, Table, Trouble, read_table
from andon.tables.limits import MAX_BYTES
from andon.tables.values import as_text, missing

MOST_ROWS = 20_000
READ_OPTIONS = ("sheet", "block", "header_row", "encoding", "separator")


def start(
    content: bytes,
    *,
    file_name: str,
    target: str,
    site: Site,
    by: User,
    day: date,
    source: str = "",
    answers: dict[str, Any] | None = None,
) -> Intake:
    """Take a file in; nothing is read yet."""
    require(by, site)
    target_named(target)
    if len(content) > MAX_BYTES:
        raise Refused(_("The file is larger than %(n)d MB; split it.") % {"n": MAX_BYTES // 2**20})
    intake = Intake(
        site=site,
        owner=by,
        target=target,
        source=source.strip()[:80],
        day=day,
        created_at=clock.now(),
        file_name="".join(c for c in file_name if c.isprintable())[-200:],
        file_sha256=hashlib.sha256(content).hexdigest(),
        answers={name: value for name, value in (answers or {}).items() if value not in (None, "")},
    )
    intake.save()
    IntakeFile.objects.create(intake=intake, content=content)
    return intake


def read(intake: Intake, by: User) -> None:
    """Read the file; a question or a trouble is kept for the page."""
    answers = {name: intake.answers[name] for name in READ_OPTIONS if name in intake.answers}
    try:
        table = _table(intake, answers)
    except Trouble as trouble:
        with keeping(intake, by) as stored:
            stored.trouble = told(trouble)
            stored.step = Step.ASK if isinstance(trouble, Question) else Step.FAILED
        return
    with keeping(intake, by) as stored:
        _store(stored, table)


def _table(intake: Intake, answers: dict[str, Any]) -> Table:
    table = read_table(bytes(intake.file.content), intake.file_name, pages=True, **answers)
    if side := intake.answers.get("side_by_side"):
        table = below_each_other(table, side)
    if len(table.rows) > MOST_ROWS:
        raise Trouble(_("The file has more than %d rows; split it.") % MOST_ROWS)
    return table


def told(trouble: Trouble) -> dict[str, Any]:
    """Return a trouble as it is kept."""
    kept: dict[str, Any] = {
        "sentence": trouble.sentence,
        "row": trouble.row,
        "column": trouble.column,
    }
    if isinstance(trouble, Question):
        kept |= {"name": trouble.name, "options": [list(each) for each in trouble.options]}
    return kept


def below_each_other(table: Table, columns: list[str]) -> Table:
    """Return the table with the cells of ``columns`` in rows of their own: heading and value."""
    if unknown := [name for name in columns if name not in table.columns]:
        raise Trouble(
            _("The file has no column “%(column)s”; it has %(columns)s.")
            % {"column": unknown[0], "columns": ", ".join(table.columns)}
        )
    side = [table.columns.index(name) for name in columns]
    rest = [at for at in range(len(table.columns)) if at not in side]
    rows: list[list[Cell]] = []
    numbers = []
    for number, row in zip(table.source_rows, table.rows, strict=True):
        for at in side:
            if not missing(row[at]):
                rows.append([*(row[kept] for kept in rest), table.columns[at], row[at]])
                numbers.append(number)
    headings = [*(table.columns[at] for at in rest), _("Column"), _("Value")]
    return Table(
        columns=headings,
        rows=rows,
        source_rows=numbers,
        notes=[*table.notes, _("Columns side by side became rows: %s.") % ", ".join(columns)],
        separator=table.separator,
    )


def _store(intake: Intake, table: Table) -> None:
    intake.rows.all().delete()
    cells = [[_text(cell) for cell in row] for row in table.rows]
    rows = zip(table.source_rows, cells, strict=True)
    IntakeRow.objects.bulk_create(
        [
            IntakeRow(intake=intake, position=at, number=number, cells=row)
            for at, (number, row) in enumerate(rows, start=1)
        ],
        batch_size=500,
    )
    intake.columns, intake.notes = table.columns, [*table.notes, *_seen_before(intake)]
    intake.hints = [
        hint_of((row[at] for row in cells if row[at]), separator=table.separator)
        for at in range(len(table.columns))
    ]
    intake.rows_count, intake.done = len(cells), 0
    _propose(intake)
    intake.trouble, intake.step = {}, Step.MAP


def _text(cell: Cell) -> str:
    """Return a cell as text that a person can repair; what means nothing is empty."""
    if missing(cell):
        return ""
    if isinstance(cell, str):
        return "\n".join(" ".join(line.split()) for line in cell.strip().splitlines())
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return as_text(cell)


def _propose(intake: Intake) -> None:
    target = target_named(intake.target)
    known = mappings.recall(target, intake.site, intake.columns, intake.source)
    if known is None:
        intake.mapping = mappings.propose(target, intake.columns, intake.hints)
        intake.source = intake.source or intake.file_name.rsplit(".", 1)[0][:80]
    else:
        intake.mapping, intake.source = known.mapping, known.name
        intake.notes = [*intake.notes, _("The columns are known from “%s”.") % known.name]


def _seen_before(intake: Intake) -> list[str]:
    same = Intake.objects.filter(
        file_sha256=intake.file_sha256, target=intake.target, step=Step.DONE, site=intake.site
    )
    if same.exists():
        return [_("This very file has been published already; look whether that is meant.")]
    return []


def answer(intake: Intake, answers: dict[str, Any], *, by: User) -> Intake:
    """Answer the question about the file, or say how to read it, and read it again."""
    if intake.is_over:
        raise Refused(_("This import is over; upload the file again."))
    with keeping(intake, by) as stored:
        stored.answers = {**stored.answers, **answers}
        stored.trouble, stored.step, stored.done = {}, Step.READ, 0
    return intake
