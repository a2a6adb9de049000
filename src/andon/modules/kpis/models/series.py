"""The points of a KPI in time order: one a period, a gap where nothing was observed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Max, Min, Sum

from . import periods
from .definitions import Kpi
from .observations import PLACES, VALUE_PLACES, Observation, Source
from .places import Where

# More points than this are not drawn: 13 months of days, 7 years of weeks.
MOST = 400
Key = tuple[date, int]


@dataclass(frozen=True)
class Point:
    """One period: what was counted, and the value in the unit of the KPI (None: no data)."""

    day: date
    sequence: int
    label: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    rows: int = 0
    source: str = ""
    batch: int | None = None
    corrected: bool = False
    target: Decimal | None = None
    # The first day after the period; None for a sample.
    end: date | None = None

    @property
    def key(self) -> Key:
        return self.day, self.sequence

    @property
    def source_name(self) -> str:
        return str(Source(self.source).label) if self.source else ""


def points(
    kpi: Kpi,
    *,
    since: date | None = None,
    until: date | None = None,
    most: int = MOST,
    where: Where | None = None,
) -> list[Point]:
    """Return the newest ``most`` points of ``kpi``, oldest first.

    ``since`` and ``until`` are days that the periods' first days lie between, both included;
    ``where`` narrows a computed KPI to a part of its places.
    Reads one grouped query, bounded by ``most``.
    """  # fmt: skip
    rows = Observation.objects.current().filter(kpi=kpi)
    if where is not None:
        rows = rows.filter(sequence__in=where.places)
    if since is not None and kpi.is_dated:
        rows = rows.filter(day__gte=since)
    if until is not None and kpi.is_dated:
        rows = rows.filter(day__lte=until)
    group = ("day",) if kpi.is_dated else ("day", "sequence")
    found = (
        rows.values(*group)
        .annotate(
            top=Sum("numerator"),
            bottom=Sum("denominator"),
            mean=Avg("value"),
            rows=Count("pk"),
            source=Min("source"),
            last_batch=Max("batch_id"),
            replaced=Max("replaces"),
        )
        .order_by(*(f"-{name}" for name in group))[:most]
    )
    made = [point_of(kpi, row, where) for row in reversed(list(found))]
    return _without_holes(kpi, made, most) if kpi.is_dated else made


def point_of(kpi: Kpi, row: dict[str, Any], where: Where | None = None) -> Point:
    """Make a point of the sums of one period's rows."""
    day, sequence = row["day"], 0 if kpi.is_dated else row.get("sequence", 0)
    top, bottom = _exact(row["top"], PLACES), _exact(row["bottom"], PLACES)
    value = ratio(kpi, top, bottom) if kpi.is_ratio else _exact(row["mean"], VALUE_PLACES)
    if not kpi.is_ratio and value is None:
        value = top  # an amount that adds up over places
    return Point(
        day=day,
        sequence=sequence,
        label=periods.label(kpi.period, day, sequence),
        numerator=top,
        denominator=bottom,
        value=value,
        rows=row["rows"],
        source=row.get("source", ""),
        batch=row.get("last_batch"),
        corrected=row.get("replaced") is not None,
        target=kpi.target_on(day, where),
        end=periods.next_start(kpi.period, day) if kpi.is_dated else None,
    )


def _exact(value: Any, places: int) -> Decimal | None:
    """Round what the database summed or averaged to the digits it keeps."""
    return None if value is None else Decimal(value).quantize(Decimal(1).scaleb(-places))


def ratio(kpi: Kpi, numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """Return the ratio in the unit of ``kpi``; nothing of nothing is no data, never zero."""
    if numerator is None or not denominator:
        return None
    return _exact(numerator * kpi.factor / denominator, VALUE_PLACES)


def _without_holes(kpi: Kpi, made: list[Point], most: int) -> list[Point]:
    """Put a point without data where a period is missing, and keep the newest ``most``."""
    if not made:
        return []
    there = {point.day: point for point in made}
    last = made[-1].day
    first = max(made[0].day, periods.back(kpi.period, last, most - 1))
    return [there.get(day) or gap(kpi, day) for day in periods.starts(kpi.period, first, last)]


def gap(kpi: Kpi, day: date) -> Point:
    """Return the point of a period in which nothing was observed."""
    return Point(
        day=day,
        sequence=0,
        label=periods.label(kpi.period, day),
        target=kpi.target_on(day),
        end=periods.next_start(kpi.period, day),
    )


def with_data(found: Iterable[Point]) -> list[Point]:
    return [point for point in found if point.value is not None]
