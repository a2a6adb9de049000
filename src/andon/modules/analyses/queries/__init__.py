"""The series of a KPI as values, and an analysis as a report."""

from collections.abc import Sequence
from datetime import date

from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.modules.analyses.models import Analysis, Outcome, ValueColumn, Values
from andon.modules.kpis.models import Kpi
from andon.modules.kpis.models.series import points
from andon.ui.paper import Report, Section

LONGEST_TABLE = 200


def series_of(code: str, *, viewer: User) -> tuple[Values, str]:
    """Return the newest points of a KPI as values, and the method that suits them."""
    rows = Kpi.objects.visible_to(viewer).filter(code=code)
    kpi: Kpi | None = rows.first() if code.isprintable() else None
    if kpi is None:
        raise Http404
    found = [point for point in points(kpi) if point.value is not None]
    labels = ValueColumn(_("Period"), tuple(point.label for point in found))
    if kpi.is_ratio and kpi.kind != "measured":
        top = tuple(float(point.numerator or 0) for point in found)
        bottom = tuple(float(point.denominator or 0) for point in found)
        pair = (ValueColumn(kpi.name, top), ValueColumn(_("Out of"), bottom))
        return Values((labels, *pair)), "counts"
    name = f"{kpi.name}, {kpi.unit}" if kpi.unit else kpi.name
    values = ValueColumn(name, tuple(float(point.value or 0) for point in found))
    return Values((labels, values)), "imr"


def report_of(analysis: Analysis, *, day: date) -> Report:
    """Return a kept analysis as a report; raises `Unfit` if it cannot be computed any more."""
    facts = [
        (_("Number"), analysis.number),
        (_("State"), str(analysis.state_label)),
        (_("Method"), str(analysis.how.label)),
        (_("Values from"), analysis.source),
        (_("Kept"), f"{date_format(analysis.opened_date)}, {analysis.opened_by}"),
        (_("Computed with"), analysis.engine),
        (_("Printed"), date_format(day)),
    ]
    if analysis.conclusion:
        facts.append((_("Conclusion"), analysis.conclusion))
    return report(
        analysis.outcome, title=analysis.title, number=analysis.number, facts=facts,
        values=analysis.data,
    )  # fmt: skip


def report(
    outcome: Outcome | None,
    *,
    title: str,
    number: str = "",
    facts: Sequence[tuple[str, str]] = (),
    values: Values | None = None,
) -> Report:
    """Return an outcome as a report: what it says, drawn, and the numbers behind it."""
    found = outcome or Outcome()
    tables = list(found.tables)
    if values is not None and values.size <= LONGEST_TABLE:
        rows = list(zip(*(column.texts for column in values.columns), strict=True))
        tables.append(Section(title=_("Values"), columns=values.names, rows=rows))
    return Report(
        title=title,
        number=number,
        footer="Andon",
        facts=[*facts, *found.facts],
        sentences=[*found.sentences, *found.warnings],
        figures=found.figures,
        tables=tables,
    )
