"""From rows of cells to rows of values, with an error in words for every cell that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from andon.accounts.names import validate_one_line
from andon.modules.production.imports.fields import Field, Kind, Target
from andon.modules.production.imports.mapping import Mapping
from andon.modules.production.models.batches import DIGITS
from andon.tables import Cell
from andon.tables.values import (
    Reading,
    as_date,
    as_number,
    as_text,
    missing,
)

EARLIEST = date(1990, 1, 1)
NEAR = timedelta(days=1)
AHEAD = timedelta(days=3660)
_YES = frozenset({"1", "true", "yes", "y", "x", "ja", "j", "oui", "si", "sí"})
_NO = frozenset({"0", "false", "no", "n", "nein", "non"})


class Wrong(Exception):
    """A cell that cannot be what its field needs."""


@dataclass
class _Column:
    """Where a field gets its cells from, and what was already made of equal ones."""

    spec: Field
    rule: dict[str, Any]
    indexes: list[int]
    readings: list[Reading]
    name: str
    known: dict[Any, Any] = field(default_factory=dict)


@dataclass
class Checked:
    """Rows of one chunk: values by field name, and what was wrong."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    errors: list[tuple[int, str, str]] = field(default_factory=list)
    bad_rows: int = 0
    skipped: int = 0


class Converter:
    """Turns rows of cells into values by one mapping."""

    def __init__(
        self,
        target: Target,
        columns: Sequence[str],
        readings: Sequence[Reading],
        mapping: Mapping,
        *,
        today: date,
    ) -> None:
        self.today = today
        self.columns = [
            self._column(target.field(name), rule, columns, readings)
            for name, rule in mapping["fields"].items()
        ]

    @staticmethod
    def _column(
        field: Field, rule: dict[str, Any], columns: Sequence[str], readings: Sequence[Reading]
    ) -> _Column:
        indexes = [columns.index(name) for name in rule.get("columns", ())]
        return _Column(
            spec=field,
            rule=rule,
            indexes=indexes,
            readings=[readings[index] for index in indexes],
            name=" + ".join(rule.get("columns", ())) or str(field.label),
        )

    def convert(self, rows: Sequence[tuple[int, list[Cell]]]) -> Checked:
        """Convert rows; a row with an error gives no values."""
        result = Checked()
        for number, cells in rows:
            values, errors, good = self._row(cells)
            if good:
                result.skipped += 1
            elif errors:
                result.bad_rows += 1
                result.errors += [(number, name, sentence) for name, sentence in errors]
            else:
                result.rows.append((number, values))
        return result

    def _row(self, cells: list[Cell]) -> tuple[dict[str, Any], list[tuple[str, str]], bool]:
        values: dict[str, Any] = {}
        errors: list[tuple[str, str]] = []
        for column in self.columns:
            value, error = self._value(column, cells)
            if error:
                errors.append((column.name, error))
            elif value is not None and value in column.rule.get("good", ()):
                return {}, [], True
            values[column.spec.name] = value
        return values, errors, False

    def _value(self, column: _Column, cells: list[Cell]) -> tuple[Any, str]:
        raw = [cells[index] for index in column.indexes]
        # 1, 1.0 and True are equal in Python, but not in a file.
        key: Any = raw[0] if len(raw) == 1 else tuple(raw)
        if type(key) is not str:
            key = (key, *map(type, raw))
        found: tuple[Any, str] | None = column.known.get(key)
        if found is None:
            try:
                found = (self._convert(column, raw), "")
            except Wrong as wrong:
                found = (None, str(wrong))
            column.known[key] = found
        return found

    def _convert(self, column: _Column, raw: list[Cell]) -> Any:
        """Return the stored form: ISO day, decimal text, or plain text."""
        field = column.spec
        cell: Cell
        if not column.indexes:
            cell, reading = column.rule.get("constant"), Reading()
        elif field.kind is Kind.DAY and len(raw) > 1:
            parts = "-".join(as_text(part) for part in raw)
            cell, reading = "" if all(map(missing, raw)) else parts, Reading()
        elif field.kind in {Kind.CODE, Kind.TEXT}:
            return self._text(field, "-".join(as_text(part) for part in raw if not missing(part)))
        else:
            cell, reading = raw[0], column.readings[0]
        if missing(cell):
            return _nothing(field)
        if field.kind is Kind.DAY:
            return self._day(column, cell, reading)
        if field.kind is Kind.FLAG:
            return _flag(cell)
        if field.is_number:
            return _number(field, cell, reading)
        return self._text(field, as_text(cell))

    def _text(self, field: Field, text: str) -> Any:
        if not text:
            return _nothing(field)
        if len(text) > field.longest:
            raise Wrong(_("The text is longer than %(n)d characters.") % {"n": field.longest})
        try:
            validate_one_line(text)
        except ValidationError as error:
            raise Wrong(" ".join(error.messages)) from None
        return text

    def _day(self, column: _Column, cell: Cell, reading: Reading) -> str:
        if start := column.rule.get("start"):
            day = _counted(start, cell, reading)
        else:
            day = as_date(cell, reading)
        if day is None:
            raise Wrong(_("“%(cell)s” is not a date.") % {"cell": as_text(cell)[:40]})
        if day < EARLIEST:
            raise Wrong(
                _("%(day)s lies before 1990; is “%(cell)s” really meant as this date?")
                % {"day": day.isoformat(), "cell": as_text(cell)[:40]}
            )
        if day > self.today + (AHEAD if column.spec.may_be_ahead else NEAR):
            raise Wrong(_("%(day)s lies in the future.") % {"day": day.isoformat()})
        return day.isoformat()


def _nothing(field: Field) -> None:
    if field.required:
        raise Wrong(_("The cell is empty; empty is not zero."))


def _flag(cell: Cell) -> bool:
    word = as_text(cell).casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise Wrong(_("“%(cell)s” is neither yes nor no.") % {"cell": as_text(cell)[:40]})


def _counted(start: str, cell: Cell, reading: Reading) -> date | None:
    """Return the day that a running number stands for: 1 is the first day."""
    number = as_number(cell, reading)
    if number is None or number != int(number) or not 1 <= number <= 100_000:  # noqa: PLR2004
        raise Wrong(_("“%(cell)s” is no running number of days.") % {"cell": as_text(cell)[:40]})
    return date.fromisoformat(start) + timedelta(days=int(number) - 1)


def _number(field: Field, cell: Cell, reading: Reading) -> str:
    number = as_number(cell, reading)
    if number is None:
        raise Wrong(_("“%(cell)s” is not a number.") % {"cell": as_text(cell)[:40]})
    if number < 0 and not field.signed:
        raise Wrong(_("%(number)s is negative.") % {"number": as_text(cell)[:40]})
    places = 0 if field.kind is Kind.COUNT else field.places
    try:
        rounded = number.quantize(Decimal(1).scaleb(-places))
    except InvalidOperation:
        raise Wrong(_("%(number)s is too large.") % {"number": as_text(cell)[:40]}) from None
    if field.kind is Kind.COUNT and rounded != number:
        raise Wrong(_("%(number)s is not a whole number.") % {"number": as_text(cell)[:40]})
    if len(rounded.as_tuple().digits) > DIGITS:
        raise Wrong(_("%(number)s has more than 15 digits.") % {"number": as_text(cell)[:40]})
    return str(rounded)
