"""The KPI wall: big tiles for a screen on the floor, which turns and refreshes itself."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render

from andon.accounts.models import Site
from andon.modules.kpis import queries
from andon.organization import clock
from andon.organization.models import Line
from andon.records.listing import key_of
from andon.records.pages import Request

PER_PAGE = 6
# Seconds until the next page, or until the same one is shown anew.
TURN, RENEW = 20, 60


def wall(request: Request, site: str, line: str = "") -> HttpResponse:
    """Show the KPIs of a site (or of one of its lines), those that need a person first.

    The answer carries a ``Refresh`` header, so that it needs no JavaScript; ``?hold=1`` stops it.
    """
    place = _one(Site.objects.visible_to(request.user), code=site)
    where = _one(Line.objects.visible_to(request.user), code=line, site=place) if line else None
    found = queries.wall(request.user, site=place, line=where, day=clock.today(place))
    pages = [found[at : at + PER_PAGE] for at in range(0, len(found), PER_PAGE)] or [[]]
    number = min(max(key_of(request.GET.get("page", "")) or 1, 1), len(pages))
    following = number % len(pages) + 1
    held = bool(request.GET.get("hold"))
    context = {
        "site": place,
        "line": where,
        "tiles": pages[number - 1],
        "standing": queries.Standing(tuple(found)),
        "number": number,
        "pages": len(pages),
        "following": following,
        "held": held,
        "now": clock.now().astimezone(clock.zone(place)),
        "theme": request.COOKIES.get("theme") or "dark",
    }
    answer = render(request, "kpis/wall.html", context)
    if not held:
        seconds = TURN if len(pages) > 1 else RENEW
        answer["Refresh"] = f"{seconds}; url={request.path}?{urlencode({'page': following})}"
    return answer


def _one(rows: Any, **wanted: Any) -> Any:
    """Return the one row the person may see, else the same 404 as an absent one."""
    found = rows.filter(**wanted).first() if str(wanted["code"]).isprintable() else None
    if found is None:
        raise Http404
    return found
