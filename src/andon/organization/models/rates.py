"""What poor quality costs: one amount for each kind of cost, from a day on."""

from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from andon.accounts.names import validate_one_line
from andon.trail.models import AuditedModel

from .lists import Item, Line
from .visible import SharedOrAtSiteQuerySet


class CostKind(models.TextChoices):
    """What costs money when quality is poor; the unit of the amount is in the name."""

    SCRAP = "scrap", _("Scrapped piece")
    DOWNTIME = "downtime", _("Lost hour of a line")
    REWORKED_PIECE = "reworked_piece", _("Reworked piece")
    REWORK = "rework", _("Hour of rework")
    INSPECTION = "inspection", _("Hour of inspection or sorting")
    NONCONFORMITY = "nonconformity", _("Handling of one nonconformity")
    COMPLAINT = "complaint", _("Handling of one complaint")


PER_BOTH = {CostKind.REWORKED_PIECE, CostKind.REWORK, CostKind.INSPECTION}
PER_ITEM = frozenset({CostKind.SCRAP, *PER_BOTH})
PER_LINE = frozenset({CostKind.DOWNTIME, *PER_BOTH})


class CostRateQuerySet(SharedOrAtSiteQuerySet):
    """Rates of everything, and those of the lines one sees."""

    site_path = "line__site"


class CostRate(AuditedModel):
    """One version of a rate. A newer version is a newer row, so that older periods keep theirs."""

    kind = models.CharField(_("what it costs"), max_length=14, choices=CostKind)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="rates", verbose_name=_("item"),
        help_text=_("Empty: every item without a rate of its own."),
    )  # fmt: skip
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="rates", verbose_name=_("line"),
        help_text=_("Empty: every line without a rate of its own."),
    )  # fmt: skip
    amount = models.DecimalField(
        _("amount"), max_digits=15, decimal_places=4, validators=[MinValueValidator(Decimal(0))],
        help_text=_("For one unit, in the currency of the settings."),
    )  # fmt: skip
    from_date = models.DateField(_("from"))
    reason = models.CharField(
        _("where the amount comes from"), max_length=200, blank=True, validators=[validate_one_line]
    )
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("Untick a version that was typed by mistake.")
    )

    objects: ClassVar[Any] = CostRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost rate")
        verbose_name_plural = _("cost rates")
        ordering = ["kind", "item__number", "line__code", "-from_date"]
        constraints = [
            models.UniqueConstraint(
                F("kind"),
                Coalesce(F("item"), Value(0)),
                Coalesce(F("line"), Value(0)),
                F("from_date"),
                condition=Q(is_active=True),
                name="one_rate_a_day",
                violation_error_message=_("There is a rate from this day already."),
            ),
            models.CheckConstraint(name="rate_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="rate_of_item_or_line",
                condition=Q(item=None) | Q(line=None),
                violation_error_message=_("Choose an item or a line, not both."),
            ),
        ]

    def __str__(self) -> str:
        about = self.item or self.line
        name = str(self.get_kind_display())
        return f"{name} · {about}" if about else name

    @property
    def site_id(self) -> int | None:
        """Return the site of its line; a rate of no line counts at all sites."""
        return self.line.site_id if self.line else None

    def clean(self) -> None:
        wrong: dict[str, Any] = {}
        if self.item_id and self.kind not in PER_ITEM:
            wrong["item"] = _("This cost does not depend on the item; leave it empty.")
        if self.line_id and self.kind not in PER_LINE:
            wrong["line"] = _("This cost does not depend on the line; leave it empty.")
        if wrong:
            raise ValidationError(wrong)
