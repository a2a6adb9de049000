"""What named assessors say about single requirements; a later word follows an earlier one."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.visibility import has_grant
from andon.records.models import Record
from andon.trail.models import AuditedModel, AuditedQuerySet


class Verdict(models.TextChoices):
    """What only a person says of a requirement."""

    CONFORMING = "conforming", _("Conforming")
    EFFECTIVE = "effective", _("Effective")
    NONCONFORMING = "nonconforming", _("Nonconforming")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class AssessmentQuerySet(AuditedQuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Whoever works here may read what was assessed."""
        return self.all() if has_grant(user) else self.none()

    def current(self) -> Self:
        """Keep the last word on each requirement."""
        return self.filter(replaced_by=None)

    def of(self, edition: str) -> Self:
        return self.filter(edition=edition)


class Assessment(AuditedModel):
    """One verdict on one requirement of one edition; never changed, only followed by another.

    `replaces` makes the verdicts on a requirement a chain: each has at most one successor, and
    only the first has no predecessor, so that two assessors cannot both have the last word.
    """

    edition = models.CharField(_("edition"), max_length=20)
    requirement = models.CharField(_("requirement"), max_length=20)
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict)
    note = models.TextField(_("what was seen"), max_length=4000)
    justification = models.TextField(
        _("why it does not apply"),
        max_length=2000,
        blank=True,
        help_text=_("Part of the scope (4.3): why the requirement cannot apply to your products."),
    )
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("assessor")
    )
    day = models.DateField(_("assessed on"))
    expires_on = models.DateField(_("holds until"))
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", editable=False
    )

    objects: ClassVar[Any] = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["edition", "requirement"], name="assessment_requirement")]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "requirement"],
                condition=Q(replaces=None),
                name="assessment_one_first",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="assessment_verdict_known"
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.NOT_APPLICABLE) | ~Q(justification=""),
                name="assessment_na_justified",
            ),
            models.CheckConstraint(condition=~Q(note=""), name="assessment_has_note"),
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("day")), name="assessment_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.requirement}: {self.get_verdict_display()}"

    def trail_number(self) -> str:
        return self.requirement


class AssessmentRecord(AuditedModel):
    """One record an assessor looked at for a verdict."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="evidence")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("record seen")
        verbose_name_plural = _("records seen")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "record"], name="assessment_record_once")
        ]

    def __str__(self) -> str:
        return self.record.number

    def trail_number(self) -> str:
        return self.assessment.requirement
