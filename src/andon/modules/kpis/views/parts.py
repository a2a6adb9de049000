"""A part of a KPI (a site, a process, a line), and what stands behind one of its numbers."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from andon.accounts.models import Site
from andon.modules.kpis import queries
from andon.modules.kpis.forms import key_of
from andon.modules.kpis.models import periods
from andon.modules.kpis.models.judging import shown
from andon.modules.kpis.models.places import Where
from andon.organization.models import Line, Process
from andon.records.pages import Request

from .board import find

ROWS_SHOWN = 26


def part(request: Request, code: str) -> HttpResponse:
    """Show the chart of one site, process or line of a computed KPI."""
    kpi = find(request, code)
    where = _where(request)
    if not kpi.is_computed or where is None:
        raise Http404
    drawn = queries.chart(kpi, viewer=request.user, where=where)
    newest = [
        (point, shown(kpi, point.value), "–" if point.target is None else shown(kpi, point.target))
        for point in drawn.points[: -ROWS_SHOWN - 1 : -1]
    ]
    context = {
        "kpi": kpi,
        "where": where,
        "drawn": drawn,
        "rows": newest,
        "parts": queries.breakdown(kpi, viewer=request.user, where=where),
    }
    return render(request, "kpis/part.html", context)


def _where(request: Request) -> Where | None:
    """Return the part that the address names; None when nothing is named or it is out of sight."""
    site = _named(Site, request, "site")
    line = _named(Line, request, "line", **({"site": site} if site else {}))
    if line is not None:
        return Where.at(line)
    process = _named(Process, request, "process")
    return Where(site, process) if site or process else None


def _named(model: Any, request: Request, name: str, **only: Any) -> Any:
    code = request.GET.get(name, "")
    if not code:
        return None
    rows = model.objects.visible_to(request.user).filter(code=code, **only)
    found = rows.first() if code.isprintable() else None
    if found is None:
        raise Http404
    return found


def behind(request: Request, code: str, start: str) -> HttpResponse:
    """Show what the number of one period is made of, down to the rows."""
    kpi, key = find(request, code), key_of(start)
    if key is None or not kpi.is_computed or key[0] != periods.start_of(kpi.period, key[0]):
        raise Http404
    found = queries.behind(kpi, key[0], viewer=request.user)
    return render(request, "kpis/behind.html", {"kpi": kpi, "behind": found})
