"""The values of an analysis: columns of numbers or of names, as many rows in each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class ValueColumn:
    """One column: a name, and cells that are all numbers or all texts (None: empty)."""

    name: str
    cells: tuple[float | str | None, ...]

    @property
    def is_number(self) -> bool:
        return all(isinstance(cell, (int, float)) for cell in self.there)

    @cached_property
    def there(self) -> list[float | str]:
        return [cell for cell in self.cells if cell is not None]

    @property
    def numbers(self) -> list[float | None]:
        return [float(cell) if isinstance(cell, (int, float)) else None for cell in self.cells]

    @property
    def texts(self) -> list[str]:
        return ["" if cell is None else _written(cell) for cell in self.cells]

    @property
    def is_count(self) -> bool:
        """Whether every number is whole and none is negative."""
        return self.is_number and all(
            isinstance(cell, (int, float)) and cell >= 0 and cell == int(cell)
            for cell in self.there
        )

    @property
    def kinds(self) -> int:
        """How many different cells there are."""
        return len(set(self.there))


@dataclass(frozen=True)
class Values:
    """A table of values."""

    columns: tuple[ValueColumn, ...]

    @property
    def size(self) -> int:
        return len(self.columns[0].cells) if self.columns else 0

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def numeric(self) -> list[ValueColumn]:
        return [column for column in self.columns if column.is_number and column.there]

    def column(self, name: str) -> ValueColumn | None:
        return next((column for column in self.columns if column.name == name), None)

    def to_text(self) -> str:
        """Return the values as JSON, to be kept."""
        cells = [list(column.cells) for column in self.columns]
        return json.dumps({"columns": self.names, "cells": cells}, allow_nan=False)

    @classmethod
    def of_text(cls, text: str) -> "Values":
        """Return the values that `to_text` wrote."""
        kept = json.loads(text)
        pairs = zip(kept["columns"], kept["cells"], strict=True)
        return cls(tuple(ValueColumn(name, tuple(cells)) for name, cells in pairs))

    def as_text(self) -> str:
        """Return the values as one pastes them from a spreadsheet: a heading, tabs between."""
        rows: Sequence[Sequence[str]] = list(
            zip(*(column.texts for column in self.columns), strict=True)
        )
        lines = [self.names, *rows] if self.columns else []
        return "\n".join("\t".join(cells) for cells in lines)


def _written(cell: float | str) -> str:
    return cell if isinstance(cell, str) else f"{cell:.15g}"
