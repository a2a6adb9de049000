"""What belongs to a KPI and changes over time: targets, phases of its limits, notes on points."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.accounts.names import validate_one_line
from andon.modules.production.models import ImportBatch
from andon.organization.models import Process
from andon.records.models import Record
from andon.trail.models import AuditedModel, AuditedQuerySet

from .definitions import Kpi


class KpiPart(AuditedModel):
    """A row that belongs to a KPI and appears in its history."""

    trail_related: ClassVar[tuple[str, ...]] = ("kpi",)
    kpi: models.ForeignKey[Kpi, Kpi]

    objects: ClassVar[Any] = AuditedQuerySet.as_manager()

    class Meta:
        abstract = True

    def trail_number(self) -> str:
        return self.kpi.trail_number()


class Target(KpiPart):
    """The value to reach from a day on; older targets stay, so that old periods keep theirs.

    One for a site or a process holds there instead of that for all.
    """

    trail_state_version: ClassVar[int] = 2

    kpi = models.ForeignKey(Kpi, models.PROTECT, related_name="targets")
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("site"),
        help_text=_("Empty: every site without a target of its own."),
    )  # fmt: skip
    process = models.ForeignKey(
        Process, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("process"), help_text=_("Empty: every process without a target of its own."),
    )  # fmt: skip
    from_date = models.DateField(_("from"))
    value = models.DecimalField(
        _("target"), max_digits=15, decimal_places=6, help_text=_("In the unit of the KPI.")
    )
    reason = models.CharField(_("why this target"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("kpi"),
                F("from_date"),
                Coalesce(F("site"), Value(0)),
                Coalesce(F("process"), Value(0)),
                name="one_target_a_day_and_place",
                violation_error_message=_("There is a target from this day already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.value.normalize():f}"

    @property
    def rank(self) -> int:
        """How specific it is; the greater one wins."""
        return 2 * bool(self.site_id) + bool(self.process_id)

    @property
    def place(self) -> str:
        """Where it holds, in words; empty for all."""
        return " · ".join(str(one) for one in (self.site, self.process) if one)


class AtPoint(KpiPart):
    """Something said about one point: its day, or for samples its number."""

    day = models.DateField()
    sequence = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_date = models.DateField()

    class Meta:
        abstract = True

    @property
    def key(self) -> tuple[date, int]:
        return self.day, self.sequence


class Phase(AtPoint):
    """From this point on the limits are computed anew, because the process changed.

    ``record`` or ``document`` shows what changed it. With ``frozen_day`` the limits rest on the
    points up to there only.
    """

    trail_state_version = 2

    kpi = models.ForeignKey(Kpi, models.PROTECT, related_name="phases")
    reason = models.CharField(_("what changed"), max_length=300)
    record = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("record of the change"),
    )  # fmt: skip
    document = models.CharField(
        _("document of the change"), max_length=200, blank=True, validators=[validate_one_line]
    )
    frozen_day = models.DateField(null=True, blank=True)
    frozen_sequence = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "day", "sequence"],
                name="one_phase_a_point",
                violation_error_message=_("A phase begins at this point already."),
            )
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def shown_by(self) -> str:
        """The record or the document that shows the change; empty for older phases."""
        return self.record.number if self.record else self.document

    @property
    def label(self) -> str:
        """What the chart says where the phase begins."""
        return f"{self.shown_by}: {self.reason}" if self.shown_by else self.reason

    @property
    def frozen_key(self) -> tuple[date, int] | None:
        return (self.frozen_day, self.frozen_sequence) if self.frozen_day else None


class PointNote(AtPoint):
    """What somebody knows about a point; it may leave the point out of the limits.

    With ``batch`` it says why the rows of that batch replaced what was stored.
    """

    trail_state_version = 2

    kpi = models.ForeignKey(Kpi, models.PROTECT, related_name="notes")
    text = models.CharField(_("note"), max_length=500)
    leaves_out = models.BooleanField(
        _("leave this point out of the limits"),
        default=False,
        help_text=_("Only when its cause is known and gone. The point stays on the chart."),
    )

    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        editable=False,
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["kpi", "day", "sequence"], name="kpi_note_point")]

    def __str__(self) -> str:
        return self.text
