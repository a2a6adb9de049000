"""What a line should make: planned quantities, rework, and the standard time of a piece."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site
from andon.modules.production.models.batches import Batched, BatchedQuerySet
from andon.modules.production.models.facts import Cause, Fact, amount, one_current, sums
from andon.organization.models import Item, Line


class Plan(Fact):
    """How many pieces a line was to make."""

    value_fields = ("planned",)

    planned = amount(_("planned"))

    objects: ClassVar[Any] = BatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        indexes = sums("plan", "planned")
        constraints = [
            one_current("plan_one_current"),
            models.CheckConstraint(name="plan_not_negative", condition=Q(planned__gte=0)),
        ]


class Rework(Fact):
    """How many of the produced pieces were reworked for one cause."""

    key_fields = ("line_id", "item_id", "day", "shift_id", "cause_id")
    value_fields = ("quantity",)

    cause = models.ForeignKey(
        Cause, models.PROTECT, db_index=False, related_name="+", verbose_name=_("cause")
    )
    quantity = amount(_("quantity"))

    objects: ClassVar[Any] = BatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rework")
        verbose_name_plural = _("rework")
        indexes = sums("rework", "cause", "quantity")
        constraints = [
            one_current("rework_one_current", "cause"),
            models.CheckConstraint(name="rework_not_negative", condition=Q(quantity__gte=0)),
        ]


class CycleTime(Batched):
    """How many seconds a piece should take at a line, from a day on; for one item or for all."""

    key_fields = ("line_id", "item_id", "day")
    value_fields = ("seconds",)

    site = models.ForeignKey(Site, models.PROTECT, db_index=False, related_name="+")
    line = models.ForeignKey(
        Line, models.PROTECT, db_index=False, related_name="+", verbose_name=_("line")
    )
    item = models.ForeignKey(
        Item,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("item"),
    )
    day = models.DateField(_("from"))
    seconds = amount(_("seconds per piece"))

    objects: ClassVar[Any] = BatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cycle time")
        verbose_name_plural = _("cycle times")
        indexes = [
            models.Index(fields=["site", "day"], condition=Q(current=True), name="cycle_time_site"),
            models.Index(
                fields=["replaced_by"],
                condition=Q(replaced_by__isnull=False),
                name="cycle_time_replaced",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                F("line"),
                F("day"),
                Coalesce(F("item"), Value(0)),
                condition=Q(current=True),
                name="cycle_time_one_current",
            ),
            models.CheckConstraint(name="cycle_time_above_zero", condition=Q(seconds__gt=0)),
        ]
