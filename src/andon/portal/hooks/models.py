"""The list of hosts that may be sent to, who is told of what, and every message to them."""

import secrets
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.accounts.names import validate_one_line
from andon.outbound.destinations import LONGEST, NotAllowed, place
from andon.trail.models import AuditedModel


def new_salt() -> str:
    return secrets.token_hex(16)


def validate_host(text: str) -> None:
    try:
        place(text)
    except NotAllowed as refusal:
        raise ValidationError(str(refusal)) from refusal


class AllowedHost(AuditedModel):
    """A host that Andon may send to; without one nothing leaves the house (OB1)."""

    host = models.CharField(
        _("host"),
        max_length=260,
        unique=True,
        validators=[validate_host],
        help_text=_("Its name, with the port when that is not 443: erp.example.com:8443"),
    )
    note = models.CharField(
        _("what it is for"), max_length=120, blank=True, validators=[validate_one_line]
    )
    is_active = models.BooleanField(_("allowed"), default=True)

    class Meta:
        verbose_name = _("allowed host")
        verbose_name_plural = _("allowed hosts")
        ordering = ("host",)

    def __str__(self) -> str:
        return self.host


class Event(models.TextChoices):
    """What a message can be about."""

    CREATED = "created", _("A record is opened")
    MOVED = "moved", _("A record changes its state")
    CHANGED = "changed", _("A record changes otherwise")
    CHECKPOINT = "checkpoint", _("A checkpoint of the trail is signed")


class Webhook(AuditedModel):
    """Another program that is told of records, as one person sees them.

    Its secret is made of a salt and the key of this installation, so no secret lies in the
    database; a new salt is a new secret.
    """

    name = models.CharField(_("name"), max_length=80, unique=True, validators=[validate_one_line])
    url = models.CharField(
        _("address"),
        max_length=LONGEST,
        help_text=_("Begins with https:// and leads to a host of the list."),
    )
    events = models.JSONField(_("tell of"), default=list)
    kinds = models.JSONField(
        _("kinds of records"), default=list, blank=True, help_text=_("None chosen: all of them.")
    )
    site = models.ForeignKey(
        Site,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("site"),
        help_text=_("Empty: all sites."),
    )
    # Whose eyes count: what this person does not see is not sent (AZ8).
    seen_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def secret(self) -> str:
        """Return the word by which the receiver checks that a message is ours."""
        return salted_hmac("andon.webhook", self.salt, algorithm="sha256").hexdigest()

    def event_labels(self) -> list[str]:
        return [str(Event(event).label) for event in self.events if event in Event.values]


class Delivery(models.Model):
    """One message on its way. Not controlled: it only repeats what the trail has already."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waits")
        SENT = "sent", _("Arrived")
        GIVEN_UP = "given_up", _("Given up")
        DROPPED = "dropped", _("Dropped")

    TONES: ClassVar = {"waiting": "wait", "sent": "good", "given_up": "act", "dropped": "neutral"}

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="deliveries")
    key = models.CharField(max_length=80)
    event = models.CharField(max_length=20)
    number = models.CharField(max_length=64, blank=True)
    record_id = models.BigIntegerField(null=True)
    body = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # A worker that sends holds the message so long; one that was killed holds it no longer.
    held_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["webhook", "key"], name="delivery_made_once"),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(status="waiting"), name="delivery_waiting"),
            models.Index(fields=["webhook", "status", "-id"], name="delivery_by_status"),
        )

    def __str__(self) -> str:
        return f"{self.webhook_id}: {self.key}"

    @property
    def tone(self) -> str:
        return self.TONES[self.status]

    @property
    def event_label(self) -> str:
        return str(Event(self.event).label) if self.event in Event.values else str(_("A test"))


class HookCursor(models.Model):
    """How far the trail was read for webhooks: one row, moved with the messages it made."""

    ONLY = 1

    seq = models.BigIntegerField()

    objects: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return str(self.seq)
