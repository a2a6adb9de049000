"""Notice settings, absences, and the calendar address."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from andon.accounts.http import Request
from andon.accounts.pages import form_page
from andon.accounts.policy import own_account, public
from andon.organization import clock
from andon.portal.notices import calendars, mailing, queries, services
from andon.portal.notices.apps import ARRANGE
from andon.portal.notices.forms import AbsenceForm, PreferenceForm
from andon.portal.notices.models import Absence, CalendarFeed
from andon.portal.notices.people import zone_of
from andon.trail.edge import client_address

SHOWN_FOR = timedelta(days=60)


@own_account
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Request) -> HttpResponse:
    """Choose hour, days and what comes at once; see absences and calendar."""
    return _settings(request)


def _settings(request: Request, secret: str = "") -> HttpResponse:
    user = request.user
    typed = request.POST if request.method == "POST" and not secret else None
    form = PreferenceForm(typed, chosen=queries.preference(user))
    since = clock.today() - SHOWN_FOR
    feed = CalendarFeed.objects.visible_to(user).exclude(secret_sha256="")
    address = reverse("notices:calendar", args=[secret]) if secret else ""
    context = {
        "absences": Absence.objects.visible_to(user)
        .filter(until_date__gte=since)
        .select_related("user", "substitute"),
        "arranges": user.may(ARRANGE),
        "zone": zone_of(user),
        "mail_is_on": mailing.is_on(),
        "has_calendar": feed.exists(),
        "calendar_address": mailing.link(address) if address else "",
        "day": clock.today(),
    }
    return form_page(
        request,
        form,
        lambda: services.choose(user, form.changes()),
        template="notices/settings.html",
        context=context,
        then=reverse("notices:settings"),
    )


@own_account
@require_http_methods(["GET", "HEAD", "POST"])
def absence_new(request: Request) -> HttpResponse:
    """Say who is away and who stands in."""
    arranges = request.user.may(ARRANGE)
    form = AbsenceForm(request.POST or None, viewer=request.user, arranges=arranges)
    return form_page(
        request,
        form,
        lambda: services.go_away(**form.cleaned_data, by=request.user),
        template="notices/absence_form.html",
        context={"cancel_url": reverse("notices:settings")},
        then=reverse("notices:settings"),
    )


@own_account
@require_POST
def absence_end(request: Request, pk: int) -> HttpResponse:
    """Come back earlier than planned."""
    absence = get_object_or_404(Absence.objects.visible_to(request.user), pk=pk)
    services.come_back(absence, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("notices:settings")


@own_account
@require_POST
def calendar_renew(request: Request) -> HttpResponse:
    """Make a new calendar address and show it this once."""
    return _settings(request, secret=services.renew_calendar(request.user))


@own_account
@require_POST
def calendar_end(request: Request) -> HttpResponse:
    """End the calendar address."""
    services.end_calendar(request.user)
    messages.success(request, _("The calendar address has ended."))
    return redirect("notices:settings")


@public
@require_GET
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer a calendar program that knows a secret address; nobody else learns anything."""
    person = calendars.person_of(secret)
    asked_by = person.pk if person else client_address(request)
    if calendars.too_often(f"{person is None}:{asked_by}"):
        return HttpResponse(
            _("Ask once an hour."),
            status=429,
            headers={"Retry-After": "60"},
            content_type="text/plain",
        )
    if person is None:
        return HttpResponse(_("There is no such calendar."), status=404, content_type="text/plain")
    answer = HttpResponse(
        calendars.calendar_of(person, clock.now()), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = 'inline; filename="andon.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer
