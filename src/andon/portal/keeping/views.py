"""The page about backups: what there is, how long a restore takes, what is missing."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from andon.accounts.http import Request
from andon.accounts.policy import allow
from andon.organization import clock

from . import queries
from .apps import SEE


@allow(SEE)
@require_GET
def backups(request: Request) -> HttpResponse:
    """Show how safe the records are and what was done for it."""
    context = {
        "standing": queries.standing(clock.now()),
        "runs": queries.runs(request.user),
        "folder": settings.BACKUPS,
        "kept": settings.BACKUPS_KEPT,
    }
    return render(request, "keeping/backups.html", context)
