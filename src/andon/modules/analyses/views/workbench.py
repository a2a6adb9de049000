"""The Workbench: values in, a method, what the statistics say, and what is done with it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.accounts.forms import add_errors
from andon.modules.analyses import queries, services
from andon.modules.analyses.forms import KeepForm, ValuesForm
from andon.modules.analyses.models import METHODS, Analysis, Method, Unfit, Values, groups
from andon.modules.kpis.models import Kpi
from andon.organization import clock
from andon.records import services as records
from andon.records.links import LINK_KINDS
from andon.records.list_views import printed
from andon.records.models import Record
from andon.records.pages import Request, see
from andon.records.workflow import Refused
from andon.trail.services import audited
from andon.ui.paper import Report

from .bench import Bench, sent

KPIS_OFFERED = 200
SHOWN_ROWS = 5


def workbench(request: Request) -> HttpResponse:
    """Show the bench; on POST compute, print, or keep what lies on it."""
    if request.method != "POST":
        return _show(request, _first(request))
    bench, act = sent(request), request.POST.get("act", "")
    if bench.outcome is None or act not in {"keep", "pdf"}:
        return _show(request, bench)
    if act == "pdf":
        return printed(_report(bench), name="analysis")
    form = KeepForm(request.POST, viewer=request.user)
    if form.is_valid() and (kept := _kept(request, bench, form)) is not None:
        messages.success(request, _("%(number)s is recorded.") % {"number": kept.number})
        return see(kept.get_absolute_url())
    return _show(request, bench, form)


def _first(request: Request) -> Bench:
    """Return the bench with the series of a KPI on it, a kept analysis, or nothing."""
    if number := request.GET.get("again", ""):
        kept = _visible(request, number)
        bench = Bench(ValuesForm(initial={"pasted": kept.data.as_text()}))
        bench.take_kept(kept.data, kept.how, kept.chosen)
        return bench
    if code := request.GET.get("kpi", ""):
        values, method = queries.series_of(code, viewer=request.user)
        bench = Bench(ValuesForm(initial={"pasted": values.as_text()}))
        bench.take(values, method)
        return bench
    return Bench(ValuesForm())


def _visible(request: Request, number: str) -> Analysis:
    rows = Analysis.objects.visible_to(request.user)
    found: Analysis | None = rows.filter(number=number).first() if number.isprintable() else None
    if found is None:
        raise Http404
    return found


def _show(request: Request, bench: Bench, keep: KeepForm | None = None) -> HttpResponse:
    kpis = Kpi.objects.visible_to(request.user).active().order_by("code")
    context = {
        "bench": bench,
        "keep_form": keep or KeepForm(viewer=request.user, initial=_typed(request, bench)),
        "keeping": bench.outcome or "title" in request.POST,
        "kpis": list(kpis.values_list("code", "name")[:KPIS_OFFERED]),
        "kpi": request.GET.get("kpi", ""),
        "sources": _sources(request),
        "sample": _sample(bench.values),
        "groups": groups(),
    }
    wrong = bench.is_wrong or (keep is not None and bool(keep.errors))
    return render(request, "analyses/workbench.html", context, status=422 if wrong else 200)


def _typed(request: Request, bench: Bench) -> dict[str, Any]:
    """Return what was typed for keeping: it outlives a value that has to be put right.

    A title that was proposed is proposed anew: values or method may be others by now.
    """
    typed: dict[str, Any] = request.POST.dict()
    ours = any(typed.get("title", "").endswith(_ending(method)) for method in METHODS.values())
    if not typed.get("title") or ours:
        typed |= _proposal(bench)
    return typed


def _ending(method: Method) -> str:
    return f" · {method.label}"


def _proposal(bench: Bench) -> dict[str, str]:
    if bench.method is None or bench.values is None:
        return {}
    chosen = (bench.settings or {}).get("columns", {})
    first = next((chosen[s.name] for s in bench.method.slots if chosen.get(s.name)), [""])
    return {"title": f"{first[0]}{_ending(bench.method)}"[:200]}


def _sample(values: Values | None) -> list[list[str]]:
    if values is None:
        return []
    return [list(row) for row in zip(*(c.texts[:SHOWN_ROWS] for c in values.columns), strict=True)]


def _sources(request: Request) -> list[tuple[str, Record]]:
    """Return the records this analysis is to be linked to: the pairs of link and record."""
    asked = request.POST if request.method == "POST" else request.GET
    wanted = [
        (k, number) for k in LINK_KINDS for number in asked.getlist(k) if number.isprintable()
    ]
    rows = Record.objects.visible_to(request.user).filter(number__in=[n for _k, n in wanted[:20]])
    by_number = {record.number: record for record in rows}
    return [(kind, by_number[number]) for kind, number in wanted if number in by_number]


def _kept(request: Request, bench: Bench, form: KeepForm) -> Analysis | None:
    site = form.cleaned_data["site"]
    if not request.user.may("analyses.keep", site.pk):
        raise PermissionDenied(_("Your roles do not allow this at this site."))
    if bench.method is None or bench.values is None:
        return None
    analysis = Analysis.on(
        bench.values,
        bench.method.name,
        bench.settings or {},
        title=form.cleaned_data["title"],
        source=form.cleaned_data["source"],
        conclusion=form.cleaned_data["conclusion"],
        site=site,
        owner=request.user,
    )
    try:
        with audited(request.user, reason=_("created")):
            services.keep(analysis, by=request.user)
            for kind, source in _sources(request):
                records.link(analysis, kind, source, by=request.user)
    except ValidationError as error:
        add_errors(form, error)
        return None
    return analysis


def _report(bench: Bench) -> Report:
    method = str(bench.method.label) if bench.method else ""
    return queries.report(
        bench.outcome, title=method, facts=[(_("Printed"), date_format(clock.today()))]
    )


def pdf(request: Request, number: str) -> HttpResponse:
    """Return a kept analysis as PDF."""
    analysis = _visible(request, number)
    try:
        report = queries.report_of(analysis, day=_today(analysis))
    except Unfit as unfit:  # kept by an Andon whose method took these values
        raise Refused(unfit.sentence, fix=analysis.get_absolute_url()) from unfit
    return printed(report, name=analysis.number)


def _today(analysis: Analysis) -> date:
    return clock.today(analysis.site)
