"""Batches of facts: what came in when, and undoing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.http import Request
from andon.modules.production import services
from andon.modules.production.forms import UndoForm
from andon.modules.production.models import ImportBatch, Stage
from andon.records.listing import key_of
from andon.records.pages import see
from andon.records.workflow import Refused

PAGE = 25
SHOWN_ROWS = 20
TONES = {Stage.DRAFT: "neutral", Stage.PUBLISHED: "good", Stage.VOID: "info"}


def batches(request: Request) -> HttpResponse:
    """List the batches, newest first."""
    rows = ImportBatch.objects.visible_to(request.user).exclude(stage=Stage.DRAFT)
    before = key_of(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("site", "published_by").order_by("-pk")[: PAGE + 1])
    older = f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    context = {
        "batches": [(batch, TONES[Stage(batch.stage)]) for batch in found[:PAGE]],
        "pages": {"summary": "", "previous": "?" if before else "", "next": older},
    }
    return render(request, "production/batches.html", context)


def _batch(request: Request, pk: int) -> ImportBatch:
    rows = ImportBatch.objects.visible_to(request.user).select_related("site", "published_by")
    batch: ImportBatch | None = rows.filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


def batch(request: Request, pk: int) -> HttpResponse:
    """Show one batch, its first rows, and what was done with it."""
    return _show(request, _batch(request, pk), UndoForm())


def undo(request: Request, pk: int) -> HttpResponse:
    """Undo a batch: its rows count no longer, those it corrected count again."""
    found = _batch(request, pk)
    form = UndoForm(request.POST)
    if form.is_valid():
        try:
            services.undo(found, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The batch is undone; what it corrected counts again."))
            return see(reverse("production:batch", args=[pk]))
    return _show(request, found, form)


def _show(request: Request, found: ImportBatch, form: UndoForm) -> HttpResponse:
    model = found.row_model
    columns = [*model.key_fields, *model.value_fields]
    related = [name.removesuffix("_id") for name in columns if name.endswith("_id")]
    rows = model._default_manager.filter(batch=found).select_related(*related).order_by("pk")
    names = [name.removesuffix("_id") for name in columns]
    context: dict[str, Any] = {
        "batch": found,
        "tone": TONES[Stage(found.stage)],
        "headings": [getattr(model, name).field.verbose_name for name in names],
        "rows": [(row, [getattr(row, name) for name in names]) for row in rows[:SHOWN_ROWS]],
        "form": form,
        "may_undo": found.stage == Stage.PUBLISHED
        and request.user.may_at("production.undo", found.site_id),
    }
    return render(request, "production/batch.html", context, status=422 if form.errors else 200)
