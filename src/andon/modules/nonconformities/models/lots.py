"""The lots a nonconformity is spread over, each with its own share of the ledger."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.accounts.names import validate_one_line
from andon.records.models import RecordPart

from .choices import MORE_THAN_NOTHING, quantity_field
from .nonconformity import Nonconformity


class AffectedLot(RecordPart):
    """One lot or serial number with how many of it are suspect."""

    record = models.ForeignKey(Nonconformity, models.PROTECT, related_name="lots")
    lot = models.CharField(_("lot or serial number"), max_length=60, validators=[validate_one_line])
    quantity = quantity_field(_("suspect quantity"), validators=[MORE_THAN_NOTHING])
    note = models.CharField(
        _("what is known of it"), max_length=200, blank=True,
        help_text=_("When and where it was made, how much of it has left …"),
    )  # fmt: skip
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["record", "lot"], name="lot_once_in_a_record"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="lot_of_something"),
        )

    def __str__(self) -> str:
        return self.lot
