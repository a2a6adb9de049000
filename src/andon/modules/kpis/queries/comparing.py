"""A KPI before and after something: the points a comparison rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from andon import stats
from andon.modules.kpis.models import Kpi
from andon.modules.kpis.models.periods import start_of
from andon.modules.kpis.models.series import Point, points


@dataclass(frozen=True)
class Window:
    """The points of a KPI between two days, ready for ``andon.stats.comparison.effectiveness``.

    ``kind`` is that of the comparison; ``factor`` turns its levels into the unit of the KPI.
    """

    points: tuple[Point, ...]
    kind: str
    direction: str
    factor: int
    unit: str

    @property
    def periods(self) -> stats.Periods:
        if self.kind == "value":
            return stats.Periods([_float(point.value) for point in self.points])
        return stats.Periods(
            [_float(point.numerator) for point in self.points],
            [_float(point.denominator) for point in self.points],
        )

    @property
    def exposure(self) -> Decimal:
        """The sum of the denominators; for single values the number of points."""
        there = [point for point in self.points if point.value is not None]
        if self.kind == "value":
            return Decimal(len(there))
        return sum((point.denominator or Decimal(0) for point in there), Decimal(0))

    @property
    def level(self) -> Decimal | None:
        """The KPI over the whole window, in its unit; None without data."""
        there = [point for point in self.points if point.value is not None]
        if not there or not self.exposure:
            return None
        if self.kind == "value":
            total = sum((point.value or Decimal(0) for point in there), Decimal(0))
        else:
            total = sum((point.numerator or Decimal(0) for point in there), Decimal(0))
        return total * self.factor / self.exposure


def window(kpi: Kpi, *, since: date, until: date) -> Window:
    """Return the periods of ``kpi`` that begin between the one of ``since`` and ``until``.

    A gap in the data is a point without a value. Samples have no days; all of them are returned.
    """
    found = points(kpi, since=start_of(kpi.period, since), until=until)
    return Window(tuple(found), kpi.kind, kpi.direction, kpi.factor, kpi.unit)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
