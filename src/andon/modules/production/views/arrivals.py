"""What feeds could not take: looked at, repaired and sent again, or dismissed."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.http import Request
from andon.modules.production.forms import DismissForm, ResendForm, shown
from andon.modules.production.imports import arrivals as kept
from andon.modules.production.imports.fields import target_named
from andon.modules.production.models import Arrival, ArrivalState, ImportBatch
from andon.records.listing import key_of
from andon.records.pages import see
from andon.records.workflow import Refused

PAGE = 25
WAYS = (ImportBatch.Source.API, ImportBatch.Source.FOLDER, ImportBatch.Source.MQTT)
TONES = {
    ArrivalState.WAITING: "act",
    ArrivalState.SENT: "good",
    ArrivalState.DISMISSED: "neutral",
}


def arrivals(request: Request) -> HttpResponse:
    """List what was refused, newest first: what waits, or what was settled."""
    rows = Arrival.objects.visible_to(request.user)
    state = request.GET.get("state", ArrivalState.WAITING)
    way = request.GET.get("way", "")
    if state in ArrivalState.values:
        rows = rows.filter(state=state)
    if way in WAYS:
        rows = rows.filter(source=way)
    before = key_of(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("site", "feed").order_by("-pk")[: PAGE + 1])
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "arrivals": [(one, TONES[ArrivalState(one.state)]) for one in found[:PAGE]],
        "state": state,
        "way": way,
        "states": ArrivalState.choices,
        "ways": [(name.value, name.label) for name in WAYS],
        "pages": _pages(query, found, before),
    }
    return render(request, "production/arrivals.html", context)


def _pages(query: Any, found: list[Arrival], before: int | None) -> dict[str, str]:
    first = f"?{query.urlencode()}"
    if len(found) <= PAGE:
        return {"summary": "", "previous": first if before else "", "next": ""}
    query["before"] = str(found[PAGE - 1].pk)
    return {
        "summary": "",
        "previous": first if before else "",
        "next": f"?{query.urlencode()}",
    }


def _arrival(request: Request, pk: int) -> Arrival:
    rows = Arrival.objects.visible_to(request.user)
    found: Arrival | None = (
        rows.select_related("site", "feed", "sender", "settled_by", "batch", "content")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def arrival(request: Request, pk: int) -> HttpResponse:
    """Show one: what came, when, why it was refused, and what can be done."""
    return _show(request, _arrival(request, pk))


def _show(
    request: Request,
    found: Arrival,
    resend_form: ResendForm | None = None,
    dismiss_form: DismissForm | None = None,
) -> HttpResponse:
    wrong = any(form is not None and form.errors for form in (resend_form, dismiss_form))
    context = {
        "arrival": found,
        "target": target_named(found.target),
        "tone": TONES[ArrivalState(found.state)],
        "text": shown(bytes(found.content.payload)),
        "size": len(bytes(found.content.payload)),
        "may": found.is_waiting and kept.may_settle(found, request.user),
        "resend_form": resend_form or _resend_form(request, found, bound=False),
        "dismiss_form": dismiss_form or DismissForm(),
    }
    return render(request, "production/arrival.html", context, status=422 if wrong else 200)


def _resend_form(request: Request, found: Arrival, *, bound: bool) -> ResendForm:
    text = shown(bytes(found.content.payload))
    return ResendForm(
        request.POST if bound else None,
        request.FILES if bound else None,
        is_file=found.source == ImportBatch.Source.FOLDER,
        has_text=bool(text),
        initial={"text": text},
    )


def resend(request: Request, pk: int) -> HttpResponse:
    """Send it again, repaired."""
    found = _arrival(request, pk)
    form = _resend_form(request, found, bound=True)
    if not form.is_valid():
        return _show(request, found, resend_form=form)
    try:
        sent = kept.resend(
            found,
            form.content(bytes(found.content.payload)),
            by=request.user,
            create_missing=form.cleaned_data["create_missing"],
            leave_out=form.cleaned_data.get("leave_out", False),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _show(request, found, resend_form=form)
    if sent.is_waiting:
        messages.error(request, _("It is still refused; what is wrong now stands below."))
    else:
        messages.success(request, _("It is in, and settled here."))
    return see(sent.get_absolute_url())


def dismiss(request: Request, pk: int) -> HttpResponse:
    """Settle it without taking it."""
    found = _arrival(request, pk)
    form = DismissForm(request.POST)
    if form.is_valid():
        try:
            kept.dismiss(found, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("It is dismissed; what came stays here with the reason."))
            return see(reverse("production:arrivals"))
    return _show(request, found, dismiss_form=form)


def content(request: Request, pk: int) -> HttpResponse:
    """Give out what came, byte for byte; never shown as a page of ours."""
    found = _arrival(request, pk)
    name = found.name.rsplit("/", 1)[-1] or "content"
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    response = HttpResponse(bytes(found.content.payload), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response
