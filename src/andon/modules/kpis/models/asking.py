"""Asking for sums of facts, records and money, by period and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Sum

from andon.accounts.models import Site
from andon.modules.production import models as facts
from andon.modules.production import queries as production
from andon.organization.models import Line
from andon.organization.queries import Rates
from andon.records import measures

from . import periods, places

ZERO = Decimal(0)
# More lines than these are not named one by one in a query.
LINES_NAMED = 1000
Found = dict[tuple[date, int], Decimal]
Sums = dict[date, Decimal]


@dataclass
class Asked:
    """Which periods and which places; what several sums share is asked once."""

    since: date
    until: date
    period: str
    site: int | None = None
    line: int | None = None
    item: int | None = None
    shared: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, look: Callable[[], Any]) -> Any:
        if key not in self.shared:
            self.shared[key] = look()
        return self.shared[key]

    @cached_property
    def lines(self) -> dict[int, int]:
        """The lines of the scope, each with its site."""
        rows = Line.objects.all()
        rows = rows.filter(pk=self.line) if self.line else rows
        rows = rows.filter(site=self.site) if self.site else rows
        return dict(rows.values_list("pk", "site_id"))

    @cached_property
    def sites(self) -> list[int]:
        return [self.site] if self.site else list(Site.objects.values_list("pk", flat=True))

    def rows(self, model: Any) -> Any:
        """Return the counting facts of the scope; lines are named, so that their index serves."""
        scope = production.Scope(site=self.site, line=self.line, item=self.item)
        found = scope.of(model, None).order_by()
        named = self.line is None and len(self.lines) <= LINES_NAMED and hasattr(model, "line")
        return found.filter(line__in=self.lines) if named else found

    def start(self, day: date) -> date:
        return periods.start_of(self.period, day)


# -- facts at lines ---------------------------------------------------------------------------


def at_lines(model: Any, value: str, asked: Asked) -> Found:
    """Add up one amount of facts by line and period."""
    rows = asked.rows(model).filter(day__range=(asked.since, asked.until))
    rows = rows.exclude(**{value: None}) if model._meta.get_field(value).null else rows
    found: Found = defaultdict(lambda: ZERO)
    for line, day, total in rows.values_list("line", "day").annotate(total=Sum(value)):
        found[asked.start(day), places.of_line(line)] += total
    return found


def each_line(ask: Callable[..., Any], take: Callable[[Any], Sums], asked: Asked) -> Found:
    """Ask something of production for each line of the scope."""
    found: Found = {}
    for line in asked.lines:
        scope = production.Scope(line=line, item=asked.item)
        for start, amount in take(_periods(ask, scope, asked)).items():
            found[start, places.of_line(line)] = amount
    return found


def each_site(ask: Callable[..., Any], take: Callable[[Any], Sums], asked: Asked) -> Found:
    found: Found = {}
    for site in asked.sites if asked.line is None else []:
        scope = production.Scope(site=site, item=asked.item)
        for start, amount in take(_periods(ask, scope, asked)).items():
            found[start, places.of_site(site)] = amount
    return found


def _periods(ask: Callable[..., Any], scope: production.Scope, asked: Asked) -> Any:
    key = (getattr(ask, "func", ask), tuple(getattr(ask, "keywords", {}).items()), scope)
    return asked.once(
        key,
        lambda: ask(
            None, since=asked.since, until=asked.until, period=str(asked.period), scope=scope
        ),
    )


def tops(ratios: Iterable[production.PeriodRatio]) -> Sums:
    return {one.start: one.numerator or ZERO for one in ratios if one.denominator}


def bottoms(ratios: Iterable[production.PeriodRatio]) -> Sums:
    return {one.start: one.denominator for one in ratios if one.denominator}


def oee(part: str, found: Iterable[production.Oee]) -> Sums:
    """Take one part of OEE; effective minutes are those in which good pieces were made."""
    if part == "effective":
        return {one.start: one.planned * (one.value or ZERO) for one in found if one.planned}
    return {one.start: getattr(one, part) for one in found if one.planned}


# -- facts at sites ---------------------------------------------------------------------------


def receipts(value: str, asked: Asked) -> Found:
    rows = asked.rows(facts.Receipt).filter(day__range=(asked.since, asked.until))
    found: Found = defaultdict(lambda: ZERO)
    for site, day, total in rows.values_list("site", "day").annotate(total=Sum(value)):
        found[asked.start(day), places.of_site(site)] += total
    return found


def shipped(asked: Asked) -> Found:
    """Count order lines by the day they were delivered, else by the promise they were kept to."""
    rows = asked.rows(facts.Delivery).filter(is_cancelled=False)
    span = (asked.since, asked.until)
    told = rows.filter(delivered__range=span).values_list("site", "delivered")
    only_late = rows.filter(delivered=None, delay__isnull=False, promised__range=span)
    found: Found = defaultdict(lambda: ZERO)
    for part in (told, only_late.values_list("site", "promised")):
        for site, day, lines in part.annotate(lines=Count("pk")):
            found[asked.start(day), places.of_site(site)] += lines
    return found


# -- records ----------------------------------------------------------------------------------


def records(name: str, asked: Asked) -> Found:
    """Count records, or add up an amount of theirs, at their line where they say one."""
    kind, measure = measures.known()[name]
    only = {"site": asked.site, "line": asked.line, "item": asked.item}
    by_line = measures.narrows_by(kind, "line")
    if any(value and not measures.narrows_by(kind, key) for key, value in only.items()):
        return {}
    rows = measures.counted(kind, measure, since=asked.since, until=asked.until, **only)
    total = Sum(measure.amount_field) if measure.amount_field else Count("pk")
    where = ("site", "line") if by_line else ("site",)
    found: Found = defaultdict(lambda: ZERO)
    for day, site, *line, amount in (
        rows.order_by().values_list(measure.day_field, *where).annotate(total=total)
    ):
        place = places.of_line(line[0]) if line and line[0] else places.of_site(site)
        found[asked.start(day), place] += amount or ZERO
    return found


# -- money ------------------------------------------------------------------------------------


def priced(kind: str, model: Any, value: str, per: int, asked: Asked) -> Found:
    """Price facts at lines by the rate in force on their day."""
    rates = asked.once(("rates", kind), lambda: Rates([kind]))
    rows = asked.rows(model).filter(day__range=(asked.since, asked.until))
    found: Found = defaultdict(lambda: ZERO)
    for line, day, item, total in rows.values_list("line", "day", "item").annotate(
        total=Sum(value)
    ):
        rate = rates.on(kind, day, item=item, line=line) or ZERO
        found[asked.start(day), places.of_line(line)] += total * rate / per
    return found


def priced_records(kind: str, name: str, asked: Asked) -> Found:
    """Price each record of a measure by the rate in force on its day."""
    rates = asked.once(("rates", kind), lambda: Rates([kind]))
    daily = Asked(asked.since, asked.until, periods.Period.DAY, asked.site, asked.line, asked.item)
    found: Found = defaultdict(lambda: ZERO)
    for (day, place), count in records(name, daily).items():
        found[asked.start(day), place] += count * (rates.on(kind, day) or ZERO)
    return found
