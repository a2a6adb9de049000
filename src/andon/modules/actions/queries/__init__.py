"""What people ask about a corrective action: its causes as a tree, its chart, what else changed."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from andon.modules.actions.models import Cause, CorrectiveAction
from andon.modules.kpis.models import Kpi, Phase, Signal
from andon.modules.kpis.models.judging import digits_of, judge
from andon.modules.kpis.models.periods import next_start, start_of
from andon.modules.kpis.queries.comparing import window
from andon.records.models import Record
from andon.ui import charts


@dataclass
class Branch:
    """One cause and those that lie deeper."""

    cause: Cause
    deeper: list["Branch"] = field(default_factory=list)


def tree(action: CorrectiveAction) -> list[Branch]:
    """Return the causes as they hang below each other, in the order they were proposed."""
    branches = {cause.pk: Branch(cause) for cause in action.all_causes}
    roots: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.cause.parent_id or 0)
        (above.deeper if above else roots).append(branch)
    return roots


def chart_of(action: CorrectiveAction, *, day: date) -> charts.Chart | None:
    """Return the control chart from the baseline on, with limits of their own after the cut-in."""
    criterion, kpi = action.criterion, action.kpi
    if criterion is None or kpi is None or criterion.baseline_from is None:
        return None
    until = day
    if action.cut_in_date:
        until = min(action.cut_in_date + timedelta(days=criterion.whole_window), day)
    points = window(kpi, since=criterion.baseline_from, until=until).points
    if not points:
        return None
    left_out = {row.period_start: row.why for row in action.left_out.all()}
    judged = judge(
        kpi,
        points,
        _split(action, kpi),
        {point.key for point in points if point.day in left_out},
    )
    notes = {n: left_out[point.day] for n, point in enumerate(points) if point.day in left_out}
    said: dict[int, list[str]] = {}
    for hit in judged.hits:
        said.setdefault(hit.at, []).append(hit.sentence)
    return charts.control_chart(
        [point.value for point in points],
        labels=[point.label for point in points],
        center=judged.center,
        lcl=judged.lcl,
        ucl=judged.ucl,
        caption=_caption(action, kpi, judged.chart_name),
        name=kpi.name,
        label_name=kpi.get_period_display(),
        unit=kpi.unit,
        digits=digits_of(kpi),
        signals=said,
        notes=notes,
        stages=[charts.Stage(at, reason) for at, reason in judged.stages],
    )


def _split(action: CorrectiveAction, kpi: Kpi) -> list[Phase]:
    """Return the phase that begins with the first whole period after the cut-in."""
    if action.cut_in_date is None:
        return []
    first = start_of(kpi.period, action.cut_in_date)
    start = first if first == action.cut_in_date else next_start(kpi.period, first)
    return [Phase(kpi=kpi, day=start, sequence=0, reason=_("after the action"))]


def _caption(action: CorrectiveAction, kpi: Kpi, chart: str) -> str:
    if action.cut_in_date is None:
        return _("%(kpi)s since the baseline began. %(chart)s.") % {"kpi": kpi.name, "chart": chart}
    return _("%(kpi)s before and after %(day)s, when the action took hold. %(chart)s.") % {
        "kpi": kpi.name,
        "day": action.cut_in_date,
        "chart": chart,
    }


def first_values(sources: list[Record]) -> dict[str, Any]:
    """Return what a new corrective action takes over from what it is raised from."""
    first: dict[str, Any] = {"title": sources[0].title[:200]}
    signal = Signal.objects.filter(pk__in=[source.pk for source in sources]).first()
    if signal is not None:
        first |= {"kpi": signal.kpi_id, "problem": signal.sentence}
    earlier = CorrectiveAction.objects.filter(pk__in=[source.pk for source in sources]).first()
    if earlier is not None:
        first |= {"problem": earlier.problem, "kpi": earlier.kpi_id}
    return first
