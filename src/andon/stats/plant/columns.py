"""The long table of measurements, and what it needs installed."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from andon.stats.inputs import ArgumentError

try:
    import ibis  # type: ignore[import-untyped]
except ImportError as missing:
    sentence = "The statistics of a plant need Ibis: install andon[plant]."
    raise ImportError(sentence) from missing

__all__ = ["Column", "Columns", "Table", "constants", "ibis", "present"]

Table: TypeAlias = Any
Column: TypeAlias = Any  # Ibis brings no types


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Names of the columns of a long table: one measurement a row.

    Attributes
    ----------
    by : tuple of str
        What is told apart: the characteristic, and where wanted plant and line before it.
    order : str
        Time or sequence within a characteristic; no two rows may share it.
    subgroup : str
        Which rows of a characteristic form a subgroup.
    value : str
        The measurement; NULL and NaN are missing.
    """

    by: tuple[str, ...] = ("characteristic",)
    order: str = "sequence"
    subgroup: str = "subgroup"
    value: str = "value"

    def checked(self, table: Table, *needed: str) -> Table:
        """``table`` with NULL for every missing value, else ArgumentError for a missing column."""
        names = [*self.by, *(getattr(self, name) for name in needed), self.value]
        if absent := [name for name in names if name not in table.columns]:
            raise ArgumentError("columns", f"the table has no {', '.join(absent)}")
        return table.mutate(**{self.value: present(table[self.value])})


def present(column: Column) -> Column:
    """``column`` as numbers with NULL for NaN, which databases take for the largest number."""
    number = column.cast("float64")
    return number.isnan().ifelse(ibis.null("float64"), number)


def constants(size: Column, table: dict[int, float]) -> Column:
    """The constant of a subgroup size as an expression; NULL for sizes not in ``table``."""
    pairs = [(number, ibis.literal(value)) for number, value in table.items()]
    return size.cases(*pairs, else_=ibis.null("float64"))
