"""What can be counted of the records of a kind, so that others count them without knowing it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, Q, Sum

from .models import Record

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from .querysets import RecordQuerySet

ZERO = Decimal(0)


@dataclass(frozen=True)
class Measure:
    """Records of a kind counted by a day of theirs, or one amount of theirs added up."""

    name: str
    label: str | Promise
    where: Q = field(default_factory=Q)
    day_field: str = "opened_date"
    amount_field: str = ""


def known() -> dict[str, tuple[type[Record], Measure]]:
    """Return every measure of every kind, by its name."""
    return {measure.name: (kind, measure) for kind in Record.kinds() for measure in kind.measures}


def narrows_by(kind: type[Record], name: str) -> bool:
    """Return whether records of ``kind`` say their site, process, line or item."""
    try:
        kind._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def counted(
    kind: type[Record], measure: Measure, *, since: date, until: date, **only: Any
) -> RecordQuerySet[Any]:
    """Return the records behind a measure from ``since`` to ``until``; void ones do not count.

    They are all there are: a sum is for everybody. Who lists them asks ``visible_to`` as well.
    """
    rows: RecordQuerySet[Any] = kind._default_manager.all()
    rows = rows.of_kind().filter(measure.where, **{f"{measure.day_field}__range": (since, until)})
    rows = rows.filter(**{name: value for name, value in only.items() if value is not None})
    return rows.exclude(state=kind.workflow.void) if kind.workflow.void else rows


def by_day(
    kind: type[Record], measure: Measure, *, since: date, until: date, **only: Any
) -> dict[date, Decimal]:
    """Return the count, or the sum of the amounts, of each day; in one grouped query."""
    total = Sum(measure.amount_field) if measure.amount_field else Count("pk")
    rows = counted(kind, measure, since=since, until=until, **only).order_by()
    found = rows.values_list(measure.day_field).annotate(total=total)
    return {day: Decimal(amount) if amount else ZERO for day, amount in found}
