"""The API of KPIs (read them and their series, type observations) and of their signals."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from andon.accounts.models import Site
from andon.organization.models import Line, Process
from andon.records.api import LARGEST_PAGE, RecordOut, Sent, Shapes, record_router
from andon.records.pages import Request

from . import queries, services
from .models import (
    Counting,
    Direction,
    Formula,
    Kpi,
    Observation,
    Period,
    Signal,
    SignalKind,
    Target,
)
from .models.expressions import LONGEST
from .models.series import MOST, Point, points
from .views.signals import PAGES


class KpiOut(Schema):
    """What a KPI is."""

    code: str
    name: str
    question: str
    formula: str
    expression: str
    counting: str
    unit: str
    direction: str
    period: str
    source: str
    owner: str
    site: str | None
    is_active: bool
    url: str

    @staticmethod
    def resolve_expression(kpi: Kpi) -> str:
        return kpi.text

    @staticmethod
    def resolve_owner(kpi: Kpi) -> str:
        return kpi.owner.username

    @staticmethod
    def resolve_site(kpi: Kpi) -> str | None:
        return kpi.site.code if kpi.site else None

    @staticmethod
    def resolve_url(kpi: Kpi) -> str:
        return kpi.get_absolute_url()


class PointOut(Schema):
    """One period; without data the value is null, never zero."""

    label: str
    day: date
    sequence: int
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    target: Decimal | None
    source: str
    corrected: bool


class SeriesOut(Schema):
    """Points, the lines of the control chart in the unit of the KPI, and what it says."""

    code: str
    unit: str
    points: list[PointOut]
    chart: str
    reason: str
    provisional: bool
    center: list[float | None]
    lcl: list[float | None]
    ucl: list[float | None]
    signals: list[str]


class ObservationIn(Sent):
    """One observation: numerator and denominator of a ratio, or a value."""

    on: date | None = None
    sequence: int | None = Field(None, ge=1, le=2_000_000_000)
    numerator: Decimal | None = Field(None, ge=0, max_digits=15, decimal_places=4)
    denominator: Decimal | None = Field(None, ge=0, max_digits=15, decimal_places=4)
    value: Decimal | None = Field(None, max_digits=15, decimal_places=6)
    reason: str = Field("", max_length=300)


class KpiIn(Sent):
    """A definition; a ready-made formula fills what is left out, ``own`` needs an expression."""

    code: str = Field(min_length=1, max_length=20)
    name: str = Field(min_length=1, max_length=120)
    question: str = Field(min_length=1, max_length=300)
    formula: Formula
    expression: str = Field("", max_length=LONGEST)
    counting: Counting = Counting.PROPORTION
    unit: str = Field("", max_length=20)
    direction: Direction = Direction.LOWER
    period: Period = Period.WEEK
    source: str = Field("", max_length=200)
    reaction: str = Field("", max_length=2000)
    active_from: date | None = None
    site: str = Field("", max_length=8)
    process: str = Field("", max_length=20)
    line: str = Field("", max_length=20)


class TargetIn(Sent):
    """A target from a day on, for all or for a site or process."""

    value: Decimal = Field(max_digits=15, decimal_places=6)
    from_date: date
    reason: str = Field("", max_length=300)
    site: str = Field("", max_length=8)
    process: str = Field("", max_length=20)


class TargetOut(Schema):
    """One target; older ones stay."""

    value: Decimal
    from_date: date
    reason: str
    site: str | None
    process: str | None

    @staticmethod
    def resolve_site(target: Target) -> str | None:
        return target.site.code if target.site else None

    @staticmethod
    def resolve_process(target: Target) -> str | None:
        return target.process.code if target.process else None


class KpiPage(Schema):
    """Which part of the list: ``after`` is the ``next`` of the page before."""

    after: str = Field("", max_length=20)
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)


class Span(Schema):
    """Which periods: those that begin up to this day."""

    until: date | None = None


router = Router(tags=["kpis"])


def _named(rows: Any, code: str) -> Any:
    """Return the row with this code; what no code can hold is not asked for."""
    return rows.filter(code=code).first() if code.isprintable() else None


def _find(request: Request, code: str) -> Kpi:
    rows = Kpi.objects.visible_to(request.user).select_related("site", "owner", "process")
    found: Kpi | None = _named(rows, code)
    if found is None:
        raise Http404
    return found


@router.get("/", response=dict[str, Any], operation_id="list_kpis")
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
        found[name] = _named(rows, code) if code else None
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


# -- signals ---------------------------------------------------------------------------------


class SignalIn(Sent):
    """A signal raised by hand."""

    title: str = Field(min_length=1, max_length=200)
    site: str = Field(max_length=8)
    kpi: str = Field(max_length=20)
    signal_kind: SignalKind = SignalKind.SIGNAL
    point: str = Field("", max_length=20)
    sentence: str = Field("", max_length=500)
    due_date: date | None = None


class SignalChanges(Sent):
    """What may be changed while a signal waits for its answer."""

    title: str | None = Field(None, min_length=1, max_length=200)
    cause: str | None = Field(None, max_length=2000)
    accepted_reason: str | None = Field(None, max_length=1000)
    false_alarm_reason: str | None = Field(None, max_length=1000)


class SignalOut(RecordOut):
    """A signal with what it says and how it was answered."""

    kpi: str
    signal_kind: str
    point: str
    sentence: str
    answer: str

    @staticmethod
    def resolve_kpi(record: Signal) -> str:
        return record.kpi.code


def _build(data: SignalIn, request: Request) -> Signal:
    site = _named(Site.objects.visible_to(request.user), data.site)
    if site is None:
        raise ValidationError({"site": _("There is no site with this code that you may see.")})
    kpi = _named(Kpi.objects.visible_to(request.user), data.kpi)
    if kpi is None:
        raise ValidationError({"kpi": _("There is no KPI with this code that you may see.")})
    rest = data.dict(exclude={"site", "kpi"})
    return Signal(**rest, site=site, kpi=kpi, owner=kpi.owner, process=kpi.process)


signals = record_router(
    PAGES,
    Shapes(data_in=SignalIn, changes_in=SignalChanges, data_out=SignalOut, build=_build),
)
