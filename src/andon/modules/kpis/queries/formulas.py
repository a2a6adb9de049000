"""Formulas in words: the ready-made ones, a preview before saving, what stands behind a number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.modules.kpis.models import Kpi, facts, periods, recipes, terms
from andon.modules.kpis.models.judging import shown
from andon.modules.kpis.models.recipes import RECIPES, Recipe
from andon.modules.kpis.models.series import ratio
from andon.modules.production.models import ImportBatch, Stage
from andon.organization.models import CostKind, CostRate
from andon.records import measures

from .parts import Breakdown, breakdown

PREVIEWED, RECORDS_SHOWN, BATCHES_SHOWN = 8, 50, 20
PRICED = {
    "scrap_cost": CostKind.SCRAP,
    "rework_cost": CostKind.REWORKED_PIECE,
    "downtime_cost": CostKind.DOWNTIME,
    "nonconformity_cost": CostKind.NONCONFORMITY,
    "complaint_cost": CostKind.COMPLAINT,
}


@dataclass(frozen=True)
class Ready:
    """A ready-made KPI, and those in use that compute it."""

    recipe: Recipe
    in_use: list[Kpi]


def ready_made(viewer: User) -> list[Ready]:
    """Return every ready-made KPI with those in use that ``viewer`` sees."""
    by_formula: dict[str, list[Kpi]] = defaultdict(list)
    for kpi in Kpi.objects.visible_to(viewer).active().filter(formula__in=RECIPES).order_by("code"):
        by_formula[kpi.formula].append(kpi)
    return [Ready(recipe, by_formula[name]) for name, recipe in RECIPES.items()]


@dataclass(frozen=True)
class PreviewRow:
    """One of the last periods as the formula would have it."""

    label: str
    shown: str
    numerator: Decimal | None
    denominator: Decimal | None


@dataclass(frozen=True)
class Preview:
    """What a formula gives, before anybody saves it."""

    words: str
    is_ratio: bool
    adds_up: bool
    rows: list[PreviewRow]
    troubles: list[str]


def preview(kpi: Kpi, *, day: date) -> Preview:
    """Return what the formula of an unsaved ``kpi`` gives for the last closed periods."""
    last = periods.last_closed(kpi.period, day)
    starts = list(periods.starts(kpi.period, periods.back(kpi.period, last, PREVIEWED - 1), last))
    found = facts.closed(kpi, day, starts)
    rows = [
        PreviewRow(
            periods.label(kpi.period, start), shown(kpi, _value(kpi, one)), one.numerator,
            one.denominator,
        )
        for start, one in sorted(found.items(), reverse=True)
    ]  # fmt: skip
    parsed = kpi.parsed
    adds_up = parsed is not None and parsed.adds_up
    return Preview(recipes.in_words(kpi.text), kpi.is_ratio, adds_up, rows, troubles(kpi, found))


def _value(kpi: Kpi, one: facts.Computed) -> Decimal | None:
    if kpi.is_ratio:
        return ratio(kpi, one.numerator, one.denominator)
    return one.numerator if one.value is None else one.value


def troubles(kpi: Kpi, found: dict[date, facts.Computed]) -> list[str]:
    """Say which closed periods cannot be kept, and why."""
    why = {
        "negative": _("%s: a side of the ratio is below zero."),
        "too_large": _("%s: the number is too large to be kept."),
    }
    return [
        why[one.trouble] % periods.label(kpi.period, start)
        for start, one in sorted(found.items())
        if one.trouble
    ]


def unpriced(kpi: Kpi) -> list[str]:
    """Name the kinds of cost that a formula needs and that have no rate: they count as nothing."""
    wanted = {PRICED[name] for name in (kpi.parsed.names if kpi.parsed else ()) if name in PRICED}
    if not wanted:
        return []
    there = set(CostRate.objects.active().filter(kind__in=wanted).values_list("kind", flat=True))
    return [str(kind.label) for kind in CostKind if kind in wanted and kind not in there]


@dataclass(frozen=True)
class Behind:
    """What the number of one period is made of: named sums, places, records, batches."""

    label: str
    value: str
    words: str
    sums: list[tuple[terms.Term, Decimal]]
    places: Breakdown
    records: list[tuple[str, list[Any]]]
    batches: list[ImportBatch]


def behind(kpi: Kpi, start: date, *, viewer: User) -> Behind:
    """Return what stands behind one period of a computed KPI, as the facts are now."""
    known = terms.known()
    named = facts.named(kpi, start)
    one = facts.closed(kpi, periods.next_start(kpi.period, start), [start]).get(start)
    wanted = [known[name] for name in named]
    return Behind(
        periods.label(kpi.period, start),
        shown(kpi, _value(kpi, one) if one else None),
        recipes.in_words(kpi.text),
        [(known[name], amount) for name, amount in named.items()],
        breakdown(kpi, viewer=viewer, last=start, most=1),
        [
            (str(term.label), rows)
            for term in wanted
            if (rows := _records(kpi, term, start, viewer))
        ],
        _batches(kpi, wanted, start, viewer),
    )


def _records(kpi: Kpi, term: terms.Term, start: date, viewer: User) -> list[Any]:
    if term.name not in measures.known():
        return []
    kind, measure = measures.known()[term.name]
    until = periods.next_start(kpi.period, start) - periods.ONE_DAY
    only = {"site": kpi.site_id, "line": kpi.line_id, "item": kpi.item_id}
    rows = measures.counted(kind, measure, since=start, until=until, **only).visible_to(viewer)
    return list(rows.order_by(measure.day_field, "pk")[:RECORDS_SHOWN])


def _batches(
    kpi: Kpi, wanted: Iterable[terms.Term], start: date, viewer: User
) -> list[ImportBatch]:
    """Return the batches whose rows lie in the period, the newest first."""
    until = periods.next_start(kpi.period, start) - periods.ONE_DAY
    labels = {label for term in wanted for label in term.batches}
    rows = ImportBatch.objects.visible_to(viewer).filter(model__in=labels, stage=Stage.PUBLISHED)
    rows = rows.filter(first_day__lte=until, last_day__gte=start)
    rows = rows.filter(site=kpi.site_id) if kpi.site_id else rows
    return list(rows.order_by("-pk")[:BATCHES_SHOWN])
