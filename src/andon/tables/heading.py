"""Finding the heading: below titles, over one row or several, or nowhere."""

from __future__ import annotations

import math
from collections import Counter

from django.utils.translation import gettext as _

from andon.tables.model import Cell, Merge, Trouble
from andon.tables.sheet import Sheet, count, is_word, numeric_columns

_LOOK_FOR_HEADING = 80
_STACKED = 2
_LOOK_AT_BODY = 500


def find_heading(
    sheet: Sheet, merges: list[Merge], wanted: int | None
) -> tuple[list[str], int, int | None]:
    """Return the headings, the index of the first row under them, and the heading's row number."""
    if wanted is not None:
        return _named_row(sheet, wanted)
    at = _heading_index(sheet)
    if at is None:
        first = _first_full(sheet)
        _note_titles(sheet, first)
        sheet.notes.append(_("The file has no heading; the columns are numbered."))
        return [_("Column %(n)d") % {"n": n} for n in range(1, sheet.width + 1)], first, None
    last = max(_merged_to(sheet, merges, at), _stacked_to(sheet, at))
    _note_titles(sheet, at)
    if last > at:
        sheet.notes.append(
            _("The heading was read from rows %(first)d to %(last)d.")
            % {"first": sheet.numbers[at], "last": sheet.numbers[last]}
        )
    return _joined(sheet, merges, at, last), last + 1, sheet.numbers[at]


def _named_row(sheet: Sheet, wanted: int) -> tuple[list[str], int, int | None]:
    if wanted not in sheet.numbers:
        raise Trouble(
            _("Row %(row)d is blank or not in the file; it cannot be the heading.")
            % {"row": wanted},
            row=wanted,
        )
    at = sheet.numbers.index(wanted)
    return [_text(cell) for cell in sheet.rows[at]], at + 1, wanted


def _note_titles(sheet: Sheet, heading: int) -> None:
    if heading:
        sheet.notes.append(
            _("Rows above the heading (row %(row)d) were left out.")
            % {"row": sheet.numbers[heading]}
        )


def _needed(sheet: Sheet) -> int:
    """How many filled cells make a row part of the table and not a title over it."""
    if sheet.width == 1:
        return 1
    wide = [filled for row in sheet.rows if (filled := count(row)) > 1]
    if not wide:
        return 1
    usual = Counter(wide).most_common(1)[0][0]
    return max(2, math.ceil(usual / 2))


def _first_full(sheet: Sheet) -> int:
    needed = _needed(sheet)
    return next((index for index, row in enumerate(sheet.rows) if count(row) >= needed), 0)


def _heading_index(sheet: Sheet) -> int | None:
    first = _first_full(sheet)
    if first > _LOOK_FOR_HEADING:
        first = 0
    cells = [cell for cell in sheet.rows[first] if cell is not None]
    words = sum(is_word(cell) for cell in cells)
    return first if cells and words * 2 >= len(cells) else None


def _merged_to(sheet: Sheet, merges: list[Merge], at: int) -> int:
    """Index of the last row that merged heading cells reach down to."""
    number = sheet.numbers[at] - 1
    bottom = number
    for (top, _left), (low, _right) in sorted(merges):
        if number <= top <= bottom and low > bottom:
            bottom = low
    inside = [index for index, row in enumerate(sheet.numbers) if row - 1 <= bottom]
    if bottom == number or inside[-1] >= len(sheet.rows) - 1:
        return at
    return inside[-1]


def _stacked_to(sheet: Sheet, at: int) -> int:
    """Index of the last of several heading rows: words where the rows below have numbers."""
    numeric = numeric_columns(sheet.rows[at + 4 : at + 4 + _LOOK_AT_BODY], sheet.width)
    last = at
    for index in range(at + 1, min(at + 1 + _STACKED, len(sheet.rows))):
        words = sum(is_word(sheet.rows[index][column]) for column in numeric)
        adjoining = sheet.numbers[index] == sheet.numbers[index - 1] + 1
        if not adjoining or len(numeric) < _STACKED or words * 2 < len(numeric):
            break
        last = index
    return last


def _joined(sheet: Sheet, merges: list[Merge], at: int, last: int) -> list[str]:
    """Read multi-row headings downwards; a merged heading counts for all its columns."""
    lines = [list(row) for row in sheet.rows[at : last + 1]]
    for (top, left), (bottom, right) in merges:
        first = left - sheet.left
        for index, number in enumerate(sheet.numbers[at : last + 1]):
            if top == number - 1 and bottom <= sheet.numbers[last] - 1 and 0 <= first < sheet.width:
                for column in range(first, min(right - sheet.left + 1, sheet.width)):
                    lines[index][column] = lines[index][first]
    return [
        " ".join(word for line in lines if (word := _text(line[column])))
        for column in range(sheet.width)
    ]


def _text(cell: Cell) -> str:
    """Return a heading on one line; a year over a column is 2013, not 2013.0."""
    if cell is None:
        return ""
    tidy = int(cell) if isinstance(cell, float) and cell == int(cell) else cell
    return " ".join(str(tidy).split())
