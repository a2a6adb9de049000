"""Pages a project has beyond those of every record."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.modules.kpis import queries as kpis
from andon.modules.kpis.models.judging import shown
from andon.modules.kpis.views.signals import PAGES as SIGNALS
from andon.organization import clock
from andon.records.listing import Column
from andon.records.pages import RecordPages, Request, see

from . import queries, services
from .forms import EditForm, ProposeForm
from .lifecycle import State
from .models import ImprovementProject
from .models.benefits import in_money

ENDS = (State.CONFIRMED, State.NOT_REACHED)


def detail_context(request: Request, record: ImprovementProject) -> dict[str, Any]:
    """Return what the page of one project shows beside the shell."""
    day = clock.today(record.site)
    may = request.user.may
    benefit = record.benefit(day) if not record.is_final else None
    return {
        "progress": progress(record),
        "benefit": benefit,
        "payback": benefit.payback_months(record.costs) if benefit else None,
        "chart": queries.chart_of(record, day=record.closed_date or day),
        "target": _in_unit(record, record.target_value),
        "baseline": _in_unit(record, record.baseline_level),
        "expected": in_money(record.expected_benefit),
        "costs": in_money(record.costs),
        "confirmed": in_money(record.confirmed_benefit),
        "may_goal": record.state == State.PROPOSED and may("improvements.work", record.site_id),
        "may_split": record.state == State.CONFIRMED
        and kpis.may_split(record.kpi, record, request.user),
    }


def _in_unit(record: ImprovementProject, value: Any) -> str:
    return shown(record.kpi, value) if record.kpi and value is not None else ""


def progress(record: ImprovementProject) -> list[tuple[str, str]]:
    """Return (label, place) of the way of this project; of the two ends, the one it reached."""
    end = record.state if record.state in ENDS else State.CONFIRMED
    way = [State.PROPOSED, State.RUNNING, State.CHECKING, State(end)]
    here = way.index(State(record.state)) if record.state in way else -1
    places = ["done" if n < here else "now" if n == here else "ahead" for n in range(len(way))]
    return [(str(state.label), place) for state, place in zip(way, places, strict=True)]


PAGES = RecordPages(
    kind=ImprovementProject,
    form=ProposeForm,
    edit_form=EditForm,
    columns=(
        Column("kpi", gettext_lazy("KPI"), lambda one: one.kpi.code if one.kpi else None),
        Column("expected", gettext_lazy("Expected in a year"), lambda one: one.expected_benefit),
        Column("costs", gettext_lazy("Costs"), lambda one: one.costs),
        Column("benefit", gettext_lazy("Confirmed in a year"), lambda one: one.confirmed_benefit),
    ),
    related=("kpi", "kpi__item", "kpi__line", "confirmer", "confirmed_by"),
    empty=gettext_lazy(
        "When a number is stable but not good enough, looking for one cause does not help: start"
        " a project that changes the process, and show on the number what it brought."
    ),
    clause="10.3",
    context=detail_context,
)


def escalate(request: Request, number: str) -> HttpResponse:
    """Propose a project from a signal, which it answers, and go to it."""
    signal = SIGNALS.find(request, number)
    project = services.escalate(signal, by=request.user)
    messages.success(request, _("%(number)s is recorded.") % {"number": project.number})
    return see(project.get_absolute_url())
