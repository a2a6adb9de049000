"""Which facts are meant, and how their sums by day are folded to periods.

Sums are grouped by day in the database (an index holds all that is needed) and folded to
periods here, so both databases give the same and weeks begin on Monday everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Count, Sum

from andon.accounts.models import User
from andon.modules.production.models import Batched, Delivery, Receipt

DAY, WEEK, MONTH = "day", "week", "month"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Scope:
    """Which facts are meant; what is empty does not narrow.

    ``party`` is a customer or a supplier. A kind of fact that knows nothing of what is asked for
    (deliveries have no line) has no facts in the scope.
    """

    site: int | None = None
    line: int | None = None
    item: int | None = None
    process: int | None = None
    party: int | None = None

    _at_lines: ClassVar[dict[str, str]] = {
        "site": "site",
        "line": "line",
        "item": "item",
        "process": "line__process",
    }
    _lookups: ClassVar[dict[type[Batched], dict[str, str]]] = {
        Delivery: {"site": "site", "item": "item", "party": "customer"},
        Receipt: {"site": "site", "item": "item", "party": "supplier"},
    }

    def of(self, model: type[Batched], person: User | None) -> Any:
        """Return the counting facts of the scope that ``person`` may see (None: all)."""
        manager = model._default_manager
        rows = manager.all() if person is None else manager.visible_to(person)
        known = self._lookups.get(model, self._at_lines)
        wanted = {
            name: value
            for name in ("site", "line", "item", "process", "party")
            if (value := getattr(self, name)) is not None
        }
        if wanted.keys() - known.keys():
            return rows.none()
        return rows.filter(current=True, **{known[name]: pk for name, pk in wanted.items()})


EVERYTHING = Scope()


@dataclass(frozen=True)
class PeriodRatio:
    """A rate of one period. Without a denominator there is no data, which is not zero."""

    start: date
    end: date
    numerator: Decimal | None
    denominator: Decimal | None
    numerator_rows: int
    denominator_rows: int

    @property
    def value(self) -> Decimal | None:
        """The rate, or None where there is nothing to divide by."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator


def period_start(day: date, period: str) -> date:
    """Return the first day of the period that ``day`` is in; a week begins on Monday."""
    if period == WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if period == MONTH else day


def period_end(start: date, period: str) -> date:
    """Return the last day of the period that begins on ``start``."""
    if period == WEEK:
        return start + timedelta(days=6)
    if period == MONTH:
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return start


def periods(since: date, until: date, period: str) -> Iterator[tuple[date, date]]:
    """Yield first and last day of every period from ``since`` to ``until``, also empty ones."""
    start = period_start(since, period)
    while start <= until:
        end = period_end(start, period)
        yield start, end
        start = end + timedelta(days=1)


Sums = Mapping[date, tuple[Decimal, int]]


def by_day(rows: Any, value: str, since: date, until: date) -> Sums:
    """Return sum and number of rows of each day."""
    found = (
        rows.filter(day__range=(since, until))
        .order_by()
        .values("day")
        .annotate(total=Sum(value), rows=Count("pk"))
    )
    return {row["day"]: (row["total"] or ZERO, row["rows"]) for row in found}


def ratios(over: Sums, under: Sums, since: date, until: date, period: str) -> list[PeriodRatio]:
    """Fold days to periods; where something was made and nothing scrapped, the rate is zero."""
    above, below = fold(over, period), fold(under, period)
    found = []
    for start, end in periods(since, until, period):
        numerator, rows = above.get(start, (None, 0))
        denominator, under_rows = below.get(start, (None, 0))
        if numerator is None and denominator:
            numerator = ZERO
        found.append(PeriodRatio(start, end, numerator, denominator, rows, under_rows))
    return found


def fold(days: Sums, period: str) -> dict[date, tuple[Decimal, int]]:
    """Return sum and number of rows of each period, by its first day."""
    folded: dict[date, tuple[Decimal, int]] = defaultdict(lambda: (ZERO, 0))
    for day, (total, rows) in days.items():
        start = period_start(day, period)
        folded[start] = folded[start][0] + total, folded[start][1] + rows
    return dict(folded)
