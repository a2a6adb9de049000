"""The API of corrective actions: open, read, change, move."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from andon.accounts.models import Site, User
from andon.modules.actions.models import CorrectiveAction
from andon.modules.actions.views import PAGES
from andon.modules.kpis.models import Kpi
from andon.records.api import RecordOut, Sent, Shapes, record_router
from andon.records.pages import Request

from .parts import add_parts


class ActionIn(Sent):
    """What opening takes; site and KPI are named by their codes."""

    title: str = Field(min_length=1, max_length=200)
    site: str = Field(max_length=8)
    problem: str = Field("", max_length=4000)
    baseline: str = Field("", max_length=300)
    not_measurable: str = Field("", max_length=300)
    kpi: str | None = Field(None, max_length=20)
    major: bool = False
    customer_case: bool = False
    team: str = Field("", max_length=300)
    due_date: date | None = None
    old_number: str = Field("", max_length=60)


class ActionChanges(Sent):
    """What may be changed while the action is open; causes, plan and effect have their pages."""

    title: str | None = Field(None, min_length=1, max_length=200)
    problem: str | None = Field(None, max_length=4000)
    baseline: str | None = Field(None, max_length=300)
    not_measurable: str | None = Field(None, max_length=300)
    major: bool | None = None
    customer_case: bool | None = None
    team: str | None = Field(None, max_length=300)
    elsewhere: str | None = Field(None, max_length=2000)
    risks_updated: str | None = Field(None, max_length=500)
    system_change: str | None = Field(None, max_length=500)


class ActionOut(RecordOut):
    """A corrective action with its problem and the day it took hold."""

    problem: str
    baseline: str
    kpi: str | None
    major: bool
    customer_case: bool
    cut_in_date: date | None

    @staticmethod
    def resolve_kpi(record: CorrectiveAction) -> str | None:
        return record.kpi.code if record.kpi else None


def resolve(changes: dict[str, Any], _person: User) -> dict[str, Any]:
    """Refuse null where the field only knows empty text, yes and no."""
    if nulls := sorted(name for name, value in changes.items() if value is None):
        raise ValidationError({name: _("This may be left out, but not be null.") for name in nulls})
    return changes


def build(data: ActionIn, request: Request) -> CorrectiveAction:
    """Make the unsaved action; the one who opens it owns it."""
    asked = data.dict(exclude={"site", "kpi"})
    site = Site.objects.visible_to(request.user).filter(code=data.site.upper()).first()
    if site is None:
        raise ValidationError({"site": _("You have no site with the code “%s”.") % data.site})
    kpi = None
    if data.kpi:
        kpi = Kpi.objects.visible_to(request.user).filter(code__iexact=data.kpi).first()
        if kpi is None:
            raise ValidationError({"kpi": _("You see no KPI with the code “%s”.") % data.kpi})
    return CorrectiveAction(**asked, site=site, kpi=kpi, owner=request.user)


router = record_router(
    PAGES,
    Shapes(
        data_in=ActionIn, changes_in=ActionChanges, data_out=ActionOut, build=build, resolve=resolve
    ),
)

add_parts(router)
