"""The facts of 18 months, published month by month as batches of each site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from andon.demo.factory import FIRST_WEEK, SHIFTS
from andon.demo.machines import MACHINES, SLIPPED
from andon.demo.shopfloor import MINUTES, Machine, Rates, ShiftNumbers, week_of
from andon.modules.production import services
from andon.modules.production.models import Batched, ImportBatch, Output, Scrap, Stop

if TYPE_CHECKING:
    from andon.demo.factory import Factory

KEEPERS = {"ABC1": "pedro", "ABC2": "tina"}
FILES = {Output: "output", Scrap: "scrap", Stop: "stops"}
# Where a digit slipped: 360 minutes typed for 36, on the first two late shifts of a week.
SLIP_AT, SLIP_SHIFT, SLIPS = "PRS-2", "L", 2
SLIPPED_CAUSE, RIGHT, WRONG = "BREAK", Decimal(36), Decimal(360)

Rows = dict[tuple[str, str], dict[type[Batched], list[Batched]]]


def facts(factory: Factory) -> None:
    """Publish output, scrap and stops of every working day until yesterday."""
    found: Rows = defaultdict(lambda: defaultdict(list))
    for machine in MACHINES:
        for day, rows in _shifts(factory, machine):
            kinds = found[day.isoformat()[:7], factory.lines[machine.line].site.code]
            for row in rows:
                kinds[type(row)].append(row)
    for (month, site), kinds in sorted(found.items(), key=lambda one: one[0]):
        for model, rows_of_kind in kinds.items():
            services.record(
                rows_of_kind,
                site=factory.sites[site],
                by=factory.people[KEEPERS[site]],
                source=ImportBatch.Source.DEMO,
                file_name=f"{FILES[model]}-{month}.csv",  # type: ignore[index]
            )


def _shifts(factory: Factory, machine: Machine) -> Iterator[tuple[date, list[Batched]]]:
    rates, slips = Rates.of(machine, factory.seed), _slips(factory)
    for week in range(FIRST_WEEK, 1):
        days = factory.working_days(week)
        worked = [(day, shift) for day in days for shift in SHIFTS]
        keys = [(day.weekday(), shift) for day, shift in worked]
        numbers = week_of(machine, rates, week, keys, factory.seed)
        for (day, shift), one in zip(worked, numbers, strict=True):
            slipped = machine.line == SLIP_AT and (day, shift) in slips
            yield day, _rows(factory, machine.line, day, shift, one, slipped=slipped)


def _rows(
    factory: Factory, line: str, day: date, shift: str, one: ShiftNumbers, *, slipped: bool
) -> list[Batched]:
    place = place_of(factory, line, day, shift)
    item = factory.items[one.item].pk
    lost = {code: Decimal(minutes) for code, minutes in one.stops.items()}
    if slipped:
        lost[SLIPPED_CAUSE] = WRONG
    made = Output(
        **place, item_id=item, produced=Decimal(one.produced), planned_minutes=Decimal(MINUTES)
    )
    scrapped = [
        Scrap(**place, item_id=item, cause_id=factory.causes[code].pk, quantity=Decimal(count))
        for code, count in one.scrap.items()
    ]
    stopped = [
        Stop(**place, cause_id=factory.causes[code].pk, minutes=minutes)
        for code, minutes in lost.items()
    ]
    return [made, *scrapped, *stopped]


def place_of(factory: Factory, line: str, day: date, shift: str) -> dict[str, Any]:
    """Return the key fields of a fact, by their ids: there are many thousands of them."""
    where = factory.lines[line]
    return {
        "site_id": where.site_id,
        "line_id": where.pk,
        "day": day,
        "shift_id": factory.shifts[where.site.code, shift].pk,
    }


def correct_the_slip(factory: Factory) -> None:
    """Record the minutes as they really were; the wrong ones stay in their batch."""
    rows: list[Batched] = [
        Stop(
            **place_of(factory, SLIP_AT, day, shift),
            cause_id=factory.causes[SLIPPED_CAUSE].pk,
            minutes=RIGHT,
        )
        for day, shift in _slips(factory)
    ]
    services.record(rows, site=factory.sites["ABC1"], by=factory.people["pedro"])


def _slips(factory: Factory) -> list[tuple[date, str]]:
    return [(day, SLIP_SHIFT) for day in factory.working_days(SLIPPED)[:SLIPS]]
