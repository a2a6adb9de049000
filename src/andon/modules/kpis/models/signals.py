"""A signal: a chart said that the process changed, or a number stays off its target."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from andon.modules.kpis import lifecycle
from andon.modules.kpis.lifecycle import State
from andon.records.models import Record
from andon.records.querysets import RecordQuerySet
from andon.records.thread import Gap

from .definitions import Kpi

ANSWERING_KINDS = ("nonconformities", "actions")


class SignalKind(models.TextChoices):
    """Two things that must not be mixed up: a change of the process, and a level not reached."""

    SIGNAL = "signal", _("Signal: the process changed")
    OFF_TARGET = "off_target", _("Off target: stable or not, the level is not reached")


class SignalQuerySet(RecordQuerySet["Signal"]):
    pass


class Signal(Record):
    """Something a KPI said that a person must answer."""

    prefix = "SIG"
    workflow = lifecycle.WORKFLOW
    create_permission = "kpis.observe"
    edit_permission = "kpis.answer"
    thread_rank = 0
    editable: ClassVar[tuple[str, ...]] = (
        *Record.editable,
        "cause",
        "accepted_reason",
        "false_alarm_reason",
    )

    kpi = models.ForeignKey(Kpi, models.PROTECT, related_name="signals", verbose_name=_("KPI"))
    signal_kind = models.CharField(
        _("what it says"), max_length=10, choices=SignalKind, default=SignalKind.SIGNAL
    )
    rule = models.CharField(_("rule"), max_length=12, blank=True, editable=False)
    day = models.DateField(_("period"), null=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    point = models.CharField(_("point"), max_length=20, blank=True)
    sentence = models.CharField(_("what was seen"), max_length=500, blank=True)
    cause = models.TextField(_("cause"), max_length=2000, blank=True)
    accepted_reason = models.TextField(_("why it is accepted"), max_length=1000, blank=True)
    false_alarm_reason = models.TextField(_("why it is a false alarm"), max_length=1000, blank=True)

    objects: ClassVar = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        indexes = (models.Index(F("kpi"), F("record_ptr").desc(), name="signal_by_kpi"),)
        constraints = (
            models.UniqueConstraint(
                fields=["kpi", "rule", "day", "sequence"],
                condition=~Q(rule=""),
                name="one_signal_each",
            ),
        )

    @property
    def is_off_target(self) -> bool:
        return self.signal_kind == SignalKind.OFF_TARGET

    @cached_property
    def raised_records(self) -> list[Record]:
        """The nonconformities and corrective actions that were raised from this signal."""
        links = self.links_in.filter(
            kind="raised_from", ended_date=None, record__kind__in=ANSWERING_KINDS
        ).select_related("record")
        return [link.record for link in links.order_by("pk")[:20] if not link.record.is_void]

    @property
    def answer(self) -> str:
        """How it was answered, in words; empty while it was not."""
        if self.state != State.ANSWERED:
            return ""
        if self.cause:
            return str(_("Cause: %s") % self.cause)
        if self.accepted_reason:
            return str(_("Accepted: %s") % self.accepted_reason)
        if self.false_alarm_reason:
            return str(_("False alarm: %s") % self.false_alarm_reason)
        numbers = ", ".join(record.number for record in self.raised_records)
        return str(_("Handed on to %s") % numbers)

    def text_for_search(self) -> str:
        words = (super().text_for_search(), self.kpi.code, self.kpi.name, self.sentence, self.cause)
        return " ".join(filter(None, words))

    def gaps(self) -> list[Gap]:
        """Name the answer that is missing."""
        if self.state != State.RAISED or self.raised_records:
            return []
        address = f"/nonconformities/new/?raised_from={self.number}"
        return [Gap(_("Not answered yet."), address, _("Raise a nonconformity"))]

    def clean(self) -> None:
        if self.kpi_id and self.kpi.site_id not in (None, self.site_id):
            raise ValidationError({"kpi": _("This KPI belongs to another site.")})
