"""What the page of a signal shows beside the shell of every record."""

from typing import Any

from django.utils.translation import gettext_lazy

from andon.modules.kpis import queries
from andon.modules.kpis.forms import EditSignalForm, RaiseForm, SignalFilters
from andon.modules.kpis.models import Signal
from andon.records.listing import Column
from andon.records.pages import RecordPages, Request


def kind_name(signal: Signal) -> str:
    """Return the short name of what a signal says."""
    return str(gettext_lazy("Off target") if signal.is_off_target else gettext_lazy("Signal"))


def detail_context(request: Request, record: Signal) -> dict[str, Any]:
    """Return the chart that raised it, and what may be raised from it."""
    may = request.user.may
    waiting = not record.is_final
    queries.with_raised([record], request.user)
    return {
        "drawn": queries.chart(record.kpi, viewer=request.user),
        "may_raise": waiting and may("nonconformities.report", record.site_id),
        "may_act": waiting and may("kpis.answer", record.site_id),
    }


PAGES = RecordPages(
    kind=Signal,
    form=RaiseForm,
    edit_form=EditSignalForm,
    filters=SignalFilters,
    columns=(
        Column("kpi", gettext_lazy("KPI"), lambda signal: signal.kpi.code),
        Column("kind", gettext_lazy("Kind"), kind_name),
        Column("point", gettext_lazy("Point"), lambda signal: signal.point or None),
    ),
    related=("kpi", "kpi__site"),
    empty=gettext_lazy(
        "When a KPI leaves its limits or stays off its target, a signal waits here for its answer."
    ),
    clause="9.1.3",
    context=detail_context,
)
