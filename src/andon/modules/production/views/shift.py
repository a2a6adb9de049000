"""Typing in what happened at a line on a shift; made for a phone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.http import Request
from andon.accounts.models import User
from andon.modules.production import queries, services
from andon.modules.production.forms import CauseForm, ShiftChoice, ShiftForm
from andon.modules.production.models import Cause, CauseKind
from andon.organization import clock
from andon.organization.models import Line
from andon.records import services as records
from andon.records.pages import see


def choose(request: Request) -> HttpResponse:
    """Ask which line, day and shift; then show the numbers of it."""
    today = clock.today()
    asked = ShiftChoice(
        request.GET if "line" in request.GET else None,
        viewer=request.user,
        today=today,
        initial=_initial(request, today),
    )
    if asked.is_bound and asked.is_valid():
        return _numbers(request, services.ShiftKey(**asked.cleaned_data))
    status = 422 if asked.is_bound else 200
    context = {"form": asked, "has_lines": Line.objects.visible_to(request.user).active().exists()}
    return render(request, "production/shift_choice.html", context, status=status)


def _initial(request: Request, today: date) -> dict[str, Any]:
    """Offer the running shift of the only site, the usual case on a shop-floor tablet."""
    lines = list(Line.objects.visible_to(request.user).active().select_related("site")[:200])
    sites = {line.site for line in lines}
    initial: dict[str, Any] = {"day": today}
    if len(sites) == 1:
        shift, day = clock.shift_at(sites.pop(), clock.now())
        initial |= {"shift": shift, "day": day}
    if len(lines) == 1:
        initial["line"] = lines[0]
    return initial


def _numbers(request: Request, key: services.ShiftKey) -> HttpResponse:
    known = queries.shift_facts(key.line, key.day, shift=key.shift, item=key.item)
    form = ShiftForm(
        request.POST or None,
        output=known.output,
        scrap=_with_usual(request.user, key.line, CauseKind.SCRAP, known.scrap, key.day),
        stops=_with_usual(request.user, key.line, CauseKind.STOP, known.stops, key.day),
    )
    if request.method == "POST" and form.is_valid():
        batches = services.record_shift(
            key,
            by=request.user,
            produced=form.cleaned_data["produced"],
            planned_minutes=form.cleaned_data["planned_minutes"],
            scrap=form.said(CauseKind.SCRAP),
            stops=form.said(CauseKind.STOP),
        )
        _tell(request, batches)
        return see(f"{reverse('production:record')}?{_query(key)}")
    context = {"form": form, "key": key, "again": reverse("production:record")}
    status = 422 if form.errors else 200
    return render(request, "production/shift.html", context, status=status)


def _query(key: services.ShiftKey) -> str:
    asked = {
        "line": key.line.pk,
        "day": key.day.isoformat(),
        "shift": key.shift.pk if key.shift else "",
        "item": key.item.pk if key.item else "",
    }
    return urlencode(asked)


def _with_usual(
    person: User, line: Line, kind: str, known: dict[int, Any], day: date
) -> list[tuple[Cause, Any]]:
    """Return the causes on file, those the line knows best first, with what was said already."""
    usual = queries.pareto_by_cause(
        None,
        kind,
        since=day - timedelta(days=90),
        until=day,
        scope=queries.Scope(line=line.pk),
        limit=8,
    )
    order = {total.cause: place for place, total in enumerate(usual)}
    causes = Cause.objects.visible_to(person).filter(kind=kind, is_active=True)[:40]
    ranked = sorted(causes, key=lambda cause: (order.get(cause.pk, len(order)), cause.code))
    return [(cause, known.get(cause.pk)) for cause in ranked]


def _tell(request: Request, batches: list[Any]) -> None:
    if batches:
        messages.success(request, _("Recorded. Change a number here if it was wrong."))
    else:
        messages.info(request, _("Nothing was different from what is recorded already."))


def causes(request: Request) -> HttpResponse:
    """List the causes; who may, adds one."""
    form = CauseForm(request.POST or None)
    may_add = request.user.may("production.causes")
    if request.method == "POST" and form.is_valid():
        try:
            cause = services.add_cause(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, list(records.sentences(error)))
        else:
            messages.success(request, _("%(cause)s is in the list.") % {"cause": cause})
            return see(reverse("production:causes"))
    context = {
        "causes": Cause.objects.visible_to(request.user)[:500],
        "form": form,
        "may_add": may_add,
    }
    return render(request, "production/causes.html", context, status=422 if form.errors else 200)
