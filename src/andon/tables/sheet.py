"""Filled rows of one width, and the small questions every layout step asks of them."""

from __future__ import annotations

from dataclasses import dataclass

from andon.tables.model import Cell
from andon.tables.values import looks_dated, looks_numeric


@dataclass
class Sheet:
    """Filled rows only, all of one width, with the row numbers of the file."""

    rows: list[list[Cell]]
    numbers: list[int]
    notes: list[str]
    left: int = 0

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def letter(self, column: int) -> str:
        """Name of a column as spreadsheets have it."""
        return letter(self.left + column)


def letter(column: int) -> str:
    """Return A for 0, Z for 25, AA for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def count(row: list[Cell]) -> int:
    """How many cells of a row are filled."""
    return len(row) - row.count(None) - row.count("")


def is_word(cell: Cell) -> bool:
    """Whether a cell is text that is neither a number nor a date."""
    return isinstance(cell, str) and not looks_numeric(cell) and not looks_dated(cell)


def numeric_columns(rows: list[list[Cell]], width: int) -> list[int]:
    """Columns where more than half of the rows have a number."""
    return [
        column
        for column in range(width)
        if sum(looks_numeric(row[column]) for row in rows) > len(rows) * 0.5
    ]
