"""An improvement project whose benefit was confirmed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from andon.demo.handling import named
from andon.modules.improvements import services
from andon.modules.improvements.models import ImprovementProject
from andon.modules.kpis import services as kpis
from andon.records import services as records

if TYPE_CHECKING:
    from andon.demo.factory import Factory
    from andon.demo.telling import Story

WATCHED = 84
FROZEN = -26


def frozen_plan(factory: Factory) -> Story:
    """Freeze one week of the plan: fewer late order lines, and what that is worth."""
    tina, ana = factory.people["tina"], factory.people["ana"]
    yield (day := factory.on(FROZEN - 5, 1))
    row = ImprovementProject(
        **named(factory, {"site": "ABC2", "owner": "tina", "process": "LOG"}),
        title="Fewer late order lines by a frozen week",
        problem="4 of 100 order lines leave late. It is stable: no single cause, but the plan is"
        " changed until the last day.",
        idea="The plan of the coming week is frozen on Thursday; changes cost a signature.",
    )
    project = records.create(row, by=tina, day=day)
    services.fix_goal(
        project, by=tina, kpi=factory.kpis["OTD"], confirmer=ana,
        baseline_from=factory.on(-51), baseline_until=factory.on(FROZEN, -1),
        target_value=Decimal("97.0"), window_days=WATCHED, expected_benefit=Decimal(8000),
        rate=Decimal("38.00"), rate_source="Controlling: express freight and handling, 2025",
    )  # fmt: skip
    records.perform(project, "run", by=tina, day=day)
    yield (day := factory.on(FROZEN, 1))
    data = {
        "took_hold_date": factory.on(FROZEN), "costs": Decimal(3200),
        "done": "Planning rules, revision 2; the planners were trained.",
    }  # fmt: skip
    records.perform(project, "watch", by=tina, day=day, data=data)
    reason = "One week of the plan is frozen"
    kpis.split_at(
        factory.kpis["OTD"], record=project, since=factory.on(FROZEN), reason=reason, by=ana,
        day=day,
    )  # fmt: skip
    yield (day := factory.on(FROZEN) + timedelta(days=WATCHED + 9))
    said = {"conclusion": "Half of the late lines are gone, and it stays so. Keep the frozen week."}
    records.perform(project, "confirm", by=ana, day=day, data=said)
