"""What the API of KPIs takes and answers."""

from datetime import date
from decimal import Decimal

from ninja import Schema
from pydantic import Field

from andon.modules.kpis.models import (
    Counting,
    Direction,
    Formula,
    Kpi,
    Period,
    Target,
)
from andon.modules.kpis.models.expressions import LONGEST
from andon.records.api import LARGEST_PAGE, Sent


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
