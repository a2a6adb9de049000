"""Pages a corrective action has beyond those of every record."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.modules.actions import queries, services
from andon.modules.actions.forms import ActionFilters, EditForm, OpenForm, SuccessorForm
from andon.modules.actions.lifecycle import State
from andon.modules.actions.models import CorrectiveAction, Question
from andon.modules.actions.models.meanwhile import changed_meanwhile
from andon.modules.kpis import queries as kpis
from andon.modules.kpis.views.signals import PAGES as SIGNALS
from andon.modules.nonconformities.models import Nonconformity
from andon.organization import clock
from andon.organization.policy import policy
from andon.records import services as records
from andon.records.listing import Column
from andon.records.pages import RecordPages, Request, see
from andon.records.workflow import Refused

_QUESTIONS = {key: at for at, key in enumerate(Question.values)}
FINAL = (State.EFFECTIVE, State.NOT_EFFECTIVE)


def detail_context(request: Request, record: CorrectiveAction) -> dict[str, Any]:
    """Return what the page of one corrective action shows beside the shell."""
    day = clock.today(record.site)
    cases = Nonconformity.objects.visible_to(request.user).filter(pk__in=record.case_ids)
    may = request.user.may
    return {
        "progress": progress(record),
        "tree": queries.tree(record),
        "items": record.items.select_related(
            "owner", "cause", "party", "proof_record", "proof_file__record"
        ).order_by("due_date", "pk"),
        "weak_plan": bool(record.live_items) and not record.has_strong_action(),
        "contrasts": sorted(record.contrasts.all(), key=lambda row: _QUESTIONS[row.question]),
        "members": record.members.filter(left_date=None).select_related("user").order_by("pk"),
        "looks": record.looks.select_related("who").order_by("pk"),
        "report": getattr(record, "customer_report", None),
        "item_extensions": record.item_extensions.select_related("by", "item").order_by("pk"),
        "criterion": record.criterion,
        "left_out": record.left_out.order_by("period_start"),
        "verdict": record.verdict(day) if record.state == State.IMPLEMENTED else None,
        "chart": queries.chart_of(record, day=day),
        "checks": record.checks.select_related("by").order_by("-pk"),
        "judged": record.recurrences.select_related("case", "by", "cause").order_by("pk"),
        "meanwhile": changed_meanwhile(record, request.user),
        "cases": cases.select_related("item", "defect", "site").order_by("pk"),
        "came_back": record.came_back_as,
        "again": record.reported_again,
        "simple": _is_simple(record),
        "may_analyse": may("analyses.keep", record.site_id),
        "may_plan": not record.is_plan_fixed and may("actions.work", record.site_id),
        "may_judge": may("actions.verify", record.site_id),
        "may_verify": not record.is_final and may("actions.verify", record.site_id),
        "may_open": may("actions.open", record.site_id),
        "may_split": record.state == State.EFFECTIVE
        and kpis.may_split(record.kpi, record, request.user),
        "me": request.user,
    }


def _is_simple(record: CorrectiveAction) -> bool:
    """Whether one page is enough: an ordinary case under Light with nothing planned yet."""
    untouched = record.state == State.OPENED and not record.all_causes and not record.live_items
    return untouched and policy().light and not record.is_serious


def progress(record: CorrectiveAction) -> list[tuple[str, str]]:
    """Return (label, place) of the way of this record: Light skips a state, one end is reached."""
    end = record.state if record.state in FINAL else State.EFFECTIVE
    way = [State.OPENED, State.ANALYSED, State.PLANNED, State.IMPLEMENTED, State(end)]
    if policy().light and record.state != State.ANALYSED:
        way.remove(State.ANALYSED)
    here = way.index(State(record.state)) if record.state in way else -1
    places = ["done" if n < here else "now" if n == here else "ahead" for n in range(len(way))]
    return [(str(state.label), place) for state, place in zip(way, places, strict=True)]


def _case_words(action: CorrectiveAction) -> str | None:
    words = []
    if action.major:
        words.append(_("Major"))
    if action.customer_case:
        words.append(_("Customer"))
    return ", ".join(words) or None


PAGES = RecordPages(
    kind=CorrectiveAction,
    form=OpenForm,
    edit_form=EditForm,
    filters=ActionFilters,
    columns=(
        Column("case", gettext_lazy("Case"), _case_words),
        Column("kpi", gettext_lazy("KPI"), lambda ca: ca.kpi.code if ca.kpi else None),
        Column("cut_in", gettext_lazy("Took hold"), lambda ca: ca.cut_in_date),
    ),
    related=("kpi", "verifier"),
    empty=gettext_lazy(
        "When something went wrong and must not come back, open a corrective action: find the"
        " cause, act on it, and check on the number whether it worked."
    ),
    clause="10.2",
    context=detail_context,
)


def succeed(request: Request, number: str) -> HttpResponse:
    """Open a successor of a corrective action that did not hold, and go to it."""
    record = PAGES.find(request, number)
    form = SuccessorForm(request.POST or None, record=record, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            fresh = services.open_successor(record, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, list(records.sentences(error)))
        except Refused as refused:
            form.add_error(None, [str(item) for item in refused.items])
        else:
            messages.success(request, _("%(number)s is recorded.") % {"number": fresh.number})
            return see(fresh.get_absolute_url())
    context = {
        "pages": PAGES,
        "record": record,
        "form": form,
        "title": _("Open a successor"),
        "help": _("It takes over the problem and the nonconformities; this one stays closed."),
    }
    return render(request, PAGES.template("action"), context, status=422 if form.is_bound else 200)


def escalate(request: Request, number: str) -> HttpResponse:
    """Open a corrective action from a signal, which it answers, and go to it."""
    signal = SIGNALS.find(request, number)
    action = services.escalate(signal, by=request.user)
    messages.success(request, _("%(number)s is recorded.") % {"number": action.number})
    return see(action.get_absolute_url())
