"""The board with all KPIs, and the page of one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import ngettext

from andon.accounts.models import Site
from andon.modules.kpis import queries, services
from andon.modules.kpis.models import Kpi
from andon.modules.kpis.models.judging import shown, translated
from andon.modules.kpis.queries.facts import uncomputed
from andon.organization import clock
from andon.records.history import told
from andon.records.list_views import printed
from andon.records.pages import Request, see
from andon.trail.queries import timeline

HISTORY_SHOWN = 20
ROWS_SHOWN = 26
RESTATED_SHOWN = 20
NOTES_SHOWN = 20


def find(request: Request, code: str) -> Kpi:
    """Return the KPI that the person may see, else the same 404 as an absent one."""
    rows = Kpi.objects.visible_to(request.user).filter(code=code)
    kpi: Kpi | None = None
    if code.isprintable():
        kpi = rows.select_related("site", "process", "owner", "line", "item").first()
    if kpi is None:
        raise Http404
    return kpi


def board(request: Request) -> HttpResponse:
    """Show every KPI in use: its newest number and whether it is all right."""
    day = clock.today()
    standing = queries.standing(request.user, day=day)
    context = {
        "standing": standing,
        "tiles": standing.tiles,
        "day": day,
        "may_manage": request.user.may("kpis.manage"),
        "may_refresh": request.user.may("kpis.observe"),
        "sites": Site.objects.visible_to(request.user).order_by("code")[:20],
        "retired": Kpi.objects.visible_to(request.user).filter(is_active=False)[:50],
    }
    return render(request, "kpis/board.html", context)


def kpi(request: Request, code: str) -> HttpResponse:
    """Show one KPI: its chart, what it says, and everything that can be done with it."""
    found = find(request, code)
    return render(request, "kpis/kpi.html", page_context(request, found))


def paper(request: Request, code: str) -> HttpResponse:
    """Return one KPI as PDF: chart, table, target, source, answers, restatements."""
    found = find(request, code)
    day = clock.today(services.home_of(found))
    return printed(queries.report_of(found, viewer=request.user, day=day), name=found.code)


def page_context(request: Request, found: Kpi) -> dict[str, Any]:
    """Return what the page of a KPI shows."""
    site = services.home_of(found)
    day, may = clock.today(site), request.user.may
    drawn = queries.chart(found, viewer=request.user)
    facts = queries.closed_facts(found, day)
    return {
        "kpi": found,
        "drawn": drawn,
        "tile": next(iter(queries.tiles_of([found], viewer=request.user, day=day))),
        "causes": queries.causes(found, viewer=request.user, found=drawn.points),
        "uncomputed": uncomputed(found, facts),
        "changed": [
            (one, shown(found, one.stored), shown(found, one.now))
            for one in queries.changed_facts(found, facts)
        ],
        "rows": [
            (point, shown(found, point.value)) for point in drawn.points[: -ROWS_SHOWN - 1 : -1]
        ],
        "capability": _capability(drawn),
        "rare": queries.rare_events(found, drawn.points),
        "troubles": queries.troubles(found, facts),
        "beside": queries.parts_of(found, drawn.last),
        "unpriced": queries.unpriced(found),
        "breakdown": queries.breakdown(found, viewer=request.user),
        "targets": [(target, shown(found, target.value)) for target in found.known_targets],
        "notes": _notes(drawn),
        "phases": list(found.phases.select_related("record", "by").order_by("-day", "-sequence")),
        "restated": drawn.restated[:RESTATED_SHOWN],
        "history": told(timeline(found.trail_number()).order_by("-seq")[:HISTORY_SHOWN]),
        "may_manage": may("kpis.manage", site.pk),
        "may_observe": may("kpis.observe", site.pk),
        "may_analyse": may("analyses.keep"),
        "may_import": may("production.import", site.pk) and not found.is_computed,
        "day": day,
    }


def _capability(drawn: queries.KpiChart) -> dict[str, Any]:
    """Return what the capability says, and its indices."""
    found = drawn.capability
    if found is None or found.sentence is None:
        return {}
    named = (("Cp", found.cp), ("Cpk", found.cpk), ("Pp", found.pp), ("Ppk", found.ppk))
    return {
        "sentence": translated(found.sentence),
        "warnings": [translated(warning) for warning in found.warnings],
        "indices": [(name, number_format(i, 2)) for name, i in named if i is not None],
    }


def _notes(drawn: queries.KpiChart) -> list[dict[str, Any]]:
    """Return the newest notes, each with the name of its point."""
    labels = {point.key: point.label for point in drawn.points}
    rows = [row for several in drawn.notes.values() for row in several]
    rows.sort(key=lambda row: row.pk, reverse=True)
    return [
        {"row": row, "label": labels.get(row.key, row.day.isoformat())}
        for row in rows[:NOTES_SHOWN]
    ]


def refresh_all(request: Request) -> HttpResponse:
    """Compute the closed periods of every KPI the person may refresh."""
    computed = signals = 0
    rows = Kpi.objects.visible_to(request.user).active().select_related("site", "process")
    for found in rows[:100]:
        if request.user.may("kpis.observe", services.home_of(found).pk):
            done = services.refresh(found, by=request.user)
            computed, signals = computed + done.computed, signals + len(done.signals)
    _told(request, computed, signals)
    return see(reverse("kpis:board"))


def refresh(request: Request, code: str) -> HttpResponse:
    """Compute the closed periods of one KPI and raise its signals."""
    found = find(request, code)
    done = services.refresh(found, by=request.user)
    _told(request, done.computed, len(done.signals))
    return see(found.get_absolute_url())


def _told(request: Request, computed: int, signals: int) -> None:
    periods = ngettext("%d period computed", "%d periods computed", computed) % computed
    raised = ngettext("%d signal raised", "%d signals raised", signals) % signals
    messages.success(request, f"{periods}, {raised}.")
