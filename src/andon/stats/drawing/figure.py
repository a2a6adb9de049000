"""A figure as a value, and the words a figure is made with."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

from andon.stats.sentences import Sentence, number

Number: TypeAlias = float | int | Decimal
Level: TypeAlias = Number | Sequence[Number | None] | None
Option: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture and the same numbers as a table; the caption says what both show.

    ``option`` is that of ECharts; colours are names (``$data``) that the page or the paper fills
    in, and what one reads on pointing at a place stands in ``option["texts"]``.
    """

    option: Option
    columns: list[str]
    rows: list[list[Any]]
    caption: str


def fixed(value: float, digits: int) -> str:
    """``value`` with so many decimals, in English."""
    return f"{value:,.{digits}f}".replace("-", "−")


def decimals(width: float | None) -> int | None:
    """As many decimals as tell values apart within ``width``; None where nobody knows.

    >>> decimals(0.3), decimals(250.0)
    (3, 0)
    """
    if not width or width < 0:
        return None
    return min(10, max(0, 2 - math.floor(math.log10(width))))


@dataclass(frozen=True, slots=True)
class Words:
    """How a figure speaks: ``say`` translates a text, ``show`` writes a number.

    ``places`` writes a number with so many decimals. The default is English; a page passes
    ``gettext`` and the number format of its language.
    """

    say: Callable[[str], str] = str
    show: Callable[[float], str] = number
    places: Callable[[float, int], str] = fixed

    def telling(self, *, width: float | None) -> "Words":
        """The same, with as many decimals as tell values apart within ``width``."""
        digits = decimals(width)
        return self if digits is None else replace(self, show=partial(self._places, digits=digits))

    def _places(self, value: float, digits: int) -> str:
        return self.places(value, digits)

    def sentence(self, sentence: Sentence) -> str:
        """``sentence`` in the language of the figure."""
        return self.say(sentence.text) % sentence.values


ENGLISH = Words()


@dataclass(slots=True)
class Table:
    """Columns side by side."""

    columns: list[str] = field(default_factory=list)
    cells: list[Sequence[Any]] = field(default_factory=list)

    def add(self, name: str, values: Sequence[Any]) -> None:
        self.columns.append(name)
        self.cells.append(values)

    def rows(self) -> list[list[Any]]:
        return [list(row) for row in zip(*self.cells, strict=True)]


@dataclass(frozen=True, slots=True)
class Measured:
    """The values along the axis of a figure with their names, rounded to what is shown.

    ``show`` writes one of them, ``gap`` stands where there is none.
    """

    labels: list[str]
    values: list[float | None]
    name: str
    label_name: str
    unit: str = ""
    show: Callable[[float], str] = number
    gap: str = "No data"

    def table(self) -> Table:
        """The table that these values begin."""
        table = Table()
        table.add(self.label_name, self.labels)
        table.add(f"{self.name}, {self.unit}" if self.unit else self.name, self.values)
        return table

    def texts(self, more: Mapping[int, Iterable[str]]) -> list[str]:
        """What each point says, with ``more`` about some."""
        return [
            "\n".join([label, f"{self.name}: {self.shown(value)}", *more.get(at, ())])
            for at, (label, value) in enumerate(zip(self.labels, self.values, strict=True))
        ]

    def shown(self, value: float | None) -> str:
        if value is None:
            return self.gap
        return f"{self.show(value)} {self.unit}" if self.unit else self.show(value)


def rounded(numbers: Sequence[Number | None], digits: int | None) -> list[float | None]:
    """Numbers as a figure shows them: whole for 0 digits, untouched for None."""
    if digits is None:
        return [None if value is None else float(value) for value in numbers]
    return [None if value is None else round(float(value), digits or None) for value in numbers]


def level(value: Level, *, many: int, digits: int | None) -> list[float | None]:
    """``value`` for each of ``many`` points."""
    if value is None or not isinstance(value, Sequence):
        return rounded([value] * many, digits)
    return rounded(value, digits)


def finish(option: Option, table: Table, caption: str, *, said: str = "") -> Figure:
    """The figure, described for those who do not see it."""
    option["legend"]["data"] = [item["name"] for item in option["series"] if item.get("name")]
    description = f"{caption.removesuffix('.')}. {said}".strip()
    option["aria"] = {"enabled": True, "label": {"description": description}}
    return Figure(option, table.columns, table.rows(), caption)
