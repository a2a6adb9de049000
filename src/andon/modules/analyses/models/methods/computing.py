"""From stored values and settings to an outcome, or a sentence that says what does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from andon import stats
from andon.modules.analyses.models.tables import ValueColumn, Values

from .kinds import Inputs, Method, Option, Outcome, Slot, Unfit

Settings = dict[str, Any]
LARGEST = 1e50
"""Nothing measured is larger, and the statistics raise some numbers to the fourth power."""


def defaults(method: Method, values: Values) -> Settings:
    """Return the settings a method starts with: columns by their order and kind."""
    free = list(values.columns)
    columns: dict[str, list[str]] = {}
    for slot in sorted(method.slots, key=lambda slot: not slot.required):
        found = [column for column in free if _suits(slot, column)]
        chosen = found if slot.many else found[:1]
        columns[slot.name] = [column.name for column in chosen]
        free = [column for column in free if column not in chosen]
    return {"columns": columns, "options": {o.name: o.default for o in method.options}}


def _suits(slot: Slot, column: ValueColumn) -> bool:
    if slot.texts:
        return slot.required or not column.is_number
    if not (slot.required or slot.taken):
        return False
    return column.is_number and (not slot.counts or column.is_count)


def compute(method: Method, values: Values, settings: Mapping[str, Any]) -> Outcome:
    """Return what ``method`` says of ``values``; raises `Unfit` with what to do."""
    columns = {slot.name: _chosen(slot, values, settings) for slot in method.slots}
    options = {option.name: _set(option, settings) for option in method.options}
    try:
        return method.run(Inputs(columns, options))
    except stats.ArgumentError as error:
        raise Unfit(_told(error, method), field=error.argument) from error


def _chosen(slot: Slot, values: Values, settings: Mapping[str, Any]) -> tuple[ValueColumn, ...]:
    names: Iterable[str] = settings.get("columns", {}).get(slot.name) or ()
    found = tuple(column for name in names if (column := values.column(name)) is not None)
    if slot.required and not found:
        raise Unfit(_("Choose the column: %s.") % slot.label, field=slot.name)
    if not slot.texts and (wrong := [column.name for column in found if not column.is_number]):
        raise Unfit(
            _("“%(column)s” holds texts; “%(slot)s” needs numbers.")
            % {"column": wrong[0], "slot": slot.label},
            field=slot.name,
        )
    numbers = [value for column in found if not slot.texts for value in column.numbers]
    if any(value and not 1 / LARGEST <= abs(value) <= LARGEST for value in numbers):
        raise Unfit(
            _("A number in this column is too large or too small to compute with."), field=slot.name
        )
    return found


def _set(option: Option, settings: Mapping[str, Any]) -> Any:
    value = settings.get("options", {}).get(option.name, option.default)
    if option.required and value in (None, ""):
        raise Unfit(_("“%s” is still empty.") % option.label, field=option.name)
    if value not in (None, "") and not _is_of_kind(value, option):
        raise Unfit(_("“%s” cannot be this.") % option.label, field=option.name)
    return value


def _is_of_kind(value: Any, option: Option) -> bool:
    """Whether a setting is what a form would let through: settings come over the API, too."""
    if option.kind == "choice":
        return value in [name for name, _label in option.choices]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    if not abs(value) <= LARGEST:
        return False
    return option.kind != "whole" or (value == int(value) and value >= 0)


def _told(error: stats.ArgumentError, method: Method) -> str:
    places = {slot.name: str(slot.label) for slot in method.slots}
    places |= {option.name: str(option.label) for option in method.options}
    return f"{places.get(error.argument, error.argument)}: {error.sentence}"
