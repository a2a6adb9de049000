"""Studies of the quality engineer: a gauge, a process, an effect, and the lots of a supplier."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from andon.modules.actions.models import CorrectiveAction
from andon.modules.analyses import services
from andon.modules.analyses.models import METHODS, Analysis, ValueColumn, Values, defaults
from andon.modules.kpis import services as kpis
from andon.modules.kpis.models import Formula, Kpi
from andon.modules.kpis.models.series import points
from andon.records import services as records

if TYPE_CHECKING:
    from datetime import date

    from andon.demo.factory import Factory
    from andon.demo.telling import Story

Columns = dict[str, list[Any]]
PARTS, APPRAISERS, TRIALS = 10, ("Olga", "Piotr", "Ines"), 2


def gauge(factory: Factory) -> Story:
    """The calliper of press line 2 is studied before anybody trusts its readings."""
    yield (day := factory.on(-31, 3))
    random = Random(factory.seed)  # noqa: S311 - a story, not a secret
    parts = [round(random.gauss(12.0, 0.06), 3) for _ in range(PARTS)]
    bias = {"Olga": 0.004, "Piotr": -0.003, "Ines": 0.0}
    rows = [
        (f"P{at}", who, round(size + bias[who] + random.gauss(0, 0.011), 2))
        for at, size in enumerate(parts, start=1)
        for who in APPRAISERS
        for _trial in range(TRIALS)
    ]
    part, who, reading = (list(column) for column in zip(*rows, strict=True))
    study = _keep(
        factory, day, "grr", {"Part": part, "Appraiser": who, "Seat width, mm": reading},
        title="Calliper M-17 on the seat width", options={"tolerance": 0.4},
        source="Calliper M-17, ten brackets 23-4410, press line 2",
    )  # fmt: skip
    _issue(
        factory, study, day,
        "Fit for judging the seat width for now; look for a gauge with a finer scale.",
    )  # fmt: skip


def process(factory: Factory) -> Story:
    """The seat width after the new die, piece by piece, against the drawing."""
    yield (day := factory.on(-8, 2))
    random = Random(factory.seed + 1)  # noqa: S311
    widths = [round(random.gauss(12.01, 0.035), 3) for _ in range(60)]
    study = _keep(
        factory, day, "capability", {"Seat width, mm": widths},
        title="Seat width after the new die", options={"lsl": 11.8, "usl": 12.2},
        source="Press line 2, two hours of the early shift, calliper M-17",
    )  # fmt: skip
    _issue(factory, study, day, "Capable. The check of every tenth piece may be relaxed.")


def lots(factory: Factory) -> Story:
    """How many castings of the next lots are to be inspected."""
    yield (day := factory.on(-2, 2))
    _keep(
        factory, day, "lots", {"Lot size": [500, 1200, 3200], "Found": [0, 1, None]},
        title="Incoming castings: how many to inspect", options={},
        source="Lots announced by the foundry", chosen={"found": ["Found"]},
    )  # fmt: skip


def bath(factory: Factory) -> Story:
    """The phosphating bath is measured once a week against the limits of its maker."""
    yield (day := factory.on(-34))
    tina, random = factory.people["tina"], Random(factory.seed + 2)  # noqa: S311
    kpi = kpis.define(
        Kpi(
            code="BATH-TEMP", name="Temperature of the phosphating bath", unit="°C",
            question="Is the bath where its maker wants it?", formula=Formula.VALUE,
            source="Thermometer T-4, Friday after the second load", owner=tina,
            process=factory.processes["COA"], site=factory.sites["ABC2"],
            lower_spec=Decimal(55), upper_spec=Decimal(65), active_from=day,
            reaction="Tina stops the line and calls maintenance.",
        ),
        by=factory.people["ana"], day=day,
    )  # fmt: skip
    factory.kpis[kpi.code] = kpi
    for week in range(-34, 0):
        yield (friday := factory.on(week, 4))
        value = Decimal(round(random.gauss(60.2, 0.9) * 10)) / 10
        kpis.observe(kpi, by=tina, on=friday, value=value, day=friday + timedelta(days=3))


def effect(factory: Factory) -> Story:
    """Scrap of press line 2 before and after the corrective action, as evidence for it."""
    yield (day := factory.on(-1, 1))
    action = CorrectiveAction.objects.filter(title__startswith="Burrs").order_by("pk").first()
    if action is None or action.cut_in_date is None:
        return
    found = [p for p in points(factory.kpis["SCRAP-PRS2"], until=day) if p.numerator is not None]
    columns: Columns = {
        "Period": ["before" if p.day < action.cut_in_date else "after" for p in found],
        "Scrapped": [float(point.numerator or 0) for point in found],
        "Produced": [float(point.denominator or 0) for point in found],
    }
    study = _keep(
        factory, day, "effect", columns, title="Scrap of press line 2 before and after the new die",
        options={"change": 10.0}, source="KPI SCRAP-PRS2",
        chosen={"d": ["Scrapped"], "n": ["Produced"], "group": ["Period"]},
    )  # fmt: skip
    records.link(study, "evidence_for", action, by=factory.people["ines"])


def _keep(
    factory: Factory,
    day: date,
    method: str,
    columns: Columns,
    *,
    options: dict[str, Any],
    **fields: Any,
) -> Analysis:
    values = Values(tuple(ValueColumn(name, tuple(cells)) for name, cells in columns.items()))
    settings = defaults(METHODS[method], values)
    settings["options"] |= options
    settings["columns"] |= fields.pop("chosen", {})
    made = Analysis.on(
        values, method, settings, site=factory.sites["ABC1"], owner=factory.people["ines"], **fields
    )
    return services.keep(made, by=factory.people["ines"], day=day)


def _issue(factory: Factory, study: Analysis, day: date, conclusion: str) -> None:
    records.perform(
        study, "issue", by=factory.people["ines"], day=day, data={"conclusion": conclusion}
    )
