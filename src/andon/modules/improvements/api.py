"""The API of improvement projects: propose, read, change, move."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from andon.accounts.models import Site, User
from andon.records.api import RecordOut, Sent, Shapes, record_router
from andon.records.pages import Request

from .models import ImprovementProject
from .views import PAGES


class ProjectIn(Sent):
    """What proposing takes; the site is named by its code."""

    title: str = Field(min_length=1, max_length=200)
    site: str = Field(max_length=8)
    problem: str = Field("", max_length=4000)
    idea: str = Field("", max_length=4000)
    due_date: date | None = None
    old_number: str = Field("", max_length=60)


class ProjectChanges(Sent):
    """What may be changed while the project is open; its goal has a page of its own."""

    title: str | None = Field(None, min_length=1, max_length=200)
    problem: str | None = Field(None, max_length=4000)
    idea: str | None = Field(None, max_length=4000)
    costs: Decimal | None = Field(None, ge=0, max_digits=15, decimal_places=2)


class ProjectOut(RecordOut):
    """A project with its goal and what it brought."""

    problem: str
    kpi: str | None
    target_value: Decimal | None
    expected_benefit: Decimal | None
    costs: Decimal | None
    took_hold_date: date | None
    confirmed_benefit: Decimal | None

    @staticmethod
    def resolve_kpi(record: ImprovementProject) -> str | None:
        return record.kpi.code if record.kpi else None


def resolve(changes: dict[str, Any], _person: User) -> dict[str, Any]:
    """Refuse null where the field only knows empty text; costs may be unknown again."""
    nulls = sorted(name for name, value in changes.items() if value is None and name != "costs")
    if nulls:
        raise ValidationError({name: _("This may be left out, but not be null.") for name in nulls})
    return changes


def build(data: ProjectIn, request: Request) -> ImprovementProject:
    """Make the unsaved project; the one who proposes it owns it."""
    asked = data.dict(exclude={"site"})
    site = Site.objects.visible_to(request.user).filter(code=data.site.upper()).first()
    if site is None:
        raise ValidationError({"site": _("You have no site with the code “%s”.") % data.site})
    return ImprovementProject(**asked, site=site, owner=request.user)


router = record_router(
    PAGES,
    Shapes(
        data_in=ProjectIn, changes_in=ProjectChanges, data_out=ProjectOut, build=build,
        resolve=resolve,
    ),
)  # fmt: skip
