"""The organization's lists, and what each of them is for."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from andon.accounts.forms import RowForm
from andon.accounts.lists import SITES
from andon.accounts.models import User
from andon.accounts.pages import Column, MasterList
from andon.organization import forms, services
from andon.organization.apps import MANAGE
from andon.organization.models import CostRate, Holiday, Item, Line, Party, Process, Shift


def _add(form: RowForm, *, by: User) -> Any:
    return services.add(form.instance, by=by)


def _kinds_of_party(party: Party) -> str:
    words = [(party.is_supplier, _("supplier")), (party.is_customer, _("customer"))]
    return ", ".join(str(word) for applies, word in words if applies)


SHARED: dict[str, Any] = {
    "namespace": "organization",
    "permission": MANAGE,
    "add": _add,
    "edit": services.edit,
}
CODE, NAME, SITE = Column(_("Code"), "code"), Column(_("Name"), "name"), Column(_("Site"), "site")

PROCESSES = MasterList(
    slug="processes",
    model=Process,
    form=forms.ProcessForm,
    columns=(CODE, NAME, Column(_("Process owner"), "owner"), SITE),
    title=_("Processes"),
    new=_("Add a process"),
    purpose=_("What the organization does, step by step, each with an owner who answers for it."),
    clause="4.4",
    icon="sitemap",
    related=("owner", "site"),
    **SHARED,
)
ITEMS = MasterList(
    slug="items",
    model=Item,
    form=forms.ItemForm,
    columns=(
        Column(_("Number"), "number"),
        Column(_("Revision"), "revision"),
        NAME,
        Column(_("Unit"), "unit"),
        Column(_("Cost of one unit"), "unit_cost"),
    ),
    title=_("Items"),
    new=_("Add an item"),
    purpose=_("Products, parts and materials. Records and production data name them."),
    clause="8.5.2",
    icon="box",
    search=("number", "name"),
    **SHARED,
)
PARTIES = MasterList(
    slug="parties",
    model=Party,
    form=forms.PartyForm,
    columns=(CODE, NAME, Column(_("Kind"), _kinds_of_party)),
    title=_("Suppliers and customers"),
    new=_("Add a supplier or customer"),
    purpose=_("Who we buy from and sell to. A nonconformity names the supplier or the customer."),
    clause="8.2, 8.4",
    icon="truck",
    **SHARED,
)
LINES = MasterList(
    slug="lines",
    model=Line,
    form=forms.LineForm,
    columns=(SITE, CODE, NAME, Column(_("Process"), "process")),
    title=_("Lines and machines"),
    new=_("Add a line or machine"),
    purpose=_("Where output, scrap and stops are counted."),
    clause="7.1.3",
    icon="engine",
    link=1,
    related=("site", "process"),
    **SHARED,
)
SHIFTS = MasterList(
    slug="shifts",
    model=Shift,
    form=forms.ShiftForm,
    columns=(SITE, CODE, NAME, Column(_("Starts"), "starts"), Column(_("Ends"), "ends")),
    title=_("Shifts"),
    new=_("Add a shift"),
    purpose=_("When work is done. A night shift belongs to the day on which it began."),
    clause="8.5.1",
    icon="clock",
    link=1,
    related=("site",),
    **SHARED,
)
HOLIDAYS = MasterList(
    slug="holidays",
    model=Holiday,
    form=forms.HolidayForm,
    columns=(Column(_("Day"), "day"), NAME, SITE),
    title=_("Holidays"),
    new=_("Add a holiday"),
    purpose=_("Days without work; due dates counted in working days skip them."),
    clause="7.1",
    icon="calendar",
    search=("name",),
    related=("site",),
    **SHARED,
)
RATES = MasterList(
    slug="rates",
    model=CostRate,
    form=forms.CostRateForm,
    columns=(
        Column(_("What it costs"), "get_kind_display"),
        Column(_("Amount"), lambda rate: f"{rate.amount.normalize():f}"),
        Column(_("From"), "from_date"),
        Column(_("Item"), lambda rate: rate.item or "–"),
        Column(_("Line"), lambda rate: rate.line or "–"),
    ),
    title=_("Cost rates"),
    new=_("Add a rate"),
    purpose=_("What a scrapped piece, a lost hour or a complaint costs. It prices poor quality."),
    clause="9.1.3",
    icon="receipt",
    search=("item__number", "item__name", "line__code", "reason"),
    related=("item", "line__site"),
    **SHARED | {"edit": services.revise_rate},
)
LISTS = (PROCESSES, ITEMS, PARTIES, LINES, SHIFTS, HOLIDAYS, RATES)
INDEX = (SITES, *LISTS)
