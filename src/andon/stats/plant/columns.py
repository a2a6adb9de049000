"""The long table of measurements, and what it needs installed."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from andon.stats.inputs import LARGEST, ArgumentError, listing

try:
    import ibis  # type: ignore[import-untyped]
except ImportError as missing:
    sentence = "The statistics of a plant need Ibis: install andon[plant]."
    raise ImportError(sentence) from missing

__all__ = ["Column", "Columns", "Table", "constants", "ibis", "present", "refused"]

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
        The measurement, a column of numbers; NULL and NaN are missing. An expression cannot
        refuse a single value: a characteristic with one that is infinite or beyond 1e100 has
        NULL for all its figures, and ``n_refused`` counts such values.

    Raises
    ------
    ArgumentError
        For what is no name of a column.
    """

    by: tuple[str, ...] = ("characteristic",)
    order: str = "sequence"
    subgroup: str = "subgroup"
    value: str = "value"

    def __post_init__(self) -> None:
        keys: list[object] = listing(self.by, "by")
        if not keys:
            raise ArgumentError("by", "must be one name or more in a tuple")
        names: list[object] = [*keys, self.order, self.subgroup, self.value]
        if not all(isinstance(name, str) for name in names):
            raise ArgumentError("columns", "must be named by texts")

    @classmethod
    def of(cls, columns: object) -> "Columns":
        """``columns``, the usual names for None, else ArgumentError."""
        if columns is not None and not isinstance(columns, cls):
            raise ArgumentError("columns", "must be Columns")
        return cls() if columns is None else columns

    def checked(self, table: Table, *needed: str) -> Table:
        """``table`` with NULL for every missing or refused value, and ``refused`` 1 or 0.

        ArgumentError for what is no table, a missing column, or values that are no numbers.
        """
        names = [*self.by, *(getattr(self, name) for name in needed), self.value]
        require(table, "table", names, argument="columns")
        numeric(table, self.value, "columns")
        value = present(table[self.value])
        odd = refused(value)
        return table.mutate(
            **{self.value: odd.ifelse(ibis.null("float64"), value)}, refused=odd.ifelse(1, 0)
        )

    def once(self, table: Table, names: tuple[str, str], argument: str) -> Table:
        """The two numbers of each characteristic, ``known`` where they stand in one row only.

        ArgumentError for what is no table, a missing column, or numbers that are none.
        """
        require(table, argument, [*self.by, *names], argument=argument)
        for name in names:
            numeric(table, name, argument)
        found = {name: present(table[name]).max() for name in names}
        rows = table.aggregate(by=list(self.by), known=table.count() == 1, **found)
        finite = ~(refused(rows[names[0]]) | refused(rows[names[1]]))
        return rows.mutate(known=rows["known"] & finite)


def require(table: object, name: str, names: list[str], *, argument: str) -> None:
    """ArgumentError for what is no table of Ibis, or lacks one of the columns ``names``."""
    if not isinstance(table, ibis.Table):
        raise ArgumentError(name, "must be a table of Ibis")
    if absent := [name for name in names if name not in table.columns]:
        raise ArgumentError(argument, f"the table has no {', '.join(absent)}")


def numeric(table: Table, name: str, argument: str) -> None:
    """ArgumentError if the column ``name`` holds no numbers but, say, texts or dates."""
    kind = table[name].type()
    if not (kind.is_numeric() or kind.is_boolean() or kind.is_null()):
        raise ArgumentError(argument, f"the column {name} must hold numbers, not {kind}")


def refused(number: Column) -> Column:
    """Where a number is infinite or beyond 1e100, which lists of numbers refuse; never NULL."""
    return (number.abs() > LARGEST).fill_null(False)


def present(column: Column) -> Column:
    """``column`` as numbers with NULL for NaN, which databases take for the largest number."""
    number = column.cast("float64")
    return number.isnan().ifelse(ibis.null("float64"), number)


def constants(size: Column, table: dict[int, float]) -> Column:
    """The constant of a subgroup size as an expression; NULL for sizes not in ``table``."""
    pairs = [(number, ibis.literal(value)) for number, value in table.items()]
    return size.cases(*pairs, else_=ibis.null("float64"))
