"""Pages across nonconformities: Pareto, clusters, holds, concessions."""

import csv
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from andon import stats
from andon.modules.nonconformities import queries
from andon.modules.nonconformities.forms.lists import (
    ClusterForm,
    NonconformityFilters,
    ParetoForm,
)
from andon.modules.nonconformities.models import Nonconformity
from andon.organization import clock
from andon.organization.queries import settings
from andon.records.listing import filtered
from andon.records.pages import Request
from andon.store.exporting import counted
from andon.ui import charts
from andon.ui.sheets import inert_in_csv

YEAR = timedelta(days=365)
BARS = 15
CHOICES = ("by", "weight")


def pareto(request: Request) -> HttpResponse:
    """Count nonconformities by any field, within any filter of the list."""
    asked = request.GET.copy()
    for name, first in (("by", "defect"), ("weight", "count")):
        asked.setdefault(name, first)
    if "since" not in asked:
        asked["since"] = (clock.today() - YEAR).isoformat()
    rows, applied = _filtered(request, asked)
    form = ParetoForm(asked)
    bars: list[queries.Bar] = []
    if form.is_valid():
        bars = queries.pareto(rows.exclude(state="void"), **_chosen(form))
    shown = bars[:BARS]
    context = {
        "form": form,
        "filters": applied.form,
        "table": list(zip(shown, _shares(bars), strict=False)),
        "more": len(bars) - len(shown),
        "chart": _chart(form, bars) if bars else None,
        "money": asked["weight"] == "cost",
        "currency": settings().currency,
        "kept": _kept(asked),
        "day": clock.today(),
    }
    return render(request, "nonconformities/pareto.html", context)


def _filtered(request: Request, asked: QueryDict) -> tuple[QuerySet[Any], Any]:
    rows = Nonconformity.objects.visible_to(request.user)
    return filtered(rows, asked, viewer=request.user, day=clock.today(), by=NonconformityFilters)


def _chosen(form: ParetoForm) -> dict[str, Any]:
    return {"by": form.cleaned_data["by"], "weight": form.cleaned_data["weight"]}


def _kept(asked: QueryDict) -> str:
    """Return the filters of the list that hold here, for the way down to the records."""
    kept = asked.copy()
    for name in CHOICES:
        kept.pop(name, None)
    return kept.urlencode()


def _pareto(bars: list[queries.Bar]) -> Any:
    totals = [float(bar.total) for bar in bars]
    return stats.pareto([bar.name for bar in bars], totals, keep=BARS, other=_("All others"))


def _shares(bars: list[queries.Bar]) -> list[float]:
    return [round(value or 0, 1) for value in _pareto(bars).cumulative_percent] if bars else []


def _chart(form: ParetoForm, bars: list[queries.Bar]) -> charts.Chart:
    found = _pareto(bars)
    weight = queries.WEIGHTS[form.cleaned_data["weight"]]
    field = queries.FIELDS[form.cleaned_data["by"]].label
    return charts.pareto_chart(
        found.names,
        found.counts,
        cumulative=[value or 0 for value in found.cumulative_percent],
        caption=_("%(weight)s by %(field)s") % {"weight": weight, "field": str(field).lower()},
        count_name=str(weight),
        names_name=str(field),
    )


def clusters(request: Request) -> HttpResponse:
    """Show cases that belong together, and raise one corrective action over them."""
    form = ClusterForm({"days": "180", **request.GET.dict()})
    chosen = form.cleaned_data if form.is_valid() else {"days": 180}
    found = queries.clusters(
        Nonconformity.objects.visible_to(request.user), day=clock.today(), **chosen
    )
    context = {
        "form": form,
        "clusters": found,
        "may_open": request.user.may("actions.open"),
        "currency": settings().currency,
    }
    return render(request, "nonconformities/clusters.html", context)


def holds(request: Request) -> HttpResponse:
    """Show what is held where; as CSV for those who walk and count."""
    place = request.GET.get("place", "")[:120]
    found = queries.holds(Nonconformity.objects.visible_to(request.user), place=place)
    if request.GET.get("format") == "csv":
        counted(request, len(found))
        return _holds_csv(found)
    context = {"holds": found, "place": place, "day": clock.today()}
    return render(request, "nonconformities/holds.html", context)


def _holds_csv(found: list[queries.Hold]) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="holds.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow([_("Number"), _("Title"), _("Item"), _("Lot"), _("Where"), _("Quantity"),
                     _("Since"), _("Owner")])  # fmt: skip
    for hold in found:
        case = hold.case
        item = case.item.number if case.item else ""
        cells = (case.number, case.title, item, hold.lot, hold.place or _("not held"),
                 hold.quantity, hold.since, case.owner)  # fmt: skip
        writer.writerow([inert_in_csv(cell) for cell in cells])
    return answer


def concessions(request: Request) -> HttpResponse:
    """Show what may be used although it does not conform, how many, and until when."""
    visible = Nonconformity.objects.visible_to(request.user)
    found = queries.concessions(visible, day=clock.today())
    return render(request, "nonconformities/concessions.html", {"concessions": found})
