"""What is held where, and which concessions are in force."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.modules.nonconformities.models import (
    Category,
    Containment,
    Disposal,
    Disposition,
    Nonconformity,
    NonconformityQuerySet,
)

SHOWN = 500


@dataclass(frozen=True)
class Hold:
    """Suspect product at one place; ``place`` is empty where nothing is held yet."""

    case: Nonconformity
    place: str
    quantity: Decimal | None
    lot: str
    since: date

    @property
    def is_missing(self) -> bool:
        return not self.place


def holds(visible: NonconformityQuerySet, *, place: str = "") -> list[Hold]:
    """Return what open product nonconformities hold, the oldest first; what nobody holds on top."""
    cases = visible.open().filter(category=Category.PRODUCT)
    rows = Containment.objects.filter(record__in=cases.values("pk"))
    if place:
        rows = rows.filter(place__icontains=place)
    related = ("record__item", "record__site", "record__owner", "lot")
    held = [
        Hold(row.record, row.place, row.quantity, str(row.lot or row.record.lot), row.day)
        for row in rows.select_related(*related).order_by("day", "pk")[:SHOWN]
    ]
    return held if place else [*_unheld(cases), *held]


def _unheld(cases: Any) -> list[Hold]:
    bare = cases.filter(containments=None, uncontained_reason="")
    rows = bare.select_related("item", "site", "owner").order_by("opened_date", "pk")[:SHOWN]
    return [Hold(case, "", case.suspect_quantity, case.lot, case.opened_date) for case in rows]


@dataclass(frozen=True)
class Concession:
    """A disposition that lets nonconforming product be used, and whether it may be now."""

    line: Disposition
    day: date

    @property
    def left(self) -> Decimal:
        """How many may still be used under it."""
        allowed: Decimal = self.line.quantity
        if self.line.approval_quantity is not None:
            allowed = min(allowed, self.line.approval_quantity)
        left: Decimal = allowed - self.line.done_quantity
        return max(left, Decimal(0))

    @property
    def state(self) -> tuple[str | Promise, str]:
        """Say in words and tone whether it is in force."""
        line = self.line
        if line.needs_customer and not line.approval_number:
            return _("Customer's approval is missing"), "act"
        if not self.left:
            return _("Used up"), "neutral"
        if line.approval_until is not None and line.approval_until < self.day:
            return _("Expired"), "act"
        return _("In force"), "good"


def concessions(visible: NonconformityQuerySet, *, day: date) -> list[Concession]:
    """Return the concessions of visible nonconformities, those that end first on top."""
    rows = Disposition.objects.filter(
        record__in=visible.exclude(state="void").values("pk"),
        disposal__in=(Disposal.USE_AS_IS, Disposal.REPAIR),
        withdrawn_reason="",
    )
    related = ("record__item", "record__site", "record__party", "authority", "lot")
    newest = rows.select_related(*related).order_by("-day", "-pk")[:SHOWN]
    found = [Concession(row, day) for row in newest]
    order = {"act": 0, "good": 1, "neutral": 2}
    return sorted(found, key=lambda one: (order[one.state[1]], one.line.approval_until or date.max))
