"""What was promised and what came in: order lines delivered, and receipts from suppliers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site
from andon.accounts.names import validate_one_line
from andon.modules.production.models.batches import DIGITS, PLACES, Batched, BatchedQuerySet
from andon.modules.production.models.facts import amount
from andon.organization.models import Item, Party


def _party(label: Any) -> models.ForeignKey[Party, Party]:
    return models.ForeignKey(
        Party, models.PROTECT, db_index=False, related_name="+", verbose_name=label
    )


def _item() -> models.ForeignKey[Item | None, Item | None]:
    return models.ForeignKey(
        Item,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("item"),
    )


def _code(label: Any) -> models.CharField[str, str]:
    return models.CharField(
        label, max_length=40, blank=True, default="", validators=[validate_one_line]
    )


class Delivery(Batched):
    """One order line: what was promised first, what is promised now, and when it was delivered.

    Where the source says how late a line was instead of when it came, ``delay`` keeps that in the
    unit of the source, and ``tolerance`` how late still counts as on time.
    """

    key_fields = ("site_id", "customer_id", "order_number", "position")
    value_fields = (
        "item_id",
        "quantity",
        "ordered",
        "promised",
        "current_promise",
        "delivered",
        "delay",
        "tolerance",
        "is_cancelled",
    )
    day_field = "promised"

    site = models.ForeignKey(Site, models.PROTECT, db_index=False, related_name="+")
    customer = _party(_("customer"))
    order_number = _code(_("order"))
    position = _code(_("position"))
    item = _item()
    quantity = amount(_("quantity"), null=True)
    ordered = models.DateField(_("ordered"), null=True, blank=True)
    promised = models.DateField(_("promised first"))
    current_promise = models.DateField(_("promised now"))
    delivered = models.DateField(_("delivered"), null=True, blank=True)
    delay = models.DecimalField(
        _("delay"), max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True
    )
    tolerance = amount(_("tolerance"), null=True)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)

    objects: ClassVar[Any] = BatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            *(
                models.Index(
                    fields=[lead, day, "delivered", "delay", "tolerance", "is_cancelled"],
                    condition=Q(current=True),
                    name=name,
                )
                for lead, day, name in (
                    ("site", "promised", "delivery_site_first"),
                    ("site", "current_promise", "delivery_site_now"),
                    ("customer", "promised", "delivery_customer_first"),
                )
            ),
            models.Index(
                fields=["site", "delivered", "ordered"],
                condition=Q(current=True),
                name="delivery_site_lead_time",
            ),
            models.Index(
                fields=["replaced_by"],
                condition=Q(replaced_by__isnull=False),
                name="delivery_replaced",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "order_number", "position", "customer"],
                condition=Q(current=True),
                name="delivery_one_current",
            ),
            models.CheckConstraint(
                name="delivery_not_negative",
                condition=(Q(quantity=None) | Q(quantity__gte=0))
                & (Q(tolerance=None) | Q(tolerance__gte=0)),
            ),
        ]

    @classmethod
    def around(cls, keys: Sequence[tuple[Any, ...]]) -> Q:
        """Narrow by order: the promise of a line is what it says, not what it is about."""
        return Q(site_id__in={key[0] for key in keys}, order_number__in={key[2] for key in keys})


class Receipt(Batched):
    """How much of what a supplier sent was received on a day, and how much of it was rejected."""

    key_fields = ("site_id", "supplier_id", "item_id", "day", "number")
    value_fields = ("received", "rejected")

    site = models.ForeignKey(Site, models.PROTECT, db_index=False, related_name="+")
    supplier = _party(_("supplier"))
    item = _item()
    day = models.DateField(_("day"))
    number = _code(_("delivery note"))
    received = amount(_("received"))
    rejected = amount(_("rejected"))

    objects: ClassVar[Any] = BatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        indexes = [
            models.Index(
                fields=[lead, "day", "received", "rejected"],
                condition=Q(current=True),
                name=f"receipt_{lead}",
            )
            for lead in ("site", "supplier")
        ] + [
            models.Index(
                fields=["replaced_by"],
                condition=Q(replaced_by__isnull=False),
                name="receipt_replaced",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                F("site"),
                F("supplier"),
                F("day"),
                Coalesce(F("item"), Value(0)),
                F("number"),
                condition=Q(current=True),
                name="receipt_one_current",
            ),
            models.CheckConstraint(
                name="receipt_rejected_of_received",
                condition=Q(rejected__gte=0) & Q(received__gte=F("rejected")),
            ),
        ]
