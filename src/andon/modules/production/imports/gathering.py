"""What only shows when all rows of a file are seen together: repeats, unknown codes, order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from andon.accounts.models import Site
from andon.modules.production.imports.fields import Target
from andon.modules.production.imports.mapping import Mapping

Values = dict[str, Any]
MOST_UNKNOWN = 500


@dataclass
class Gathered:
    """All good rows of a file, one for each key, in order of their keys."""

    rows: list[tuple[int, Values]] = field(default_factory=list)
    errors: list[tuple[int, str, str]] = field(default_factory=list)
    bad_rows: int = 0
    added_up: int = 0
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)


def adds_up(target: Target, mapping: Mapping) -> bool:
    """Whether rows of one key are added together: asked for, or each row counts a fixed number."""
    rules = mapping["fields"]
    if not target.sums:
        return False
    return bool(mapping.get("add_up")) or any(
        not rules.get(name, {}).get("columns") for name in target.value_names if name in rules
    )


def gather(
    target: Target, site: Site, mapping: Mapping, rows: Iterable[tuple[int, Values]]
) -> Gathered:
    """Bring rows of one key together, sort them, and list the codes nobody knows."""
    result = Gathered()
    kept: dict[tuple[Any, ...], tuple[int, Values]] = {}
    together = adds_up(target, mapping)
    names = target.key_names
    if target.prepare is not None:
        rows, result.errors = target.prepare(site, list(rows))
        result.bad_rows = len({number for number, _column, _text in result.errors})
    for number, values in rows:
        key = tuple(_folded(values.get(name)) for name in names)
        if key not in kept:
            kept[key] = (number, values)
        elif together:
            _add(target, kept[key][1], values)
            result.added_up += 1
        else:
            result.bad_rows += 1
            result.errors.append((number, "", _repeated(target, kept[key][0], values)))
    result.rows = [kept[key] for key in sorted(kept, key=_in_order)]
    result.unknown = unknown_codes(target, site, result.rows)
    return result


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _in_order(key: tuple[Any, ...]) -> tuple[str, ...]:
    """Days first (they come first among the fields), nothing before something."""
    return tuple("" if part is None else str(part) for part in key)


def _add(target: Target, into: Values, values: Values) -> None:
    for name in target.value_names:
        if values.get(name) is not None:
            into[name] = str(Decimal(into.get(name) or 0) + Decimal(values[name]))


def _repeated(target: Target, first: int, values: Values) -> str:
    about = ", ".join(str(values[name]) for name in target.key_names if values.get(name))
    words = {"first": first, "about": about}
    if not target.sums:
        return _("Row %(first)d says something about %(about)s already.") % words
    return (
        _(
            "Row %(first)d says something about %(about)s already. Tick “add rows together” if"
            " both count."
        )
        % words
    )


def unknown_codes(
    target: Target, site: Site, rows: Iterable[tuple[int, Values]]
) -> dict[str, dict[str, int]]:
    """Return, for each field with codes, those nobody knows and the first row that has them."""
    unknown: dict[str, dict[str, int]] = {}
    references = {field.name: field.reference for field in target.fields if field.reference}
    first: dict[str, dict[str, int]] = {name: {} for name in references}
    for number, values in rows:
        for name in references:
            code = values.get(name)
            if code is not None:
                first[name].setdefault(code, number)
    for name, reference in references.items():
        known = reference.find(site, first[name])
        missing = {c: n for c, n in first[name].items() if c.casefold() not in known}
        if missing:
            unknown[name] = dict(sorted(missing.items())[:MOST_UNKNOWN])
    return unknown
