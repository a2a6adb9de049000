"""Addresses of corrective actions."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.policy import allow, signed_in
from andon.records.part_views import form_action
from andon.records.routes import page, record_urls

from . import forms, services
from .views import PAGES, analysis, papers
from .views.records import escalate, succeed
from .views.small import To, on_record, small

app_name = "actions"

WORK, VERIFY, CARRY_OUT = "actions.work", "actions.verify", "actions.carry_out"
FORMS = "actions.forms"


def _act(
    route: str,
    name: str,
    form: Any,
    service: Any,
    *,
    title: Promise | str,
    place: str,
    permission: str = WORK,
    help: Promise | str = "",  # noqa: A002  (the word of the page)
) -> URLPattern:
    """Return the address of one small form."""
    view = form_action(PAGES, form, service, title=title, place=place, help=help)
    address: URLPattern = path(f"<str:number>/{route}", page(view, allow(permission)), name=name)
    return address


def _small(
    route: str,
    name: str,
    form: Any,
    service: Any,
    *,
    title: Promise | str,
    to: To,
    permission: str = WORK,
    **words: Any,
) -> URLPattern:
    """Return the address of one small form that knows its line or leads elsewhere."""
    view = small(form, service, title=title, to=to, **words)
    address: URLPattern = path(f"<str:number>/{route}", page(view, allow(permission)), name=name)
    return address


_FORMS = [
    path("forms/", page(papers.forms, signed_in), name="forms"),
    path("forms/new/", page(papers.form_new, allow(FORMS)), name="form-new"),
    path("forms/<str:code>/", page(papers.form_edit, allow(FORMS)), name="form-edit"),
]
_ANALYSIS = [
    path("<str:number>/tree/", page(analysis.tree, signed_in, require_GET), name="tree"),
    path("<str:number>/across/", page(analysis.across, signed_in, require_GET), name="across"),
    path(
        "<str:number>/timeline/", page(analysis.timeline, signed_in, require_GET), name="timeline"
    ),
    _small(
        "causes/",
        "add-cause",
        forms.CauseForm,
        services.add_cause,
        title=_("Propose a cause"),
        to=analysis.tree_of,
        help=_("Ask why, and why again, until it can be changed."),
    ),
    _small(
        "causes/<int:cause>/edit/",
        "edit-cause",
        forms.CauseForm,
        services.edit_cause,
        title=_("Edit a cause"),
        to=analysis.tree_of,
        help=_("With other words it has to be verified again."),
        knows_line=True,
        versioned=True,
    ),
    _small(
        "contrasts/",
        "contrast",
        forms.ContrastForm,
        services.contrast,
        title=_("Is and is not"),
        to=on_record("#contrasts"),
        help=_("Where the problem is not, though it could be, points at its cause."),
        template="contrast",
        versioned=True,
    ),
    _small(
        "team/",
        "join-team",
        forms.MemberForm,
        services.join_team,
        title=_("Take into the team"),
        to=on_record("#team"),
        help=_("Who signs in here sees the record from now on, also when it is restricted."),
    ),
    _act(
        "team/<int:member>/leave/",
        "leave-team",
        forms.NothingForm,
        services.leave_team,
        title=_("Leave the team"),
        place="#team",
        help=_("A restricted record is no longer shown to this person."),
    ),
    _small(
        "across/answer/",
        "look-across",
        forms.LookForm,
        services.look_across,
        title=_("Look across"),
        to=analysis.across_of,
    ),
    _small(
        "across/<int:look>/",
        "look-again",
        forms.LookForm,
        services.look_across,
        title=_("Look again"),
        to=analysis.across_of,
        knows_line=True,
    ),
]
_PROOFS = [
    _small(
        "items/<int:item>/proof/",
        "prove-item",
        forms.ProofForm,
        services.prove_item,
        title=_("What proves it"),
        to=on_record("#actions"),
        permission=CARRY_OUT,
        knows_line=True,
    ),
    _small(
        "items/<int:item>/request/",
        "ask-supplier",
        forms.RequestForm,
        services.ask_supplier,
        title=_("Request to a supplier"),
        to=on_record("#actions"),
        permission=CARRY_OUT,
        knows_line=True,
    ),
]
_PAPERS = [
    path("<str:number>/8d/", page(papers.eight_d, signed_in, require_GET), name="eight-d"),
    path("<str:number>/8d.pdf", page(papers.pdf, signed_in, require_GET), name="pdf"),
    _small(
        "report/",
        "report",
        forms.ReportDataForm,
        services.ask_report,
        title=_("What the customer asks"),
        to=on_record("#report"),
    ),
]

urlpatterns = [
    *_FORMS,
    *record_urls(PAGES),
    *_ANALYSIS,
    *_PROOFS,
    *_PAPERS,
    _act(
        "simple/",
        "simple",
        forms.SimpleForm,
        services.plan_simply,
        title=_("Plan on one page"),
        place="#next",
        help=_("Problem, cause, action and check."),
    ),
    _act(
        "causes/<int:cause>/",
        "judge-cause",
        forms.JudgeCauseForm,
        services.judge_cause,
        title=_("Verify or refute a cause"),
        place="#causes",
    ),
    _act(
        "items/",
        "add-item",
        forms.ItemForm,
        services.add_item,
        title=_("Plan an action"),
        place="#actions",
    ),
    _act(
        "items/<int:item>/drop/",
        "drop-item",
        forms.DropForm,
        services.drop_item,
        title=_("Drop an action"),
        place="#actions",
    ),
    _act(
        "items/<int:item>/extend/",
        "extend-item",
        forms.MoreTimeForm,
        services.extend_item,
        title=_("More time for an action"),
        place="#actions",
    ),
    _act(
        "items/<int:item>/done/",
        "finish-item",
        forms.FinishForm,
        services.finish_item,
        title=_("Action done"),
        place="#actions",
        permission=CARRY_OUT,
    ),
    _act(
        "effect/kpi/",
        "promise-change",
        forms.ChangeForm,
        services.promise_change,
        title=_("Judge by a KPI"),
        place="#effect",
        help=_("Fixed with the plan, before the numbers are seen."),
    ),
    _act(
        "effect/recurrence/",
        "promise-no-recurrence",
        forms.SilenceForm,
        services.promise_no_recurrence,
        title=_("Judge by no recurrence"),
        place="#effect",
    ),
    _act(
        "effect/longer/",
        "watch-longer",
        forms.WatchLongerForm,
        services.extend_window,
        title=_("Inconclusive: watch longer"),
        place="#effect",
        permission=VERIFY,
    ),
    _act(
        "recurrences/",
        "judge-recurrence",
        forms.RecurrenceForm,
        services.judge_recurrence,
        title=_("Judge a recurrence"),
        place="#recurrences",
        permission=VERIFY,
    ),
    _act(
        "cases/",
        "take-on",
        forms.TakeOnForm,
        services.take_on,
        title=_("Take on another nonconformity"),
        place="#cases",
        help=_("One corrective action may correct the cause of many."),
    ),
    path(
        "from-signal/<str:number>/",
        page(escalate, allow("actions.open"), require_POST),
        name="escalate",
    ),
    path("<str:number>/succeed/", page(succeed, allow("actions.open")), name="succeed"),
]
