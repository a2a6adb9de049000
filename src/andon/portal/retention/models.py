"""Retention classes, legal holds, purges with the stubs they leave, erasures."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.accounts.names import validate_one_line
from andon.trail.models import AuditedModel

LONGEST_YEARS = 100


class RetentionClass(AuditedModel):
    """How long a closed record of one kind is kept at least; without one, for ever."""

    kind = models.CharField(_("kind of records"), max_length=40, unique=True)
    years = models.PositiveSmallIntegerField(
        _("years after closing"),
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_YEARS)],
    )
    basis = models.CharField(
        _("why so long"),
        max_length=300,
        validators=[validate_one_line],
        help_text=_("The law, the contract or the customer that asks for it."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("retention class")
        verbose_name_plural = _("retention classes")
        ordering = ("kind",)
        constraints = (
            models.CheckConstraint(
                condition=Q(years__gte=1) & Q(years__lte=LONGEST_YEARS),
                name="retention_of_years",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.years}"


class Hold(AuditedModel):
    """An order to destroy nothing that it covers, until somebody lifts it with a reason."""

    title = models.CharField(_("title"), max_length=120, validators=[validate_one_line])
    reason = models.TextField(_("why"), max_length=1000)
    kind = models.CharField(_("kind of records"), max_length=40, blank=True)
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("site")
    )
    opened_from = models.DateField(_("opened from"), null=True, blank=True)
    opened_until = models.DateField(_("opened until"), null=True, blank=True)
    numbers = models.TextField(
        _("only these records"),
        blank=True,
        max_length=20_000,
        help_text=_("Their numbers, one a line. Empty: all that the fields above describe."),
    )
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_date = models.DateField()
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_date = models.DateField(null=True)
    lifted_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(opened_from=None)
                | Q(opened_until=None)
                | Q(opened_until__gte=F("opened_from")),
                name="hold_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first day."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_lifted(self) -> bool:
        return self.lifted_date is not None

    def listed(self) -> list[str]:
        """Return the numbers it names."""
        return self.numbers.split()


class Purge(AuditedModel):
    """What one person asks to destroy, and a second one confirms or turns down (RT1)."""

    class Stage(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        DONE = "done", _("Done")
        WITHDRAWN = "withdrawn", _("Turned down")

    TONES: ClassVar = {"proposed": "wait", "done": "good", "withdrawn": "neutral"}

    reason = models.CharField(_("why"), max_length=500)
    numbers = models.JSONField(default=list)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("purges")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(stage="done") | ~Q(decided_by=F("proposed_by")),
                name="purge_by_two_people",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk}: {len(self.numbers)}"

    @property
    def tone(self) -> str:
        return self.TONES[self.stage]


class Stub(AuditedModel):
    """What stays of a purged record: its number and what proves what it was, signed."""

    number = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    opened_date = models.DateField()
    closed_date = models.DateField()
    purge = models.ForeignKey(Purge, models.PROTECT, related_name="stubs")
    # Canonical JSON: hashes of the record's last state, its parts and files, linked numbers.
    manifest = models.TextField()
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("stub")
        verbose_name_plural = _("stubs")
        ordering = ("number",)

    def __str__(self) -> str:
        return self.number

    def trail_number(self) -> str:
        return self.number


class Erasure(AuditedModel):
    """The decision to forget who a person was; their acts stay, under an id (RT2)."""

    person = models.OneToOneField(User, models.PROTECT, related_name="+")
    reason = models.CharField(_("why"), max_length=500)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return f"{self.person_id}"
