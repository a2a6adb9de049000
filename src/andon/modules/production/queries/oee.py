"""Overall equipment effectiveness: availability, performance, quality, of the same shifts."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from andon.accounts.models import User
from andon.modules.production.models import CycleTime, Output, Rework, Scrap, Stop
from andon.modules.production.queries.folding import (
    EVERYTHING,
    WEEK,
    ZERO,
    Scope,
    period_start,
    periods,
)

SECONDS = 60
Place = tuple[int, date]


@dataclass(frozen=True)
class Oee:
    """What OEE of one period is made of: minutes and pieces.

    Only days of a line count for which planned minutes and a cycle time of every piece are known;
    ``left_out`` counts the others.
    """

    start: date
    end: date
    planned: Decimal = ZERO
    lost: Decimal = ZERO
    ideal: Decimal = ZERO
    produced: Decimal = ZERO
    good: Decimal = ZERO
    counted: int = 0
    left_out: int = 0

    @property
    def running(self) -> Decimal:
        """Planned minutes in which the line did not stand still."""
        return max(ZERO, self.planned - self.lost)

    @property
    def availability(self) -> Decimal | None:
        """Running per planned minutes."""
        return self.running / self.planned if self.planned else None

    @property
    def performance(self) -> Decimal | None:
        """Minutes the pieces should have taken per running minutes; above 1 is a wrong time."""
        return self.ideal / self.running if self.running else None

    @property
    def quality(self) -> Decimal | None:
        """Pieces good the first time per pieces made."""
        return self.good / self.produced if self.produced else None

    @property
    def value(self) -> Decimal | None:
        """The product of the three, None where one of them has no data."""
        parts = (self.availability, self.performance, self.quality)
        return None if None in parts else parts[0] * parts[1] * parts[2]  # type: ignore[operator]


@dataclass
class _LineDay:
    planned: Decimal = ZERO
    produced: Decimal = ZERO
    ideal: Decimal = ZERO
    known: bool = True


@dataclass
class _Sum:
    parts: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    counted: int = 0
    left_out: int = 0


def oee_by_period(
    person: User | None,
    *,
    since: date,
    until: date,
    period: str = WEEK,
    scope: Scope = EVERYTHING,
) -> list[Oee]:
    """Return what OEE is made of for each period from ``since`` to ``until``."""
    lost = _by_line(scope.of(Stop, person), "minutes", since, until)
    wrong = [
        _by_line(scope.of(model, person), "quantity", since, until) for model in (Scrap, Rework)
    ]
    sums: dict[date, _Sum] = defaultdict(_Sum)
    for place, one in _line_days(scope.of(Output, person), since, until).items():
        total = sums[period_start(place[1], period)]
        if not (one.known and one.planned):
            total.left_out += 1
            continue
        total.counted += 1
        bad = sum((found.get(place, ZERO) for found in wrong), ZERO)
        for name, amount in (
            ("planned", one.planned),
            ("lost", min(one.planned, lost.get(place, ZERO))),
            ("ideal", one.ideal),
            ("produced", one.produced),
            ("good", max(ZERO, one.produced - bad)),
        ):
            total.parts[name] += amount
    return [_oee(start, end, sums[start]) for start, end in periods(since, until, period)]


def _oee(start: date, end: date, found: _Sum) -> Oee:
    parts = found.parts
    return Oee(
        start,
        end,
        planned=parts["planned"],
        lost=parts["lost"],
        ideal=parts["ideal"],
        produced=parts["produced"],
        good=parts["good"],
        counted=found.counted,
        left_out=found.left_out,
    )


def _by_line(rows: Any, value: str, since: date, until: date) -> Mapping[Place, Decimal]:
    grouped = rows.filter(day__range=(since, until)).order_by().values_list("line", "day")
    return {(line, day): total for line, day, total in grouped.annotate(total=Sum(value))}


def _line_days(rows: Any, since: date, until: date) -> dict[Place, _LineDay]:
    grouped = rows.filter(day__range=(since, until)).order_by()
    made = list(
        grouped.values_list("line", "day", "item").annotate(
            made=Sum("produced"),
            planned=Sum("planned_minutes"),
            rows=Count("pk"),
            timed=Count("planned_minutes"),
        )
    )
    standard = _Standards({line for line, *_rest in made})
    found: dict[Place, _LineDay] = defaultdict(_LineDay)
    for line, day, item, pieces, planned, count, timed in made:
        one = found[line, day]
        seconds = standard.of(line, item, day)
        one.known = one.known and count == timed and (seconds is not None or not pieces)
        one.planned += planned or ZERO
        one.produced += pieces
        one.ideal += pieces * (seconds or ZERO) / SECONDS
    return found


class _Standards:
    """The cycle times of some lines: of an item if it has its own, else of all items."""

    def __init__(self, lines: Iterable[int]) -> None:
        self.times: dict[tuple[int, int | None], list[tuple[date, Decimal]]] = defaultdict(list)
        rows = CycleTime.objects.filter(current=True, line__in=list(lines)).order_by("day")
        for line, item, day, seconds in rows.values_list("line", "item", "day", "seconds"):
            self.times[line, item].append((day, seconds))

    def of(self, line: int, item: int | None, day: date) -> Decimal | None:
        """Return the seconds in force on ``day``."""
        for key in {(line, item): None, (line, None): None}:
            times = self.times.get(key, [])
            at = bisect_right(times, day, key=lambda one: one[0])
            if at:
                return times[at - 1][1]
        return None
