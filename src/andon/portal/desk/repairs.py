"""What people do in the grid: repair, replace, decide, leave out, download."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.accounts.http import Request
from andon.portal.desk import repair, views
from andon.portal.desk.forms import ReasonForm, ReplaceForm
from andon.portal.desk.grid import SHOWS, chosen
from andon.portal.desk.models import Intake, IntakeRow
from andon.records.listing import key_of
from andon.records.pages import see
from andon.store.exporting import counted
from andon.ui.sheets import inert_in_csv


def rows(request: Request, pk: int) -> HttpResponse:
    """Keep what was typed in the grid and check it again, or leave marked rows out."""
    found = views.found_for(request, pk)
    marked = [key for value in request.POST.getlist("row") if (key := key_of(value))]
    act = request.POST.get("act", "save")
    cells, choices = _typed(request, found)
    repair.edit(found, cells, choices=choices, by=request.user)
    if act in {"out", "in"} and not marked:
        messages.error(request, _("Mark the rows first."))
    elif act == "out":
        repair.leave_out(found, marked, by=request.user, reason=request.POST.get("reason", ""))
    elif act == "in":
        repair.take_back_in(found, marked, by=request.user)
    return see(_back(request, found))


def _back(request: Request, found: Intake) -> str:
    """Return the page of the grid one came from; only its own query is taken over."""
    show = request.POST.get("show", "trouble")
    after = key_of(request.POST.get("after", "")) or 0
    query = f"?show={show}&after={after}" if show in SHOWS else ""
    if show == "trouble":  # what is repaired is gone from this list: begin at its top
        query = "?show=trouble"
    return f"{found.get_absolute_url()}{query}#rows"


def _typed(request: Request, found: Intake) -> tuple[dict[int, dict[str, str]], dict[int, str]]:
    """Return cells by position and column, and decisions by position."""
    cells: dict[int, dict[str, str]] = {}
    choices: dict[int, str] = {}
    for name, text in request.POST.items():
        position, _line, at = name[1:].partition("_")
        if name.startswith("c") and position.isdecimal() and at.isdecimal():
            if int(at) < len(found.columns):
                cells.setdefault(int(position), {})[found.columns[int(at)]] = str(text)
        elif name.startswith("d") and position.isdecimal() and text in {"new", "skip"}:
            choices[int(position)] = str(text)
    return cells, choices


def replace(request: Request, pk: int) -> HttpResponse:
    """Put one word for another in a whole column."""
    found = views.found_for(request, pk)
    form = ReplaceForm(request.POST, columns=found.columns)
    if not form.is_valid():
        return views.show(request, found, replace=form)
    said = form.cleaned_data
    count = repair.replace(found, said["column"], said["old"], said["new"], by=request.user)
    sentence = ngettext("One cell was changed.", "%d cells were changed.", count)
    messages.success(request, sentence % count if count > 1 else sentence)
    return see(found.get_absolute_url() + "#rows")


def many(request: Request, pk: int) -> HttpResponse:
    """Decide on all repeats, or leave out all rows that are in the way."""
    found = views.found_for(request, pk)
    act = request.POST.get("act", "")
    if act in {"new", "skip"}:
        repair.decide(found, act, by=request.user)
        return see(found.get_absolute_url() + "#rows")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return views.show(request, found, reason=form)
    repair.leave_out(found, [], by=request.user, reason=form.cleaned_data["reason"])
    return see(found.get_absolute_url() + "#rows")


class _Line:
    def write(self, line: str) -> str:
        return line


def download(request: Request, pk: int) -> StreamingHttpResponse:
    """Stream the rows in the way, or all, as CSV with what is wrong beside them."""
    found = views.found_for(request, pk)
    show = request.GET.get("show", "trouble")
    listed = chosen(found, show if show in SHOWS else "trouble")
    counted(request, listed.count())
    writer = csv.writer(_Line())

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield writer.writerow(
            [*map(inert_in_csv, found.columns), _("Row in the file"), _("What is wrong")]
        )
        for row in listed.iterator(chunk_size=1000):
            yield writer.writerow(
                [*map(inert_in_csv, row.cells), row.number, inert_in_csv(_wrong(row))]
            )

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{found.pk}-{show[:7]}.csv"'
    return answer


def _wrong(row: IntakeRow) -> str:
    told = [f"{name}: {text}" if name else text for name, text in row.errors.items()]
    return "; ".join([*told, *filter(None, [row.same_as, row.out])])
