"""What a person chose: when to be told, who stands in, what they watch, their calendar."""

from datetime import date
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.records.models import Record
from andon.trail.models import AuditedModel, AuditedQuerySet

FIRST_HOUR = 7


class OwnQuerySet(AuditedQuerySet[Any]):
    """Rows that belong to one person and are nobody else's business."""

    def visible_to(self, user: User) -> Self:
        return self.filter(user_id=user.pk)


class Preference(AuditedModel):
    """When and how a person wants to be told; without a row all of it follows the profile."""

    user = models.OneToOneField(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    hour = models.PositiveSmallIntegerField(
        _("hour of the digest"),
        default=FIRST_HOUR,
        validators=[MaxValueValidator(23)],
        help_text=_("In the time zone of your site."),
    )
    weekdays = models.CharField(
        _("days of the digest"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"\A1?2?3?4?5?6?7?\Z")],
        help_text=_("None chosen: as the profile of the organization says."),
    )
    assigned_at_once = models.BooleanField(_("what is assigned to me"), default=True)
    returned_at_once = models.BooleanField(_("what comes back to me"), default=True)
    escalated_at_once = models.BooleanField(_("what is escalated to me"), default=True)

    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice settings")
        verbose_name_plural = _("notice settings")
        constraints = (
            models.CheckConstraint(condition=Q(hour__lte=23), name="digest_hour_of_a_day"),
        )

    def __str__(self) -> str:
        return str(self.user)


class AbsenceQuerySet(AuditedQuerySet["Absence"]):
    def visible_to(self, user: User) -> Self:
        """Keep the own ones, those one stands in for, and all for who arranges them."""
        own = Q(user_id=user.pk) | Q(substitute_id=user.pk)
        if not user.may("notices.arrange"):
            return self.filter(own)
        scope = user.site_scope()
        return self if scope is None else self.filter(own | Q(site_id__in=scope))

    def not_ended(self) -> Self:
        return self.filter(ended_date=None)

    def around(self, day: date) -> Self:
        """Keep those in force on ``day``."""
        return self.not_ended().filter(from_date__lte=day, until_date__gte=day)


class Absence(AuditedModel):
    """Days on which a person is away, both included, and who stands in.

    Notices and work show to the substitute as well; rights do not move.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("who is away"))
    # Whose days count, and who may arrange it.
    site = models.ForeignKey("accounts.Site", models.PROTECT, null=True, related_name="+")
    substitute = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("who stands in")
    )
    from_date = models.DateField(_("first day away"))
    until_date = models.DateField(_("last day away"))
    ended_date = models.DateField(_("back before that"), null=True, editable=False)

    objects: ClassVar[Any] = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("-from_date", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(until_date__gte=F("from_date")),
                name="absence_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(user=F("substitute")),
                name="absence_has_another_substitute",
                violation_error_message=_("Nobody stands in for themselves; choose a colleague."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.from_date} – {self.until_date}"


class Watch(AuditedModel):
    """A person wants to hear what happens to a record that is not theirs."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("watched record")
        verbose_name_plural = _("watched records")
        constraints = (models.UniqueConstraint(fields=["user", "record"], name="watched_once"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.record_id}"


class CalendarFeed(AuditedModel):
    """The secret address of a person's calendar; only the hash of the secret is kept."""

    user = models.OneToOneField(User, models.PROTECT, related_name="+")
    secret_sha256 = models.CharField(max_length=64, blank=True, db_index=True)

    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return str(self.user)
