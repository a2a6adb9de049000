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

from . import checking, expressions, recipes
from .choices import ChartKind, Counting, Direction, Formula
from .periods import Period

if TYPE_CHECKING:
    from .parts import Target
    from .places import Where

FACTORS = {"%": 100, "‰": 1000, "ppm": 1_000_000}
TAKEN = frozenset({"new", "refresh", "ready", "wall", "preview"})


class Kpi(AuditedModel):
    """A key performance indicator: one question, answered by a number for each period (9.1.1)."""

    trail_state_version = 3

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[CODE])
    name = models.CharField(_("name"), max_length=120, validators=[validate_one_line])
    question = models.CharField(
        _("question it answers"), max_length=300, help_text=_("What do we want to know, and why?")
    )
    formula = models.CharField(_("formula"), max_length=15, choices=Formula)
    expression = models.CharField(
        _("own formula"),
        max_length=expressions.LONGEST,
        blank=True,
        help_text=_(
            "Sums and KPIs with + - * / and parentheses, such as scrapped / produced or"
            ' complaints + 2 * kpi("CODE"). A division at the top makes a ratio.'
        ),
    )
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
        return self.parsed.is_ratio if self.parsed else self.formula != Formula.VALUE

    @property
    def is_computed(self) -> bool:
        """Whether the numbers are computed from facts and records by a formula."""
        return self.formula not in (Formula.RATIO, Formula.VALUE)

    @property
    def recipe(self) -> "recipes.Recipe | None":
        """What Andon knows of a ready-made formula."""
        return recipes.RECIPES.get(self.formula)

    @property
    def text(self) -> str:
        """The formula that is computed; empty for what is typed in or imported."""
        return self.recipe.expression if self.recipe else self.expression

    @property
    def words(self) -> str:
        """The formula as people say it."""
        return recipes.in_words(self.text)

    @property
    def parsed(self) -> "expressions.Parsed | None":
        """The formula, ready to compute; None without one or with one that cannot be read."""
        if not self.is_computed:
            return None
        try:
            return expressions.parse(self.text)
        except expressions.WrongFormulaError:
            return None

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
        rows = self.targets.select_related("site", "process").order_by("-from_date", "-pk")
        return list(rows[:200])

    def target_on(self, day: date, where: "Where | None" = None) -> Decimal | None:
        """Return the target in force on ``day``; samples are judged by the newest one.

        The most specific wins: of the site and process looked at, of the site, of the process,
        of all.
        """
        site = where.site.pk if where and where.site else self.site_id
        process = where.process.pk if where and where.process else self.process_id
        found: dict[int, Decimal] = {}
        for target in self.known_targets:
            fits = target.site_id in (None, site) and target.process_id in (None, process)
            if fits and (target.from_date <= day or not self.is_dated):
                found.setdefault(target.rank, target.value)
        return found[max(found)] if found else None

    def meets(self, value: Decimal, target: Decimal) -> bool:
        return value <= target if self.direction == Direction.LOWER else value >= target

    def clean(self) -> None:
        wrong = checking.trouble_of_formula(self) | checking.trouble_of_choices(self)
        if self.code and self.code.lower() in TAKEN:
            wrong["code"] = _("This word is taken; choose another code.")
        if self.line_id and self.line and self.line.site_id != self.site_id:
            wrong["line"] = _("This line belongs to another site; choose its site above.")
        if wrong:
            raise ValidationError(wrong)
