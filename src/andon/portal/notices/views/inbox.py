"""What a person was told, and what they marked as read or watch."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.policy import own_account, signed_in
from andon.organization import clock
from andon.portal.notices import mailing, queries, services
from andon.portal.notices.models import Notice
from andon.portal.notices.people import Away
from andon.records.models import Record
from andon.records.pages import Request


@signed_in
@require_GET
def inbox(request: Request) -> HttpResponse:
    """List the newest notices, the unread ones marked."""
    away = Away(clock.now())
    context = {
        "notices": queries.inbox(request.user),
        "stands_in_for": away.stood_in_for(request.user),
        "is_away": request.user in away,
        "mail_is_on": mailing.is_on(),
    }
    return render(request, "notices/inbox.html", context)


@own_account
@require_POST
def opened(request: Request, pk: int) -> HttpResponse:
    """Mark a notice as read and go on to its record."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    one = Notice.objects.visible_to(request.user).filter(pk=pk)
    services.mark_read(one, by=request.user, now=clock.now())
    return redirect(notice.record.get_absolute_url())


@own_account
@require_POST
def all_read(request: Request) -> HttpResponse:
    """Mark everything as read."""
    services.mark_read(services.told_to(request.user), by=request.user, now=clock.now())
    return redirect("notices:inbox")


@signed_in
@require_GET
def escalated(request: Request) -> HttpResponse:
    """List what was escalated to the person and is still open."""
    steps = queries.escalated_to(request.user, Away(clock.now()))
    return render(request, "notices/escalated.html", {"steps": steps, "day": clock.today()})


@own_account
@require_POST
def watch(request: Request, number: str) -> HttpResponse:
    """Watch a record, or watch it no more."""
    seen: Any = Record.objects.visible_to(request.user)
    record = get_object_or_404(seen, number=number)
    wanted = request.POST.get("watch") == "yes"
    services.watch(record, by=request.user, wanted=wanted)
    said = _("You will hear of changes with your digest.") if wanted else _("No longer watched.")
    messages.success(request, said)
    return redirect(record.get_absolute_url())
