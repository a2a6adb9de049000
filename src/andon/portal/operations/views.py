"""Answers for probes and monitoring, and the page of the administrator."""

from http import HTTPStatus

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from andon.accounts.http import Request
from andon.accounts.policy import allow, public
from andon.portal.operations import health, metrics, time_source
from andon.portal.operations.apps import WATCH
from andon.tasks import queries as tasks

PLAIN = "text/plain; version=0.0.4; charset=utf-8"


@public
@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers; nothing else is asked."""
    return JsonResponse({"status": health.OK})


@public
@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say which part does not work, and nothing about how or why: 503 without a vital part."""
    found = health.kept.look()
    parts = {one.part.name: one.word for one in found.found}
    failing = found.word == health.FAILING
    status = HTTPStatus.SERVICE_UNAVAILABLE if failing else HTTPStatus.OK
    return JsonResponse({"status": found.word, "parts": parts}, status=status)


@public
@require_safe
@never_cache
def numbers(request: HttpRequest) -> HttpResponse:
    """Give monitoring its numbers; for everybody else there is nothing here."""
    if not metrics.lets_in(request):
        raise Http404
    return HttpResponse(metrics.text(), content_type=PLAIN)


@allow(WATCH)
@require_safe
def system(request: Request) -> HttpResponse:
    """Show how the installation is doing and what to do about it."""
    context = {
        "found": health.look().found,
        "load": tasks.load(),
        "step": time_source.last_step(),
        "drift": time_source.drift(),
        "database": connection.vendor,
        "metrics": metrics.is_on(),
    }
    return render(request, "operations/system.html", context)
