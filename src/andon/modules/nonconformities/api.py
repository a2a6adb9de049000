"""The API of nonconformities: report, read, change, move."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from andon.accounts.models import Site, User
from andon.organization.models import Item, Line, Party
from andon.records.api import RecordOut, Sent, Shapes, record_router
from andon.records.pages import Request

from .models import Category, DefectCode, FoundAt, Nonconformity
from .views import PAGES


class NonconformityIn(Sent):
    """What reporting takes; related rows are named by their code or number."""

    title: str = Field(min_length=1, max_length=200)
    site: str = Field(max_length=8)
    category: Category = Category.PRODUCT
    found_at: FoundAt = FoundAt.PROCESS
    description: str = Field("", max_length=4000)
    requirement: str = Field("", max_length=500)
    item: str | None = Field(None, max_length=40)
    line: str | None = Field(None, max_length=20)
    defect: str | None = Field(None, max_length=20)
    party: str | None = Field(None, max_length=20)
    lot: str = Field("", max_length=60)
    suspect_quantity: Decimal | None = Field(None, ge=0, max_digits=15, decimal_places=3)
    due_date: date | None = None
    old_number: str = Field("", max_length=60)


class NonconformityChanges(Sent):
    """What may be changed later; only what is sent is changed."""

    title: str | None = Field(None, min_length=1, max_length=200)
    description: str | None = Field(None, max_length=4000)
    requirement: str | None = Field(None, max_length=500)
    item: str | None = Field(None, max_length=40)
    defect: str | None = Field(None, max_length=20)
    lot: str | None = Field(None, max_length=60)
    origin: str | None = Field(None, max_length=120)
    severity: str | None = Field(None, max_length=10)
    suspect_quantity: Decimal | None = Field(None, ge=0, max_digits=15, decimal_places=3)
    shipped: bool | None = None
    customer_requirement: bool | None = None
    customer_notice: str | None = Field(None, max_length=300)
    correction: str | None = Field(None, max_length=2000)
    uncontained_reason: str | None = Field(None, max_length=300)
    action_decision: str | None = Field(None, max_length=3)
    action_reason: str | None = Field(None, max_length=300)


class NonconformityOut(RecordOut):
    """A nonconformity with what it is about."""

    category: str
    found_at: str
    severity: str
    item: str | None
    defect: str | None
    party: str | None
    lot: str
    suspect_quantity: Decimal | None
    cost: Decimal

    @staticmethod
    def resolve_item(record: Nonconformity) -> str | None:
        return record.item.number if record.item else None

    @staticmethod
    def resolve_party(record: Nonconformity) -> str | None:
        return record.party.code if record.party else None

    @staticmethod
    def resolve_defect(record: Nonconformity) -> str | None:
        return record.defect.code if record.defect else None


def _item(number: str, person: User) -> Item:
    rows = Item.objects.visible_to(person).filter(number__iexact=number, is_active=True)
    found: Item | None = rows.order_by("-revision").first()
    if found is None:
        raise ValidationError({"item": _("There is no item with the number “%s”.") % number})
    return found


def _defect(code: str, person: User) -> DefectCode:
    rows = DefectCode.objects.visible_to(person).filter(code__iexact=code, is_active=True)
    found: DefectCode | None = rows.first()
    if found is None:
        raise ValidationError({"defect": _("There is no defect code “%s”.") % code})
    return found


def _party(code: str, person: User) -> Party:
    rows = Party.objects.visible_to(person).filter(code__iexact=code, is_active=True)
    found: Party | None = rows.first()
    if found is None:
        raise ValidationError({"party": _("There is no supplier or customer “%s”.") % code})
    return found


def _site(code: str, request: Request) -> Site:
    found = Site.objects.visible_to(request.user).filter(code=code.upper()).first()
    if found is None:
        raise ValidationError({"site": _("You have no site with the code “%s”.") % code})
    return found


def _line(code: str, site: Site, person: User) -> Line:
    rows = Line.objects.visible_to(person).filter(site=site, code__iexact=code, is_active=True)
    found: Line | None = rows.first()
    if found is None:
        raise ValidationError({"line": _("This site has no line with the code “%s”.") % code})
    return found


def resolve(changes: dict[str, Any], person: User) -> dict[str, Any]:
    """Turn item number and defect code into rows; an empty text field stays empty, not null."""
    found = dict(changes)
    if isinstance(found.get("item"), str):
        found["item"] = _item(found["item"], person)
    if isinstance(found.get("defect"), str):
        found["defect"] = _defect(found["defect"], person)
    nullable = {"item", "defect", "suspect_quantity"}
    if nulls := sorted(n for n, value in found.items() if value is None and n not in nullable):
        raise ValidationError({name: _("This may be left out, but not be null.") for name in nulls})
    return found


def build(data: NonconformityIn, request: Request) -> Nonconformity:
    """Make the unsaved record; the one who reports owns it until triage."""
    asked = data.dict()
    site = _site(asked.pop("site"), request)
    item, defect, line, party = (asked.pop(n) for n in ("item", "defect", "line", "party"))
    return Nonconformity(
        **asked,
        site=site,
        owner=request.user,
        item=_item(item, request.user) if item else None,
        defect=_defect(defect, request.user) if defect else None,
        line=_line(line, site, request.user) if line else None,
        party=_party(party, request.user) if party else None,
    )


router = record_router(
    PAGES,
    Shapes(
        data_in=NonconformityIn,
        changes_in=NonconformityChanges,
        data_out=NonconformityOut,
        build=build,
        resolve=resolve,
    ),
)
