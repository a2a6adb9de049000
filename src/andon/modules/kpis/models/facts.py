"""The numbers of computed KPIs, from facts, records and other KPIs as they are now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from . import asking, expressions, periods, places, terms
from .definitions import Kpi
from .expressions import NoDataError, Parsed
from .observations import PLACES, VALUE_PLACES
from .series import points

# How far back closed periods are computed, in periods.
HORIZON = {periods.Period.DAY: 400, periods.Period.WEEK: 160, periods.Period.MONTH: 60}
# A whole number of the database; what is larger is no number of a factory.
LARGEST, LARGEST_VALUE = Decimal(10) ** 11, Decimal(10) ** 9
# Periods asked for in one question lie at most so many periods apart.
CLOSE = 3
ZERO = Decimal(0)
Kpis = Callable[[str], Decimal]


class Row(NamedTuple):
    """What one place gives to a period: two sides of a ratio, an amount, or a value."""

    place: int
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None


@dataclass(frozen=True)
class Computed:
    """One period as the facts say it, in rows that add up; ``trouble`` says why there is none."""

    start: date
    rows: tuple[Row, ...] = ()
    trouble: str = ""

    @property
    def numerator(self) -> Decimal | None:
        return _total(row.numerator for row in self.rows)

    @property
    def denominator(self) -> Decimal | None:
        return _total(row.denominator for row in self.rows)

    @property
    def value(self) -> Decimal | None:
        return next((row.value for row in self.rows if row.value is not None), None)


def _total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    there = [amount for amount in amounts if amount is not None]
    return sum(there, ZERO) if there else None


def horizon(kpi: Kpi, day: date) -> tuple[date, date] | None:
    """Return first day of the oldest and of the newest closed period looked at on ``day``."""
    if not kpi.is_computed or not kpi.is_dated:
        return None
    last = periods.last_closed(kpi.period, day)
    return periods.back(kpi.period, last, HORIZON[periods.Period(kpi.period)] - 1), last


def closed(kpi: Kpi, day: date, starts: Iterable[date] | None = None) -> dict[date, Computed]:
    """Return what is known of closed periods, by their first day: of ``starts``, or of all.

    A period of which nothing is known has no rows.
    """
    span = horizon(kpi, day)
    if span is None or kpi.parsed is None:
        return {}
    asked = list(periods.starts(kpi.period, *span)) if starts is None else list(starts)
    wanted = sorted({start for start in asked if span[0] <= start <= span[1]})
    found: dict[date, Computed] = {}
    for first, last in _stretches(kpi, wanted):
        found |= _computed(kpi, kpi.parsed, first, last)
    return {start: found.get(start, Computed(start)) for start in wanted}


def _stretches(kpi: Kpi, starts: Sequence[date]) -> list[tuple[date, date]]:
    """Join periods that lie close to each other, so that few questions are asked."""
    joined: list[tuple[date, date]] = []
    for start in starts:
        if joined and periods.back(kpi.period, start, CLOSE) <= joined[-1][1]:
            joined[-1] = joined[-1][0], start
        else:
            joined.append((start, start))
    return joined


def asked_of(kpi: Kpi, first: date, last: date) -> asking.Asked:
    """Return the question about the periods from ``first`` to ``last`` in the place of a KPI."""
    until = periods.next_start(kpi.period, last) - periods.ONE_DAY
    return asking.Asked(
        first, until, kpi.period, site=kpi.site_id, line=kpi.line_id, item=kpi.item_id
    )


def beside(kpi: Kpi, texts: Iterable[str], start: date) -> list[tuple[Decimal | None, bool]]:
    """Return the values of other formulas in one period of ``kpi``, and whether each is a share."""
    asked = asked_of(kpi, start, start)
    found: list[tuple[Decimal | None, bool]] = []
    for text in texts:
        parsed = expressions.parse(text)
        sums = _sums(parsed, asked)
        one = _one(parsed, sums, start) if sums.starts() else None
        if one is None or one.trouble:
            found.append((None, parsed.is_ratio))
        elif parsed.is_ratio:
            found.append(((one.numerator or ZERO) / (one.denominator or 1), True))
        else:
            found.append((one.numerator if one.value is None else one.value, False))
    return found


def named(kpi: Kpi, start: date) -> dict[str, Decimal]:
    """Return every named sum of the formula of ``kpi`` in one period."""
    if kpi.parsed is None:
        return {}
    return _sums(kpi.parsed, asked_of(kpi, start, start)).whole(start)


@dataclass
class _Sums:
    """The named sums of one stretch, by period and place."""

    parts: dict[str, dict[date, dict[int, Decimal]]] = field(default_factory=dict)
    others: dict[str, dict[date, Decimal]] = field(default_factory=dict)
    counts: frozenset[str] = frozenset()

    def starts(self) -> set[date]:
        """Return the periods of which something is known; a count alone is known everywhere."""
        sums = [days for name, days in self.parts.items() if name not in self.counts]
        starts = {start for days in sums or self.parts.values() for start in days}
        return starts | {start for days in self.others.values() for start in days}

    def places(self, start: date) -> set[int]:
        return {place for days in self.parts.values() for place in days.get(start, {})}

    def at(self, start: date, place: int) -> dict[str, Decimal]:
        return {name: days.get(start, {}).get(place, ZERO) for name, days in self.parts.items()}

    def whole(self, start: date) -> dict[str, Decimal]:
        return {name: sum(days.get(start, {}).values(), ZERO) for name, days in self.parts.items()}


def _computed(kpi: Kpi, parsed: Parsed, first: date, last: date) -> dict[date, Computed]:
    sums = _sums(parsed, asked_of(kpi, first, last))
    starts = sums.starts()
    if sums.counts and sums.counts == parsed.names and not parsed.kpis:
        # Records alone: a period without any is zero, from the first one on.
        begin = min(starts, default=None) if first == horizon_start(kpi, last) else first
        starts = set(periods.starts(kpi.period, begin, last)) if begin else set()
    found = {}
    for start in sorted(starts):
        one = _one(parsed, sums, start)
        if one is not None:
            found[start] = one
    return found


def horizon_start(kpi: Kpi, last: date) -> date:
    return periods.back(kpi.period, last, HORIZON[periods.Period(kpi.period)] - 1)


def _sums(parsed: Parsed, asked: asking.Asked) -> _Sums:
    known = terms.known()
    at_lines = all(known[name].at_lines for name in parsed.names)
    sums = _Sums(counts=frozenset(name for name in parsed.names if known[name].is_count))
    for name in sorted(parsed.names):
        days: dict[date, dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
        for (start, place), amount in known[name].ask(asked).items():
            days[start][place if at_lines else _site_of(place, asked)] += amount
        sums.parts[name] = days
    for code in sorted(parsed.kpis):
        other = Kpi.objects.get(code=code)
        sums.others[code] = {
            point.day: point.value
            for point in points(other, since=asked.since, until=asked.until)
            if point.value is not None
        }
    return sums


def _site_of(place: int, asked: asking.Asked) -> int:
    line = places.line_of(place)
    return place if line is None else places.of_site(asked.lines[line])


def _one(parsed: Parsed, sums: _Sums, start: date) -> Computed | None:
    def kpi(code: str) -> Decimal:
        value = sums.others.get(code, {}).get(start)
        if value is None:
            raise NoDataError(code)
        return value

    if parsed.adds_up:
        rows = [_row(parsed, place, sums.at(start, place), kpi) for place in sums.places(start)]
        rows = rows or [_row(parsed, places.WHOLE, sums.whole(start), kpi)]
        if not parsed.is_ratio and any((row.numerator or ZERO) < 0 for row in rows):
            rows = [_value(parsed, sums.whole(start), kpi)]
    elif parsed.is_ratio:
        rows = [_row(parsed, places.WHOLE, sums.whole(start), kpi)]
    else:
        rows = [_value(parsed, sums.whole(start), kpi)]
    return _checked(parsed, Computed(start, tuple(sorted(row for row in rows if _says(row)))))


def _row(parsed: Parsed, place: int, names: Mapping[str, Decimal], kpi: Kpis) -> Row:
    over = _exact(expressions.compute(parsed.over, names, kpi), PLACES)
    if parsed.under is None:
        return Row(place, over)
    return Row(place, over, _exact(expressions.compute(parsed.under, names, kpi), PLACES))


def _value(parsed: Parsed, names: Mapping[str, Decimal], kpi: Kpis) -> Row:
    """Return a value that no places add up to, or that may lie below zero."""
    value = expressions.compute(parsed.over, names, kpi)
    return Row(places.WHOLE, value=_exact(value, VALUE_PLACES))


def _says(row: Row) -> bool:
    return row.value is not None or row.numerator is not None


def _checked(parsed: Parsed, one: Computed) -> Computed | None:
    """Drop a period without data; say why one cannot be kept."""
    if not one.rows or (parsed.is_ratio and not one.denominator):
        return None
    sides = [side for row in one.rows for side in (row.numerator, row.denominator) if side]
    if any(side < 0 for side in sides):
        return Computed(one.start, trouble="negative")
    values = [row.value for row in one.rows if row.value is not None]
    if any(side >= LARGEST for side in sides) or any(abs(v) >= LARGEST_VALUE for v in values):
        return Computed(one.start, trouble="too_large")
    return one


def _exact(value: Decimal | None, digits: int) -> Decimal | None:
    if value is None or abs(value) >= LARGEST:
        return None if value is None else value.to_integral_value()
    return value.quantize(Decimal(1).scaleb(-digits))
