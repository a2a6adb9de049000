"""The page on which a checklist is filled in."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.records import services as records
from andon.records.models import Record
from andon.records.pages import Request, see
from andon.records.workflow import Refused
from andon.sheets import keeping, reading, showing
from andon.sheets.asking import BAD
from andon.sheets.models import FormDesign, Sheet

from . import services
from .forms import ChecklistForm

Use = FormDesign.Use


def fill(request: Request, number: str, key: str) -> HttpResponse:
    """Show a checklist of a record and take its answers; a signed one is read only."""
    record, design = _find(request, number, key)
    runs = reading.runs(record, design)
    if request.POST.get("act") == "again":
        services.run_again(record, design, by=request.user)
        return see(keeping.checklist_url(record, design))
    sheet = runs[0] if runs else None
    version = sheet.version if sheet else design.in_force
    form = ChecklistForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        questions=reading.content(version).live,
        sheet=sheet,
        viewer=request.user,
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and (done := _kept(request, form, record, design))
    ):
        return see(done)
    return _page(request, form, record, design, runs)


def _kept(request: Request, form: Any, record: Record, design: FormDesign) -> str:
    """Keep what was typed and return where to go on; empty when it was refused."""
    sign = request.POST.get("act") == "sign"
    given = form.given()
    try:
        services.fill(record, design, given, by=request.user)
        if sign:
            services.fill(record, design, {}, by=request.user, sign=True)
    except ValidationError as error:
        form.add_error(None, list(records.sentences(error)))
    except Refused as refused:
        form.add_error(None, [str(item) for item in refused.items])
    else:
        messages.success(request, _("Signed off.") if sign else _("Kept. Go on when you like."))
        return keeping.checklist_url(record, design)
    return ""


def _page(
    request: Request, form: Any, record: Record, design: FormDesign, runs: list[Sheet]
) -> HttpResponse:
    sheet = runs[0] if runs else None
    signed = sheet if sheet is not None and sheet.signed_date else None
    may_fill = not record.is_final and request.user.may("checklists.fill", record.site_id)
    context = {
        "record": record,
        "design": design,
        "form": form,
        "sheet": sheet,
        "signed": showing.shown_sheet(signed) if signed else None,
        "earlier": [(run, showing.shown_sheet(run)) for run in runs[1:]],
        "may_fill": may_fill,
        "failures": _failures(request, record, sheet),
        "done": reading.answered(sheet) if sheet else 0,
        "all": len(form.fields),
    }
    return render(request, "checklists/fill.html", context, status=422 if form.errors else 200)


def _find(request: Request, number: str, key: str) -> tuple[Record, FormDesign]:
    shell = get_object_or_404(Record.objects.visible_to(request.user), number=number)
    rows: Any = Record.kind_called(shell.kind)._default_manager
    record: Record = rows.visible_to(request.user).select_related("site").get(pk=shell.pk)
    design: FormDesign | None = next(
        (d for d in reading.designs_of(record.kind) if d.key == key and d.use == Use.CHECKLIST),
        None,
    )
    if design is None:
        raise Http404
    begun = reading.last_run(record, design) is not None
    if not begun and design not in reading.applying(record, Use.CHECKLIST):
        raise Http404
    return record, design


def _failures(request: Request, record: Record, sheet: Sheet | None) -> list[tuple[str, str]]:
    """Return each failed item with the address that raises a record about it."""
    kinds = [kind for kind in Record.kinds() if kind.takes_failures]
    may = [kind for kind in kinds if request.user.may(kind.create_permission, record.site_id)]
    if sheet is None:
        return []
    asked = reading.content(sheet.version)
    labels = [asked[row.key].label for row in reading.rows_of(sheet) if row.judged == BAD]
    found = []
    for label in labels:
        title = f"{sheet.design.name}: {label}"[:200]
        query = urlencode({"raised_from": record.number, "title": title})
        found.append((label, f"{reverse(f'{may[0].slug()}:new')}?{query}" if may else ""))
    return found
