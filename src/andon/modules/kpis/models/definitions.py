"""What a KPI is: its question, formula, source, owner and period."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.accounts.names import validate_one_line
from andon.organization.models import CODE, Item, Line, Process, SharedOrAtSiteQuerySet
from andon.trail.models import AuditedModel

from .choices import ChartKind, Counting, Direction, Formula
from .periods import Period

if TYPE_CHECKING:
    from .parts import Target

FACTORS = {"%": 100, "‰": 1000, "ppm": 1_000_000}
TAKEN = frozenset({"new", "refresh"})


class Kpi(AuditedModel):
    """A key performance indicator: one question, answered by a number for each period (9.1.1)."""

    trail_state_version = 2

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[CODE])
    name = models.CharField(_("name"), max_length=120, validators=[validate_one_line])
    question = models.CharField(
        _("question it answers"), max_length=300, help_text=_("What do we want to know, and why?")
    )
    formula = models.CharField(_("formula"), max_length=15, choices=Formula)
    counting = models.CharField(
        _("what is counted"),
        max_length=12,
        choices=Counting,
        default=Counting.PROPORTION,
        help_text=_("For a ratio. The chart's limits follow from it."),
    )
    unit = models.CharField(
        _("unit"),
        max_length=20,
        blank=True,
        validators=[validate_one_line],
        help_text=_("A ratio in %, ‰ or ppm is multiplied; any other unit shows it as it is."),
    )
    direction = models.CharField(
        _("direction"), max_length=6, choices=Direction, default=Direction.LOWER
    )
    period = models.CharField(_("period"), max_length=6, choices=Period, default=Period.WEEK)
    fixed_denominator = models.DecimalField(
        _("denominator of every sample"),
        max_digits=15,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.0001"))],
        help_text=_(
            "For a ratio whose samples are all the same size; then only the count is typed."
        ),
    )
    lower_spec = models.DecimalField(
        _("lower specification limit"), max_digits=15, decimal_places=6, null=True, blank=True,
        help_text=_("For single values that a drawing or a customer limits; with it, capability."),
    )  # fmt: skip
    upper_spec = models.DecimalField(
        _("upper specification limit"), max_digits=15, decimal_places=6, null=True, blank=True
    )
    chart = models.CharField(_("chart"), max_length=8, choices=ChartKind, default=ChartKind.AUTO)
    source = models.CharField(
        _("source"),
        max_length=200,
        help_text=_("Where the numbers come from, so that anyone can find them."),
    )
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("owner"))
    process = models.ForeignKey(
        Process, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("process")
    )
    site = models.ForeignKey(
        Site,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("site"),
        help_text=_("Empty: all sites together; everybody may see it."),
    )
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("line")
    )
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item")
    )
    reaction = models.TextField(
        _("reaction plan"),
        max_length=2000,
        blank=True,
        help_text=_("Who does what when it signals or is off target?"),
    )
    active_from = models.DateField(
        _("in use from"), help_text=_("Signals are raised for periods that end after this day.")
    )
    defined_date = models.DateField(_("defined"), editable=False)
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = SharedOrAtSiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("KPI")
        verbose_name_plural = _("KPIs")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="kpi_denominator_above_nothing",
                condition=Q(fixed_denominator=None) | Q(fixed_denominator__gt=0),
            ),
            models.CheckConstraint(
                name="kpi_spec_in_order",
                condition=Q(lower_spec=None)
                | Q(upper_spec=None)
                | Q(lower_spec__lt=F("upper_spec")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("kpis:kpi", args=[self.code])

    def trail_number(self) -> str:
        return f"kpi/{self.code}"

    @property
    def is_ratio(self) -> bool:
        return self.formula != Formula.VALUE

    @property
    def is_computed(self) -> bool:
        """Whether the numbers come from the facts of production."""
        return self.formula in (Formula.SCRAP, Formula.DOWNTIME)

    @property
    def is_dated(self) -> bool:
        return self.period != Period.SAMPLE

    @property
    def factor(self) -> int:
        """What a ratio is multiplied by to be shown in its unit."""
        return FACTORS.get(self.unit, 1) if self.is_ratio else 1

    @property
    def kind(self) -> str:
        """The kind of metric, as ``andon.stats`` calls it."""
        return self.counting if self.is_ratio else "value"

    @property
    def spec(self) -> tuple[Decimal | None, Decimal | None]:
        """The specification limits, lower and upper; None where there is none."""
        return self.lower_spec, self.upper_spec

    @property
    def has_spec(self) -> bool:
        return self.lower_spec is not None or self.upper_spec is not None

    @cached_property
    def known_targets(self) -> list["Target"]:
        """The newest targets, latest first."""
        return list(self.targets.order_by("-from_date", "-pk")[:60])

    def target_on(self, day: date) -> Decimal | None:
        """Return the target in force on ``day``; samples are judged by the newest one."""
        for target in self.known_targets:
            if target.from_date <= day or not self.is_dated:
                return target.value
        return None

    def meets(self, value: Decimal, target: Decimal) -> bool:
        return value <= target if self.direction == Direction.LOWER else value >= target

    def clean(self) -> None:
        wrong: dict[str, Any] = {}
        if self.code and self.code.lower() in TAKEN:
            wrong["code"] = _("This word is taken; choose another code.")
        if self.is_computed and not self.is_dated:
            wrong["period"] = _("What is computed from facts needs a day, week or month.")
        if self.is_computed and self.fixed_denominator is not None:
            wrong["fixed_denominator"] = _("The facts of production bring their own denominator.")
        if not self.is_ratio and self.chart not in (ChartKind.AUTO, ChartKind.IMR):
            wrong["chart"] = _("Single values need individuals and moving ranges.")
        if self.has_spec and self.is_ratio:
            wrong["lower_spec"] = _("Specification limits belong to single values, not to a ratio.")
        if None not in self.spec and self.lower_spec >= self.upper_spec:  # type: ignore[operator]
            wrong["upper_spec"] = _("The upper limit must lie above the lower one.")
        if self.line_id and self.line and self.line.site_id != self.site_id:
            wrong["line"] = _("This line belongs to another site; choose its site above.")
        if self.item_id and self.formula == Formula.DOWNTIME:
            wrong["item"] = _("Planned time belongs to a line, not to an item; leave it empty.")
        if wrong:
            raise ValidationError(wrong)
