"""What the lines did lately, and the facts behind it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from andon.accounts.http import Request
from andon.accounts.models import Site
from andon.modules.production import queries
from andon.modules.production.models import (
    Batched,
    CycleTime,
    Delivery,
    Output,
    Plan,
    Receipt,
    Rework,
    Scrap,
    Stop,
)
from andon.organization import clock
from andon.organization.models import Item, Line, Party, Shift
from andon.records.listing import key_of
from andon.ui import charts

WEEKS = 4
SHOWN_LINES = 100
PAGE = 50
LONGEST = timedelta(days=366)
KINDS: dict[str, type[Batched]] = {
    "output": Output,
    "scrap": Scrap,
    "stops": Stop,
    "rework": Rework,
    "plan": Plan,
    "cycle-times": CycleTime,
    "deliveries": Delivery,
    "receipts": Receipt,
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
    model = KINDS[kind]
    until = _day(request, "until") or clock.today()
    since = max(_day(request, "since") or until - timedelta(days=30), until - LONGEST)
    sites = Site.objects.visible_to(request.user).values_list("pk", flat=True)
    # Named sites let the index by site and day give the rows in order.
    rows = model._default_manager.visible_to(request.user).filter(
        current=True, site__in=list(sites), **{f"{model.day_field}__range": (since, until)}
    )
    at_line = "line_id" in model.key_fields
    line = _line(request) if at_line else None
    if line:
        rows = rows.filter(line=line)
    names = _names(model)
    related = [name for name in names if f"{name}_id" in (*model.key_fields, *model.value_fields)]
    page = _after(rows, model.day_field, request.GET.get("after", ""))
    page = page.select_related(*related).order_by(f"-{model.day_field}", "-pk")
    found = list(page[: PAGE + 1])
    context = {
        "kind": kind,
        "kinds": [(name, one._meta.verbose_name_plural) for name, one in KINDS.items()],
        "headings": [getattr(model, name).field.verbose_name for name in names],
        "rows": [(row, [_cell(getattr(row, name)) for name in names]) for row in found[:PAGE]],
        "since": since,
        "until": until,
        "at_line": at_line,
        "line": line,
        "lines": Line.objects.visible_to(request.user).select_related("site")[:SHOWN_LINES],
        "pages": _pages(request, found),
    }
    return render(request, "production/facts.html", context)


def _names(model: type[Batched]) -> list[str]:
    """Return what is shown of a fact: its day first, then what it is about, then what it says."""
    names = [name.removesuffix("_id") for name in (*model.key_fields, *model.value_fields)]
    rest = [name for name in names if name not in (model.day_field, "site")]
    return [model.day_field, *rest]


def _cell(value: Any) -> tuple[str, Any]:
    """Return how a value is shown, and the value."""
    if isinstance(value, bool):
        return "text", _("yes") if value else _("no")
    if isinstance(value, (Line, Shift, Party)):
        return "text", value.code
    if isinstance(value, Item):
        return "text", value.number
    if value is None or value == "":
        return "text", "–"
    kinds = ((date, "day"), (Decimal, "number"))
    return next((kind for of, kind in kinds if isinstance(value, of)), "text"), value


def _day(request: Request, name: str) -> date | None:
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None


def _line(request: Request) -> Line | None:
    asked = key_of(request.GET.get("line", ""))
    line: Line | None = Line.objects.visible_to(request.user).filter(pk=asked).first()
    return line


def _after(rows: Any, name: str, place: str) -> Any:
    """Return the rows after a place in the list, "2026-05-01.123"; anything else is the start."""
    day_text, _dot, number = place.partition(".")
    try:
        day = parse_date(day_text)
    except ValueError:
        day = None
    key = key_of(number)
    if day is None or key is None:
        return rows
    return rows.filter(**{f"{name}__lt": day}) | rows.filter(**{name: day, "pk__lt": key})


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
        query["after"] = f"{getattr(last, last.day_field).isoformat()}.{last.pk}"
        pages["next"] = f"?{query.urlencode()}"
    return pages
