"""Importing a file by page: upload, answer, name columns, look, publish; a chunk a request."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.http import Request
from andon.modules.production.forms import AnswerForm, MappingForm, ReadForm, UploadForm
from andon.modules.production.imports import jobs, known_targets, writing
from andon.modules.production.imports.fields import Target, target_named
from andon.modules.production.imports.work import Overtaken, rows_of
from andon.modules.production.models import ImportJob, StagedChunk, Step
from andon.organization import clock
from andon.records.listing import key_of
from andon.records.pages import see
from andon.tables import Question, Trouble

PAGE = 25
SHOWN_ROWS = 6
SECONDS = 0.7
MOST_CODES = 20


def imports(request: Request) -> HttpResponse:
    """List the imports, newest first."""
    rows = ImportJob.objects.visible_to(request.user).select_related("site", "owner", "batch")
    before = key_of(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    older = f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    context = {
        "jobs": [(job, _label(job)) for job in found[:PAGE]],
        "pages": {"summary": "", "previous": "?" if before else "", "next": older},
    }
    return render(request, "production/imports.html", context)


def _label(job: ImportJob) -> Any:
    try:
        return target_named(job.target).label
    except Trouble:
        return job.target


def new(request: Request) -> HttpResponse:
    """Take a file in."""
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        viewer=request.user,
        targets=known_targets(),
        initial={"target": request.GET.get("target", "output")},
    )
    if request.method == "POST" and form.is_valid():
        upload, site = form.cleaned_data["file"], form.cleaned_data["site"]
        job = jobs.start(
            upload.read(),
            file_name=upload.name,
            target=form.cleaned_data["target"],
            site=site,
            by=request.user,
            day=clock.today(site),
        )
        return see(job.get_absolute_url())
    context = {"form": form, "cancel_url": reverse("production:imports")}
    return render(
        request, "production/import_new.html", context, status=422 if form.errors else 200
    )


def _job(request: Request, pk: int) -> ImportJob:
    job: ImportJob | None = (
        ImportJob.objects.visible_to(request.user)
        .select_related("site", "owner", "batch")
        .filter(pk=pk)
        .first()
    )
    if job is None:
        raise Http404
    return job


def job(request: Request, pk: int) -> HttpResponse:
    """Show where an import stands and what it needs next."""
    return _show(request, _job(request, pk))


def _show(request: Request, found: ImportJob, **forms: Any) -> HttpResponse:
    target = target_named(found.target)
    context: dict[str, Any] = {
        "job": found,
        "target": target,
        "steps": _steps(found),
        "may": request.user.may_at(target.permission, found.site_id),
        "unknown": _unknown(found, target),
    }
    if found.step == Step.ASK:
        context["answer_form"] = forms.get("answer") or AnswerForm(job=found)
    if found.step in {Step.MAP, Step.PREVIEW}:
        context["read_form"] = forms.get("read") or ReadForm(initial=found.answers)
        context["mapping_form"] = forms.get("mapping") or MappingForm(job=found, target=target)
        context["sample"] = [
            (row, ["" if cell is None else cell for cell in cells])
            for row, cells in rows_of(found, StagedChunk.Kind.RAW, 0)[:SHOWN_ROWS]
        ]
    wrong = any(form.errors for form in forms.values())
    return render(request, "production/import.html", context, status=422 if wrong else 200)


def _steps(found: ImportJob) -> list[tuple[Any, str]]:
    """Return the way of an import with what is done, now, and still to come."""
    way = [
        (_("Read"), {Step.READ, Step.ASK}),
        (_("Columns"), {Step.MAP}),
        (_("Check"), {Step.CHECK, Step.COMPARE}),
        (_("Look"), {Step.PREVIEW}),
        (_("Publish"), {Step.STAGE, Step.PUBLISH}),
    ]
    now = next((at for at, (_label, steps) in enumerate(way) if found.step in steps), len(way))
    return [
        (label, "done" if at < now else "now" if at == now else "")
        for at, (label, _steps) in enumerate(way)
    ]


def _unknown(found: ImportJob, target: Target) -> list[dict[str, Any]]:
    return [
        {
            "label": target.field(name).label,
            "codes": [f"{code} ({_('row')} {row})" for code, row in codes.items()][:MOST_CODES],
            "more": max(0, len(codes) - MOST_CODES),
        }
        for name, codes in found.unknown.items()
    ]


def step(request: Request, pk: int) -> HttpResponse:
    """Work on for less than a second, then show how far it got."""
    found = _job(request, pk)
    end = time.monotonic() + SECONDS
    while found.is_working and time.monotonic() < end:
        jobs.advance(found, by=request.user)
    return see(found.get_absolute_url())


def answer(request: Request, pk: int) -> HttpResponse:
    """Answer the question about the file, or say how to read it."""
    found = _job(request, pk)
    if found.step == Step.ASK:
        form = AnswerForm(request.POST, job=found)
        if not form.is_valid():
            return _show(request, found, answer=form)
        name, value = found.trouble["name"], form.cleaned_data["answer"]
        answers = {name: int(value) if name == "block" else value}
    else:
        read = ReadForm(request.POST)
        if not read.is_valid():
            return _show(request, found, read=read)
        answers = {name: value for name, value in read.cleaned_data.items() if value}
    return _then(found, lambda: jobs.answer(found, answers, by=request.user))


def mapping(request: Request, pk: int) -> HttpResponse:
    """Say which column is what; the rows are checked next."""
    found = _job(request, pk)
    target = target_named(found.target)
    form = MappingForm(request.POST, job=found, target=target)
    if found.step not in {Step.MAP, Step.PREVIEW}:
        return see(found.get_absolute_url())
    if form.is_valid():
        try:
            return _then(
                found,
                lambda: jobs.use_mapping(
                    found, form.mapping(), answers=form.answers(), by=request.user
                ),
            )
        except Trouble as trouble:
            form.add_error(_place(form, trouble), trouble.sentence)
    return _show(request, found, mapping=form)


def _place(form: MappingForm, trouble: Trouble) -> str | None:
    """Return the input that answers the trouble."""
    name = trouble.name if isinstance(trouble, Question) else f"{trouble.column}_column"
    return name if name in form.fields else None


def create(request: Request, pk: int) -> HttpResponse:
    """Create the lines, items, shifts and causes the file names, and check again."""
    found = _job(request, pk)
    if "agreed" not in request.POST:
        messages.error(request, _("Tick that they are to be created."))
        return see(found.get_absolute_url())
    return _then(found, lambda: writing.create_missing(found, by=request.user))


def confirm(request: Request, pk: int) -> HttpResponse:
    """Agree to what the preview shows."""
    found = _job(request, pk)
    leave_out = "leave_out" in request.POST
    return _then(found, lambda: writing.confirm(found, by=request.user, leave_out=leave_out))


def drop(request: Request, pk: int) -> HttpResponse:
    """Give the import up."""
    found = _job(request, pk)
    return _then(found, lambda: writing.drop(found, by=request.user))


def _then(found: ImportJob, act: Any) -> HttpResponse:
    """Act and go back to the import; if another window was quicker, just show where it stands."""
    with suppress(Overtaken):
        act()
    return see(found.get_absolute_url())
