"""What was promised and received: order lines, receipts, plans, rework, and what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from andon.demo.factory import FIRST_WEEK
from andon.demo.machines import MACHINES
from andon.demo.shopfloor import MINUTES
from andon.modules.production import services
from andon.modules.production.imports import arrivals
from andon.modules.production.models import (
    CauseKind,
    CycleTime,
    Delivery,
    Feed,
    ImportBatch,
    Plan,
    Receipt,
    Rework,
)
from andon.trail.services import SYSTEM

if TYPE_CHECKING:
    from andon.demo.factory import Factory

CUSTOMERS, SUPPLIERS = ("C-NORVIG", "C-HYDRA", "C-ELMOT"), ("S-KRAUS", "S-LUMA")
LINES_A_WEEK, LATE_BEFORE, LATE_AFTER, PLANNED_BETTER = 10, 0.07, 0.02, -30
RECENT_WEEKS = range(-26, 1)
PLANNED_LINE, REWORKED_LINE = "PRS-2", "CTG-1"


def orders(factory: Factory) -> None:
    """Record deliveries since a planner took over, receipts, plans, cycle times and rework."""
    _record(factory, "ABC1", "pedro", list(_deliveries(factory)))
    _record(factory, "ABC1", "pedro", list(_receipts(factory)))
    _record(factory, "ABC1", "pedro", list(_plans(factory)))
    for site in ("ABC1", "ABC2"):
        times = [row for row in _cycle_times(factory) if row.site_id == factory.sites[site].pk]
        _record(factory, site, "pedro" if site == "ABC1" else "tina", times)
    _record(factory, "ABC2", "tina", list(_rework(factory)))
    _feeds(factory)


def _record(factory: Factory, site: str, person: str, rows: list[Any]) -> None:
    services.record(
        rows,
        site=factory.sites[site],
        by=factory.people[person],
        source=ImportBatch.Source.DEMO,
    )


def _deliveries(factory: Factory) -> Iterator[Delivery]:
    items = [item.pk for item in factory.items.values()]
    for week in range(FIRST_WEEK, 1):
        chance = Random(f"{factory.seed}/orders/{week}")  # noqa: S311  (no secret)
        late_share = LATE_BEFORE if week < PLANNED_BETTER else LATE_AFTER
        for number in range(LINES_A_WEEK):
            promised = factory.on(week, chance.randrange(5))
            late = chance.random() < late_share
            moved = timedelta(days=chance.randint(2, 6)) if late else timedelta()
            came = promised + moved - timedelta(days=0 if late else chance.randrange(2))
            yield Delivery(
                site=factory.sites["ABC1"],
                customer=factory.parties[CUSTOMERS[number % len(CUSTOMERS)]],
                order_number=f"SO-{(week - FIRST_WEEK) * 4 + number // 3 + 4100}",
                position=str(number % 3 * 10 + 10),
                item_id=items[chance.randrange(len(items))],
                quantity=Decimal(chance.randrange(200, 2000, 100)),
                ordered=promised - timedelta(days=chance.randint(12, 30)),
                promised=promised,
                # Every other late line was promised anew, and kept.
                current_promise=promised + moved if number % 2 else promised,
                delivered=came if came < factory.today else None,
                is_cancelled=chance.random() < 0.01,  # noqa: PLR2004
            )


def _receipts(factory: Factory) -> Iterator[Receipt]:
    items = [item.pk for item in factory.items.values()]
    for week in range(FIRST_WEEK, 0):
        chance = Random(f"{factory.seed}/receipts/{week}")  # noqa: S311  (no secret)
        for at, supplier in enumerate(SUPPLIERS):
            received = chance.randrange(4000, 9000, 500)
            rejected = chance.choice((0, 0, 0, 3, 8)) * (at + 1)
            yield Receipt(
                site=factory.sites["ABC1"],
                supplier=factory.parties[supplier],
                item_id=items[at],
                day=factory.on(week, at + 1),
                number=f"DN-{1000 + week * 2 + at}",
                received=Decimal(received),
                rejected=Decimal(rejected),
            )


def _plans(factory: Factory) -> Iterator[Plan]:
    line = factory.lines[PLANNED_LINE]
    pieces = next(one.pieces for one in MACHINES if one.line == PLANNED_LINE)
    for week in RECENT_WEEKS:
        for day in factory.working_days(week):
            planned = Decimal(2 * pieces)
            yield Plan(site_id=line.site_id, line_id=line.pk, day=day, planned=planned)


def _cycle_times(factory: Factory) -> Iterator[CycleTime]:
    """At its full pace a line needs less time for a piece than it does on the mean."""
    for machine in MACHINES:
        line = factory.lines[machine.line]
        seconds = (Decimal(MINUTES * 60) / machine.pieces * Decimal("0.86")).quantize(
            Decimal("0.1")
        )
        yield CycleTime(
            site_id=line.site_id, line_id=line.pk, day=factory.on(FIRST_WEEK), seconds=seconds
        )


def _rework(factory: Factory) -> Iterator[Rework]:
    line = factory.lines[REWORKED_LINE]
    cause = services.add_cause(
        CauseKind.REWORK, "PIN", name="Pinholes sanded and coated again", by=factory.people["ana"]
    )
    for week in RECENT_WEEKS:
        chance = Random(f"{factory.seed}/rework/{week}")  # noqa: S311  (no secret)
        for day in factory.working_days(week):
            quantity = Decimal(chance.randint(2, 14))
            yield Rework(
                site_id=line.site_id, line_id=line.pk, day=day, cause=cause, quantity=quantity
            )


def _feeds(factory: Factory) -> None:
    """A folder and a topic, and one file that waits for somebody."""
    site, ana = factory.sites["ABC1"], factory.people["ana"]
    folder = Feed(kind="folder", place="turning/output", site=site, target="output")
    services.save_feed(folder, by=ana)
    services.save_feed(Feed(kind="mqtt", place="abc1/+/stops", site=site, target="stops"), by=ana)
    yesterday = factory.today - timedelta(days=1)
    arrivals.keep(
        _refused(yesterday).encode(),
        [{"row": 3, "field": "Quantity", "text": "“4l2” is not a number."}],
        by=SYSTEM("folder"),
        site=site,
        target="output",
        source="folder",
        name=f"turning-{yesterday.isoformat()}.csv",
        feed=folder,
    )


def _refused(day: date) -> str:
    rows = [("E", "418"), ("L", "4l2")]
    lines = [f"{day.isoformat()};TRN-1;{shift};{made}" for shift, made in rows]
    return "\n".join(["Date;Line;Shift;Quantity", *lines, ""])
