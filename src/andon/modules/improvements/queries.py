"""What people ask about improvement projects: the chart of one, and what all bring in a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from andon.modules.kpis.models import Phase, Signal
from andon.modules.kpis.models.judging import digits_of, judge
from andon.modules.kpis.queries.comparing import window
from andon.records.models import Record
from andon.ui import charts

from .models import ImprovementProject, ImprovementProjectQuerySet, State
from .models.benefits import first_after


def chart_of(project: ImprovementProject, *, day: date) -> charts.Chart | None:
    """Return the control chart from the baseline on, with limits of their own after the change."""
    kpi = project.kpi
    if kpi is None or project.baseline_from is None:
        return None
    points = window(kpi, since=project.baseline_from, until=day).points
    if not points:
        return None
    phases = []
    if project.took_hold_date:
        start = first_after(kpi, project.took_hold_date)
        reason = f"{project.number}: {_('after the change')}"
        phases = [Phase(kpi=kpi, day=start, reason=reason)]
    judged = judge(kpi, points, phases)
    said: dict[int, list[str]] = {}
    for hit in judged.hits:
        said.setdefault(hit.at, []).append(hit.sentence)
    return charts.control_chart(
        [point.value for point in points],
        labels=[point.label for point in points],
        center=judged.center,
        lcl=judged.lcl,
        ucl=judged.ucl,
        caption=_("%(kpi)s from the baseline on. %(chart)s.")
        % {"kpi": kpi.name, "chart": judged.chart_name},
        name=kpi.name,
        label_name=kpi.get_period_display(),
        unit=kpi.unit,
        digits=digits_of(kpi),
        signals=said,
        stages=[charts.Stage(at, reason) for at, reason in judged.stages],
        target=project.target_value,
    )


@dataclass(frozen=True)
class Worth:
    """What confirmed projects bring in a year and cost once, and what open ones are to bring."""

    confirmed: int
    benefit: Decimal
    costs: Decimal
    open: int
    expected: Decimal


def worth(visible: ImprovementProjectQuerySet) -> Worth:
    """Add up the projects of ``visible``."""
    done = visible.filter(state=State.CONFIRMED)
    ahead = visible.filter(state__in=(State.PROPOSED, State.RUNNING, State.CHECKING))
    first: dict[str, Any] = done.aggregate(
        n=Count("pk"), benefit=Sum("confirmed_benefit"), costs=Sum("costs")
    )
    second: dict[str, Any] = ahead.aggregate(n=Count("pk"), expected=Sum("expected_benefit"))
    nothing = Decimal(0)
    return Worth(
        first["n"], first["benefit"] or nothing, first["costs"] or nothing,
        second["n"], second["expected"] or nothing,
    )  # fmt: skip


def first_values(sources: list[Record]) -> dict[str, Any]:
    """Return what a new project takes over from what it is raised from."""
    signal = Signal.objects.filter(pk__in=[source.pk for source in sources]).first()
    problem = {"problem": signal.sentence} if signal else {}
    return {"title": sources[0].title[:200], **problem}
