"""Making a table of a grid of cells: drop what is blank, find heading and end, name the columns."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _

from andon.tables.blocks import choose_block
from andon.tables.ending import cut_end, fill_merged
from andon.tables.heading import find_heading
from andon.tables.model import Cell, Grid, Table, Trouble
from andon.tables.sheet import Sheet, count, letter
from andon.tables.values import missing


def lay_out(grid: Grid, *, header_row: int | None = None, block: int | None = None) -> Table:
    """Return the table in ``grid``; raise `Trouble` or `Question` if there is not exactly one."""
    sheet = choose_block(_filled_rows(grid), block)
    if grid.heading is None:
        heading, first, header = find_heading(sheet, grid.merges, header_row)
    else:
        heading, first, header = grid.heading, 0, None
    body = Sheet(sheet.rows[first:], sheet.numbers[first:], grid.notes + sheet.notes, sheet.left)
    if body.rows:
        fill_merged(body, grid.merges)
        cut_end(body, [column for column, name in enumerate(heading) if name])
    if not body.rows:
        raise _no_rows(header, heading, grid)
    _refuse_slipped(heading, body)
    heading, body = _named_columns(heading, body)
    return Table(
        columns=_unique(heading),
        rows=body.rows,
        source_rows=body.numbers,
        notes=body.notes,
        header_row=header,
        place=grid.place,
        separator=grid.separator,
    )


def _filled_rows(grid: Grid) -> Sheet:
    """Drop blank rows, make all rows equally wide, and read words for "nothing" as nothing."""
    filled = [(number, cells) for number, cells in grid.rows if count(cells)]
    if not filled:
        raise Trouble(_("The file is empty: not one cell holds anything."), row=1)
    if len(filled) == 1 and count(filled[0][1]) == 1:
        raise _single(filled[0], grid)
    width = max(_last_filled(cells) for _number, cells in filled)
    nothing: dict[str, bool] = {}
    rows = [
        [_present(cell, nothing) for cell in cells[:width]] + [None] * (width - len(cells))
        for _number, cells in filled
    ]
    return Sheet(rows, [number for number, _cells in filled], [])


def _present(cell: Cell, nothing: dict[str, bool]) -> Cell:
    """Return the cell, or None for a word that means nothing; equal texts are looked at once."""
    if not isinstance(cell, str):
        return cell
    if cell not in nothing:
        nothing[cell] = missing(cell)
    return None if nothing[cell] else cell


def _last_filled(cells: list[Cell]) -> int:
    width = len(cells)
    while width and cells[width - 1] in (None, ""):
        width -= 1
    return width


def _where(grid: Grid) -> str:
    return _(" of the sheet “%(name)s”") % {"name": grid.place} if grid.place else ""


def _single(row: tuple[int, list[Cell]], grid: Grid) -> Trouble:
    number, cells = row
    column = next(index for index, cell in enumerate(cells) if cell not in (None, ""))
    return Trouble(
        _("Only one cell%(where)s is filled (%(cell)s: “%(text)s”): there is no table to read.")
        % {
            "where": _where(grid),
            "cell": f"{letter(column)}{number}",
            "text": " ".join(str(cells[column]).split())[:60],
        },
        row=number,
        column=letter(column),
    )


def _no_rows(header: int | None, heading: list[str], grid: Grid) -> Trouble:
    row = header or 1
    return Trouble(
        _("Row %(row)d%(where)s is a heading (“%(text)s”), and no row of data follows it.")
        % {"where": _where(grid), "row": row, "text": ", ".join(heading)[:60]},
        row=row,
    )


def _refuse_slipped(heading: list[str], body: Sheet) -> None:
    """Refuse a few cells beyond the last heading: that is a slipped row, not a column."""
    named = max((index for index, name in enumerate(heading, 1) if name), default=0)
    for column in range(named, len(heading)):
        filled = [index for index, row in enumerate(body.rows) if row[column] is not None]
        if filled and len(filled) * 2 < len(body.rows):
            row = body.numbers[filled[0]]
            raise Trouble(
                _(
                    "Row %(row)d has a cell in column %(column)s, but the heading ends with"
                    " column %(last)s. Is a separator inside a cell without quote marks?"
                )
                % {"row": row, "column": body.letter(column), "last": body.letter(named - 1)},
                row=row,
                column=body.letter(column),
            )


def _named_columns(heading: list[str], body: Sheet) -> tuple[list[str], Sheet]:
    """Keep columns with a heading or data; data without a heading gets its letter as name."""
    kept = [
        column
        for column, name in enumerate(heading)
        if name or any(row[column] is not None for row in body.rows)
    ]
    names = [
        heading[column] or _("Column %(letter)s") % {"letter": body.letter(column)}
        for column in kept
    ]
    rows = [[row[column] for column in kept] for row in body.rows]
    return names, Sheet(rows, body.numbers, body.notes, body.left)


def _unique(names: list[str]) -> list[str]:
    """Return the headings with repeated ones numbered: a mapping names each column."""
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique
