"""What happened at a line on a day: output, scrap by cause, stops by cause."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site
from andon.accounts.names import validate_one_line
from andon.modules.production.models.batches import (
    DIGITS,
    PLACES,
    Batched,
    BatchedQuerySet,
)
from andon.organization.models import Item, Line, SharedQuerySet, Shift
from andon.trail.models import AuditedModel


class CauseKind(models.TextChoices):
    """What a cause explains."""

    SCRAP = "scrap", _("Scrap")
    STOP = "stop", _("Stop")
    REWORK = "rework", _("Rework")


class Cause(AuditedModel):
    """Why pieces were scrapped or reworked or a line stood still, in the words of the floor."""

    Kind = CauseKind

    kind = models.CharField(_("kind"), max_length=10, choices=CauseKind)
    code = models.CharField(_("code"), max_length=40, validators=[validate_one_line])
    name = models.CharField(_("name"), max_length=120, validators=[validate_one_line])
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        ordering = ["kind", "code"]
        constraints = [
            models.UniqueConstraint(
                name="cause_code_per_kind",
                fields=["kind", "code"],
                violation_error_message=_("There is a cause of this kind with this code."),
            )
        ]

    def __str__(self) -> str:
        return self.name if self.name == self.code else f"{self.code} · {self.name}"


def amount(label: Any, *, null: bool = False) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        label,
        max_digits=DIGITS,
        decimal_places=PLACES,
        null=null,
        blank=null,
        validators=[MinValueValidator(0)],
    )


def one_current(name: str, *more: str) -> models.UniqueConstraint:
    """At most one row counts for a line, day, item, shift (and cause)."""
    return models.UniqueConstraint(
        F("line"),
        F("day"),
        Coalesce(F("item"), Value(0)),
        Coalesce(F("shift"), Value(0)),
        *(F(field) for field in more),
        condition=Q(current=True),
        name=name,
    )


def sums(name: str, *values: str) -> list[models.Index]:
    """Indexes from which sums over days are read without touching the rows."""
    return [
        models.Index(
            fields=["line", "day", *values], condition=Q(current=True), name=f"{name}_line"
        ),
        models.Index(
            fields=["site", "day", *values], condition=Q(current=True), name=f"{name}_site"
        ),
        models.Index(
            fields=["replaced_by"], condition=Q(replaced_by__isnull=False), name=f"{name}_replaced"
        ),
    ]


class Fact(Batched):
    """Something counted at a line on a production day; item and shift may be unknown."""

    key_fields: ClassVar[tuple[str, ...]] = ("line_id", "item_id", "day", "shift_id")

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
    day = models.DateField(_("day"))
    shift = models.ForeignKey(
        Shift,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("shift"),
    )

    class Meta:
        abstract = True


class Output(Fact):
    """How many pieces a line made, good and scrap together, and how long it was planned to run."""

    value_fields = ("produced", "planned_minutes")

    produced = amount(_("produced"))
    planned_minutes = amount(_("planned minutes"), null=True)

    objects: ClassVar[Any] = BatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("output")
        verbose_name_plural = _("output")
        indexes = sums("output", "produced", "planned_minutes")
        constraints = [
            one_current("output_one_current"),
            models.CheckConstraint(
                name="output_not_negative",
                condition=Q(produced__gte=0)
                & (Q(planned_minutes=None) | Q(planned_minutes__gte=0)),
            ),
        ]


class Scrap(Fact):
    """How many of the produced pieces were scrapped for one cause."""

    key_fields = ("line_id", "item_id", "day", "shift_id", "cause_id")
    value_fields = ("quantity",)

    cause = models.ForeignKey(
        Cause, models.PROTECT, db_index=False, related_name="+", verbose_name=_("cause")
    )
    quantity = amount(_("quantity"))

    objects: ClassVar[Any] = BatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("scrap")
        verbose_name_plural = _("scrap")
        indexes = sums("scrap", "cause", "quantity")
        constraints = [
            one_current("scrap_one_current", "cause"),
            models.CheckConstraint(name="scrap_not_negative", condition=Q(quantity__gte=0)),
        ]


class Stop(Fact):
    """How many minutes a line stood still for one cause."""

    key_fields = ("line_id", "item_id", "day", "shift_id", "cause_id")
    value_fields = ("minutes",)

    cause = models.ForeignKey(
        Cause, models.PROTECT, db_index=False, related_name="+", verbose_name=_("cause")
    )
    minutes = amount(_("minutes"))

    objects: ClassVar[Any] = BatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        indexes = sums("stop", "cause", "minutes")
        constraints = [
            one_current("stop_one_current", "cause"),
            models.CheckConstraint(name="stop_not_negative", condition=Q(minutes__gte=0)),
        ]
