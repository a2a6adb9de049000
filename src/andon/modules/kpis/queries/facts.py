"""Closed periods that are not computed yet, and those whose facts changed since."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from andon.modules.kpis.models import Kpi, facts, periods, reading
from andon.modules.kpis.models.facts import Computed
from andon.modules.kpis.models.series import ratio
from andon.modules.kpis.models.stored import Stored, differing, stored_sums


@dataclass(frozen=True)
class Changed:
    """A closed period: what was stored, and what the facts say now (None: nothing any more)."""

    start: date
    label: str
    stored: Decimal | None
    now: Decimal | None


Found = dict[date, Computed]


def closed_facts(kpi: Kpi, day: date) -> Found:
    """Return what the facts say of the closed periods that are new or were touched since."""
    return facts.closed(kpi, day, reading.unread(kpi, day)) if kpi.is_computed else {}


def uncomputed(kpi: Kpi, found: Found) -> list[str]:
    """Name the closed periods with facts that nobody has computed yet."""
    there = stored_sums(kpi, found)
    return [
        periods.label(kpi.period, start)
        for start, one in sorted(found.items())
        if one.rows and start not in there
    ]


def changed_facts(kpi: Kpi, found: Found) -> list[Changed]:
    """List the closed periods whose facts differ from what was stored when they were closed."""
    stored = stored_sums(kpi, found)
    return [
        Changed(
            start,
            periods.label(kpi.period, start),
            _value(kpi, stored[start]),
            _value(kpi, found[start]) if found[start].rows else None,
        )
        for start in sorted(differing(kpi, found))
    ]


def _value(kpi: Kpi, one: Stored | Computed) -> Decimal | None:
    if kpi.is_ratio:
        return ratio(kpi, one.numerator, one.denominator)
    return one.numerator if one.value is None else one.value
