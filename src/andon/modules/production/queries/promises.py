"""Whether what was promised came in time, how long it took, and how good suppliers are."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce

from andon.accounts.models import User
from andon.modules.production.models import Delivery, Receipt
from andon.modules.production.queries.folding import (
    EVERYTHING,
    WEEK,
    ZERO,
    PeriodRatio,
    Scope,
    Sums,
    by_day,
    ratios,
)
from andon.organization import clock

FIRST, CURRENT = "promised", "current_promise"
_DONE = Q(delay__isnull=False) | Q(delivered__isnull=False)


def on_time_by_period(
    person: User | None,
    *,
    since: date,
    until: date,
    period: str = WEEK,
    scope: Scope = EVERYTHING,
    promise: str = FIRST,
    day: date | None = None,
) -> list[PeriodRatio]:
    """Order lines on time per order lines promised in each period, by ``FIRST`` or ``CURRENT``.

    Cancelled lines count neither way. A line that is still open counts as late once its promise
    has passed on ``day`` (by default today, or the day after ``until`` if that is earlier), and
    not at all before.
    """
    on = day or min(until + timedelta(days=1), clock.today())
    rows = scope.of(Delivery, person).filter(
        _DONE | Q(**{f"{promise}__lt": on}),
        **{f"{promise}__range": (since, until)},
        is_cancelled=False,
    )
    found = (
        rows.order_by()
        .values(day=F(promise))
        .annotate(kept=Count("pk", filter=_in_time(promise)), counted=Count("pk"))
    )
    kept, counted = _counts(found, "kept"), _counts(found, "counted")
    return ratios(kept, counted, since, until, period)


def _in_time(promise: str) -> Q:
    """Whether a line kept its promise: by its delay if the source says it, else by its day."""
    tolerated = Coalesce(F("tolerance"), Value(ZERO))
    return Q(delay__isnull=False, delay__lte=tolerated) | Q(
        delay__isnull=True, delivered__lte=F(promise)
    )


def _counts(rows: Any, name: str) -> Sums:
    return {row["day"]: (Decimal(row[name]), row[name]) for row in rows}


def lead_time_by_period(
    person: User | None,
    *,
    since: date,
    until: date,
    period: str = WEEK,
    scope: Scope = EVERYTHING,
) -> list[PeriodRatio]:
    """Days from order to delivery per order line delivered in each period."""
    found = (
        scope.of(Delivery, person)
        .filter(delivered__range=(since, until), ordered__isnull=False, is_cancelled=False)
        .order_by()
        .values_list("delivered", "ordered")
        .annotate(lines=Count("pk"))
    )
    days: dict[date, tuple[Decimal, int]] = {}
    lines: dict[date, tuple[Decimal, int]] = {}
    for delivered, ordered, count in found:
        total, rows = days.get(delivered, (ZERO, 0))
        days[delivered] = total + (delivered - ordered).days * count, rows + count
        lines[delivered] = Decimal(rows + count), rows + count
    return ratios(days, lines, since, until, period)


def rejected_by_period(
    person: User | None,
    *,
    since: date,
    until: date,
    period: str = WEEK,
    scope: Scope = EVERYTHING,
) -> list[PeriodRatio]:
    """Rejected per received quantity; a million times the value is the supplier's ppm."""
    rows = scope.of(Receipt, person)
    rejected = by_day(rows, "rejected", since, until)
    return ratios(rejected, by_day(rows, "received", since, until), since, until, period)
