"""The customer's form of the 8D as data, and what one customer asks of one corrective action."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.accounts.names import validate_one_line
from andon.organization.models import CODE, Party, SharedQuerySet
from andon.records.models import RecordPart
from andon.trail.models import AuditedModel

from .action import CorrectiveAction

LARGEST_LOGO = 60_000


class ReportForm(AuditedModel):
    """A form of our own for the 8D report; what is in it stands in its versions."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[CODE])
    name = models.CharField(_("name"), max_length=120, validators=[validate_one_line])

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("report form")
        verbose_name_plural = _("report forms")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class ReportFormVersion(AuditedModel):
    """One edition of a form; an edition is never changed, the next one takes its place.

    ``sections`` are pairs of what is shown (a name of ``queries.eight_d``) and its own heading.
    """

    form = models.ForeignKey(ReportForm, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    language = models.CharField(_("language"), max_length=10)
    heading = models.CharField(_("heading"), max_length=120)
    text = models.CharField(_("text above"), max_length=500, blank=True)
    sections = models.JSONField()
    compact = models.BooleanField(_("small print, for one page"), default=False)
    # A PNG drawn anew, in base64.
    logo = models.TextField(blank=True, max_length=LARGEST_LOGO)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["form", "version"], name="report_form_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.form} · {self.version}"


class PartyForm(AuditedModel):
    """Which form a customer gets; a code of our own or of a form that is shipped."""

    party = models.OneToOneField(Party, models.PROTECT, related_name="+")
    form_code = models.CharField(max_length=20)

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.party} → {self.form_code}"


class CustomerReport(RecordPart):
    """What the customer calls it, wants to know and by when; the rest comes from the record."""

    record = models.OneToOneField(CorrectiveAction, models.PROTECT, related_name="customer_report")
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    complaint_number = models.CharField(_("complaint number"), max_length=60, blank=True)
    customer_part = models.CharField(_("customer's part number"), max_length=60, blank=True)
    supplier_part = models.CharField(_("our part number"), max_length=60, blank=True)
    received_date = models.DateField(_("complaint received on"), null=True, blank=True)
    answer_due = models.DateField(_("answer wanted by"), null=True, blank=True)
    sent_date = models.DateField(_("answer sent on"), null=True, blank=True)
    form_code = models.CharField(_("form"), max_length=20, blank=True)
    closing_words = models.TextField(_("closing words and thanks"), max_length=1000, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(received_date=None)
                | Q(sent_date=None)
                | Q(sent_date__gte=models.F("received_date")),
                name="report_sent_after_received",
            ),
        )

    def __str__(self) -> str:
        return self.complaint_number or self.record.number
