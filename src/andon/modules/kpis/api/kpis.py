"""The API of KPIs: define and read them and their series, type observations, set targets."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Status

from andon.accounts.models import Site
from andon.modules.kpis import queries, services
from andon.modules.kpis.models import (
    Kpi,
    Observation,
    Target,
)
from andon.modules.kpis.models.series import MOST, Point, points
from andon.organization.models import Line, Process
from andon.records.pages import Request

from .naming import named
from .shapes import (
    KpiIn,
    KpiOut,
    KpiPage,
    ObservationIn,
    PointOut,
    SeriesOut,
    Span,
    TargetIn,
    TargetOut,
)

router = Router(tags=["kpis"])


def _find(request: Request, code: str) -> Kpi:
    rows = Kpi.objects.visible_to(request.user).select_related("site", "owner", "process")
    found: Kpi | None = named(rows, code)
    if found is None:
        raise Http404
    return found


@router.get("/", response=dict[str, Any], operation_id="list_kpi_definitions")
def many(request: Request, page: Query[KpiPage]) -> dict[str, Any]:
    """List the KPIs the person may see, by code."""
    after = page.after if page.after.isprintable() else ""
    rows = Kpi.objects.visible_to(request.user).filter(code__gt=after).order_by("code")
    part = list(rows.select_related("site", "owner")[: page.limit + 1])
    shown = part[: page.limit]
    items = [KpiOut.from_orm(kpi).dict() for kpi in shown]
    return {"items": items, "next": shown[-1].code if len(part) > page.limit else None}


def _places(request: Request, data: KpiIn | TargetIn, *names: str) -> dict[str, Any]:
    """Return the rows that codes name; an empty code names none."""
    models: dict[str, Any] = {"site": Site, "process": Process, "line": Line}
    found: dict[str, Any] = {}
    for name in names:
        code = getattr(data, name)
        rows = models[name].objects.visible_to(request.user)
        rows = rows.filter(site=found["site"]) if name == "line" and found["site"] else rows
        found[name] = named(rows, code) if code else None
        if code and found[name] is None:
            raise ValidationError({name: _("There is none with this code that you may see.")})
    return found


@router.post("/", response={201: KpiOut}, operation_id="define_kpi")
def define(request: Request, data: KpiIn) -> Status[Kpi]:
    """Define a KPI; its formula is checked, and what is wrong is named by field."""
    places = _places(request, data, "site", "process", "line")
    values = data.dict(exclude={"site", "process", "line"})
    kpi = services.define(Kpi(**values, **places, owner=request.user), by=request.user)
    return Status(201, kpi)


@router.get("/{code}/targets/", response=list[TargetOut], operation_id="list_kpi_targets")
def targets(request: Request, code: str) -> list[Target]:
    """List the targets of a KPI, the newest first."""
    return _find(request, code).known_targets


@router.post("/{code}/targets/", response={201: TargetOut}, operation_id="set_kpi_target")
def set_target(request: Request, code: str, data: TargetIn) -> Status[Target]:
    """Set a target from a day on; one from the same day is replaced only with a reason."""
    kpi = _find(request, code)
    places = _places(request, data, "site", "process")
    values = data.dict(exclude={"site", "process"})
    return Status(201, services.set_target(kpi, by=request.user, **values, **places))


@router.get("/{code}/", response=KpiOut, operation_id="read_kpi")
def one(request: Request, code: str) -> Kpi:
    """Read the definition of a KPI."""
    return _find(request, code)


@router.get("/{code}/series/", response=SeriesOut, operation_id="read_kpi_series")
def series(request: Request, code: str, span: Query[Span]) -> dict[str, Any]:
    """Read the newest points of a KPI with the lines and signals of its chart."""
    kpi = _find(request, code)
    drawn = queries.chart(kpi, viewer=request.user, until=span.until)
    judged = drawn.judgement
    return {
        "code": kpi.code,
        "unit": kpi.unit,
        "points": [PointOut.from_orm(point) for point in drawn.points],
        "chart": judged.chart,
        "reason": judged.reason,
        "provisional": judged.provisional,
        "center": judged.center,
        "lcl": judged.lcl,
        "ucl": judged.ucl,
        "signals": [hit.sentence for hit in judged.hits],
    }


@router.post("/{code}/observations/", response={201: PointOut}, operation_id="observe_kpi")
def observe(request: Request, code: str, data: ObservationIn) -> Status[Point]:
    """Record an observation; a period that has a value is corrected only with a reason."""
    kpi = _find(request, code)
    row: Observation = services.observe(kpi, by=request.user, **data.dict())
    found = points(kpi, since=row.day, most=MOST)
    made = next(point for point in found if point.key == (row.day, row.sequence))
    return Status(201, made)
