"""What a computed number is made of: its parts by name, and its parts by place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from andon.accounts.models import Site, User
from andon.modules.kpis.models import Kpi, Observation, facts, periods, places
from andon.modules.kpis.models.judging import shown
from andon.modules.kpis.models.places import Where
from andon.modules.kpis.models.series import Point, ratio
from andon.organization.models import Line, Process

# The newest periods that the parts by place are added up over.
LATELY = 13
LINES_SHOWN = 200
Sides = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Part:
    """One part of a number: by name, or by place with the address that shows it alone."""

    name: str
    value: Decimal | None
    shown: str
    query: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True)
class Breakdown:
    """The newest periods of a KPI by site, process and line, from sums of both sides."""

    sites: list[Part]
    processes: list[Part]
    lines: list[Part]
    first: str = ""
    last: str = ""

    def __bool__(self) -> bool:
        return len(self.sites) > 1 or len(self.lines) > 1

    @property
    def rows(self) -> list[Part]:
        """Every part, the larger places first."""
        return [*self.sites, *self.processes, *self.lines]


def parts_of(kpi: Kpi, point: Point | None) -> list[Part]:
    """Return what a ready-made KPI shows beside its number in the period of ``point``."""
    if kpi.recipe is None or point is None or not kpi.recipe.parts:
        return []
    texts = [text for _name, text in kpi.recipe.parts]
    found = facts.beside(kpi, texts, point.day)
    made = []
    for (name, _text), (value, is_share) in zip(kpi.recipe.parts, found, strict=True):
        scaled = value * kpi.factor if value is not None and is_share else value
        made.append(Part(str(name), scaled, shown(kpi, scaled)))
    return made


def breakdown(
    kpi: Kpi,
    *,
    viewer: User,
    last: date | None = None,
    where: Where | None = None,
    most: int = LATELY,
) -> Breakdown:
    """Return the parts of a KPI by place over its newest periods; three bounded queries."""
    nothing = Breakdown([], [], [])
    if kpi.parsed is None or not kpi.parsed.adds_up:
        return nothing
    rows = Observation.objects.current().filter(kpi=kpi).exclude(sequence=places.WHOLE)
    newest = last or rows.order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        return nothing
    rows = rows.filter(sequence__in=where.places) if where else rows
    first = periods.back(kpi.period, newest, most - 1)
    sums = {
        place: (top or Decimal(0), bottom or Decimal(0))
        for place, top, bottom in rows.filter(day__range=(first, newest))
        .order_by()
        .values_list("sequence")
        .annotate(top=Sum("numerator"), bottom=Sum("denominator"))
    }
    labels = periods.label(kpi.period, first), periods.label(kpi.period, newest)
    return _by_place(kpi, sums, viewer, labels)


def _by_place(kpi: Kpi, sums: dict[int, Sides], viewer: User, labels: tuple[str, str]) -> Breakdown:
    sites = {site.pk: site for site in Site.objects.visible_to(viewer).order_by("code")}
    wanted = [line for place in sums if (line := places.line_of(place))]
    lines = Line.objects.visible_to(viewer).filter(pk__in=wanted).select_related("site", "process")
    by_line = {line.pk: line for line in lines.order_by("site__code", "code")[:LINES_SHOWN]}

    def site_of(place: int) -> Site | None:
        line = by_line.get(places.line_of(place) or 0)
        return sites.get(line.site_id if line else places.site_of(place) or 0)

    def line_of(place: int) -> Line | None:
        return by_line.get(places.line_of(place) or 0)

    def process_of(place: int) -> Process | None:
        line = line_of(place)
        return line.process if line else None

    return Breakdown(
        _grouped(kpi, sums, site_of, lambda site: f"?site={site.code}"),
        _grouped(kpi, sums, process_of, lambda process: f"?process={process.code}"),
        _grouped(kpi, sums, line_of, lambda line: f"?site={line.site.code}&line={line.code}"),
        *labels,
    )


def _grouped(
    kpi: Kpi,
    sums: dict[int, Sides],
    group: Callable[[int], Any],
    query: Callable[[Any], str],
) -> list[Part]:
    totals: dict[Any, Sides] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for place, (top, bottom) in sums.items():
        if (about := group(place)) is not None:
            before = totals[about]
            totals[about] = before[0] + top, before[1] + bottom
    return _sorted(_part(kpi, str(about), sides, query(about)) for about, sides in totals.items())


def _part(kpi: Kpi, name: str, sides: Sides, query: str) -> Part:
    value = ratio(kpi, *sides) if kpi.is_ratio else sides[0]
    return Part(name, value, shown(kpi, value), query, *sides)


def _sorted(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: part.name)
