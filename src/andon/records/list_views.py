"""The list of a kind: on the page, as CSV, as workbook, on paper; and one record on paper."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.extras.seam import extras
from andon.lists.models import SavedView
from andon.organization import clock
from andon.store.exporting import counted
from andon.ui import sheets
from andon.ui.paper import Report, Unprintable, pdf_of

from . import listing, paging, printing
from .listing import Column, RecordFilters, unknown_names
from .pages import RecordPages, Request
from .reading import whole
from .rows import hidden, rows_html, ticks
from .workflow import Refused

Pages = RecordPages[Any]
# What a list is asked for beside its filters.
CHOSEN = ("col", "order")
LARGEST_WORKBOOK = 250_000


def list_page(request: Request, pages: Pages) -> HttpResponse:
    pages = extras().on_list(pages, request.user)
    views = list(SavedView.objects.visible_to(request.user).of(pages.name, request.user))
    query = request.GET or _first_query(views)
    day = clock.today()
    found, applied = _filtered(request, pages, day, query)
    columns = pages.shown(query.getlist("col"))
    page = paging.page_of(found, query, applied, related=pages.related)
    choosing = request.user.may(pages.kind.edit_permission)
    extras().attach(page.rows, pages.name)
    asked = [(name, value) for name in query for value in query.getlist(name) if value]
    context = {
        "pages": pages,
        "page": page,
        "form": applied.form,
        "query": urlencode([(n, v) for n, v in asked if n != "after"]),
        "may_create": request.user.may(pages.kind.create_permission),
        "title": pages.kind._meta.verbose_name_plural,
        "day": day,
        "columns": columns,
        "unknown": unknown_names(pages.offered, query.getlist("col")),
        "choosing": choosing,
        "rows": rows_html(page.rows, columns, day=day, choosing=choosing),
        "picks": ticks(pages.offered, columns),
        "orders": list(paging.ORDERS.items()),
        "order": paging.order_of(query),
        "kept": hidden((n, v) for n, v in asked if n in CHOSEN),
        "filters_kept": hidden((n, v) for n, v in asked if n in applied.filters),
        "views": views,
        "view": next((v for v in views if str(v.pk) == query.get("view")), None),
    }
    return render(request, pages.template("list"), context)


def _first_query(views: Sequence[Any]) -> QueryDict:
    """Return the query of the view that the person's list begins with; or none."""
    first = next((view.address for view in views if view.is_default), "")
    return QueryDict(first)


def as_csv(request: Request, pages: Pages) -> HttpResponseBase:
    records, columns, _about = _taken_out(request, pages)
    return sheets.csv_of(records, columns, name=pages.name)


def as_workbook(request: Request, pages: Pages) -> HttpResponseBase:
    found, _applied = _filtered(request, extras().on_list(pages, request.user))
    if found.order_by().values("pk")[: LARGEST_WORKBOOK + 1].count() > LARGEST_WORKBOOK:
        raise Refused(
            _("A workbook holds up to %d records. Filter the list further, or export it as CSV.")
            % LARGEST_WORKBOOK,
            fix=reverse(f"{pages.name}:list"),
        )
    records, columns, about = _taken_out(request, pages)
    return sheets.xlsx_of(records, columns, name=pages.name, about=about)


def as_paper(request: Request, pages: Pages) -> HttpResponseBase:
    records, columns, about = _taken_out(request, pages)
    title = str(pages.kind._meta.verbose_name_plural).capitalize()
    report = printing.list_report(records, columns, title=title, about=about)
    return printed(report, name=pages.name)


def record_on_paper(request: Request, pages: Pages, number: str) -> HttpResponseBase:
    record = pages.find(request, number)
    address = request.build_absolute_uri(reverse("records:permalink", args=[number]))
    more = pages.paper(request, record) if pages.paper else ()
    report = printing.record_report(
        record, viewer=request.user, address=address, at=clock.now(), more=more
    )
    return printed(report, name=number)


def printed(report: Report, *, name: str) -> HttpResponse:
    """Return ``report`` as a PDF to be saved under ``name``."""
    try:
        content = pdf_of(report)
    except Unprintable as unprintable:
        raise Refused(str(unprintable)) from unprintable
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer


def _filtered(
    request: Request, pages: Pages, day: date | None = None, query: QueryDict | None = None
) -> tuple[Any, RecordFilters]:
    rows, asked = pages.kind.objects.visible_to(request.user), query or request.GET
    day = day or clock.today()
    return listing.filtered(rows, asked, viewer=request.user, day=day, by=pages.filters)


def _taken_out(
    request: Request, pages: Pages
) -> tuple[Iterator[Any], list[Column], list[tuple[str, str]]]:
    """Return what leaves by an export, its columns, and what is said about it (EX2: recorded)."""
    pages = extras().on_list(pages, request.user)
    found, applied = _filtered(request, pages)
    rows = paging.ordered(found, paging.order_of(request.GET))
    names = request.GET.getlist("col")
    columns = listing.chosen(pages.offered, names, otherwise=pages.offered)
    counted(request, found.order_by().values("pk").count())
    now = clock.now()
    about = [
        (_("Exported"), f"{date_format(now, 'DATETIME_FORMAT')} UTC"),
        (_("By"), str(request.user)),
        (_("Filter"), listing.in_words(applied) or _("none: all records visible to you")),
    ]
    records = extras().attached(whole(rows, pages.related), pages.name)
    return records, columns, about
