"""From checked values to rows of a draft: which say something new, and writing those."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from andon.accounts.models import Site
from andon.modules.production.imports.fields import Field, Kind, Target
from andon.modules.production.models import ImportBatch
from andon.modules.production.services import batches
from andon.modules.production.services.bulk import database_value, insert_rows

Ids = dict[str, dict[str, Any]]


@dataclass
class Compared:
    """Rows of a chunk that say something new: row number, values, and the row they replace."""

    plan: list[tuple[int, dict[str, Any], int | None]] = field(default_factory=list)
    new: int = 0
    corrected: int = 0
    unchanged: int = 0


def compare(target: Target, site: Site, rows: Sequence[tuple[int, dict[str, Any]]]) -> Compared:
    """Compare gathered rows with the facts that count now."""
    result = Compared()
    if not rows:
        return result
    ids = _ids(target, site, [values for _row, values in rows])
    about = _getters(target, target.model.key_fields, ids, site.pk)
    said = _getters(target, target.model.value_fields, ids)
    keys = [tuple(getter(values) for getter in about) for _row, values in rows]
    there = batches.current_by_key(target.model, keys)
    for key, (row, values) in zip(keys, rows, strict=True):
        found = there.get(key)
        if found is None:
            result.new += 1
            result.plan.append((row, values, None))
        elif found[1] == tuple(getter(values) for getter in said):
            result.unchanged += 1
        else:
            result.corrected += 1
            result.plan.append((row, values, found[0]))
    return result


def write(
    target: Target,
    site: Site,
    batch: ImportBatch,
    rows: Sequence[tuple[int, dict[str, Any], int | None]],
) -> None:
    """Write stored values as rows of a draft batch."""
    ids = _ids(target, site, [values for _row, values, _old in rows])
    columns = [found.column for found in target.fields]
    fixed: dict[str, Any] = {"batch_id": batch.pk, "current": False}
    if target.site_column:
        fixed[target.site_column] = site.pk
    prepared = [
        _getter(found, ids, partial(database_value, target.model, found.column))
        for found in target.fields
    ]
    insert_rows(
        target.model,
        [*columns, "source_row", "replaces", *fixed],
        (
            [*(get(values) for get in prepared), number, replaces, *fixed.values()]
            for number, values, replaces in rows
        ),
    )


def _getters(
    target: Target, columns: Sequence[str], ids: Ids, site: int | None = None
) -> list[Callable[[dict[str, Any]], Any]]:
    """Return, for each column of the model, what takes its value out of stored values."""
    by_column = {found.column: found for found in target.fields}
    return [
        (lambda _values: site)
        if column == target.site_column
        else _getter(by_column.get(column), ids)
        for column in columns
    ]


def _getter(
    spec: Field | None, ids: Ids, made: Callable[[Any], Any] | None = None
) -> Callable[[dict[str, Any]], Any]:
    """Return what makes a typed value of the stored text, remembering equal ones."""
    if spec is None:
        return lambda _values: None
    name, kind, known = spec.name, spec.kind, ids.get(spec.name)
    typed: dict[Any, Any] = {None: None}

    def get(values: dict[str, Any]) -> Any:
        stored: Any = values.get(name)
        if stored not in typed:
            value = known[stored.casefold()] if known is not None else _typed(kind, stored)
            typed[stored] = made(value) if made else value
        return typed[stored]

    return get


def _typed(kind: Kind, stored: str) -> Any:
    if kind is Kind.DAY:
        return date.fromisoformat(stored)
    if kind is Kind.AMOUNT:
        return Decimal(stored)
    return int(stored) if kind is Kind.COUNT else stored


def _ids(target: Target, site: Site, rows: Sequence[dict[str, Any]]) -> Ids:
    ids = {}
    for found in target.fields:
        if found.reference:
            codes = {code for values in rows if (code := values.get(found.name))}
            ids[found.name] = found.reference.find(site, codes) if codes else {}
    return ids
