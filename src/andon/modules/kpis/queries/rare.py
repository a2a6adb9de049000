"""Rare events: the days between them are drawn, for counts near zero show no change."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from andon import stats
from andon.modules.kpis.models import Kpi
from andon.modules.kpis.models.judging import translated
from andon.modules.kpis.models.periods import ONE_DAY
from andon.modules.kpis.models.series import Point, with_data
from andon.records import measures
from andon.ui import charts

# Fewer events a period than this, over periods enough to say so, are rare.
RARE, PERIODS_ENOUGH, EVENTS_ENOUGH, MOST_EVENTS = 1, 8, 6, 200


@dataclass(frozen=True)
class RareEvents:
    """The chart of the days between events, why it is drawn, and what it says."""

    reason: str
    drawing: charts.Chart
    signals: list[str]


def rare_events(kpi: Kpi, found: Sequence[Point]) -> RareEvents | None:
    """Return the chart of days between the records a KPI counts; None when they are not rare."""
    counts = [point.numerator or 0 for point in with_data(found)]
    name = _counted(kpi)
    if not name or len(counts) < PERIODS_ENOUGH or sum(counts) >= RARE * len(counts):
        return None
    days = _days(kpi, name, found)
    if len(days) < EVENTS_ENOUGH:
        return None
    reason = _(
        "t chart: only %(mean)s a period on average, and counts that small hide a change;"
        " the days from one to the next show it. Above the upper limit is good news."
    ) % {"mean": number_format(float(sum(counts)) / len(counts), 2)}
    return _drawn(kpi, days, reason)


def _counted(kpi: Kpi) -> str:
    """Return the measure whose records are the numerator; empty when it is anything else."""
    over = kpi.parsed.over if kpi.parsed else None
    name = over.id if isinstance(over, ast.Name) else ""
    known = measures.known().get(name)
    return name if known and not known[1].amount_field else ""


def _days(kpi: Kpi, name: str, found: Sequence[Point]) -> list[date]:
    kind, measure = measures.known()[name]
    until = (found[-1].end or found[-1].day + ONE_DAY) - ONE_DAY
    only = {"site": kpi.site_id, "line": kpi.line_id, "item": kpi.item_id}
    rows = measures.counted(kind, measure, since=found[0].day, until=until, **only)
    newest = rows.order_by(f"-{measure.day_field}").values_list(measure.day_field, flat=True)
    return sorted(newest[:MOST_EVENTS])


def _drawn(kpi: Kpi, days: Sequence[date], reason: str) -> RareEvents:
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    labels = [day.isoformat() for day in days[1:]]
    chart = stats.t_chart(gaps)
    said = stats.signals(
        chart, labels=labels, show=lambda value: _("%s d") % number_format(value, 0)
    )
    by_point: dict[int, list[str]] = {}
    for signal in said:
        by_point.setdefault(signal.point - 1, []).append(translated(signal.sentence))
    drawing = charts.control_chart(
        gaps, labels=labels, center=chart.center, lcl=chart.lcl, ucl=chart.ucl,
        caption=_("%(kpi)s: days from one to the next.") % {"kpi": kpi.name},
        name=_("Days between"), label_name=_("Day"), unit=_("d"), digits=0, signals=by_point,
    )  # fmt: skip
    return RareEvents(reason, drawing, [text for texts in by_point.values() for text in texts])
