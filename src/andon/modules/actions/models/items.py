"""The actions of a plan: what, who, until when, done when."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.organization.models import Party
from andon.records.models import Attachment, Record, RecordPart

from .action import CorrectiveAction
from .causes import Cause


class ItemKind(models.TextChoices):
    CHANGE = "change", _("Change of process, machine or tool")
    MISTAKE_PROOFING = "mistake_proofing", _("Mistake-proofing")
    DOCUMENT = "document", _("Document or instruction")
    TASK = "task", _("Other task")
    TRAINING = "training", _("Training")
    INSPECTION = "inspection", _("Inspection")
    SUPPLIER = "supplier", _("Request to a supplier")


# They ask people to be better or to look harder; the cause stays where it is.
WEAK = frozenset({ItemKind.TRAINING, ItemKind.INSPECTION})
# What only a document, a list or a change on paper proves; a task may speak for itself.
PROVED = frozenset(ItemKind) - {ItemKind.TASK}


class ActionItem(RecordPart):
    """One action of the plan, with its owner and its date."""

    trail_state_version: ClassVar[int] = 2

    record = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="items")
    cause = models.ForeignKey(
        Cause,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("against the cause"),
    )
    what = models.CharField(_("what is done"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=ItemKind, default=ItemKind.CHANGE)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("who does it"))
    due_date = models.DateField(_("due"))
    done_date = models.DateField(_("done on"), null=True, blank=True)
    done_note = models.CharField(_("what was done, and where it shows"), max_length=500, blank=True)
    dropped_reason = models.CharField(_("why it is dropped"), max_length=300, blank=True)
    # What proves that it is done.
    reference = models.CharField(
        _("reference"),
        max_length=120,
        blank=True,
        help_text=_("Document and revision, training list, change number."),
    )
    proof_record = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("record")
    )
    proof_file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    # Of a request to a supplier.
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("supplier")
    )
    sent_date = models.DateField(_("sent on"), null=True, blank=True)
    answered_date = models.DateField(_("answered on"), null=True, blank=True)
    answer = models.CharField(_("what they answered"), max_length=1000, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(done_date=None) | ~Q(done_note=""), name="action_done_says_what"
            ),
            models.CheckConstraint(
                condition=Q(answered_date=None)
                | Q(answered_date__gte=F("sent_date"), sent_date__isnull=False),
                name="request_answered_after_sent",
            ),
        )

    def __str__(self) -> str:
        return self.what

    @property
    def is_strong(self) -> bool:
        return self.kind not in WEAK

    @property
    def is_open(self) -> bool:
        return self.done_date is None and not self.dropped_reason

    @property
    def is_request(self) -> bool:
        return self.kind == ItemKind.SUPPLIER

    @property
    def has_proof(self) -> bool:
        """Whether it names what proves it; a request to a supplier is proved by its answer."""
        if self.is_request:
            return bool(self.party_id and self.answered_date and self.answer)
        named = self.reference or self.proof_record_id or self.proof_file_id
        return bool(named) or self.kind not in PROVED


class ItemExtension(RecordPart):
    """A later date of one action, with its reason."""

    record = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="item_extensions")
    item = models.ForeignKey(ActionItem, models.PROTECT, related_name="extensions")
    from_date = models.DateField()
    to_date = models.DateField()
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(to_date__gt=F("from_date")), name="action_extended_to_later"
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_date} → {self.to_date}"
