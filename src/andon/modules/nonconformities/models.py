"""A nonconformity with its ledger: suspect = verified good + confirmed + not recovered."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.organization.models import Item, Line, Party
from andon.organization.policy import policy
from andon.records.models import Record, RecordPart, RecordQuerySet
from andon.records.thread import Gap
from andon.trail.models import AuditedModel, AuditedQuerySet

from . import lifecycle
from .lifecycle import Severity, State

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


def _quantity(label: str | Promise, **options: object) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=15, decimal_places=3, **options)  # type: ignore[arg-type]


class DefectCode(AuditedModel):
    """A name for a way to fail, so that the same failure is counted as the same."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("defect code")
        verbose_name_plural = _("defect codes")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


@dataclass(frozen=True)
class Ledger:
    """Where the suspect quantity went."""

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


class NonconformityQuerySet(RecordQuerySet["Nonconformity"]):
    def about(self, *, item_id: int | None, defect_id: int | None) -> Self:
        """Keep those of the same item or the same defect."""
        same = Q()
        if item_id:
            same |= Q(item_id=item_id)
        if defect_id:
            same |= Q(defect_id=defect_id)
        return self.filter(same) if same else self.none()


class Nonconformity(Record):
    """Something that does not fulfil a requirement (ISO 9000, 3.6.9)."""

    prefix = "NC"
    workflow = lifecycle.WORKFLOW
    create_permission = "nonconformities.report"
    edit_permission = "nonconformities.work"
    thread_rank = 10
    editable: ClassVar[tuple[str, ...]] = (
        *Record.editable,
        "category",
        "found_at",
        "requirement",
        "description",
        "item",
        "line",
        "party",
        "lot",
        "defect",
        "severity",
        "suspect_quantity",
        "origin",
        "shipped",
        "customer_requirement",
        "customer_notice",
        "correction",
        "uncontained_reason",
        "action_decision",
        "action_reason",
    )

    category = models.CharField(
        _("what is affected"), max_length=10, choices=Category, default=Category.PRODUCT
    )
    found_at = models.CharField(
        _("where it was found"), max_length=10, choices=FoundAt, default=FoundAt.PROCESS
    )
    requirement = models.CharField(_("what is required"), max_length=500, blank=True)
    description = models.TextField(_("what was found"), max_length=4000, blank=True)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item")
    )
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("line")
    )
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("supplier or customer"),
    )
    lot = models.CharField(_("lot or serial number"), max_length=60, blank=True)
    defect = models.ForeignKey(
        DefectCode,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="nonconformities",
        verbose_name=_("defect"),
    )
    origin = models.CharField(_("operation where it arose"), max_length=120, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, blank=True)
    suspect_quantity = _quantity(
        _("suspect quantity"), null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    shipped = models.BooleanField(_("some of it has left the company"), default=False)
    customer_requirement = models.BooleanField(
        _("a customer requirement is touched"), default=False
    )
    customer_notice = models.CharField(
        _("how the customer is told, or why not"), max_length=300, blank=True
    )
    correction = models.TextField(
        _("what was done at once (correction)"), max_length=2000, blank=True
    )
    uncontained_reason = models.CharField(
        _("why the rest is not contained"), max_length=300, blank=True
    )
    action_decision = models.CharField(
        _("corrective action needed"), max_length=3, choices=ActionDecision, blank=True
    )
    action_reason = models.CharField(_("why"), max_length=300, blank=True)

    objects: ClassVar = NonconformityQuerySet.as_manager()

    class Meta:
        verbose_name = _("nonconformity")
        verbose_name_plural = _("nonconformities")
        indexes = (
            models.Index(F("item"), F("record_ptr").desc(), name="nc_by_item"),
            models.Index(F("defect"), F("record_ptr").desc(), name="nc_by_defect"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(suspect_quantity=None) | Q(suspect_quantity__gte=0),
                name="nc_suspect_not_negative",
            ),
        )

    @property
    def has_quantity(self) -> bool:
        return self.category == Category.PRODUCT

    @property
    def is_serious(self) -> bool:
        return self.severity in (Severity.MAJOR, Severity.CRITICAL)

    # The rows are read once per object; every service locks and reads a fresh object.
    @cached_property
    def held(self) -> list["Containment"]:
        return list(self.containments.select_related("by").order_by("pk"))

    @cached_property
    def rounds(self) -> list["Sorting"]:
        return list(self.sortings.select_related("by").order_by("pk"))

    @cached_property
    def decisions(self) -> list["Disposition"]:
        """Every disposition, also those taken back."""
        rows = self.dispositions.select_related("authority", "verified_by").order_by("pk")
        found = list(rows)
        for row in found:
            row.record = self
        return found

    @property
    def contained_quantity(self) -> Decimal:
        return sum((row.quantity for row in self.held), Decimal(0))

    @property
    def live_dispositions(self) -> list["Disposition"]:
        return [row for row in self.decisions if not row.withdrawn_reason]

    @property
    def ledger(self) -> Ledger:
        """The quantities as the rows have them."""
        nothing = Decimal(0)
        return Ledger(
            suspect=self.suspect_quantity or nothing,
            good=sum((row.good for row in self.rounds), nothing),
            confirmed=sum((row.nonconforming for row in self.rounds), nothing),
            not_recovered=sum((row.not_recovered for row in self.rounds), nothing),
            disposed=sum((row.quantity for row in self.live_dispositions), nothing),
        )

    @cached_property
    def has_corrective_action(self) -> bool:
        return self.links_in.filter(kind="corrects", ended_date=None).exists()

    def text_for_search(self) -> str:
        related = [str(one) for one in (self.item, self.defect) if one is not None]
        words = (super().text_for_search(), self.description, self.lot, *related)
        return " ".join(filter(None, words))

    def gaps(self) -> list[Gap]:
        """Name the corrective action that was decided on and is not there."""
        if self.is_void or self.has_corrective_action:
            return []
        raise_it = f"/actions/new/?corrects={self.number}"
        if self.action_decision == ActionDecision.YES:
            return [
                Gap(
                    _("A corrective action was decided but is not linked."), raise_it, _("Raise it")
                )
            ]
        if self.is_serious and not self.action_decision:
            return [
                Gap(
                    _("Major, and no decision on a corrective action yet."),
                    raise_it,
                    _("Raise one"),
                )
            ]
        return []

    def clean(self) -> None:
        if self.item_id and self.line_id and self.line and self.line.site_id != self.site_id:
            raise ValidationError({"line": _("This line belongs to another site.")})


class Containment(RecordPart):
    """Where suspect product is held, how much, and who made sure."""

    record = models.ForeignKey(Nonconformity, models.PROTECT, related_name="containments")
    place = models.CharField(
        _("where"), max_length=120, help_text=_("Stock, line, transit, customer, supplier …")
    )
    quantity = _quantity(_("quantity"), validators=[NOT_NEGATIVE])
    action = models.CharField(
        _("what was done"), max_length=300, help_text=_("Blocked, tagged, moved …")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    def __str__(self) -> str:
        return f"{lifecycle.plain(self.quantity)} · {self.place}"


class Sorting(RecordPart):
    """One round of sorting: a step, not a disposition."""

    record = models.ForeignKey(Nonconformity, models.PROTECT, related_name="sortings")
    good = _quantity(_("verified good"), default=Decimal(0), validators=[NOT_NEGATIVE])
    nonconforming = _quantity(
        _("confirmed nonconforming"), default=Decimal(0), validators=[NOT_NEGATIVE]
    )
    not_recovered = _quantity(_("not recovered"), default=Decimal(0), validators=[NOT_NEGATIVE])
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

    record = models.ForeignKey(Nonconformity, models.PROTECT, related_name="dispositions")
    disposal = models.CharField(_("disposition"), max_length=10, choices=Disposal)
    quantity = _quantity(_("quantity"), validators=[MORE_THAN_NOTHING])
    instruction = models.CharField(_("instruction"), max_length=500, blank=True)
    justification = models.CharField(
        _("technical reason"),
        max_length=500,
        blank=True,
        help_text=_("Needed for use as is and for repair."),
    )
    approval_number = models.CharField(_("customer's approval"), max_length=60, blank=True)
    approval_until = models.DateField(_("approval valid until"), null=True, blank=True)
    approval_quantity = _quantity(
        _("approved quantity"), null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    authority = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()
    done_quantity = _quantity(_("carried out"), default=Decimal(0), validators=[NOT_NEGATIVE])
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
        )

    def __str__(self) -> str:
        return f"{self.get_disposal_display()} {lifecycle.plain(self.quantity)}"

    @property
    def is_concession(self) -> bool:
        return self.disposal in (Disposal.USE_AS_IS, Disposal.REPAIR)

    @property
    def needs_verification(self) -> bool:
        return self.disposal in (Disposal.REWORK, Disposal.REPAIR)

    def lacks_as_concession(self) -> Iterator[str]:
        """Yield what a concession still lacks: a reason, and the customer's approval."""
        if not self.is_concession:
            return
        if not self.justification:
            yield _("“%s” needs a technical reason.") % self
        if self.record.customer_requirement and policy().concession_needs_customer:
            yield from self._lacks_approval()

    def _lacks_approval(self) -> Iterator[str]:
        if not self.approval_number:
            yield (
                _("“%s” touches a customer requirement: the customer's approval is missing.") % self
            )
        elif self.approval_quantity is not None and self.approval_quantity < self.quantity:
            yield _("“%(line)s”: the customer approved only %(approved)s.") % {
                "line": self,
                "approved": lifecycle.plain(self.approval_quantity),
            }
        elif self.approval_until is not None and self.approval_until < self.day:
            yield _("“%(line)s”: the customer's approval ended on %(until)s.") % {
                "line": self,
                "until": self.approval_until,
            }


__all__ = [
    "ActionDecision",
    "Category",
    "Containment",
    "DefectCode",
    "Disposal",
    "Disposition",
    "FoundAt",
    "Ledger",
    "Nonconformity",
    "Severity",
    "Sorting",
    "State",
]
