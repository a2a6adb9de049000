"""The choices of a nonconformity and what its quantities are."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOT_NEGATIVE = MinValueValidator(Decimal(0))
MORE_THAN_NOTHING = MinValueValidator(Decimal("0.001"))


class Category(models.TextChoices):
    PRODUCT = "product", _("Product or material")
    PROCESS = "process", _("Process")
    SYSTEM = "system", _("Management system")
    AUDIT = "audit", _("Audit finding")


class FoundAt(models.TextChoices):
    RECEIVING = "receiving", _("Receiving")
    PROCESS = "process", _("In the process")
    FINAL = "final", _("Final inspection")
    CUSTOMER = "customer", _("At the customer")
    AUDIT = "audit", _("In an audit")


class Disposal(models.TextChoices):
    USE_AS_IS = "use_as_is", _("Use as is")
    REPAIR = "repair", _("Repair")
    REWORK = "rework", _("Rework")
    REGRADE = "regrade", _("Regrade")
    SCRAP = "scrap", _("Scrap")
    RETURN = "return", _("Return to supplier")


class ActionDecision(models.TextChoices):
    YES = "yes", _("Yes, the cause must go")
    NO = "no", _("No, correction is enough")


def quantity_field(label: str | Promise, **options: object) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=15, decimal_places=3, **options)  # type: ignore[arg-type]


class CostOf(models.TextChoices):
    """What a nonconformity cost money for; the last one comes back in."""

    SCRAP = "scrap", _("Scrapped product")
    REWORK = "rework", _("Rework and repair")
    SORTING = "sorting", _("Sorting and inspection")
    CLAIM = "claim", _("The customer's claim")
    FREIGHT = "freight", _("Special freight and replacement")
    OTHER = "other", _("Other")
    RECOVERED = "recovered", _("Recovered, from the supplier for instance")


class Reach(models.TextChoices):
    """Which decisions an authority is needed for."""

    ANY = "any", _("Every decision")
    CONCESSION = "concession", _("Use as is and repair")
    SCRAP = "scrap", _("Scrap")


def money_field(label: str | Promise, **options: object) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=15, decimal_places=2, **options)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Ledger:
    """Where the suspect quantity went, of all of it or of one lot."""

    suspect: Decimal
    good: Decimal
    confirmed: Decimal
    not_recovered: Decimal
    disposed: Decimal

    @property
    def sorted(self) -> Decimal:
        return self.good + self.confirmed + self.not_recovered

    @property
    def unsorted(self) -> Decimal:
        return self.suspect - self.sorted

    @property
    def undisposed(self) -> Decimal:
        return self.confirmed - self.disposed
