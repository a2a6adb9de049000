"""Rates over time with numerator and denominator, and causes by what they add up to.

Sums are grouped by day in the database (an index holds all that is needed) and folded to
periods here, so both databases give the same and weeks begin on Monday everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum

from andon.accounts.models import User
from andon.modules.production.models import CauseKind, Fact, Output, Scrap, Stop

DAY, WEEK, MONTH = "day", "week", "month"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Scope:
    """Which facts are meant; what is empty does not narrow."""

    site: int | None = None
    line: int | None = None
    item: int | None = None
    process: int | None = None

    def of(self, model: type[Fact], person: User | None) -> Any:
        """Return the counting facts of the scope that ``person`` may see (None: all)."""
        manager = model._default_manager
        rows = manager.all() if person is None else manager.visible_to(person)
        wanted = {
            "site": self.site,
            "line": self.line,
            "item": self.item,
            "line__process": self.process,
        }
        return rows.filter(current=True, **{k: v for k, v in wanted.items() if v is not None})


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


@dataclass(frozen=True)
class CauseTotal:
    """How much one cause adds up to."""

    cause: int
    code: str
    name: str
    total: Decimal
    rows: int


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


def scrap_by_period(
    person: User | None,
    *,
    since: date,
    until: date,
    period: str = WEEK,
    scope: Scope = EVERYTHING,
    causes: Iterable[int] = (),
) -> list[PeriodRatio]:
    """Scrapped pieces per produced pieces, both included, from ``since`` to ``until``."""
    scrap = scope.of(Scrap, person)
    if chosen := list(causes):
        scrap = scrap.filter(cause__in=chosen)
    made = _by_day(scope.of(Output, person), "produced", since, until)
    return _ratios(_by_day(scrap, "quantity", since, until), made, since, until, period)


def downtime_by_period(
    person: User | None,
    *,
    since: date,
    until: date,
    period: str = WEEK,
    scope: Scope = EVERYTHING,
    causes: Iterable[int] = (),
) -> list[PeriodRatio]:
    """Lost minutes per planned minutes, from ``since`` to ``until``, both included."""
    stops = scope.of(Stop, person)
    if chosen := list(causes):
        stops = stops.filter(cause__in=chosen)
    planned = scope.of(Output, person).filter(planned_minutes__isnull=False)
    plan = _by_day(planned, "planned_minutes", since, until)
    return _ratios(_by_day(stops, "minutes", since, until), plan, since, until, period)


def output_by_period(
    person: User | None,
    *,
    since: date,
    until: date,
    period: str = WEEK,
    scope: Scope = EVERYTHING,
) -> list[PeriodRatio]:
    """Return the pieces made in each period as numerator, without a denominator."""
    made = _by_day(scope.of(Output, person), "produced", since, until)
    return _ratios(made, {}, since, until, period)


Sums = Mapping[date, tuple[Decimal, int]]


def _by_day(rows: Any, value: str, since: date, until: date) -> Sums:
    found = (
        rows.filter(day__range=(since, until))
        .order_by()
        .values("day")
        .annotate(total=Sum(value), rows=Count("pk"))
    )
    return {row["day"]: (row["total"] or ZERO, row["rows"]) for row in found}


def _ratios(over: Sums, under: Sums, since: date, until: date, period: str) -> list[PeriodRatio]:
    """Fold days to periods; where something was made and nothing scrapped, the rate is zero."""
    above, below = _fold(over, period), _fold(under, period)
    ratios = []
    for start, end in periods(since, until, period):
        numerator, rows = above.get(start, (None, 0))
        denominator, under_rows = below.get(start, (None, 0))
        if numerator is None and denominator:
            numerator = ZERO
        ratios.append(PeriodRatio(start, end, numerator, denominator, rows, under_rows))
    return ratios


def _fold(days: Sums, period: str) -> dict[date, tuple[Decimal, int]]:
    folded: dict[date, tuple[Decimal, int]] = defaultdict(lambda: (ZERO, 0))
    for day, (total, rows) in days.items():
        start = period_start(day, period)
        folded[start] = folded[start][0] + total, folded[start][1] + rows
    return dict(folded)


def pareto_by_cause(
    person: User | None,
    kind: str,
    *,
    since: date,
    until: date,
    scope: Scope = EVERYTHING,
    limit: int = 50,
) -> list[CauseTotal]:
    """Return the causes of scrap or stops that add up to most, largest first."""
    model, value = (Scrap, "quantity") if kind == CauseKind.SCRAP else (Stop, "minutes")
    found = (
        scope.of(model, person)
        .filter(day__range=(since, until))
        .order_by()
        .values("cause", code=F("cause__code"), name=F("cause__name"))
        .annotate(total=Sum(value), rows=Count("pk"))
        .filter(total__gt=0)
        .order_by("-total", "code")[:limit]
    )
    return [CauseTotal(**row) for row in found]
