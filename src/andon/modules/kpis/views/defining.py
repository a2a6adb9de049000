"""Defining KPIs: the ready-made ones, one's own with a preview, and changes of a definition."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from andon.accounts.forms import add_errors
from andon.accounts.stale import StaleError
from andon.modules.kpis import queries, services
from andon.modules.kpis.forms import KpiForm
from andon.modules.kpis.models import terms
from andon.organization import clock
from andon.records.pages import Request, see
from andon.records.workflow import Refused

from .board import find


def ready(request: Request) -> HttpResponse:
    """Show what Andon knows to compute, with its formula in words."""
    context = {"ready": queries.ready_made(request.user), "may": request.user.may("kpis.manage")}
    return render(request, "kpis/ready.html", context)


def adopt(request: Request, formula: str) -> HttpResponse:
    """Define a ready-made KPI with one click."""
    made = services.adopt(formula, by=request.user)
    messages.success(request, _("%s is defined.") % made)
    return see(made.get_absolute_url())


def define(request: Request) -> HttpResponse:
    """Define a KPI; ``?ready=`` fills the form with one that Andon knows."""
    if request.method != "POST":
        first = {"owner": request.user.pk, "active_from": clock.today()}
        first |= services.ready_made(request.GET.get("ready", ""))
        return _form_page(request, KpiForm(initial=first, viewer=request.user))
    form = KpiForm(request.POST, viewer=request.user)
    if "preview" in request.POST:
        return _previewed(request, form)
    if form.is_valid():
        try:
            made = services.define(form.instance, by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("%s is defined.") % made)
            return see(made.get_absolute_url())
    return _form_page(request, form)


def redefine(request: Request, code: str) -> HttpResponse:
    """Change a definition; who saved first wins, and the other sees both values."""
    found = find(request, code)
    form = KpiForm(request.POST or None, instance=find(request, code), viewer=request.user)
    if "preview" in request.POST:
        return _previewed(request, form, kpi=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.redefine(
                found, form.changes(), by=request.user, mark=form.cleaned_data["seen"]
            )
        except ValidationError as error:
            add_errors(form, error)
        except StaleError as stale:
            form.add_error(None, str(stale))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return see(find(request, form.instance.code).get_absolute_url())
    return _form_page(request, form, kpi=found)


def _previewed(request: Request, form: KpiForm, **context: Any) -> HttpResponse:
    """Show what the formula gives for the last periods; nothing is saved."""
    form.full_clean()
    wrong = {"formula", "expression", "period", "site", "line", "item"} & set(form.errors)
    if wrong or not form.instance.is_computed:
        return _form_page(request, form, **context)
    services.require_definer(request.user, form.instance)
    shown = queries.preview(form.instance, day=clock.today(form.instance.site))
    return _form_page(request, form, preview=shown, **context)


def _form_page(request: Request, form: KpiForm, **context: Any) -> HttpResponse:
    context |= {"form": form, "terms": terms.known().values()}
    status = 422 if form.is_bound and "preview" not in context else 200
    return render(request, "kpis/define.html", context, status=status)
