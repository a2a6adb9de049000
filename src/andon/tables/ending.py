"""What stands in and under a table without being data: merged labels, remarks, totals."""

from __future__ import annotations

import re
from collections import Counter

from django.utils.translation import gettext as _

from andon.tables.model import Cell, Merge
from andon.tables.sheet import Sheet, count, is_word, numeric_columns
from andon.tables.values import looks_numeric

_TOTAL = re.compile(
    r"^(grand |sub ?)?"
    r"(totals?|sum|summe|gesamt|gesamtsumme|insgesamt|somme|totale|totaal)\b.{0,20}$",
    re.IGNORECASE,
)


def fill_merged(body: Sheet, merges: list[Merge]) -> None:
    """Repeat a label merged over several rows in each; a number is never multiplied."""
    at = {number - 1: index for index, number in enumerate(body.numbers)}
    filled = False
    for (top, left), (bottom, right) in merges:
        first, last = left - body.left, min(right - body.left, body.width - 1)
        if top not in at or not 0 <= first < body.width:
            continue
        value = body.rows[at[top]][first]
        if isinstance(value, str) and not looks_numeric(value):
            rows = [at[number] for number in range(top, bottom + 1) if number in at]
            filled = _spread(body, value, rows, range(first, last + 1)) or filled
    if filled:
        body.notes.append(_("Labels in merged cells were repeated in every row they cover."))


def _spread(body: Sheet, value: str, rows: list[int], columns: range) -> bool:
    empty = [(row, column) for row in rows for column in columns if body.rows[row][column] is None]
    for row, column in empty:
        body.rows[row][column] = value
    return bool(empty)


def cut_end(body: Sheet, named: list[int]) -> None:
    """Leave out what stands under the table: another table, remarks, totals."""
    end = _end_of_table(body, named)
    if end < len(body.rows):
        body.notes.append(
            _("Row %(row)d and what follows it after the gap is no part of the table; left out.")
            % {"row": body.numbers[end]}
        )
    while end and _is_remark(body, end):
        body.notes.append(_("Row %(row)d is a remark; left out.") % {"row": body.numbers[end - 1]})
        end -= 1
    while end and _is_total(body.rows[end - 1]):
        body.notes.append(_("Row %(row)d is a total; left out.") % {"row": body.numbers[end - 1]})
        end -= 1
    del body.rows[end:], body.numbers[end:]


def _end_of_table(body: Sheet, named: list[int]) -> int:
    """Index of the first row after a gap from which on no row is like those above it."""
    numbers = body.numbers
    gaps = [index for index in range(1, len(numbers)) if numbers[index] != numbers[index - 1] + 1]
    if body.width == 1 or not gaps:
        return len(body.rows)
    counts = [sum(row[column] is not None for column in named) for row in body.rows]
    usual = max(1, Counter(counts[: gaps[0]]).most_common(1)[0][0] / 2)
    for index in gaps:
        if all(filled < usual for filled in counts[index:]) or _new_heading(body, index):
            return index
    return len(body.rows)


def _new_heading(body: Sheet, index: int) -> bool:
    """Whether a row after a gap has words in most columns that held numbers so far."""
    numeric = numeric_columns(body.rows[:index], body.width)
    words = sum(is_word(body.rows[index][column]) for column in numeric)
    return len(numeric) > 1 and words * 2 >= len(numeric)


def _is_remark(body: Sheet, end: int) -> bool:
    """Whether the last row is one text in the first column where the others have several cells."""
    row = body.rows[end - 1]
    if body.width <= 2 or count(row) != 1 or not isinstance(row[0], str):  # noqa: PLR2004
        return False
    usual = Counter(count(found) for found in body.rows[:end]).most_common(1)[0][0]
    return usual > 1 and not _is_total(row)


def _is_total(row: list[Cell]) -> bool:
    return any(isinstance(cell, str) and _TOTAL.match(cell.strip()) for cell in row)
