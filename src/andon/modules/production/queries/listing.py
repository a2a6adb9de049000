"""The facts of one kind as rows of named values, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from andon.accounts.models import Site, User
from andon.modules.production.models import Batched


def listed(
    model: type[Batched],
    columns: Mapping[str, str],
    person: User,
    *,
    site: Site,
    span: tuple[date, date],
    after: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """Return the counting rows of a site, oldest day first, and where the next page begins."""
    day = model.day_field
    found = model._default_manager.visible_to(person).filter(
        current=True, site=site, **{f"{day}__range": span}
    )
    if place := _place(after):
        found = found.filter(**{f"{day}__gte": place[0]}).exclude(
            **{day: place[0], "pk__lte": place[1]}
        )
    related = [name.removesuffix("_id") for name in columns.values() if name.endswith("_id")]
    rows = list(found.select_related(*related).order_by(day, "pk")[: limit + 1])
    shown = rows[:limit]
    more = f"{getattr(shown[-1], day).isoformat()}.{shown[-1].pk}" if len(rows) > limit else None
    return {"items": [_row(row, columns) for row in shown], "next": more}


def _place(after: str) -> tuple[date, int] | None:
    day, _dot, number = after.partition(".")
    try:
        key = int(number) if number.isascii() and number.isdecimal() else -1
        return (date.fromisoformat(day), key) if 0 <= key < 2**62 else None
    except ValueError:
        return None


def _row(row: Batched, columns: Mapping[str, str]) -> dict[str, Any]:
    return {"batch": row.batch_id} | {
        name: _value(getattr(row, column.removesuffix("_id"))) for name, column in columns.items()
    }


def _value(value: Any) -> Any:
    """A code for what has one; numbers as text, so that no digit is lost."""
    if isinstance(value, Decimal):
        return str(value)
    for name in ("code", "number"):
        if hasattr(value, name):
            return getattr(value, name)
    return value
