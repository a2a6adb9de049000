"""What every record names: processes, items, parties, lines, shifts."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site
from andon.accounts.names import validate_one_line
from andon.organization.models.visible import AtSiteQuerySet, SharedOrAtSiteQuerySet, SharedQuerySet
from andon.trail.models import AuditedModel

CODE = RegexValidator(
    r"\A[^\s/\\?#%]{1,40}\Z", _("A code has no spaces and none of the characters / \\ ? # %%.")
)


class Process(AuditedModel):
    """A process of the quality management system (ISO 9001, 4.4), with its owner."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[CODE])
    name = models.CharField(_("name"), max_length=120, validators=[validate_one_line])
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="processes",
        verbose_name=_("process owner"),
        help_text=_("Answers for what the process delivers (5.3)."),
    )
    site = models.ForeignKey(
        Site,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="processes",
        verbose_name=_("site"),
        help_text=_("Empty: the process runs at all sites."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = SharedOrAtSiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


class Item(AuditedModel):
    """A product, part or material, by its number and revision."""

    number = models.CharField(_("number"), max_length=40, validators=[validate_one_line])
    name = models.CharField(_("name"), max_length=120, validators=[validate_one_line])
    revision = models.CharField(
        _("revision"), max_length=20, blank=True, validators=[validate_one_line]
    )
    unit = models.CharField(_("unit"), max_length=20, default="pcs", validators=[validate_one_line])
    unit_cost = models.DecimalField(
        _("cost of one unit"),
        max_digits=15,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Prices scrap and rework. Empty: not known."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["number", "revision"]
        constraints = [
            models.UniqueConstraint(
                name="item_number_revision",
                fields=["number", "revision"],
                violation_error_message=_("There is an item with this number and revision."),
            ),
            models.CheckConstraint(
                name="item_cost_not_negative",
                condition=Q(unit_cost=None) | Q(unit_cost__gte=0),
            ),
        ]

    def __str__(self) -> str:
        number = f"{self.number} rev {self.revision}" if self.revision else self.number
        return f"{number} · {self.name}"


class Party(AuditedModel):
    """An organization we buy from, sell to, or both."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[CODE])
    name = models.CharField(_("name"), max_length=120, validators=[validate_one_line])
    is_supplier = models.BooleanField(
        _("supplier"), default=False, help_text=_("An external provider (8.4).")
    )
    is_customer = models.BooleanField(_("customer"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplier or customer")
        verbose_name_plural = _("suppliers and customers")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="party_is_something",
                condition=Q(is_supplier=True) | Q(is_customer=True),
                violation_error_message=_("Choose supplier, customer, or both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


class Line(AuditedModel):
    """A line, cell or machine where output, scrap and stops are counted."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="lines", verbose_name=_("site"))
    code = models.CharField(_("code"), max_length=20, validators=[CODE])
    name = models.CharField(_("name"), max_length=120, validators=[validate_one_line])
    process = models.ForeignKey(
        Process,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("process"),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = AtSiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines and machines")
        ordering = ["site__code", "code"]
        constraints = [
            models.UniqueConstraint(
                name="line_code_per_site",
                fields=["site", "code"],
                violation_error_message=_("This site already has a line with this code."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


class Shift(AuditedModel):
    """A shift of a site; one that passes midnight belongs to the day on which it began."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="shifts", verbose_name=_("site"))
    code = models.CharField(_("code"), max_length=20, validators=[CODE])
    name = models.CharField(_("name"), max_length=120, validators=[validate_one_line])
    starts = models.TimeField(_("starts"))
    ends = models.TimeField(
        _("ends"), help_text=_("May lie after midnight: 22:00 to 06:00 is a night shift.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = AtSiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["site__code", "starts"]
        constraints = [
            models.UniqueConstraint(
                name="shift_code_per_site",
                fields=["site", "code"],
                violation_error_message=_("This site already has a shift with this code."),
            ),
            models.CheckConstraint(
                name="shift_has_a_length",
                condition=~Q(starts=F("ends")),
                violation_error_message=_("A shift ends at another time than it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"

    @property
    def passes_midnight(self) -> bool:
        return self.ends < self.starts


class Holiday(AuditedModel):
    """A day without work, at one site or at all."""

    site = models.ForeignKey(
        Site,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="holidays",
        verbose_name=_("site"),
        help_text=_("Empty: all sites."),
    )
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=120, validators=[validate_one_line])
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = SharedOrAtSiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                name="holiday_per_site_and_day",
                fields=["site", "day"],
                violation_error_message=_("This day is a holiday already."),
            ),
            models.UniqueConstraint(
                name="holiday_for_all_per_day",
                fields=["day"],
                condition=Q(site=None),
                violation_error_message=_("This day is a holiday already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} · {self.name}"
