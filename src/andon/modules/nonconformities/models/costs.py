"""What a nonconformity cost, line by line; the sum stands on the record."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.accounts.names import validate_one_line
from andon.records.models import RecordPart

from .choices import CostOf, money_field, quantity_field
from .nonconformity import Nonconformity


class CostLine(RecordPart):
    """One amount: typed, or a quantity at a rate of the rate table."""

    record = models.ForeignKey(Nonconformity, models.PROTECT, related_name="cost_lines")
    kind = models.CharField(_("what for"), max_length=10, choices=CostOf)
    what = models.CharField(
        _("explanation"), max_length=200, blank=True, validators=[validate_one_line]
    )
    amount = money_field(_("amount"), validators=[MinValueValidator(Decimal("0.01"))])
    quantity = quantity_field(_("quantity"), null=True, blank=True)
    rate = models.DecimalField(
        _("rate of one"), max_digits=15, decimal_places=4, null=True, blank=True
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="cost_of_something"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def signed(self) -> Decimal:
        """The amount as it counts: what was recovered is taken off."""
        if self.withdrawn_reason:
            return Decimal(0)
        amount: Decimal = self.amount
        return -amount if self.kind == CostOf.RECOVERED else amount
