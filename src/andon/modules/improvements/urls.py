"""Addresses of improvement projects."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from andon.accounts.policy import allow
from andon.records.part_views import form_action
from andon.records.routes import page, record_urls

from . import forms, services, views
from .views import PAGES

app_name = "improvements"

_goal = form_action(
    PAGES,
    forms.GoalForm,
    services.fix_goal,
    title=_("Fix the goal"),
    place="#goal",
    help=_("Before it runs: by which number you will know, and what it is worth in money."),
)

urlpatterns = [
    *record_urls(PAGES),
    path(
        "from-signal/<str:number>/",
        page(views.escalate, allow("improvements.work"), require_POST),
        name="escalate",
    ),
    path("<str:number>/goal/", page(_goal, allow("improvements.work")), name="goal"),
]
