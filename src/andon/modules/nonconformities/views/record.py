"""What a nonconformity tells the kernel's pages, and the pages of its own: triage, hold tag."""

from typing import Any

import segno
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from andon.modules.nonconformities import queries, services
from andon.modules.nonconformities.forms.lists import NonconformityFilters
from andon.modules.nonconformities.forms.records import ActionForm, EditForm, ReportForm, TriageForm
from andon.modules.nonconformities.models import Nonconformity, Reinspection, State
from andon.organization import clock
from andon.organization.models import Item
from andon.organization.queries import settings
from andon.records import services as records
from andon.records.listing import Column, key_of
from andon.records.pages import RecordPages, Request, see, version_of


def detail_context(request: Request, record: Nonconformity) -> dict[str, Any]:
    """Return what the page of one nonconformity shows beside the shell."""
    visible = Nonconformity.objects.visible_to(request.user)
    may = request.user.may
    rounds = _rounds(record)
    needed = record.authorities() if record.severity else []
    given = {row.role for row in record.all_agreements if row.still_stands} if needed else set()
    return {
        "lots": [(lot, record.ledger_of(lot)) for lot in record.affected_lots],
        "authorities": [(row, row.role in given) for row in needed],
        "agreements": record.all_agreements if needed else [],
        "may_agree": _may_agree(request, record, {row.role for row in needed}),
        "costs": record.costs,
        "proposed": services.proposed_costs(record) if not record.is_final else [],
        "currency": settings().currency,
        "ledger": record.ledger if record.has_quantity else None,
        "containments": record.held,
        "sortings": record.rounds,
        "dispositions": [(line, rounds.get(line.pk, [])) for line in record.decisions],
        "similar": queries.similar_to(record, visible),
        "may_analyse": may("analyses.keep", record.site_id),
        "may_decide": not record.is_final and may("nonconformities.decide", record.site_id),
        "may_verify": not record.is_final and may("nonconformities.verify", record.site_id),
    }


def _may_agree(request: Request, record: Nonconformity, roles: set[str]) -> bool:
    """Return whether this person can give one of the agreements that are needed."""
    person = request.user
    open_still = not record.is_final and record.state != State.DECIDED
    return bool(
        open_still
        and roles & person.roles_at(record.site_id)
        and person.may("nonconformities.agree", record.site_id)
        and not any(row.by_id == person.pk and row.still_stands for row in record.all_agreements)
    )


def _rounds(record: Nonconformity) -> dict[int, list[Reinspection]]:
    """Return the re-inspections by line; only rework and repair have any."""
    if not any(line.needs_verification for line in record.decisions):
        return {}
    found: dict[int, list[Reinspection]] = {}
    for row in record.reinspections.select_related("by").order_by("pk"):
        found.setdefault(row.disposition_id, []).append(row)
    return found


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
    more_columns=(Column("cost", gettext_lazy("Cost"), lambda nc: nc.cost or None),),
    related=("item", "defect", "line", "party"),
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


def take_over_costs(request: Request, number: str) -> HttpResponse:
    """Add the costs that follow from the dispositions and the rates."""
    found = PAGES.find(request, number)
    services.take_over_costs(found, by=request.user)
    return see(found.get_absolute_url() + "#cost")
