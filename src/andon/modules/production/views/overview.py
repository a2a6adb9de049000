"""What the lines did lately, and the facts behind it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from andon.accounts.http import Request
from andon.accounts.models import Site
from andon.modules.production import queries
from andon.modules.production.models import Output, Scrap, Stop
from andon.organization import clock
from andon.organization.models import Line
from andon.records.listing import key_of
from andon.ui import charts

WEEKS = 4
SHOWN_LINES = 100
PAGE = 50
LONGEST = timedelta(days=366)
KINDS: dict[str, tuple[Any, str]] = {
    "output": (Output, "produced"),
    "scrap": (Scrap, "quantity"),
    "stops": (Stop, "minutes"),
}


def overview(request: Request) -> HttpResponse:
    """Show output, scrap and lost time of every line in the last weeks."""
    until = clock.today()
    since = until - timedelta(days=7 * WEEKS - 1)
    lines = Line.objects.visible_to(request.user).active().select_related("site")[:SHOWN_LINES]
    rows = queries.lines_since(request.user, lines, since=since, until=until)
    with_data = [row for row in rows if row.last_day]
    causes = queries.pareto_by_cause(request.user, "scrap", since=since, until=until, limit=10)
    context = {
        "rows": rows,
        "with_data": with_data,
        "since": since,
        "until": until,
        "weeks": WEEKS,
        "chart": _pareto(causes, since, until),
        "may_import": request.user.may("production.import"),
        "may_record": request.user.may("production.record"),
    }
    return render(request, "production/overview.html", context)


def _pareto(causes: list[queries.CauseTotal], since: date, until: date) -> charts.Chart | None:
    if not causes:
        return None
    return charts.pareto_chart(
        [cause.name for cause in causes],
        [float(cause.total) for cause in causes],
        caption=_("Scrapped pieces by cause, %(since)s to %(until)s")
        % {"since": since.isoformat(), "until": until.isoformat()},
        count_name=_("Pieces"),
    )


def facts(request: Request, kind: str) -> HttpResponse:
    """List the facts of one kind, newest day first."""
    if kind not in KINDS:
        raise Http404
    model, value = KINDS[kind]
    until = _day(request, "until") or clock.today()
    since = max(_day(request, "since") or until - timedelta(days=30), until - LONGEST)
    sites = Site.objects.visible_to(request.user).values_list("pk", flat=True)
    # Named sites let the index by site and day give the rows in order.
    rows = model.objects.visible_to(request.user).filter(
        current=True, site__in=list(sites), day__range=(since, until)
    )
    line = _line(request)
    if line:
        rows = rows.filter(line=line)
    page = _after(rows, request.GET.get("after", ""))
    page = page.select_related("line__site", "item", "shift", *_cause(model)).order_by(
        "-day", "-pk"
    )
    found = list(page[: PAGE + 1])
    context = {
        "kind": kind,
        "kinds": [(name, entry[0]._meta.verbose_name_plural) for name, entry in KINDS.items()],
        "rows": [(row, getattr(row, value)) for row in found[:PAGE]],
        "value_name": model._meta.get_field(value).verbose_name,
        "has_cause": hasattr(model, "cause"),
        "since": since,
        "until": until,
        "line": line,
        "lines": Line.objects.visible_to(request.user).select_related("site")[:SHOWN_LINES],
        "pages": _pages(request, found),
    }
    return render(request, "production/facts.html", context)


def _cause(model: Any) -> tuple[str, ...]:
    return ("cause",) if hasattr(model, "cause") else ()


def _day(request: Request, name: str) -> date | None:
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None


def _line(request: Request) -> Line | None:
    asked = key_of(request.GET.get("line", ""))
    line: Line | None = Line.objects.visible_to(request.user).filter(pk=asked).first()
    return line


def _after(rows: Any, place: str) -> Any:
    """Return the rows after a place in the list, "2026-05-01.123"; anything else is the start."""
    day_text, _dot, number = place.partition(".")
    try:
        day = parse_date(day_text)
    except ValueError:
        day = None
    key = key_of(number)
    if day is None or key is None:
        return rows
    return rows.filter(day__lt=day) | rows.filter(day=day, pk__lt=key)


def _pages(request: Request, found: list[Any]) -> dict[str, str]:
    shown = len(found[:PAGE])
    pages = {
        "summary": _("%(n)d rows on this page") % {"n": shown} if shown else "",
        "previous": "",
        "next": "",
    }
    query = request.GET.copy()
    if "after" in query:
        del query["after"]
        pages["previous"] = f"?{query.urlencode()}"
    if len(found) > PAGE:
        last = found[PAGE - 1]
        query["after"] = f"{last.day.isoformat()}.{last.pk}"
        pages["next"] = f"?{query.urlencode()}"
    return pages
