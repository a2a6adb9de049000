"""Every mail is a row before it is a mail."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User


class Mail(models.Model):
    """A mail that waits, was sent, or was given up."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waits")
        SENT = "sent", _("Sent")
        GIVEN_UP = "given_up", _("Given up")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Kind(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DIGEST = "digest", _("Digest")
        CHECKPOINT = "checkpoint", _("Checkpoint")

    TONES: ClassVar = {"waiting": "wait", "sent": "good", "given_up": "act", "withdrawn": "neutral"}

    recipient = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    # What it names; a recipient who may no longer see one of these is not sent the mail.
    records = models.JSONField(default=list)
    key = models.CharField(max_length=120, unique=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["due_at"], condition=Q(status="waiting"), name="mail_waiting"),
            models.Index(fields=["status", "-id"], name="mail_by_status"),
        )

    def __str__(self) -> str:
        return self.subject

    @property
    def tone(self) -> str:
        return self.TONES[self.status]


class CalendarEntry(models.Model):
    """What a person's calendar showed last, so that changes and cancellations can be told."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    uid = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    url = models.CharField(max_length=300)
    due_date = models.DateField()
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "uid"], name="calendar_entry_once"),)

    def __str__(self) -> str:
        return f"{self.uid} {self.due_date}"
