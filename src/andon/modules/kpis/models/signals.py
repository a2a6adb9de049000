"""A signal: a chart said that the process changed, or a number stays off its target."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.kpis import lifecycle
from andon.modules.kpis.lifecycle import State
from andon.records.models import Record
from andon.records.querysets import RecordQuerySet
from andon.records.thread import Gap

from .definitions import Kpi

ANSWERING_KINDS = ("nonconformities", "actions", "improvements")


class SignalKind(models.TextChoices):
    """Three things that must not be mixed up: a change, a level not reached, no number at all."""

    SIGNAL = "signal", _("Signal: the process changed")
    OFF_TARGET = "off_target", _("Off target: stable or not, the level is not reached")
    MISSING = "missing", _("No data: the number of a period that is over is late or missing")


class CauseCode(models.TextChoices):
    """Where the cause lay; few enough to choose from at a machine, and to count in a year."""

    MACHINE = "machine", _("Machine or tool")
    MATERIAL = "material", _("Material")
    METHOD = "method", _("Method or set-up")
    PEOPLE = "people", _("People: training, staffing")
    MEASUREMENT = "measurement", _("Measurement")
    SURROUNDINGS = "surroundings", _("Surroundings")
    PLAN = "plan", _("Plan, order or supply")
    DATA = "data", _("The data came late or wrong")
    OTHER = "other", _("Something else")


class ActionCode(models.TextChoices):
    """What was done about it."""

    AT_ONCE = "at_once", _("Put right at once")
    REPAIRED = "repaired", _("Repaired or replaced")
    ADJUSTED = "adjusted", _("Setting or method changed")
    INSTRUCTED = "instructed", _("People were told or trained")
    DATA = "data", _("Data supplied or corrected")
    WATCHED = "watched", _("Watched; nothing else is needed")


class SignalQuerySet(RecordQuerySet["Signal"]):
    pass


class Signal(Record):
    """Something a KPI said that a person must answer."""

    trail_state_version = 2
    prefix = "SIG"
    workflow = lifecycle.WORKFLOW
    create_permission = "kpis.observe"
    edit_permission = "kpis.answer"
    thread_rank = 0
    editable: ClassVar[tuple[str, ...]] = (
        *Record.editable,
        "cause_code",
        "cause",
        "action_code",
        "action",
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
    cause_code = models.CharField(
        _("where the cause lay"), max_length=12, choices=CauseCode, blank=True
    )
    cause = models.TextField(_("cause"), max_length=2000, blank=True)
    action_code = models.CharField(
        _("what was done"), max_length=12, choices=ActionCode, blank=True
    )
    action = models.CharField(_("what was done, in words"), max_length=500, blank=True)
    accepted_reason = models.TextField(_("why it is accepted"), max_length=1000, blank=True)
    false_alarm_reason = models.TextField(_("why it is a false alarm"), max_length=1000, blank=True)

    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )

    objects: ClassVar = SignalQuerySet.as_manager()

    raised_by_link: ClassVar[dict[str, Any]] = {
        "kind": "raised_from", "ended_date": None, "record__kind__in": ANSWERING_KINDS,
    }  # fmt: skip

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

    @property
    def is_missing(self) -> bool:
        return self.signal_kind == SignalKind.MISSING

    @cached_property
    def raised_records(self) -> list[Record]:
        """The nonconformities, actions and projects that were raised from this signal."""
        links = self.links_in.filter(**self.raised_by_link).select_related("record")
        return [link.record for link in links.order_by("pk")[:20] if not link.record.is_void]

    @property
    def answer(self) -> str:
        """How it was answered, in words; empty while it was not."""
        if self.state != State.ANSWERED:
            return ""
        if self.cause:
            return self._cause_and_action()
        if self.accepted_reason:
            return str(_("Accepted: %s") % self.accepted_reason)
        if self.false_alarm_reason:
            return str(_("False alarm: %s") % self.false_alarm_reason)
        raised = ", ".join(f"{one.number} ({one.state_label})" for one in self.raised_records)
        if not raised:
            return str(_("Handed on to a record that you may not see"))
        return str(_("Handed on to %s") % raised)

    def _cause_and_action(self) -> str:
        coded = self.get_cause_code_display().lower()
        cause = f"{self.cause} ({coded})" if coded else self.cause
        done = ": ".join(filter(None, (self.get_action_code_display(), self.action)))
        if not done:
            return str(_("Cause: %s") % cause)
        return str(_("Cause: %(cause)s. Action: %(action)s") % {"cause": cause, "action": done})

    @property
    def way(self) -> str:
        """The one word for how it was answered, as reports count it; empty while it was not."""
        if self.state != State.ANSWERED:
            return ""
        ways = (
            ("cause", self.cause),
            ("accepted", self.accepted_reason),
            ("false_alarm", self.false_alarm_reason),
        )
        return next((name for name, text in ways if text), "handed_on")

    def said_in_thread(self) -> str:
        """Return the answer; what it was handed on to is drawn, as far as one may see it."""
        return str(_("Handed on")) if self.way == "handed_on" else self.answer

    def text_for_search(self) -> str:
        said = (self.sentence, self.cause, self.action)
        words = (super().text_for_search(), self.kpi.code, self.kpi.name, *said)
        return " ".join(filter(None, words))

    def gaps(self) -> list[Gap]:
        """Name the answer that is missing."""
        if self.state != State.RAISED or self.raised_records:
            return []
        place = f"{self.get_absolute_url()}#answer"
        return [Gap(_("Not answered yet."), place, _("Answer it"))]

    def clean(self) -> None:
        if self.kpi_id and self.kpi.site_id not in (None, self.site_id):
            raise ValidationError({"kpi": _("This KPI belongs to another site.")})
