"""A KPI as a report on paper: what its page shows, in one PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.modules.kpis.models import Kpi
from andon.modules.kpis.models.judging import shown
from andon.organization.queries import settings
from andon.ui.paper import Report, Section

from .board import Tile, tiles_of
from .charting import KpiChart, causes, chart

POINTS_PRINTED, LINES_PRINTED = 80, 40


def report_of(kpi: Kpi, *, viewer: User, day: date) -> Report:
    """Return chart, table, target, source, signals with answers and restatements of ``kpi``."""
    drawn = chart(kpi, viewer=viewer)
    tile = next(iter(tiles_of([kpi], viewer=viewer, day=day)))
    pareto = causes(kpi, viewer=viewer, found=drawn.points)
    sections = (_points(drawn), _targets(kpi), _signals(drawn), _phases(kpi), _restated(drawn))
    return Report(
        title=kpi.name,
        number=kpi.code,
        organisation=str(settings().name),
        footer="Andon",
        facts=_facts(kpi, tile, drawn, day),
        sentences=[kpi.question, *drawn.judgement.warnings],
        figures=[figure for figure in (drawn.drawing, pareto) if figure is not None],
        tables=[section for section in sections if section.rows],
    )


def _facts(kpi: Kpi, tile: Tile, drawn: KpiChart, day: date) -> list[tuple[str, str]]:
    newest = f"{tile.number} {kpi.unit}".strip() if tile.number else _("No data")
    found = [
        (_("Newest value"), f"{newest} ({tile.period})" if tile.period else newest),
        (_("State"), tile.state),
        (_("Target"), tile.target or _("No target")),
        (_("Source"), kpi.source),
        (_("Owner"), str(kpi.owner)),
        (_("Chart"), f"{drawn.judgement.chart_name}. {drawn.judgement.reason}"),
        (_("Printed"), date_format(day)),
    ]
    if kpi.reaction:
        found.insert(5, (_("Reaction plan"), kpi.reaction))
    return found


def _points(drawn: KpiChart) -> Section:
    table = drawn.drawing
    rows: Sequence[Sequence[object]] = table.rows[::-1][:POINTS_PRINTED] if table else ()
    return Section(title=_("Values"), columns=table.columns if table else (), rows=rows)


def _targets(kpi: Kpi) -> Section:
    rows = [
        (date_format(target.from_date), shown(kpi, target.value), target.reason)
        for target in kpi.known_targets[:LINES_PRINTED]
    ]
    return Section(title=_("Targets"), columns=(_("From"), _("Target"), _("Why")), rows=rows)


def _signals(drawn: KpiChart) -> Section:
    rows = [
        (
            signal.number,
            signal.point,
            signal.sentence or signal.title,
            signal.answer or _("Waits for %s") % signal.owner,
        )
        for signal in drawn.records[:LINES_PRINTED]
    ]
    names = (_("Number"), _("Period"), _("What was seen"), _("Answer"))
    return Section(title=_("Signals and their answers"), columns=names, rows=rows)


def _phases(kpi: Kpi) -> Section:
    found = kpi.phases.select_related("record", "by").order_by("-day", "-sequence")
    rows = [
        (date_format(one.day), one.reason, one.shown_by, str(one.by))
        for one in found[:LINES_PRINTED]
    ]
    names = (_("From"), _("What changed"), _("Shown by"), _("By"))
    return Section(title=_("Baselines of the limits"), columns=names, rows=rows)


def _restated(drawn: KpiChart) -> Section:
    rows = [
        (
            one.label, one.was, one.now, date_format(one.at, "Y-m-d") if one.at else "", one.by,
            "; ".join([one.why, str(one.batch), *one.causes]),
        )
        for one in drawn.restated[:LINES_PRINTED]
    ]  # fmt: skip
    names = (_("Period"), _("Before"), _("After"), _("When"), _("By"), _("Why"))
    return Section(title=_("Restatements"), columns=names, rows=rows)
