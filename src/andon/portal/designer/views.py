"""Pages on which forms are designed."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.records.models import Record
from andon.records.pages import Request, see
from andon.records.services import sentences
from andon.records.workflow import Refused
from andon.sheets import showing
from andon.sheets.checking import differences
from andon.sheets.design import Design, Question
from andon.sheets.models import FormDesign

from . import files, queries, services
from .forms import BeginForm, DemandForm, FileForm, QuestionForm, ReasonForm


def _sent(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def index(request: Request) -> HttpResponse:
    found = queries.by_kind(request.user)
    context = {"kinds": found, "any": any(one.designs for one in found)}
    return render(request, "designer/index.html", context)


def new(request: Request) -> HttpResponse:
    form = BeginForm(_sent(request), initial=request.GET.dict(), viewer=request.user)
    if request.method == "POST" and form.is_valid():
        design = form.design()
        if done(form, lambda: services.begin(design, by=request.user)):
            return see(_page(design))
    return _form(request, form, title=_("New form"), back=reverse("designer:index"))


def take_in(request: Request) -> HttpResponse:
    form = FileForm(_sent(request), request.FILES or None)
    found: list[FormDesign] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        content = upload.read(files.LARGEST + 1)
        if done(form, lambda: found.append(files.take_in(content, by=request.user))):
            messages.success(request, _("Read as a draft. Look at it, then publish it."))
            return see(_page(found[0]))
    return _form(request, form, title=_("Import a form"), back=reverse("designer:index"))


def design(request: Request, pk: int) -> HttpResponse:
    """Show one form: its draft or the version in force, and all versions before."""
    found = _find(request, pk)
    version = queries.shown_version(found)
    content = queries.content(version)
    context = {
        "design": found,
        "kind": Record.kind_called(found.kind),
        "edition": version,
        "content": content,
        "rows": [(q, _required(found, q)) for q in content.questions],
        "is_draft": version.published_date is None,
        "changes": differences(queries.in_force(found), content),
        "history": queries.history(found),
        "demand": DemandForm(design=found, initial={"demanded_by": content.demanded_by}),
        "is_checklist": found.use == FormDesign.Use.CHECKLIST,
    }
    return render(request, "designer/design.html", context)


def _required(found: FormDesign, question: Question) -> str:
    if found.use == FormDesign.Use.CHECKLIST:
        return _("before the sign-off") if question.required_from else ""
    states = queries.states_of(Record.kind_called(found.kind))
    wanted = states.get(question.required_from, "")
    return _("from “%s” on") % wanted if wanted else ""


def question(request: Request, pk: int, key: str = "") -> HttpResponse:
    """Add a question to the draft, or change one."""
    found = _find(request, pk)
    version = queries.shown_version(found)
    content = queries.content(version)
    if key and key not in content:
        raise Http404
    old = content[key] if key else None
    form = QuestionForm(_sent(request), design=found, old=old)
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen") or version.sha256

        def act() -> None:
            changed = _with(content, form.question(), old)
            services.draft(found, changed, by=request.user, seen=seen)

        if done(form, act):
            return see(_page(found))
    title = _("Change “%s”") % old.label if old else _("Add a question")
    return _form(request, form, title=title, back=_page(found), seen=version.sha256)


def _with(content: Design, question: Question, old: Question | None) -> Design:
    if old is None:
        return replace(content, questions=(*content.questions, question))
    kept = tuple(question if q.key == old.key else q for q in content.questions)
    return replace(content, questions=kept)


def arrange(request: Request, pk: int, key: str) -> HttpResponse:
    """Move a question up or down, retire it, take it back, or drop one never published."""
    found = _find(request, pk)
    version = queries.shown_version(found)
    content = queries.content(version)
    if key not in content:
        raise Http404
    changed = _arranged(content, key, request.POST.get("act", ""), queries.in_force(found))
    services.draft(found, changed, by=request.user, seen=version.sha256)
    return see(_page(found))


def _arranged(content: Design, key: str, act: str, before: Design) -> Design:
    questions = list(content.questions)
    place = next(i for i, q in enumerate(questions) if q.key == key)
    if act in {"up", "down"}:
        other = min(max(place + (1 if act == "down" else -1), 0), len(questions) - 1)
        questions[place], questions[other] = questions[other], questions[place]
    elif act == "retire" and key not in before:
        del questions[place]
    elif act in {"retire", "restore"}:
        questions[place] = replace(questions[place], retired=act == "retire")
    else:
        raise Refused(_("Choose what to do with this question."))
    return replace(content, questions=tuple(questions))


def demand(request: Request, pk: int) -> HttpResponse:
    """Say which step a checklist holds back."""
    found = _find(request, pk)
    form = DemandForm(request.POST, design=found)
    if found.use != FormDesign.Use.CHECKLIST or not form.is_valid():
        raise Refused(_("Choose one of the steps."), fix=_page(found))
    version = queries.shown_version(found)
    changed = replace(queries.content(version), demanded_by=form.cleaned_data["demanded_by"])
    services.draft(found, changed, by=request.user, seen=version.sha256)
    return see(_page(found))


def preview(request: Request, pk: int) -> HttpResponse:
    """Show the form as people will see it; nothing is kept."""
    found = _find(request, pk)
    content = queries.content(queries.shown_version(found))
    form: Any = forms.Form(auto_id="id_%s")
    form.viewer, form.instance = request.user, Record.kind_called(found.kind)()
    showing.ask(form, [q for q in content.live if q.type != "note"])
    context = {"design": found, "form": form, "back": _page(found)}
    return render(request, "designer/preview.html", context)


def publish(request: Request, pk: int) -> HttpResponse:
    found = _find(request, pk)
    form = ReasonForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if done(form, lambda: services.publish(found, by=request.user, reason=reason)):
            messages.success(request, _("Published. New records use this version from now on."))
            return see(_page(found))
    content = queries.content(queries.shown_version(found))
    changes = differences(queries.in_force(found), content)
    title = _("Publish “%s”") % found.name
    return _form(request, form, title=title, back=_page(found), changes=changes)


def retire(request: Request, pk: int) -> HttpResponse:
    found = _find(request, pk)
    form = ReasonForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if done(form, lambda: services.retire(found, by=request.user, reason=reason)):
            return see(reverse("designer:index"))
    return _form(request, form, title=_("Retire “%s”") % found.name, back=_page(found))


def version(request: Request, pk: int, number: int) -> HttpResponse:
    """Show one published version as it was."""
    found = _find(request, pk)
    kept = get_object_or_404(found.versions.exclude(published_date=None), number=number)
    content = queries.content(kept)
    rows = [(q, _required(found, q)) for q in content.questions]
    context = {"design": found, "edition": kept, "rows": rows, "back": _page(found)}
    return render(request, "designer/version.html", context)


def export(request: Request, pk: int, ending: str) -> HttpResponse:
    """Hand out the form as a file that another installation can read."""
    found = _find(request, pk)
    data = files.written(found, queries.content(queries.shown_version(found)))
    write, media = {
        "yaml": (files.as_yaml, "application/yaml"),
        "json": (files.as_json, "application/json"),
    }.get(ending, (None, ""))
    if write is None:
        raise Http404
    answer = HttpResponse(write(data), content_type=f"{media}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.kind}-{found.key}.{ending}"'
    return answer


def _find(request: Request, pk: int) -> FormDesign:
    rows = FormDesign.objects.visible_to(request.user).select_related("site", "current")
    found: FormDesign = get_object_or_404(rows, pk=pk)
    return found


def _page(found: FormDesign) -> str:
    return reverse("designer:design", args=[found.pk])


def done(form: Any, act: Any) -> bool:
    """Return whether ``act`` went through; otherwise what refused it stands on ``form``."""
    try:
        act()
    except ValidationError as error:
        form.add_error(None, list(sentences(error)))
    except Refused as refused:
        form.add_error(None, [str(item) for item in refused.items])
    else:
        return True
    return False


def _form(request: Request, form: Any, *, title: str, back: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, "cancel_url": back, **more}
    return render(request, "designer/form.html", context, status=422 if form.errors else 200)
