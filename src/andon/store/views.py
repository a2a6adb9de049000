"""The page of what is held back (UP4)."""

from collections import defaultdict

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.http import Request
from andon.accounts.policy import allow
from andon.organization import clock

from . import jobs, scanner, seam
from .apps import QUARANTINE
from .models import StoredFile

SHOWN = 100
SCANNED_NOW = 10


@allow(QUARANTINE)
@require_GET
def quarantine(request: Request) -> HttpResponse:
    """List what is held back, with the records that carry it as far as the reader may see them."""
    rows = list(StoredFile.objects.held().order_by("kept_at")[: SHOWN + 1])
    carried = defaultdict(list)
    for one in seam.in_use([row.sha256 for row in rows], viewer=request.user):
        carried[one.sha256].append(one)
    context = {
        "rows": [(row, carried[row.sha256]) for row in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
        "has_scanner": scanner.is_configured(),
    }
    return render(request, "store/quarantine.html", context)


@allow(QUARANTINE)
@require_POST
def scan_again(request: Request) -> HttpResponse:
    """Ask the scanner at once about some files that wait; the worker goes on with the rest."""
    done = jobs.scan_some(clock.now(), most=SCANNED_NOW)
    if done:
        words = ngettext("%d file was scanned.", "%d files were scanned.", done)
        messages.success(request, words % done)
    else:
        messages.warning(request, _("No file was scanned: none waits, or the scanner is away."))
    answer = HttpResponseRedirect(reverse("store:quarantine"))
    answer.status_code = 303
    return answer
