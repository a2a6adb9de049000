"""What a read table is, and the trouble that keeps it from being one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None
"""A cell as the file has it: text from text files, typed values from workbooks, None if missing."""

Merge: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row index, column index) of merged cells, both included."""


class Trouble(Exception):
    """A file cannot be read; the sentence says why and, where known, in which row and column."""

    def __init__(self, sentence: str, *, row: int | None = None, column: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence = str(sentence)
        self.row = row
        self.column = column


class Question(Trouble):
    """The file can be read in more than one way; ``name`` is the option that decides it."""

    def __init__(
        self,
        sentence: str,
        *,
        name: str,
        options: Sequence[tuple[str, str]],
        row: int | None = None,
        column: str = "",
    ) -> None:
        super().__init__(sentence, row=row, column=column)
        self.name = name
        self.options = tuple(options)


@dataclass(frozen=True)
class Options:
    """Answers given beforehand; what is left empty is found out from the file."""

    sheet: str | None = None
    block: int | None = None
    header_row: int | None = None
    encoding: str | None = None
    separator: str | None = None
    pages: bool = False


@dataclass
class Grid:
    """Rows of cells with the row numbers of the file, before anything is made of them."""

    rows: list[tuple[int, list[Cell]]]
    notes: list[str] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    heading: list[str] | None = None
    place: str = ""
    separator: str = ""
    is_chosen: bool = False
    """Whether ``block`` has been answered by the reader itself."""


@dataclass(frozen=True)
class Table:
    """One table: headings, rows of cells, and what had to be guessed to get there."""

    columns: list[str]
    rows: list[list[Cell]]
    source_rows: list[int]
    notes: list[str]
    header_row: int | None = None
    place: str = ""
    separator: str = ""

    def column(self, name: str) -> list[Cell]:
        """All cells under the heading ``name``."""
        index = self.columns.index(name)
        return [row[index] for row in self.rows]
