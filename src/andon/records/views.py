"""The pages every kind of record has: form, detail, edit, step."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import (
    Http404,
    HttpResponse,
)
from django.shortcuts import render
from django.utils.translation import gettext as _

from andon.extras.seam import extras
from andon.organization import clock
from andon.signing import page as signing
from andon.signing.proving import prove
from andon.store.gate import PHOTOS
from andon.trail.queries import timeline
from andon.trail.services import audited

from . import files, printing
from . import services as records
from .forms import AttachForm, CommentForm, ExtendForm, LinkForm, step_form
from .history import told
from .links import LINK_KINDS
from .models import Attachment, Comment, Extension, Record
from .pages import RecordPages, Request, see, version_of
from .reading import belongings
from .thread import links_of
from .workflow import Act, Refused, Stale

Pages = RecordPages[Any]
HISTORY_SHOWN = 30


def new(request: Request, pages: Pages) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    sources = _sources(request, asked)
    if request.method == "POST":
        form = pages.form(request.POST, request.FILES, viewer=request.user)
        extras().ask_new(form, pages.kind)
        if form.is_valid() and (record := _created(request, form, sources)) is not None:
            messages.success(request, _("%(number)s is recorded.") % {"number": record.number})
            return see(record.get_absolute_url())
    else:
        first = {**pages.form.prefill([record for _kind, record in sources]), **request.GET.dict()}
        form = pages.form(initial=first, viewer=request.user)
        extras().ask_new(form, pages.kind)
    context = {"pages": pages, "form": form, "sources": sources}
    if pages.form_context:
        context |= dict(pages.form_context(request))
    status = 422 if form.is_bound else 200
    return render(request, pages.template("form"), context, status=status)


def _sources(request: Request, asked: Any) -> list[tuple[str, Record]]:
    """Return the (link kind, record) pairs that the new record is raised from."""
    wanted = [(kind, number) for kind in LINK_KINDS for number in asked.getlist(kind)][:50]
    seen = Record.objects.visible_to(request.user).select_related("site")
    by_number = {r.number: r for r in seen.filter(number__in=[number for _k, number in wanted])}
    return [(kind, by_number[number]) for kind, number in wanted if number in by_number]


def _created(request: Request, form: Any, sources: list[tuple[str, Record]]) -> Record | None:
    record: Record = form.instance
    record.custom = form.answers()
    if record.owner_id is None:
        record.owner = request.user
    try:
        for upload in request.FILES.getlist("photo"):
            files.admitted(upload, PHOTOS)  # slow, so before the transaction
        with audited(request.user, reason=_("created")):
            records.create(record, by=request.user)
            for kind, source in sources:
                records.link(record, kind, source, by=request.user)
            for upload in request.FILES.getlist("photo"):
                files.attach(record, upload, by=request.user)
    except ValidationError as error:
        form.add_error(None, list(records.sentences(error)))
    except Refused as refused:
        form.add_error(None, [str(item) for item in refused.items])
    else:
        return record
    return None


def detail(request: Request, pages: Pages, number: str) -> HttpResponse:
    record = pages.find(request, number)
    history = list(timeline(number).order_by("-seq")[: HISTORY_SHOWN + 1])
    steps = records.open_steps(record, request.user)
    having = belongings(record)
    context = {
        "pages": pages,
        "record": record,
        "steps": steps,
        "day": clock.today(record.site),
        "progress": _progress(record),
        "may_edit": not record.is_final
        and request.user.may(record.edit_permission, record.site_id),
        "may_comment": request.user.may("records.comment", record.site_id),
        "attachments": [one for one in having[Attachment] if not one.withdrawn_reason],
        "comments": having[Comment],
        "extensions": having[Extension],
        "held": files.held(having[Attachment]),
        "links": links_of(record, request.user),
        "gaps": record.gaps(),
        "history": told(history[:HISTORY_SHOWN]),
        "history_goes_on": len(history) > HISTORY_SHOWN,
        "comment_form": CommentForm(),
        "attach_form": AttachForm(),
        "link_form": LinkForm(viewer=request.user),
        "extend_form": ExtendForm(),
        **extras().context(record),
        **signing.context(record, request.user),
    }
    if pages.context:
        context |= dict(pages.context(request, record))
    return render(request, pages.template("detail"), context)


def _progress(record: Record) -> list[tuple[str, str]]:
    """Return (label, place) of the ordinary states; place is done, now or ahead."""
    states = [state for state in record.life.progress() if _happens(record, state)]
    here = states.index(record.state) if record.state in states else -1
    places = ["done" if i < here else "now" if i == here else "ahead" for i in range(len(states))]
    return [(record.life.label(state), place) for state, place in zip(states, places, strict=True)]


def _happens(record: Record, state: str) -> bool:
    """Whether the record is in ``state`` or can get there under the rules in force."""
    ways = (step for step in record.workflow.transitions if step.target == state)
    here = state in (record.workflow.initial, record.state)
    return here or any(step.applies(record) for step in ways)


def edit(request: Request, pages: Pages, number: str) -> HttpResponse:
    record = pages.find(request, number)
    form = pages.edit_form(
        request.POST or None, request.FILES or None, instance=record, viewer=request.user
    )
    extras().ask_again(form, record)
    if request.method == "POST" and form.is_valid():
        fresh = pages.find(request, number)
        records.edit(fresh, form.changes(), by=request.user, version=version_of(request))
        return see(fresh.get_absolute_url())
    shown = request.POST.get("version") or record.version
    context = {"pages": pages, "record": record, "form": form, "version": shown, "editing": True}
    return render(request, pages.template("edit"), context, status=422 if form.is_bound else 200)


def step(request: Request, pages: Pages, number: str, name: str) -> HttpResponse:
    """Show what a step asks and what is still missing for it; on POST, take it."""
    record = pages.find(request, number)
    if name not in record.workflow:
        raise Http404
    chosen = record.workflow[name]
    if not request.user.may(chosen.permission, record.site_id):
        raise PermissionDenied
    asked = signing.asked(record, chosen)
    form = step_form(pages.find(request, number), asked, request.POST or None)
    missing: tuple[Refused, ...] = ()
    if request.method == "POST":
        form.is_valid()
        typed = {n: form.cleaned_data.get(n) for n in form.fields if n not in form.errors}
        if not form.errors:
            try:
                _take(request, record, name, typed)
            except ValidationError as error:
                form.add_error(None, list(records.sentences(error)))
            except Stale:
                raise
            except Refused as refused:
                missing, record = refused.items, pages.find(request, number)
            else:
                return see(record.get_absolute_url())
    else:
        act = Act(by=request.user, day=clock.today(record.site))
        missing = tuple(records.missing_for(record, chosen, act))
    context = {"pages": pages, "record": record, "step": chosen, "form": form, "missing": missing}
    if part := signing.part(request, record, chosen):
        context |= {"signing": part, "printed": printing.content(record, request.user)}
    status = 409 if missing and request.method == "POST" else 422 if form.errors else 200
    return render(request, pages.template("step"), context, status=status)


def _take(request: Request, record: Record, name: str, typed: dict[str, Any]) -> None:
    """Take the step; one that is signed is bound to what was shown, and needs no version."""
    proof = prove(request, record, record.workflow[name], request.POST)
    version = None if proof else version_of(request)
    records.perform(record, name, by=request.user, version=version, data=typed, proof=proof)
