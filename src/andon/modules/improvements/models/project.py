"""An improvement project: a level that is not good enough, a goal, and the benefit it brings."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.improvements import lifecycle
from andon.modules.improvements.lifecycle import State
from andon.modules.kpis.models import Kpi
from andon.modules.kpis.models.series import with_data
from andon.modules.kpis.queries.comparing import Window, window
from andon.organization.models import CostKind
from andon.records.models import Record
from andon.records.querysets import RecordQuerySet
from andon.records.thread import Gap

from .benefits import Benefit, benefit_of

# Fewer points than these are no baseline.
FEW_POINTS = 6
LONGEST_WINDOW = 1100
NOT_NEGATIVE = MinValueValidator(Decimal(0))


def money(label: Any, text: Any = "") -> "models.DecimalField[Any, Any]":
    """Return an amount of money that may be unknown, but not negative."""
    return models.DecimalField(
        label, max_digits=15, decimal_places=2, null=True, blank=True, validators=[NOT_NEGATIVE],
        help_text=text,
    )  # fmt: skip


class ImprovementProjectQuerySet(RecordQuerySet["ImprovementProject"]):
    pass


class ImprovementProject(Record):
    """A planned improvement of a number, with what it is worth in a year (10.1, 10.3)."""

    prefix = "IMP"
    workflow = lifecycle.WORKFLOW
    create_permission = "improvements.propose"
    edit_permission = "improvements.work"
    thread_rank = 25
    editable: ClassVar[tuple[str, ...]] = (*Record.editable, "problem", "idea", "costs")

    problem = models.TextField(
        _("problem"), max_length=4000, blank=True,
        help_text=_("What is not good enough, where, since when, how much."),
    )  # fmt: skip
    idea = models.TextField(_("what is to be changed"), max_length=4000, blank=True)
    kpi = models.ForeignKey(
        Kpi, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("KPI that is the goal"),
    )  # fmt: skip
    baseline_from = models.DateField(_("baseline from"), null=True, blank=True)
    baseline_until = models.DateField(_("baseline until"), null=True, blank=True)
    target_value = models.DecimalField(
        _("target"), max_digits=15, decimal_places=6, null=True, blank=True,
        help_text=_("In the unit of the KPI."),
    )  # fmt: skip
    window_days = models.PositiveIntegerField(
        _("watched for, days"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WINDOW)],
        help_text=_("From the day it took hold."),
    )  # fmt: skip
    expected_benefit = money(_("expected benefit in a year"))
    cost_kind = models.CharField(
        _("cost rate"), max_length=14, choices=CostKind, blank=True,
        help_text=_("What one unit of the KPI costs, from the cost rates; or type it below."),
    )  # fmt: skip
    rate = models.DecimalField(
        _("or money for one unit"), max_digits=15, decimal_places=4, null=True, blank=True,
        validators=[NOT_NEGATIVE],
        help_text=_("One unit of what the KPI counts; for a single value, one of it for a year."),
    )  # fmt: skip
    rate_source = models.CharField(_("where this amount comes from"), max_length=200, blank=True)
    confirmer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("who confirms the benefit"),
    )  # fmt: skip
    costs = money(_("costs, once"), _("What the project cost, all in all."))
    took_hold_date = models.DateField(_("took hold on"), null=True, blank=True)
    done = models.TextField(_("what was changed"), max_length=2000, blank=True)
    conclusion = models.TextField(_("conclusion"), max_length=2000, blank=True)
    same_person_reason = models.CharField(
        _("why nobody else than the owner confirms it"), max_length=300, blank=True
    )
    # What was confirmed, for later numbers may say something else.
    confirmed_benefit = models.DecimalField(
        _("benefit in a year"), max_digits=15, decimal_places=2, null=True, editable=False
    )
    confirmed_reasons = models.TextField(blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )

    objects: ClassVar = ImprovementProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("improvement project")
        verbose_name_plural = _("improvement projects")
        indexes = (models.Index(F("kpi"), F("record_ptr").desc(), name="improvement_by_kpi"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(baseline_from=None) | Q(baseline_until__gt=F("baseline_from")),
                name="improvement_baseline_in_order",
            ),
            models.CheckConstraint(
                condition=Q(rate=None) | (Q(cost_kind="") & ~Q(rate_source="")),
                name="improvement_one_rate_with_source",
            ),
        )

    # -- the goal ---------------------------------------------------------------------------

    @property
    def goal_parts(self) -> tuple[tuple[str | Promise, bool], ...]:
        """The parts of a goal: the sentence that asks for each, and whether it is there."""
        return (
            (_("No KPI shows the goal."), self.kpi_id is not None),
            (_("The window of the baseline is not fixed."), self.baseline_from is not None),
            (_("The target is not fixed."), self.target_value is not None),
            (_("How long it is watched is not fixed."), self.window_days is not None),
            (_("The expected benefit in money is not fixed."), self.expected_benefit is not None),
            (
                _("What one unit costs is not known: choose a rate, or type it with its source."),
                bool(self.cost_kind) or self.rate is not None,
            ),
        )

    @cached_property
    def _baseline(self) -> Window | None:
        if self.kpi is None or self.baseline_from is None or self.baseline_until is None:
            return None
        return window(self.kpi, since=self.baseline_from, until=self.baseline_until)

    @property
    def has_baseline(self) -> bool:
        return self._baseline is not None and len(with_data(self._baseline.points)) >= FEW_POINTS

    @property
    def baseline_level(self) -> Decimal | None:
        """The KPI over the baseline, in its unit."""
        return self._baseline.level if self._baseline else None

    @property
    def has_span(self) -> bool:
        first, last = self.baseline_from, self.baseline_until
        return first is not None and last is not None and first < last

    @property
    def is_reached_already(self) -> bool:
        level, target = self.baseline_level, self.target_value
        if self.kpi is None or level is None or target is None:
            return False
        return self.kpi.meets(level, target)

    # -- the benefit ------------------------------------------------------------------------

    def benefit(self, day: date) -> Benefit | None:
        """Return what the numbers say on ``day``; None before it took hold."""
        known: dict[date, Benefit | None] = self.__dict__.setdefault("_benefits", {})
        if day not in known:
            known[day] = benefit_of(self, day)
        return known[day]

    def keep_benefit(self, *, by: User, day: date) -> None:
        """Store what was confirmed or not, and what the numbers said then."""
        found = self.benefit(day)
        self.confirmed_benefit = found.yearly if found else None
        self.confirmed_reasons = "\n".join(found.reasons) if found else ""
        self.confirmed_by = by
        names = ["confirmed_benefit", "confirmed_reasons", "confirmed_by"]
        self.save(update_fields=names)

    @property
    def confirmed_lines(self) -> list[str]:
        return self.confirmed_reasons.splitlines()

    # -- what the kernel asks -----------------------------------------------------------------

    def said_in_thread(self) -> str:
        return self.conclusion

    def text_for_search(self) -> str:
        words = (super().text_for_search(), self.problem, self.idea, self.conclusion)
        return " ".join(filter(None, words))

    def gaps(self) -> list[Gap]:
        """Name the goal that is missing."""
        if self.state != State.PROPOSED or all(there for _text, there in self.goal_parts):
            return []
        place = f"{self.get_absolute_url()}#goal"
        return [Gap(_("The goal is not fixed yet."), place, _("Fix it"))]

    def clean(self) -> None:
        wrong: dict[str, str | Promise] = {}
        if self.kpi_id and self.kpi and self.kpi.site_id not in (None, self.site_id):
            wrong["kpi"] = _("This KPI belongs to another site.")
        if (self.baseline_from is None) != (self.baseline_until is None):
            wrong["baseline_until"] = _("A baseline has a first and a last day.")
        elif self.baseline_from and not self.has_span:
            wrong["baseline_until"] = _("The baseline ends after it begins.")
        if self.rate is not None and self.cost_kind:
            wrong["rate"] = _("Choose a cost rate or type an amount, not both.")
        elif self.rate is not None and not self.rate_source.strip():
            wrong["rate_source"] = _("Say where this amount comes from.")
        if wrong:
            raise ValidationError(wrong)
