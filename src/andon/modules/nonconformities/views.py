"""Pages a nonconformity has beyond those of every record: hold tag, triage, defect codes."""

from typing import Any

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.organization import clock
from andon.organization.models import Item
from andon.records import services as records
from andon.records.listing import Column, key_of
from andon.records.pages import RecordPages, Request, see, version_of
from andon.records.workflow import Refused

from . import queries, services
from .forms import (
    ActionForm,
    DefectCodeForm,
    EditForm,
    NonconformityFilters,
    ReportForm,
    TriageForm,
)
from .models import DefectCode, Nonconformity


def detail_context(request: Request, record: Nonconformity) -> dict[str, Any]:
    """Return what the page of one nonconformity shows beside the shell."""
    visible = Nonconformity.objects.visible_to(request.user)
    may = request.user.may
    return {
        "ledger": record.ledger if record.has_quantity else None,
        "containments": record.held,
        "sortings": record.rounds,
        "dispositions": record.decisions,
        "similar": queries.similar_to(record, visible),
        "may_analyse": may("analyses.keep", record.site_id),
        "may_decide": not record.is_final and may("nonconformities.decide", record.site_id),
        "may_verify": not record.is_final and may("nonconformities.verify", record.site_id),
    }


def form_context(request: Request) -> dict[str, Any]:
    """Return the cases that look like what is being reported."""
    asked = request.POST or request.GET
    number = asked.get("item", "").split(" · ")[0].strip()
    item = Item.objects.visible_to(request.user).filter(number__iexact=number).first()
    return {
        "similar": queries.similar(
            Nonconformity.objects.visible_to(request.user),
            item_id=item.pk if item else None,
            defect_id=key_of(asked.get("defect", "")),
            day=clock.today(),
        )
    }


PAGES = RecordPages(
    kind=Nonconformity,
    form=ReportForm,
    edit_form=EditForm,
    filters=NonconformityFilters,
    columns=(
        Column("severity", gettext_lazy("Severity"), lambda nc: nc.get_severity_display() or None),
        Column("item", gettext_lazy("Item"), lambda nc: nc.item.number if nc.item else None),
        Column("defect", gettext_lazy("Defect"), lambda nc: nc.defect.code if nc.defect else None),
    ),
    related=("item", "defect", "line"),
    empty=gettext_lazy(
        "When something does not fulfil a requirement, record it here: what, how many,"
        " and where it is held."
    ),
    clause="8.7",
    context=detail_context,
    form_context=form_context,
)


def triage(request: Request, number: str) -> HttpResponse:
    """Edit what triage decides; the same service and version as any edit."""
    return _part(request, number, TriageForm, gettext_lazy("Triage"), "#triage")


def decide_action(request: Request, number: str) -> HttpResponse:
    return _part(
        request, number, ActionForm, gettext_lazy("Is a corrective action needed?"), "#action"
    )


def _part(request: Request, number: str, form_class: Any, title: Any, place: str) -> HttpResponse:
    record = PAGES.find(request, number)
    form = form_class(request.POST or None, instance=record, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        fresh = PAGES.find(request, number)
        try:
            records.edit(fresh, form.changes(), by=request.user, version=version_of(request))
        except ValidationError as error:
            form.add_error(None, list(records.sentences(error)))
        else:
            return see(fresh.get_absolute_url() + place)
    version = request.POST.get("version") or record.version
    context = {
        "pages": PAGES,
        "record": record,
        "form": form,
        "title": title,
        "version": version,
        "place": place,
        "similar": queries.similar_to(record, Nonconformity.objects.visible_to(request.user)),
    }
    status = 422 if form.is_bound else 200
    return render(request, "nonconformities/part.html", context, status=status)


def tag(request: Request, number: str) -> HttpResponse:
    """Show the hold tag to print, with the code that leads back to the record."""
    record = PAGES.find(request, number)
    address = request.build_absolute_uri(reverse("records:permalink", args=[record.number]))
    code = segno.make(address, error="m").svg_data_uri(scale=4)
    return render(
        request, "nonconformities/tag.html", {"record": record, "code": code, "address": address}
    )


def codes(request: Request) -> HttpResponse:
    """List the defect codes; who may, adds one."""
    form = DefectCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_defect_code(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, list(records.sentences(error)))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%s is in the list.") % row)
            return see(reverse("nonconformities:codes"))
    rows = DefectCode.objects.visible_to(request.user).order_by("code")[:500]
    context = {"codes": rows, "form": form, "may_add": request.user.may("nonconformities.codes")}
    return render(
        request, "nonconformities/codes.html", context, status=422 if form.errors else 200
    )
