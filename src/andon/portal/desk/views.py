"""Pages of the import desk: upload, answer, map, look; a part of the work a request."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.http import Request
from andon.organization import clock
from andon.portal.desk import grid, jobs, publishing, reading, undoing
from andon.portal.desk.fields import NEW_ROW, Target
from andon.portal.desk.forms import (
    AnswerForm,
    ReadForm,
    ReasonForm,
    UploadForm,
    WordsForm,
)
from andon.portal.desk.mapping_form import MappingForm
from andon.portal.desk.models import Intake, Step
from andon.portal.desk.run import can_be_made
from andon.portal.desk.targets import target_named, targets
from andon.portal.desk.values import folded, lexicons
from andon.portal.desk.work import Overtaken
from andon.records.listing import key_of
from andon.records.pages import see
from andon.records.workflow import Refused
from andon.tables import Question, Trouble

PAGE = 25
SHOWN_ROWS = 6
SECONDS = 0.7
HEAVY = ("made_rows", "hints", "unknown", "mapping", "trouble")
WAY = (
    (Step.READ, Step.ASK),
    (Step.MAP,),
    (Step.CHECK,),
    (Step.LOOK,),
    (Step.PUBLISH,),
)


def intakes(request: Request) -> HttpResponse:
    """List the imports, newest first."""
    rows = Intake.objects.visible_to(request.user).select_related("site", "owner").defer(*HEAVY)
    before = key_of(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    older = f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    labels = {target.name: target.label for target in targets()}
    context = {
        "intakes": [(each, labels.get(each.target, each.target)) for each in found[:PAGE]],
        "pages": {"summary": "", "previous": "?" if before else "", "next": older},
    }
    return render(request, "desk/intakes.html", context)


def new(request: Request) -> HttpResponse:
    """Take a file in."""
    sent = request.method == "POST"
    form = UploadForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        viewer=request.user,
        targets=targets(),
        initial={"target": request.GET.get("target", "nonconformities")},
    )
    if sent and form.is_valid():
        upload, site = form.cleaned_data["file"], form.cleaned_data["site"]
        try:
            intake = reading.start(
                upload.read(),
                file_name=upload.name,
                target=form.cleaned_data["target"],
                site=site,
                by=request.user,
                day=clock.today(site),
                source=form.cleaned_data["source"],
            )
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return see(intake.get_absolute_url())
    context = {"form": form, "cancel_url": reverse("desk:intakes")}
    return render(request, "desk/new.html", context, status=422 if form.errors else 200)


def found_for(request: Request, pk: int) -> Intake:
    """Return the import if the person may see it, else the same 404 as for an absent one."""
    rows = Intake.objects.visible_to(request.user).select_related("site", "owner")
    found: Intake | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def intake(request: Request, pk: int) -> HttpResponse:
    """Show where an import stands and what it needs next."""
    return show(request, found_for(request, pk))


def show(request: Request, found: Intake, **forms: Any) -> HttpResponse:
    """Return the page of an import, with forms that hold what was typed."""
    target = target_named(found.target)
    context: dict[str, Any] = {"intake": found, "target": target, "steps": _steps(found)}
    if found.step == Step.ASK:
        context["answer_form"] = forms.get("answer") or AnswerForm(trouble=found.trouble)
    if found.step in {Step.MAP, Step.LOOK}:
        context |= _mapping_context(found, target, forms)
    if found.step == Step.LOOK:
        context |= _words_context(found, target, forms) | grid.context(request, found, forms)
    if found.step == Step.DONE:
        context |= _done_context(found, target, forms)
    wrong = any(form.errors for form in forms.values())
    return render(request, "desk/intake.html", context, status=422 if wrong else 200)


def _steps(found: Intake) -> list[tuple[str, str]]:
    """Return the way of an import with what is done, now, and still to come."""
    labels = (_("Read"), _("Columns"), _("Check"), _("Look and repair"), _("Publish"))
    now = next((at for at, steps in enumerate(WAY) if found.step in steps), len(WAY))
    return [
        (label, "done" if at < now else "now" if at == now else "")
        for at, label in enumerate(labels)
    ]


def _mapping_context(found: Intake, target: Target, forms: dict[str, Any]) -> dict[str, Any]:
    used = {c for rule in found.mapping["fields"].values() for c in rule.get("columns", ())}
    return {
        "read_form": forms.get("read") or ReadForm(initial=found.answers, columns=found.columns),
        "mapping_form": forms.get("mapping") or mapping_form(found, target),
        "sample": [(row.number, row.cells) for row in found.rows.all()[:SHOWN_ROWS]],
        "not_taken": [name for name in found.columns if name not in used],
    }


def mapping_form(found: Intake, target: Target, data: Any = None) -> MappingForm:
    """Return the form about the columns of an import."""
    return MappingForm(
        data,
        target=target,
        columns=found.columns,
        hints=found.hints,
        mapping=found.mapping,
        initial={"source": found.source},
    )


def _words_form(found: Intake, target: Target, data: Any = None) -> WordsForm:
    known = lexicons(target, found.site, found.unknown)
    return WordsForm(data, target=target, unknown=found.unknown, lexicons=known)


def _words_context(found: Intake, target: Target, forms: dict[str, Any]) -> dict[str, Any]:
    makeable = [
        (spec, len(words))
        for name, words in found.unknown.items()
        if (spec := target.field(name)) and can_be_made(spec)
    ]
    return {"words_form": forms.get("words") or _words_form(found, target), "makeable": makeable}


def _done_context(found: Intake, target: Target, forms: dict[str, Any]) -> dict[str, Any]:
    where = reverse(f"{target.name}:list") if target.is_record else ""
    return {
        "list_url": where,
        "undo_form": forms.get("undo") or ReasonForm(),
        "left_out": found.rows.exclude(out="").count(),
        "skipped": found.rows.filter(choice="skip").count(),
        "made_in_lists": len(found.made_rows.get("lists", ())),
    }


def then(found: Intake, act: Callable[[], Any]) -> HttpResponse:
    """Act and go back to the import; if another window was quicker, just show where it stands."""
    with suppress(Overtaken):
        act()
    return see(found.get_absolute_url())


def step(request: Request, pk: int) -> HttpResponse:
    """Work on for less than a second, then show how far it got."""
    found = found_for(request, pk)
    end = time.monotonic() + SECONDS
    while found.is_working and time.monotonic() < end:
        jobs.advance(found, by=request.user)
    return see(found.get_absolute_url())


def answer(request: Request, pk: int) -> HttpResponse:
    """Answer the question about the file, or say how to read it."""
    found = found_for(request, pk)
    if found.step == Step.ASK:
        form = AnswerForm(request.POST, trouble=found.trouble)
        if not form.is_valid():
            return show(request, found, answer=form)
        name, value = found.trouble["name"], form.cleaned_data["answer"]
        answers: dict[str, Any] = {name: int(value) if name == "block" else value}
    else:
        read = ReadForm(request.POST, columns=found.columns)
        if not read.is_valid():
            return show(request, found, read=read)
        answers = {name: value for name, value in read.cleaned_data.items() if value}
    return then(found, lambda: reading.answer(found, answers, by=request.user))


def mapping(request: Request, pk: int) -> HttpResponse:
    """Say which column is what; the rows are checked next."""
    found = found_for(request, pk)
    target = target_named(found.target)
    if found.step not in {Step.MAP, Step.LOOK}:
        return see(found.get_absolute_url())
    form = mapping_form(found, target, request.POST)
    if form.is_valid():
        said, source = form.mapping(), form.cleaned_data["source"]
        try:
            return then(
                found, lambda: jobs.use_mapping(found, said, by=request.user, source=source)
            )
        except Trouble as trouble:
            form.add_error(_place(form, trouble), trouble.sentence)
    return show(request, found, mapping=form)


def _place(form: MappingForm, trouble: Trouble) -> str | None:
    """Return the input that answers the trouble."""
    column = f"{trouble.column}_columns"
    if isinstance(trouble, Question):
        orders = [name for name in form.fields if name.startswith("order_")]
        column = "decimal" if trouble.name == "decimal" else next(iter(orders), column)
    return column if column in form.fields else None


def words(request: Request, pk: int) -> HttpResponse:
    """Say what words mean that nobody knows; they are remembered for this source."""
    found = found_for(request, pk)
    target = target_named(found.target)
    form = _words_form(found, target, request.POST)
    if not form.is_valid():
        return show(request, found, words=form)
    taught = form.words()
    for name in request.POST.getlist("all_new"):
        spec = target.field(name)
        if spec is not None and can_be_made(spec):
            every = dict.fromkeys(map(folded, found.unknown.get(name, {})), NEW_ROW)
            taught[name] = {**every, **taught.get(name, {})}
    if not taught:
        messages.info(request, _("Choose what at least one of the words means."))
        return see(found.get_absolute_url())
    return then(found, lambda: jobs.teach(found, taught, by=request.user))


def confirm(request: Request, pk: int) -> HttpResponse:
    """Agree to what the rows show."""
    found = found_for(request, pk)
    return then(found, lambda: jobs.confirm(found, by=request.user))


def drop(request: Request, pk: int) -> HttpResponse:
    """Give the import up."""
    found = found_for(request, pk)
    return then(found, lambda: jobs.drop(found, by=request.user))


def undo(request: Request, pk: int) -> HttpResponse:
    """Take a published import back as a whole."""
    found = found_for(request, pk)
    form = ReasonForm(request.POST)
    if found.step != Step.DONE:
        return see(found.get_absolute_url())
    if form.is_valid():
        try:
            if undoing.is_large(found):
                run = undoing.undo_later(found, by=request.user, reason=form.cleaned_data["reason"])
                return see(reverse("tasks:task", args=[run.pk]))
            publishing.undo(found, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The import is undone; its records are void."))
            return see(found.get_absolute_url())
    return show(request, found, undo=form)
