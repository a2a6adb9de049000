"""The KPIs of the factory, their targets over time, and how they are refreshed and answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from andon.demo.factory import FIRST_WEEK
from andon.demo.machines import SPIKE
from andon.demo.shopfloor import calm_noise
from andon.modules.kpis import services
from andon.modules.kpis.models import Counting, Formula, Kpi, Observation, Period, Source

if TYPE_CHECKING:
    from andon.demo.factory import Factory
    from andon.demo.telling import Story

DEFINED = -66
IN_USE = SPIKE - 6
REACTION = "The owner looks at the Pareto the same day and answers the signal within a week."


@dataclass(frozen=True)
class Measure:
    """One KPI as the factory defines it, with (week, target, why) over time."""

    code: str
    name: str
    question: str
    formula: str
    owner: str
    process: str
    targets: tuple[tuple[int, str, str], ...]
    site: str = ""
    line: str = ""
    unit: str = "%"
    period: str = Period.WEEK
    direction: str = "lower"
    counting: str = Counting.PROPORTION
    source: str = "Facts of production"


MEASURES = (
    Measure(
        "SCRAP", "Scrap rate", "Which share of what we make is scrapped, and is it getting less?",
        Formula.SCRAP, "pedro", "QMS",
        ((FIRST_WEEK, "7.5", "First target"), (-26, "4.5", "Objective of the year")),
    ),
    Measure(
        "SCRAP-PRS2", "Scrap of press line 2", "How much of the stamped parts is scrapped?",
        Formula.SCRAP, "pedro", "STA",
        ((FIRST_WEEK, "9.0", "What the line could do"), (-20, "6.8", "15 % less promised")),
        site="ABC1", line="PRS-2",
    ),
    Measure(
        "SCRAP-TRN1", "Scrap of turning cell 1", "How much of the turned parts is scrapped?",
        Formula.SCRAP, "pedro", "TUR", ((FIRST_WEEK, "6.0", "What the cell could do"),),
        site="ABC1", line="TRN-1",
    ),
    Measure(
        "SCRAP-CTG1", "Scrap of coating line 1", "How much of the coated parts is scrapped?",
        Formula.SCRAP, "tina", "COA", ((FIRST_WEEK, "5.5", "What the line could do"),),
        site="ABC2", line="CTG-1",
    ),
    Measure(
        "DOWNTIME", "Machine downtime", "How many of the planned hours are lost to stops?",
        Formula.DOWNTIME, "pedro", "QMS", ((FIRST_WEEK, "10", "What we plan with"),),
        counting=Counting.MEASURED,
    ),
    Measure(
        "OTD", "On-time delivery", "Do customers get their order lines on the day first promised?",
        Formula.RATIO, "tina", "LOG",
        (
            (FIRST_WEEK, "92", "First target"), (-52, "94", "Norvig asks for 95 %"),
            (-26, "96.5", "Objective of the year"),
        ),
        direction="higher", source="Delivery list of the ERP, by first promised date",
    ),
    Measure(
        "COMPLAINTS", "Customer complaints", "How many complaints come of 1,000 delivered lines?",
        Formula.RATIO, "ines", "SAL",
        ((FIRST_WEEK, "8", "First target"), (-30, "5", "Objective of the year")),
        unit="‰", period=Period.MONTH, counting=Counting.RATE, source="Complaint register",
    ),
)  # fmt: skip
COMPUTED = tuple(one.code for one in MEASURES if one.formula != Formula.RATIO)
LEVELS = ((range(FIRST_WEEK, -52), 0.935), (range(-52, -26), 0.957), (range(-26, 1), 0.981))
COST_TARGET, HOURLY_TARGET = Decimal(20000), Decimal(100)
ORDER_LINES, OTD_SCATTER = 190, 0.006
COMPLAINTS = (6, 5, 7, 5, 6, 4, 6, 5, 4, 5, 3, 4, 3, 2, 3, 2, 2, 3, 2, 2)
# When the numbers are looked at; between them nothing was worth a meeting.
LOOKS = (SPIKE - 7, SPIKE + 1, -29, -26, -19, -13, -11, -5, 0)


def measuring(factory: Factory) -> Story:
    """Define the KPIs, then look at them from time to time; the owners answer what they see."""
    yield factory.on(DEFINED)
    for measure in MEASURES:
        _define(factory, measure)
    for week in LOOKS:
        yield factory.on(week)
        look(factory, factory.on(week))
    _at_last(factory, factory.on(LOOKS[-1]))


def _at_last(factory: Factory, day: date) -> None:
    """Take over the cost of poor quality, write an own formula, give a site its own target."""
    ana = factory.people["ana"]
    cost = services.adopt(Formula.COPQ, by=ana, day=day)
    services.set_target(cost, value=COST_TARGET, from_date=day, by=ana, reason="Budget")
    own = services.define(
        Kpi(
            code="GOOD-PER-HOUR", name="Good pieces per planned hour",
            owner=factory.people["pedro"],
            question="Do changes of the machines make us faster and not only better?",
            formula=Formula.OWN, expression="(produced - scrapped) / (planned_minutes / 60)",
            unit="pcs/h", direction="higher", counting=Counting.MEASURED, active_from=day,
        ),
        by=ana, day=day,
    )  # fmt: skip
    services.refresh(own, by=ana, day=day)
    services.set_target(own, value=HOURLY_TARGET, from_date=day, by=ana, reason="Plan of the year")
    services.set_target(
        factory.kpis["SCRAP"], value=Decimal("5.0"), from_date=factory.on(-26), by=ana,
        site=factory.sites["ABC2"], reason="Coating is harder to hold",
    )  # fmt: skip


def _define(factory: Factory, measure: Measure) -> None:
    day, ana = factory.on(DEFINED), factory.people["ana"]
    kpi = Kpi(
        code=measure.code,
        name=measure.name,
        question=measure.question,
        formula=measure.formula,
        counting=measure.counting,
        unit=measure.unit,
        direction=measure.direction,
        period=measure.period,
        source=measure.source,
        owner=factory.people[measure.owner],
        process=factory.processes[measure.process],
        site=factory.sites.get(measure.site),
        line=factory.lines.get(measure.line),
        reaction=REACTION,
        active_from=factory.on(IN_USE),
    )
    factory.kpis[measure.code] = services.define(kpi, by=ana, day=day)
    for week, value, why in measure.targets:
        services.set_target(
            kpi, value=Decimal(value), from_date=factory.on(week), by=ana, reason=why
        )


def look(factory: Factory, day: date) -> None:
    """Type what is not computed, and compute the rest."""
    ana = factory.people["ana"]
    typed = {"OTD": list(_deliveries(factory)), "COMPLAINTS": list(_complaints(factory))}
    for code, numbers in typed.items():
        kpi = factory.kpis[code]
        known = set(Observation.objects.filter(kpi=kpi).values_list("day", flat=True))
        rows = [
            Observation(kpi=kpi, day=start, numerator=top, denominator=bottom)
            for start, end, top, bottom in numbers
            if end <= day and start not in known
        ]
        if rows:
            services.record_rows(kpi, rows, by=ana, source=Source.TYPED)
            services.detect(kpi, by=ana, day=day)
    for code in COMPUTED:
        services.refresh(factory.kpis[code], by=ana, day=day)


Numbers = tuple[date, date, Decimal, Decimal]


def _deliveries(factory: Factory) -> Iterator[Numbers]:
    """Yield start, end, order lines on time and all order lines of each week."""
    for weeks, level in LEVELS:
        chance = Random(f"{factory.seed}/OTD/{weeks.start}")  # noqa: S311  (no secret)
        for week, away in zip(weeks, calm_noise(len(weeks), chance), strict=True):
            lines = ORDER_LINES + chance.randrange(-20, 21)
            on_time = min(lines, round(lines * (level + OTD_SCATTER * away)))
            start = factory.on(week)
            yield start, factory.on(week + 1), Decimal(on_time), Decimal(lines)


def _complaints(factory: Factory) -> Iterator[Numbers]:
    """Yield start, end, complaints and delivered lines of each month."""
    chance = Random(f"{factory.seed}/COMPLAINTS")  # noqa: S311  (no secret)
    start = (factory.start + timedelta(days=31)).replace(day=1)
    for count in COMPLAINTS:
        end = (start + timedelta(days=31)).replace(day=1)
        if end > factory.today:
            return
        yield start, end, Decimal(count), Decimal(820 + chance.randrange(-60, 61))
        start = end
