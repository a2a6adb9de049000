"""Closed periods that are not computed yet, and those whose facts changed since."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from andon.modules.kpis.models import Kpi, Observation, Source, facts, periods
from andon.modules.kpis.models.facts import Pair
from andon.modules.kpis.models.series import ratio


@dataclass(frozen=True)
class Changed:
    """A closed period: what was stored, and what the facts say now (None: nothing any more)."""

    start: date
    label: str
    stored: Decimal | None
    now: Decimal | None


def closed_facts(kpi: Kpi, day: date) -> dict[date, Pair]:
    """Return what the facts say of each closed period on ``day``."""
    return facts.closed(kpi, day)


def uncomputed(kpi: Kpi, day: date, found: dict[date, Pair]) -> list[str]:
    """Name the closed periods with facts that nobody has computed yet."""
    if not found:
        return []
    rows = Observation.objects.current().filter(kpi=kpi, day__range=(min(found), day))
    there = set(rows.values_list("day", flat=True))
    return [periods.label(kpi.period, start) for start in sorted(found) if start not in there]


def changed_facts(kpi: Kpi, day: date, found: dict[date, Pair]) -> list[Changed]:
    """List the closed periods whose facts differ from what was stored when they were closed."""
    span = facts.horizon(kpi, day)
    if span is None:
        return []
    stored = Observation.objects.current().filter(
        kpi=kpi, day__range=span, sequence=0, source=Source.COMPUTED
    )
    changed = []
    for row in stored.order_by("day"):
        now = found.get(row.day)
        if now is None or (now.numerator, now.denominator) != (row.numerator, row.denominator):
            changed.append(
                Changed(
                    row.day,
                    periods.label(kpi.period, row.day),
                    ratio(kpi, row.numerator, row.denominator),
                    ratio(kpi, now.numerator, now.denominator) if now else None,
                )
            )
    return changed
