"""The pages of signatures: the dial, one signature with its text, taking back a waiting step."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from andon.accounts.http import Request
from andon.accounts.models import User
from andon.accounts.policy import signed_in
from andon.organization.policy import policy
from andon.ui.refusals import Refused

from . import dial, services
from .apps import DIAL
from .models import Awaited, Level, Signature
from .queries import subject_of
from .validity import checked


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def turn(request: Request) -> HttpResponse:
    """Show how strictly each step is signed; those who may set it do so here."""
    refused = ""
    if request.method == "POST":
        try:
            wanted, seen = _asked(request)
            changed = dial.turn(wanted, seen, by=request.user)
        except Refused as trouble:
            refused = str(trouble)
        else:
            said = _("Saved.") if changed else _("Nothing was changed.")
            messages.success(request, said)
            return redirect("signing:dial")
    context = {
        "kinds": list(dial.settings_by_kind()),
        "levels": Level.choices,
        "profile": policy().profile.capitalize(),
        "may": request.user.may(DIAL),
        "refused": refused,
    }
    return render(request, "signing/dial.html", context, status=409 if refused else 200)


def _asked(request: Request) -> tuple[dict[str, Level | None], dict[str, int]]:
    """Return what was chosen for each step, and the version of it that was read."""
    wanted: dict[str, Level | None] = {}
    seen: dict[str, int] = {}
    for field, typed in request.POST.items():
        part, _dash, name = field.partition("-")
        text = str(typed)
        if part == "level":
            if text not in {"", *map(str, Level.values)}:
                raise Refused(_("Choose one of the levels offered."))
            wanted[name] = Level(int(text)) if text else None
        elif part == "seen":
            seen[name] = int(text) if text.isdecimal() and text.isascii() else -1
    return wanted, seen


@signed_in
@require_GET
def signature(request: Request, pk: int) -> HttpResponse:
    row, record = _visible(request.user, pk)
    one = next(found for found in checked(record) if found.signature.pk == row.pk)
    context = {"one": one, "record": record, "manifest": _indented(row.manifest)}
    return render(request, "signing/signature.html", context)


@signed_in
@require_GET
def manifest(request: Request, pk: int) -> HttpResponse:
    """Hand out the very bytes that were signed."""
    row, _record = _visible(request.user, pk)
    answer = HttpResponse(row.manifest.encode(), content_type="application/octet-stream")
    name = f"{row.number}-signature-{row.pk}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@signed_in
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    waiting = get_object_or_404(Awaited.objects.select_related("first"), pk=pk)
    record = subject_of(waiting, request.user)
    if record is None:
        raise Http404
    try:
        services.withdraw(waiting, by=request.user, why=request.POST.get("why", ""))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Withdrawn. The signature stays in the record."))
    return redirect(record.get_absolute_url())


def _visible(person: User, pk: int) -> tuple[Signature, Any]:
    row = get_object_or_404(Signature.objects, pk=pk)
    record = subject_of(row, person)
    if record is None:
        raise Http404
    return row, record


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return text
