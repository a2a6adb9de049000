"""A nonconformity (ISO 9000, 3.6.9) with its ledger: suspect = good + confirmed + not recovered."""

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.nonconformities import lifecycle
from andon.modules.nonconformities.lifecycle import Severity
from andon.organization.models import Item, Line, Party
from andon.records.measures import Measure
from andon.records.models import Record
from andon.records.querysets import RecordQuerySet
from andon.records.thread import Gap

from .authority import Authority
from .choices import (
    NOT_NEGATIVE,
    ActionDecision,
    Category,
    FoundAt,
    Ledger,
    money_field,
    quantity_field,
)
from .codes import DefectCode

if TYPE_CHECKING:
    from .costs import CostLine
    from .lots import AffectedLot
    from .parts import Agreement, Containment, Disposition, Sorting


SEARCHED_LOTS = 50


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

    trail_state_version = 2
    prefix = "NC"
    workflow = lifecycle.WORKFLOW
    create_permission = "nonconformities.report"
    edit_permission = "nonconformities.work"
    thread_rank = 10
    takes_failures = True
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

    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("nonconformities", _("Nonconformities, by the day they were opened")),
        Measure("complaints", _("Complaints: found at the customer"), Q(found_at="customer")),
        Measure("recorded_cost", _("Costs written on nonconformities"), amount_field="cost"),
        Measure(
            "nonconformities_closed",
            _("Nonconformities, by the day they were closed"),
            day_field="closed_date",
        ),
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
    suspect_quantity = quantity_field(
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
    # The sum of its cost lines, kept beside them so that lists and Paretos need no join.
    cost = money_field(_("cost"), default=Decimal(0), editable=False)

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
    def affected_lots(self) -> list["AffectedLot"]:
        return list(self.lots.select_related("by").order_by("pk")) if self.has_quantity else []

    @cached_property
    def costs(self) -> list["CostLine"]:
        """Every cost line, also those taken back."""
        return list(self.cost_lines.select_related("by").order_by("pk"))

    @cached_property
    def all_agreements(self) -> list["Agreement"]:
        rows = list(self.agreements.select_related("by").order_by("pk"))
        for row in rows:
            row.record = self
        return rows

    @cached_property
    def held(self) -> list["Containment"]:
        return list(self.containments.select_related("by", "lot").order_by("pk"))

    @cached_property
    def rounds(self) -> list["Sorting"]:
        return list(self.sortings.select_related("by", "lot").order_by("pk"))

    @cached_property
    def decisions(self) -> list["Disposition"]:
        """Every disposition, also those taken back."""
        rows = self.dispositions.select_related("authority", "verified_by", "lot").order_by("pk")
        for row in (found := list(rows)):
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
        return self._ledger(self.suspect_quantity or Decimal(0), None)

    def ledger_of(self, lot: "AffectedLot") -> Ledger:
        """The same of one lot."""
        return self._ledger(lot.quantity, lot.pk)

    def _ledger(self, suspect: Decimal, lot: int | None) -> Ledger:
        rounds = [row for row in self.rounds if lot is None or row.lot_id == lot]
        lines = [row for row in self.live_dispositions if lot is None or row.lot_id == lot]
        nothing = Decimal(0)
        return Ledger(
            suspect=suspect,
            good=sum((row.good for row in rounds), nothing),
            confirmed=sum((row.nonconforming for row in rounds), nothing),
            not_recovered=sum((row.not_recovered for row in rounds), nothing),
            disposed=sum((row.quantity for row in lines), nothing),
        )

    @property
    def decision_text(self) -> str:
        """What is decided, as text: an agreement holds for exactly this."""
        lines = (
            f"{row.pk}|{row.disposal}|{lifecycle.plain(row.quantity)}"
            for row in self.live_dispositions
        )
        return "\n".join([self.severity, *lines])

    def authorities(self) -> list[Authority]:
        """Return the authorities this decision needs."""
        disposals = [row.disposal for row in self.live_dispositions]
        needed: list[Authority] = Authority.objects.active().for_case(self.severity, disposals)
        return needed

    def authorities_missing(self, by: User) -> list[Authority]:
        """Return those that neither ``by`` nor a standing agreement of another person covers.

        One person speaks in one role only: two authorities are two people.
        """
        given = {row.role for row in self.all_agreements if row.still_stands and row.by != by}
        missing = [one for one in self.authorities() if one.role not in given]
        own = min(
            (one.role for one in missing if one.role in by.roles_at(self.site_id)), default=""
        )
        return [one for one in missing if one.role != own]

    @cached_property
    def has_corrective_action(self) -> bool:
        return self.links_in.filter(kind="corrects", ended_date=None).exists()

    def text_for_search(self) -> str:
        related = [str(one) for one in (self.item, self.defect) if one is not None]
        if self.pk:
            related += self.lots.values_list("lot", flat=True)[:SEARCHED_LOTS]
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
