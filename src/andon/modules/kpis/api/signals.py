"""The API of signals."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from andon.accounts.models import Site
from andon.modules.kpis.models import (
    Kpi,
    Signal,
    SignalKind,
)
from andon.modules.kpis.views.signals import PAGES
from andon.records.api import RecordOut, Sent, Shapes, record_router
from andon.records.pages import Request

from .naming import named


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
    site = named(Site.objects.visible_to(request.user), data.site)
    if site is None:
        raise ValidationError({"site": _("There is no site with this code that you may see.")})
    kpi = named(Kpi.objects.visible_to(request.user), data.kpi)
    if kpi is None:
        raise ValidationError({"kpi": _("There is no KPI with this code that you may see.")})
    rest = data.dict(exclude={"site", "kpi"})
    return Signal(**rest, site=site, kpi=kpi, owner=kpi.owner, process=kpi.process)


signals = record_router(
    PAGES,
    Shapes(data_in=SignalIn, changes_in=SignalChanges, data_out=SignalOut, build=_build),
)
