"""The 8D report as page and PDF, and the forms it can be printed in."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from andon.modules.actions import services
from andon.modules.actions.forms import ChooseFormForm, ReportFormForm
from andon.modules.actions.forms.papers import chosen
from andon.modules.actions.models import ReportForm
from andon.modules.actions.models.shipped import Form, all_forms, form_called, form_for
from andon.modules.actions.queries.eight_d import sheet_of
from andon.modules.actions.queries.told import Told
from andon.organization import clock
from andon.records import services as records
from andon.records.pages import Request
from andon.records.workflow import Refused
from andon.ui.paper import Unprintable
from andon.ui.paper.sheet import sheet_pdf

from .records import PAGES


def eight_d(request: Request, number: str) -> HttpResponse:
    """Show the 8D report in the form that is asked for, or in that of the customer."""
    told, form = _told(request, number)
    context = {
        "pages": PAGES,
        "record": told.action,
        "report": told.report,
        "form": form,
        "forms": all_forms(),
        "sheet": sheet_of(form, told),
        "may_edit": not told.action.is_final
        and request.user.may("actions.work", told.action.site_id),
    }
    return render(request, "actions/eight_d.html", context)


def pdf(request: Request, number: str) -> HttpResponse:
    """Return the 8D report as PDF; it names the form and its version."""
    told, form = _told(request, number)
    try:
        content = sheet_pdf(sheet_of(form, told))
    except Unprintable as error:
        raise Refused(str(error), fix=told.action.get_absolute_url()) from error
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{told.action.number}-{form.code}.pdf"'
    return answer


def _told(request: Request, number: str) -> tuple[Told, Form]:
    record = PAGES.find(request, number)
    told = Told(record, request.user, clock.today(record.site))
    asked = request.GET.get("form", "")[:20]
    form = form_called(asked) if asked else form_for(told.report)
    if form is None:
        raise Http404
    return told, form


# -- the forms -----------------------------------------------------------------------------------


def forms(request: Request) -> HttpResponse:
    """List the report forms, and choose which customer gets which."""
    form = ChooseFormForm(request.POST or None, viewer=request.user)
    if request.method == "POST" and form.is_valid() and _done(form, _choose, request):
        messages.success(request, _("Saved."))
        return redirect("actions:forms")
    context = {
        "form": form,
        "forms": all_forms(),
        "chosen": chosen(request.user),
        "may": request.user.may("actions.forms"),
    }
    return render(request, "actions/forms.html", context, status=422 if form.is_bound else 200)


def _choose(request: Request, form: Any) -> None:
    typed = form.cleaned_data
    services.choose_form(typed["party"], by=request.user, form_code=typed["form_code"])


def form_new(request: Request) -> HttpResponse:
    """Make a form of our own, beginning from one that is there."""
    start = form_called(request.GET.get("from", "PLAIN-8D")[:20])
    return _edit(request, start, own=False)


def form_edit(request: Request, code: str) -> HttpResponse:
    """Make the next version of a form of our own."""
    if not ReportForm.objects.visible_to(request.user).filter(code=code).exists():
        raise Http404
    return _edit(request, form_called(code), own=True)


def _edit(request: Request, start: Form | None, *, own: bool) -> HttpResponse:
    form = ReportFormForm(request.POST or None, request.FILES or None, start=start, own=own)
    if request.method == "POST" and form.is_valid() and _done(form, _keep, request):
        messages.success(request, _("Saved."))
        return redirect("actions:forms")
    context = {"form": form, "start": start, "own": own}
    status = 422 if form.is_bound else 200
    return render(request, "actions/report_form.html", context, status=status)


def _keep(request: Request, form: Any) -> None:
    typed = dict(form.cleaned_data)
    upload = typed.pop("logo")
    logo = services.drawn_anew(upload) if upload else None
    services.keep_form(by=request.user, logo=logo, **typed)


def _done(form: Any, act: Any, request: Request) -> bool:
    """Return whether ``act`` went through; otherwise its refusal stands on ``form``."""
    try:
        act(request, form)
    except ValidationError as error:
        form.add_error(None, list(records.sentences(error)))
    except Refused as refused:
        form.add_error(None, [str(item) for item in refused.items])
    return not form.errors
