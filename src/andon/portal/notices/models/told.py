"""What was told to whom, and how far the trail was read.

These rows say what the machine told; nothing in them is decided by anybody. They follow from the
trail and from live records, so they are not in the trail themselves.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.records.models import Record


class Kind(models.TextChoices):
    """Why somebody is told; the first four are told at once, unless the person chose otherwise."""

    ASSIGNED = "assigned", _("Assigned to you")
    RETURNED = "returned", _("Came back to you")
    UNSAFE = "unsafe", _("Contain at once")
    REFUSED = "refused", _("Signing failed three times")
    ESCALATED = "escalated", _("Escalated to you")
    COMMENTED = "commented", _("New comment")
    CHANGED = "changed", _("Changed, and you watch it")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        """Keep what was told to ``user`` about records that they may still see."""
        seen = Record.objects.visible_to(user).values("pk")
        return self.filter(recipient_id=user.pk, record_id__in=seen)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One thing one person is told about one record."""

    recipient = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    # Whose notice it is, where the recipient stands in.
    behalf = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    # The entry of the trail or the step of the ladder, so that nothing is told twice.
    key = models.CharField(max_length=120, unique=True)
    # Waits for the digest instead of going out at once.
    routine = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["recipient", "-id"], name="notice_newest"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notice_unread"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.record_id}"


class TrailCursor(models.Model):
    """The last entry of the trail that was turned into notices; one row."""

    ONLY = 1

    seq = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.seq)


class DigestDay(models.Model):
    """How far a person's digests have come."""

    user = models.OneToOneField(User, models.PROTECT, related_name="+")
    # The last day that is done with, whether a digest was due on it or not.
    day = models.DateField()
    # The last day on which one was due; reminders after it are still to be told.
    due_day = models.DateField()
    # The last day on which one was sent: overdue work alone is told once a week.
    sent_day = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.day}"


class Escalation(models.Model):
    """One step of the ladder for one piece of overdue work; each step once per due date."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    # What it is about within the record, such as one action of a plan.
    uid = models.CharField(max_length=80)
    what = models.CharField(max_length=300, blank=True)
    due_date = models.DateField()
    step = models.PositiveSmallIntegerField(_("days late"))
    recipient = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["uid", "due_date", "step", "recipient"], name="escalated_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.uid} D+{self.step}"
