"""What the administrator sees: whether the background work is done."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from andon.accounts.http import Request
from andon.accounts.policy import allow
from andon.organization import clock
from andon.portal.notices.apps import ADMINISTER
from andon.portal.notices.queries import duties as duty_queries


@allow(ADMINISTER)
@require_GET
def duties(request: Request) -> HttpResponse:
    """Show each duty with its last run, its next and what went wrong."""
    told = duty_queries.told(clock.now())
    return render(request, "notices/duties.html", {"duties": told, "idle": duty_queries.idle(told)})
