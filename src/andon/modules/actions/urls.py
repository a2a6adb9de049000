"""Addresses of corrective actions."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from andon.accounts.policy import allow
from andon.records.part_views import form_action
from andon.records.routes import page, record_urls

from . import forms, services, views
from .views import PAGES

app_name = "actions"

WORK, VERIFY, CARRY_OUT = "actions.work", "actions.verify", "actions.carry_out"


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


urlpatterns = [
    *record_urls(PAGES),
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
        "causes/",
        "add-cause",
        forms.CauseForm,
        services.add_cause,
        title=_("Propose a cause"),
        place="#causes",
        help=_("Ask why, and why again, until it can be changed."),
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
        page(views.escalate, allow("actions.open"), require_POST),
        name="escalate",
    ),
    path("<str:number>/succeed/", page(views.succeed, allow("actions.open")), name="succeed"),
]
