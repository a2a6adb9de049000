"""What every record names: processes, items, parties, lines, shifts; and the settings."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site
from andon.accounts.names import validate_one_line
from andon.accounts.visibility import SiteQuerySet, has_grant
from andon.trail.models import AuditedModel, AuditedQuerySet

CODE = RegexValidator(
    r"\A[^\s/\\?#%]{1,40}\Z", _("A code has no spaces and none of the characters / \\ ? # %%.")
)


class SharedQuerySet(AuditedQuerySet[Any]):
    """Rows that belong to the whole organization."""

    def visible_to(self, user: Any) -> Self:
        return self.all() if has_grant(user) else self.none()

    def active(self) -> Self:
        return self.filter(is_active=True)


class AtSiteQuerySet(SiteQuerySet[Any]):
    """Rows of one site."""

    def active(self) -> Self:
        return self.filter(is_active=True)


class SharedOrAtSiteQuerySet(AtSiteQuerySet):
    """Rows of one site, or of all sites when it is empty."""

    shared_when_blank = True


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


def _days(label: Any, text: Any = "") -> "models.PositiveSmallIntegerField[Any, Any]":
    return models.PositiveSmallIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=text,
    )


def _switch(label: Any, text: Any = "") -> "models.BooleanField[Any, Any]":
    return models.BooleanField(label, null=True, blank=True, help_text=text)


class Settings(AuditedModel):
    """The organization's choices, one row; an empty choice follows the profile."""

    ONLY = 1

    class Profile(models.TextChoices):
        LIGHT = "light", _("Light")
        STANDARD = "standard", _("Standard")
        REGULATED = "regulated", _("Regulated")

    class Edition(models.TextChoices):
        AMENDED_2015 = "9001:2015+A1", "ISO 9001:2015 + Amd 1:2024"
        OF_2026 = "9001:2026", "ISO 9001:2026"

    name = models.CharField(
        _("name of the organization"),
        max_length=120,
        blank=True,
        validators=[validate_one_line],
    )
    profile = models.CharField(_("profile"), max_length=10, choices=Profile, default=Profile.LIGHT)
    edition = models.CharField(
        _("edition in use"), max_length=20, choices=Edition, default=Edition.AMENDED_2015
    )
    working_days = models.CharField(
        _("working days"),
        max_length=7,
        default="12345",
        validators=[
            RegexValidator(r"\A1?2?3?4?5?6?7?\Z", _("Choose the days on which work is done."))
        ],
    )
    repeat_window_days = _days(
        _("repeat window, days"),
        _("A similar nonconformity within this time is flagged as a repeat."),
    )
    separate_verifier = _switch(
        _("another person verifies"),
        _("Yes: refused otherwise. No: a warning that asks for a reason."),
    )
    concession_needs_customer = _switch(
        _("a concession asks the customer"),
        _("When a customer requirement is touched (8.7.1)."),
    )
    major_needs_manager = _switch(
        _("the quality manager decides on major nonconformities"),
        _("No: whoever may decide on nonconformities also decides on major ones."),
    )
    full_causes_always = _switch(
        _("escape and system cause for every corrective action"),
        _("No: only for major cases and those that reached a customer."),
    )
    containment_hours = models.PositiveSmallIntegerField(
        _("time to contain, hours"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(8760)],
    )
    correction_due_days = _days(_("time to correct, days"))
    action_due_days = _days(_("time for a corrective action, days"))
    effect_window_days = _days(
        _("time after which the effect is checked, days"),
    )

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("settings")
        verbose_name_plural = _("settings")
        constraints = [
            models.CheckConstraint(name="settings_only_one", condition=Q(pk=1)),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Organization"))
