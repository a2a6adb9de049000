"""The pages of the own account, and the watch that administrators keep."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.http import Request
from andon.accounts.policy import allow, own_account
from andon.entry import throttle
from andon.entry.apps import GUARD
from andon.entry.models import ApiToken, Session
from andon.entry.sessions import device_name, end_sessions, is_this, running

SHOWN = 200


@own_account
@require_GET
def sessions(request: Request) -> HttpResponse:
    mine = running(Session.objects.visible_to(request.user).filter(person=request.user))
    return render(request, "entry/sessions.html", {"rows": _rows(mine, request)})


@own_account
@require_POST
def end_session(request: Request, handle: str) -> HttpResponse:
    """End one of the own sessions; this one, too, which is signing out."""
    mine = Session.objects.visible_to(request.user).filter(person=request.user)
    row = get_object_or_404(mine, session_key=handle)
    here = is_this(row, request)
    end_sessions([row], by=request.user)
    if here:
        request.session.flush()
        return redirect("account_login")
    messages.success(request, _("That session is ended."))
    return redirect("entry:sessions")


@own_account
@require_POST
def end_other_sessions(request: Request) -> HttpResponse:
    mine = running(Session.objects.visible_to(request.user).filter(person=request.user))
    others = [row for row in mine if not is_this(row, request)]
    _say_ended(request, end_sessions(others, by=request.user))
    return redirect("entry:sessions")


@allow(GUARD)
@require_GET
def watch(request: Request) -> HttpResponse:
    """Pauses, sessions and tokens of everybody."""
    rows = running(Session.objects.visible_to(request.user))
    tokens = ApiToken.objects.visible_to(request.user).select_related("owner", "use")
    context = {
        "pauses": throttle.paused()[:SHOWN],
        "rows": _rows(rows[:SHOWN], request),
        "more": max(0, len(rows) - SHOWN),
        "tokens": tokens.filter(revoked_at=None)[:SHOWN],
    }
    return render(request, "entry/watch.html", context)


@allow(GUARD)
@require_POST
def lift(request: Request, pause: str) -> HttpResponse:
    if throttle.lift(pause, by=request.user):
        messages.success(request, _("The pause is lifted."))
    else:
        messages.info(request, _("This pause was over already."))
    return redirect("entry:watch")


@allow(GUARD)
@require_POST
def end_any_session(request: Request, handle: str) -> HttpResponse:
    row = get_object_or_404(Session.objects.visible_to(request.user), session_key=handle)
    _say_ended(request, end_sessions([row], by=request.user, cause="ended by an administrator"))
    return redirect("entry:watch")


@allow(GUARD)
@require_POST
def end_all_of(request: Request, pk: int) -> HttpResponse:
    """End every session of one person, as when a phone is lost."""
    theirs = list(Session.objects.visible_to(request.user).filter(person_id=pk))
    _say_ended(request, end_sessions(theirs, by=request.user, cause="ended by an administrator"))
    return redirect("entry:watch")


def _rows(rows: list[Session], request: Request) -> list[dict[str, Any]]:
    return [
        {"session": row, "device": device_name(row.device), "here": is_this(row, request)}
        for row in rows
    ]


def _say_ended(request: Request, count: int) -> None:
    told = ngettext("%d session is ended.", "%d sessions are ended.", count) % count
    messages.success(request, told)
