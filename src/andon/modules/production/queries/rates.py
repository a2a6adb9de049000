"""Rates over time with numerator and denominator, and causes by what they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Sum

from andon.accounts.models import User
from andon.modules.production.models import CauseKind, Output, Rework, Scrap, Stop
from andon.modules.production.queries.folding import (
    EVERYTHING,
    WEEK,
    PeriodRatio,
    Scope,
    by_day,
    ratios,
)


@dataclass(frozen=True)
class CauseTotal:
    """How much one cause adds up to."""

    cause: int
    code: str
    name: str
    total: Decimal
    rows: int


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
    made = by_day(scope.of(Output, person), "produced", since, until)
    return ratios(by_day(scrap, "quantity", since, until), made, since, until, period)


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
    plan = by_day(planned, "planned_minutes", since, until)
    return ratios(by_day(stops, "minutes", since, until), plan, since, until, period)


def output_by_period(
    person: User | None,
    *,
    since: date,
    until: date,
    period: str = WEEK,
    scope: Scope = EVERYTHING,
) -> list[PeriodRatio]:
    """Return the pieces made in each period as numerator, without a denominator."""
    made = by_day(scope.of(Output, person), "produced", since, until)
    return ratios(made, {}, since, until, period)


_CAUSED: dict[CauseKind, tuple[type[Scrap | Stop | Rework], str]] = {
    CauseKind.SCRAP: (Scrap, "quantity"),
    CauseKind.STOP: (Stop, "minutes"),
    CauseKind.REWORK: (Rework, "quantity"),
}


def pareto_by_cause(
    person: User | None,
    kind: str,
    *,
    since: date,
    until: date,
    scope: Scope = EVERYTHING,
    limit: int = 50,
) -> list[CauseTotal]:
    """Return the causes of scrap, stops or rework that add up to most, largest first."""
    model, value = _CAUSED[CauseKind(kind)]
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
