"""What a line did lately, what is recorded for a shift, and which rows count wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Q, Sum

from andon.accounts.models import User
from andon.modules.production.models import Batched, Output, Scrap, Stage, Stop
from andon.modules.production.queries.folding import ZERO
from andon.organization.models import Item, Line, Shift
from andon.trail.findings import Finding


@dataclass(frozen=True)
class LineWeek:
    """What one line did in the last weeks; None where nothing was recorded."""

    line: int
    code: str
    name: str
    site: str
    produced: Decimal | None
    scrapped: Decimal | None
    lost_minutes: Decimal | None
    last_day: date | None

    @property
    def scrap_percent(self) -> Decimal | None:
        """Scrap in per cent of what was made, one decimal."""
        if not self.produced:
            return None
        return ((self.scrapped or ZERO) * 100 / self.produced).quantize(Decimal("0.1"))


def lines_since(person: User, lines: Any, *, since: date, until: date) -> list[LineWeek]:
    """Return output, scrap and lost time of each of ``lines`` from ``since`` to ``until``."""
    keys = [line.pk for line in lines]
    sums = {
        model: _by_line(model.objects.visible_to(person), keys, value, since, until)
        for model, value in ((Output, "produced"), (Scrap, "quantity"), (Stop, "minutes"))
    }
    return [
        LineWeek(
            line=line.pk,
            code=line.code,
            name=line.name,
            site=line.site.code,
            produced=sums[Output].get(line.pk, (None, None))[0],
            scrapped=sums[Scrap].get(line.pk, (None, None))[0],
            lost_minutes=sums[Stop].get(line.pk, (None, None))[0],
            last_day=max(
                (days[1] for found in sums.values() if (days := found.get(line.pk))), default=None
            ),
        )
        for line in lines
    ]


def _by_line(
    rows: Any, lines: list[int], value: str, since: date, until: date
) -> dict[int, tuple[Decimal, date]]:
    from_days = rows.filter(current=True, line__in=lines, day__range=(since, until)).order_by()
    found: dict[int, tuple[Decimal, date]] = {}
    for line, day, total in from_days.values_list("line", "day").annotate(total=Sum(value)):
        before, last = found.get(line, (ZERO, day))
        found[line] = before + total, max(last, day)
    return found


@dataclass(frozen=True)
class ShiftFacts:
    """What is recorded for one line, day, shift and item."""

    output: tuple[Decimal | None, Decimal | None]
    scrap: dict[int, Decimal]
    stops: dict[int, Decimal]


def shift_facts(line: Line, day: date, *, shift: Shift | None, item: Item | None) -> ShiftFacts:
    """Return the counting facts of exactly this line, day, shift and item, by cause."""
    key = {"line": line, "day": day, "shift": shift, "item": item, "current": True}
    made = Output.objects.filter(**key).values_list("produced", "planned_minutes").first()
    return ShiftFacts(
        output=made or (None, None),
        scrap=dict(Scrap.objects.filter(**key).values_list("cause", "quantity")),
        stops=dict(Stop.objects.filter(**key).values_list("cause", "minutes")),
    )


def wrong_marks() -> Iterator[Finding]:
    """Name the batches with rows that count though they should not, or the other way round.

    A row counts when its batch is published and no later batch corrected it.
    """
    for model in _batched_models():
        should = Q(batch__stage=Stage.PUBLISHED, replaced_by=None)
        wrong = model._default_manager.filter(
            (Q(current=True) & ~should) | (Q(current=False) & should)
        )
        stray = model._default_manager.filter(replaced_by__isnull=False).exclude(
            replaced_by__stage=Stage.PUBLISHED
        )
        batches = {
            batch
            for rows in (wrong, stray)
            for batch in rows.order_by().values_list("batch", flat=True).distinct()[:100]
        }
        for batch in sorted(batches):
            yield Finding(
                "facts",
                "Rows of this batch are marked as counting, or not, against what was published.",
                model="production.importbatch",
                object_id=str(batch),
            )


def _batched_models() -> list[type[Batched]]:
    """Return every model whose rows come in batches, of whichever module."""
    return [model for model in apps.get_models() if issubclass(model, Batched)]
