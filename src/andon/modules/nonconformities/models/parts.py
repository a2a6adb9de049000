"""The rows of a nonconformity's ledger, and the agreement of those who must agree."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.modules.nonconformities import lifecycle
from andon.organization.policy import policy
from andon.records.models import RecordPart

from .choices import MORE_THAN_NOTHING, NOT_NEGATIVE, Disposal, quantity_field
from .lots import AffectedLot
from .nonconformity import Nonconformity


def _lot_field() -> "models.ForeignKey[AffectedLot | None, AffectedLot | None]":
    return models.ForeignKey(
        AffectedLot, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lot")
    )


class Containment(RecordPart):
    """Where suspect product is held, how much, and who made sure."""

    trail_state_version = 2

    record = models.ForeignKey(Nonconformity, models.PROTECT, related_name="containments")
    lot = _lot_field()
    place = models.CharField(
        _("where"), max_length=120, help_text=_("Stock, line, transit, customer, supplier …")
    )
    quantity = quantity_field(_("quantity"), validators=[NOT_NEGATIVE])
    action = models.CharField(
        _("what was done"), max_length=300, help_text=_("Blocked, tagged, moved …")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    def __str__(self) -> str:
        return f"{lifecycle.plain(self.quantity)} · {self.place}"


class Sorting(RecordPart):
    """One round of sorting: a step, not a disposition."""

    trail_state_version = 2

    record = models.ForeignKey(Nonconformity, models.PROTECT, related_name="sortings")
    lot = _lot_field()
    good = quantity_field(_("verified good"), default=Decimal(0), validators=[NOT_NEGATIVE])
    nonconforming = quantity_field(
        _("confirmed nonconforming"), default=Decimal(0), validators=[NOT_NEGATIVE]
    )
    not_recovered = quantity_field(
        _("not recovered"), default=Decimal(0), validators=[NOT_NEGATIVE]
    )
    note = models.CharField(_("how it was sorted"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(good__gte=0, nonconforming__gte=0, not_recovered__gte=0),
                name="sorting_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.good} / {self.nonconforming} / {self.not_recovered}"


class Disposition(RecordPart):
    """What happens to one part of the confirmed quantity, on whose authority (8.7.1, 8.7.2)."""

    trail_state_version = 2

    record = models.ForeignKey(Nonconformity, models.PROTECT, related_name="dispositions")
    lot = _lot_field()
    disposal = models.CharField(_("disposition"), max_length=10, choices=Disposal)
    quantity = quantity_field(_("quantity"), validators=[MORE_THAN_NOTHING])
    instruction = models.CharField(_("instruction"), max_length=500, blank=True)
    justification = models.CharField(
        _("technical reason"),
        max_length=500,
        blank=True,
        help_text=_("Needed for use as is and for repair."),
    )
    approval_number = models.CharField(_("customer's approval"), max_length=60, blank=True)
    approval_contact = models.CharField(
        _("who approved it at the customer"), max_length=120, blank=True
    )
    approval_until = models.DateField(_("approval valid until"), null=True, blank=True)
    approval_quantity = quantity_field(
        _("approved quantity"), null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    authority = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()
    done_quantity = quantity_field(_("carried out"), default=Decimal(0), validators=[NOT_NEGATIVE])
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified_quantity = quantity_field(
        _("verified again"), default=Decimal(0), validators=[NOT_NEGATIVE]
    )
    verified_ok = models.BooleanField(_("fulfils the requirement again"), null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified_day = models.DateField(null=True, blank=True)
    verified_note = models.CharField(_("what was verified"), max_length=300, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gt=0), name="disposition_of_something"),
            models.CheckConstraint(
                condition=Q(done_quantity__gte=0, done_quantity__lte=F("quantity")),
                name="disposition_done_at_most_all",
            ),
            models.CheckConstraint(
                condition=Q(verified_quantity__gte=0, verified_quantity__lte=F("done_quantity")),
                name="disposition_verified_at_most_done",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_disposal_display()} {lifecycle.plain(self.quantity)}"

    @property
    def is_concession(self) -> bool:
        return self.disposal in (Disposal.USE_AS_IS, Disposal.REPAIR)

    @property
    def needs_verification(self) -> bool:
        return self.disposal in (Disposal.REWORK, Disposal.REPAIR)

    @property
    def needs_customer(self) -> bool:
        """Whether the customer must approve: a concession on a requirement of theirs (8.7.1)."""
        touched = self.is_concession and self.record.customer_requirement
        return touched and policy().concession_needs_customer

    @property
    def to_verify(self) -> Decimal:
        """How many were carried out and wait to be verified again."""
        return (
            self.done_quantity - self.verified_quantity if self.needs_verification else Decimal(0)
        )

    def lacks_as_concession(self) -> Iterator[str]:
        """Yield what a concession still lacks: a reason, and the customer's approval."""
        if not self.is_concession:
            return
        if not self.justification:
            yield _("“%s” needs a technical reason.") % self
        if self.needs_customer:
            yield from self.lacks_approval(self.day, self.quantity)

    def lacks_approval(self, day: date, quantity: Decimal) -> Iterator[str]:
        """Yield why the customer's approval does not cover ``quantity`` on ``day``."""
        if not self.approval_number:
            yield (
                _("“%s” touches a customer requirement: the customer's approval is missing.") % self
            )
        if self.approval_quantity is not None and self.approval_quantity < quantity:
            yield _("“%(line)s”: the customer approved only %(approved)s.") % {
                "line": self,
                "approved": lifecycle.plain(self.approval_quantity),
            }
        if self.approval_until is not None and self.approval_until < day:
            yield _("“%(line)s”: the customer's approval ended on %(until)s.") % {
                "line": self,
                "until": self.approval_until,
            }


class Agreement(RecordPart):
    """One person of a review board agrees to the decision as it stands now."""

    record = models.ForeignKey(Nonconformity, models.PROTECT, related_name="agreements")
    role = models.CharField(_("as"), max_length=20, choices=Role)
    # What was agreed to; a disposition changed later needs a new agreement.
    decision = models.TextField(editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.by} · {self.get_role_display()}"

    @property
    def still_stands(self) -> bool:
        return self.decision == self.record.decision_text


class Reinspection(RecordPart):
    """One round of verifying reworked or repaired product against the requirement (8.7.1)."""

    record = models.ForeignKey(Nonconformity, models.PROTECT, related_name="reinspections")
    disposition = models.ForeignKey(Disposition, models.PROTECT, related_name="reinspections")
    good = quantity_field(_("fulfil the requirement"), validators=[NOT_NEGATIVE])
    failed = quantity_field(_("do not"), default=Decimal(0), validators=[NOT_NEGATIVE])
    note = models.CharField(_("what was verified, and how"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(good__gte=0, failed__gte=0), name="reinspection_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{lifecycle.plain(self.good)} / {lifecycle.plain(self.failed)}"
