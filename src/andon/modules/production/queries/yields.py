"""How much of what was made or planned came out right: first-pass yield, schedule adherence."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from andon.accounts.models import User
from andon.modules.production.models import Output, Plan, Rework, Scrap
from andon.modules.production.queries.folding import (
    EVERYTHING,
    WEEK,
    ZERO,
    PeriodRatio,
    Scope,
    by_day,
    ratios,
)

Parts = dict[tuple[int | None, int | None], Decimal]
"""Quantities of one line and day by item and shift."""


def first_pass_by_period(
    person: User | None,
    *,
    since: date,
    until: date,
    period: str = WEEK,
    scope: Scope = EVERYTHING,
) -> list[PeriodRatio]:
    """Pieces right the first time (neither scrapped nor reworked) per pieces made."""
    made = by_day(scope.of(Output, person), "produced", since, until)
    wrong = [by_day(scope.of(model, person), "quantity", since, until) for model in (Scrap, Rework)]
    right = {
        day: (max(ZERO, total - sum((one[day][0] for one in wrong if day in one), ZERO)), rows)
        for day, (total, rows) in made.items()
    }
    return ratios(right, made, since, until, period)


def adherence_by_period(
    person: User | None,
    *,
    since: date,
    until: date,
    period: str = WEEK,
    scope: Scope = EVERYTHING,
) -> list[PeriodRatio]:
    """Pieces made of those planned, per pieces planned; making more of one offsets no other."""
    plans = _parts(scope.of(Plan, person), "planned", since, until)
    made = _parts(scope.of(Output, person), "produced", since, until)
    kept: dict[date, tuple[Decimal, int]] = defaultdict(lambda: (ZERO, 0))
    planned: dict[date, tuple[Decimal, int]] = defaultdict(lambda: (ZERO, 0))
    for (line, day), plan in plans.items():
        done = _made_of(plan, made.get((line, day), {}))
        kept[day] = kept[day][0] + done, kept[day][1] + len(plan)
        total = sum(plan.values(), ZERO)
        planned[day] = planned[day][0] + total, planned[day][1] + len(plan)
    return ratios(kept, planned, since, until, period)


def _parts(rows: Any, value: str, since: date, until: date) -> dict[tuple[int, date], Parts]:
    found: dict[tuple[int, date], Parts] = defaultdict(dict)
    grouped = rows.filter(day__range=(since, until)).order_by()
    for line, day, item, shift, total in grouped.values_list(
        "line", "day", "item", "shift"
    ).annotate(total=Sum(value)):
        found[line, day][item, shift] = total
    return found


def _made_of(plan: Parts, made: Parts) -> Decimal:
    """Compare by item and by shift where both sides name them, else by what they share."""
    by_item, by_shift = (
        all(key[at] is not None for side in (plan, made) for key in side) for at in (0, 1)
    )
    wanted, done = (_coarser(side, by_item=by_item, by_shift=by_shift) for side in (plan, made))
    return sum((min(amount, done.get(key, ZERO)) for key, amount in wanted.items()), ZERO)


def _coarser(parts: Parts, *, by_item: bool, by_shift: bool) -> Parts:
    found: Parts = defaultdict(lambda: ZERO)
    for (item, shift), amount in parts.items():
        found[item if by_item else None, shift if by_shift else None] += amount
    return found
