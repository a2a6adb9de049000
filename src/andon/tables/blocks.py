"""Two tables side by side on one sheet: told from one table with an empty column in it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from andon.tables.model import Question, Trouble
from andon.tables.sheet import Sheet, count, letter

_TOP_ROWS = 6


def choose_block(sheet: Sheet, wanted: int | None) -> Sheet:
    """Return the part of the sheet that holds the wanted table; ask when there are several."""
    blocks = [_part(sheet, *span) for span in _spans(sheet) if span[1] - span[0] > 1]
    if wanted is None:
        if _separate(blocks):
            raise _which(blocks)
        return sheet
    if not 1 <= wanted <= len(blocks):
        raise Trouble(_("There is no table number %(n)d on the sheet.") % {"n": wanted})
    chosen = blocks[wanted - 1]
    chosen.notes.append(_("Read from the columns %(columns)s.") % {"columns": _columns(chosen)})
    return chosen


def _spans(sheet: Sheet) -> list[tuple[int, int]]:
    """Return runs of columns between entirely empty ones."""
    used = [any(row[column] is not None for row in sheet.rows) for column in range(sheet.width)]
    spans: list[tuple[int, int]] = []
    start = None
    for column, filled in enumerate([*used, False]):
        if filled and start is None:
            start = column
        elif not filled and start is not None:
            spans.append((start, column))
            start = None
    return spans


def _part(sheet: Sheet, left: int, right: int) -> Sheet:
    kept = [
        (number, row[left:right])
        for number, row in zip(sheet.numbers, sheet.rows, strict=True)
        if any(cell is not None for cell in row[left:right])
    ]
    return Sheet(
        rows=[row for _number, row in kept],
        numbers=[number for number, _row in kept],
        notes=list(sheet.notes),
        left=left,
    )


def _separate(blocks: list[Sheet]) -> bool:
    """Whether blocks end in different rows or repeat a heading: then they are no one table."""
    if len(blocks) < 2:  # noqa: PLR2004
        return False
    ends = {block.numbers[-1] for block in blocks}
    tops = [
        {cell for row in block.rows[:_TOP_ROWS] for cell in row if isinstance(cell, str)}
        for block in blocks
    ]
    return max(ends) - min(ends) > 1 or bool(tops[0] & tops[1])


def _which(blocks: list[Sheet]) -> Question:
    options = [
        (str(index), f"{_columns(block)}: {_first_words(block)}")
        for index, block in enumerate(blocks, start=1)
    ]
    return Question(
        _("%(count)d tables stand side by side (columns %(where)s). Which one is it?")
        % {"count": len(blocks), "where": _(" and ").join(map(_columns, blocks))},
        name="block",
        options=options,
        column=letter(blocks[1].left),
    )


def _columns(block: Sheet) -> str:
    return f"{letter(block.left)}–{letter(block.left + block.width - 1)}"


def _first_words(block: Sheet) -> str:
    fullest = max(block.rows[:_TOP_ROWS], key=count)
    return ", ".join(str(cell) for cell in fullest if cell is not None)[:80]
