"""The organization's choices."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.names import validate_one_line
from andon.organization.models.visible import SharedQuerySet
from andon.trail.models import AuditedModel


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

    trail_state_version: ClassVar[int] = 3
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
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"\A[A-Z]{3}\Z", _("Three capital letters, such as EUR."))],
        help_text=_("Of every amount of money: its code of three letters (ISO 4217)."),
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
    second_factor_roles = models.CharField(
        _("roles that need a second factor"),
        max_length=200,
        blank=True,
        help_text=_("Empty: as the profile says; a dash: nobody must."),
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
