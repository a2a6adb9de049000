"""How the effect of a corrective action is judged, and how it was."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.nonconformities.models import Nonconformity
from andon.records.models import RecordPart

from .action import CorrectiveAction
from .causes import Cause

LONGEST_WINDOW = 1100


class Method(models.TextChoices):
    METRIC = "metric", _("A KPI before and after")
    NO_RECURRENCE = "no_recurrence", _("No recurrence")


class Criterion(RecordPart):
    """The promise: which number, how far, compared with when, watched for how long.

    It is fixed with the plan; only the window may be made longer, once, when the verdict is open.
    """

    record = models.OneToOneField(CorrectiveAction, models.PROTECT, related_name="promise")
    method = models.CharField(_("how it is judged"), max_length=15, choices=Method)
    target_change = models.DecimalField(
        _("promised change, %"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(1000))],
        help_text=_("Such as 25 for a quarter less (or more, where higher is better)."),
    )
    target_value = models.DecimalField(
        _("promised level"),
        max_digits=15,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("In the unit of the KPI. Give this or a change."),
    )
    baseline_from = models.DateField(_("baseline from"), null=True, blank=True)
    baseline_until = models.DateField(_("baseline until"), null=True, blank=True)
    window_days = models.PositiveIntegerField(
        _("watched for, days"),
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WINDOW)],
        help_text=_("From the day the last action is done."),
    )
    extended_days = models.PositiveIntegerField(default=0)
    extended_reason = models.CharField(max_length=300, blank=True)
    minimum_exposure = models.DecimalField(
        _("least exposure"),
        max_digits=15,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("How many pieces, hours or lines must be seen at least before it is judged."),
    )
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_day = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(method="no_recurrence", target_change=None, target_value=None)
                | Q(
                    Q(target_change=None, target_value__isnull=False)
                    | Q(target_change__isnull=False, target_value=None),
                    method="metric",
                    baseline_from__isnull=False,
                    baseline_until__isnull=False,
                ),
                name="criterion_one_promise",
            ),
            models.CheckConstraint(
                condition=Q(baseline_from=None) | Q(baseline_until__gt=F("baseline_from")),
                name="criterion_baseline_in_order",
            ),
            models.CheckConstraint(condition=Q(window_days__gt=0), name="criterion_window"),
        )

    def __str__(self) -> str:
        return str(self.get_method_display())

    @property
    def is_metric(self) -> bool:
        return self.method == Method.METRIC

    @property
    def whole_window(self) -> int:
        return self.window_days + self.extended_days


class LeftOutPoint(RecordPart):
    """A point of the baseline that triggered the action: left in, it would promise too much."""

    record = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="left_out")
    period_start = models.DateField()
    why = models.CharField(max_length=300)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["record", "period_start"], name="left_out_once"),
        )

    def __str__(self) -> str:
        return f"{self.period_start}"


class Recurrence(RecordPart):
    """What somebody said about a nonconformity that looks like the same problem again."""

    trail_state_version: ClassVar[int] = 2

    record = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="recurrences")
    case = models.ForeignKey(Nonconformity, models.PROTECT, related_name="+")
    counts = models.BooleanField()
    cause = models.ForeignKey(
        Cause,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the same verified cause"),
    )
    produced_date = models.DateField(_("produced on"), null=True, blank=True)
    why = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["record", "case"], name="recurrence_judged_once"),
        )

    def __str__(self) -> str:
        return self.case.number


class EffectCheck(RecordPart):
    """One judgement of the effect: what was decided, and what the numbers said on that day."""

    trail_state_version: ClassVar[int] = 2

    record = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="checks")
    decision = models.CharField(
        max_length=15,
        choices=[
            ("effective", _("Effective")),
            ("not_effective", _("Not effective")),
            ("inconclusive", _("Inconclusive: the window is longer now")),
        ],
    )
    computed = models.CharField(max_length=15, blank=True)
    reasons = models.TextField(blank=True)
    note = models.TextField(blank=True)
    # What else changed in the window, as it was listed on that day.
    meanwhile = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    def __str__(self) -> str:
        return str(self.get_decision_display())

    @property
    def lines(self) -> list[str]:
        return self.reasons.splitlines()

    @property
    def changes(self) -> list[str]:
        return self.meanwhile.splitlines()
