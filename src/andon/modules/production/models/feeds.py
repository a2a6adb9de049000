"""Facts that come by themselves: watched folders and topics, and what of them was refused."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site
from andon.accounts.names import validate_one_line
from andon.accounts.visibility import SiteQuerySet
from andon.modules.production.models.batches import ImportBatch, Source
from andon.trail.models import AuditedModel


class FeedKind(models.TextChoices):
    """By which way facts come by themselves."""

    FOLDER = Source.FOLDER.value, _("Watched folder")
    MQTT = Source.MQTT.value, _("MQTT topic")


class Feed(AuditedModel):
    """A folder whose files, or a topic whose messages, are facts of one kind for one site."""

    Kind = FeedKind

    kind = models.CharField(_("way"), max_length=10, choices=FeedKind)
    place = models.CharField(
        _("folder or topic"),
        max_length=200,
        validators=[validate_one_line],
        help_text=_(
            "A folder below the configured one, such as press/output; or a topic such as"
            " plant/+/output, where + stands for one part and # for all that follow."
        ),
    )
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("site"))
    target = models.CharField(_("what comes"), max_length=30)
    create_missing = models.BooleanField(
        _("make what is not known yet"),
        default=False,
        help_text=_("Lines, items, causes, customers and suppliers that the data names."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        ordering = ["kind", "place"]
        constraints = [
            models.UniqueConstraint(
                name="feed_place_once",
                fields=["kind", "place"],
                violation_error_message=_("This folder or topic is a feed already."),
            )
        ]

    def __str__(self) -> str:
        return self.place


class ArrivalState(models.TextChoices):
    """What became of something that was refused."""

    WAITING = "waiting", _("Waiting for somebody")
    SENT = "sent", _("Taken after repair")
    DISMISSED = "dismissed", _("Dismissed")


class Arrival(AuditedModel):
    """Something that came by itself and was refused: it stays until somebody settles it."""

    State = ArrivalState

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("site"))
    source = models.CharField(_("way"), max_length=10, choices=Source)
    feed = models.ForeignKey(
        Feed, models.PROTECT, null=True, related_name="arrivals", verbose_name=_("feed")
    )
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    target = models.CharField(_("kind of fact"), max_length=30)
    name = models.CharField(_("name"), max_length=200)
    key = models.CharField(max_length=200, blank=True, default="")
    sha256 = models.CharField(max_length=64)
    came_at = models.DateTimeField(_("came"))
    troubles = models.JSONField(_("why it was refused"), default=list)
    tries = models.PositiveIntegerField(_("tries"), default=1)
    state = models.CharField(
        _("state"), max_length=10, choices=ArrivalState, default=ArrivalState.WAITING
    )
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[Any] = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused arrival")
        verbose_name_plural = _("refused arrivals")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["site", "state", "-id"], name="arrival_site_state"),
            models.Index(fields=["source", "key"], name="arrival_source_key"),
        ]
        constraints = [
            models.CheckConstraint(
                name="arrival_dismissed_has_reason",
                condition=~Q(state=ArrivalState.DISMISSED) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="arrival_settled_has_time",
                condition=Q(state=ArrivalState.WAITING) | Q(settled_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="arrival_file_waits_once",
                fields=["feed", "name", "sha256"],
                condition=Q(state=ArrivalState.WAITING, source=Source.FOLDER),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("production:arrival", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        """Whether nobody settled it yet."""
        return self.state == ArrivalState.WAITING


class ArrivalContent(models.Model):
    """The bytes that were refused; the seal of the arrival holds their hash."""

    arrival = models.OneToOneField(Arrival, models.CASCADE, related_name="content")
    payload = models.BinaryField()


class SentBatch(models.Model):
    """What the API answered to a batch with an idempotency key, to answer the same again."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+"
    )
    key = models.CharField(max_length=200)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="sent_batch_key_once"),
        ]


class SeenMessage(models.Model):
    """A message that was taken or refused already, so that it is not taken twice."""

    feed = models.ForeignKey(Feed, models.CASCADE, db_index=False, related_name="+")
    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "key"], name="seen_message_once"),
        ]


class FolderFile(models.Model):
    """A file as it was last seen in a watched folder; it is taken once it changes no more."""

    feed = models.ForeignKey(Feed, models.CASCADE, db_index=False, related_name="files")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    modified = models.BigIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "name"], name="folder_file_once"),
        ]
