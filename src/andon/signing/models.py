"""Signatures, what waits for a second one, how strictly each step is signed, what was shown.

A signature is a row below the kernel: it names what it is about by model, id and number, as the
trail does, and has no foreign key to it (ADR 19).
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site
from andon.trail.models import AuditedModel

PROTECT, PERSON = models.PROTECT, settings.AUTH_USER_MODEL


class Level(models.IntegerChoices):
    """How strictly a step is signed."""

    NONE = 0, _("0 · who is signed in")
    ONE = 1, _("1 · one signature")
    TWO = 2, _("2 · a second person signs too")


class Place(models.IntegerChoices):
    """Which signature of a step it is."""

    FIRST = 1, _("first")
    SECOND = 2, _("second")


class Subject(AuditedModel):
    """What a row here is about: one record, by model, id and number."""

    record_model = models.CharField(_("kind of record"), max_length=100)
    record_id = models.BigIntegerField(_("id of the record"))
    number = models.CharField(_("number"), max_length=40)
    revision = models.PositiveIntegerField(_("revision"))
    step = models.CharField(_("step"), max_length=50)

    class Meta:
        abstract = True

    def trail_number(self) -> str:
        return self.number


class Signature(Subject):
    """One signature, never changed (SG1).

    Name and job title stand as they were printed then, also after a person's data are erased:
    whoever signed stays named. The manifest's hash is in the trail, the text only here.
    """

    trail_excluded: ClassVar[frozenset[str]] = frozenset({"manifest"})
    trail_weighty = "signature"

    place = models.PositiveSmallIntegerField(_("place"), choices=Place, default=Place.FIRST)
    signer = models.ForeignKey(PERSON, PROTECT, verbose_name=_("signer"), related_name="+")
    signer_name = models.CharField(_("name"), max_length=120)
    signer_title = models.CharField(_("job title"), max_length=120, blank=True)
    meaning = models.CharField(_("meaning"), max_length=300)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    signed_at = models.DateTimeField(_("signed"))
    zone = models.CharField(_("time zone"), max_length=64)
    method = models.CharField(_("how it was proved"), max_length=40)
    manifest = models.TextField(_("what was signed"))
    manifest_sha256 = models.CharField(_("SHA-256 of what was signed"), max_length=64)
    key_id = models.CharField(_("key of the server"), max_length=64)
    server_signature = models.CharField(_("signature of the server"), max_length=128)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        indexes = (models.Index(fields=["record_model", "record_id", "id"], name="signature_of"),)

    def __str__(self) -> str:
        return f"{self.signer_name}: {self.meaning}"


class Awaited(Subject):
    """A step that was signed once and waits for a second person."""

    class End(models.TextChoices):
        COMPLETED = "completed", _("signed by a second person")
        WITHDRAWN = "withdrawn", _("withdrawn")
        OVERTAKEN = "overtaken", _("the record went on meanwhile")

    site = models.ForeignKey(Site, PROTECT, related_name="+", db_index=False)
    first = models.OneToOneField(Signature, PROTECT, related_name="awaited")
    # What was typed with the step; the second person signs it as it stands.
    typed = models.JSONField(default=dict)
    permission = models.CharField(max_length=100)
    owner = models.ForeignKey(PERSON, PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(PERSON, PROTECT, related_name="+", db_index=False)
    ended = models.CharField(_("ended"), max_length=10, choices=End, blank=True)
    ended_by = models.ForeignKey(PERSON, PROTECT, related_name="+", null=True, db_index=False)
    ended_why = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("second signature awaited")
        verbose_name_plural = _("second signatures awaited")
        constraints = (
            models.UniqueConstraint(
                fields=["record_model", "record_id"],
                condition=Q(ended=""),
                name="one_second_signature_awaited",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} · {self.step}"


class Rigour(AuditedModel):
    """How strictly one step of one kind is signed, where it does not follow the profile."""

    kind = models.CharField(_("kind"), max_length=30)
    step = models.CharField(_("step"), max_length=50)
    level = models.PositiveSmallIntegerField(_("rigour"), choices=Level, null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("rigour of a step")
        verbose_name_plural = _("rigour of steps")
        constraints = (
            models.UniqueConstraint(fields=["kind", "step"], name="one_rigour_each"),
            models.CheckConstraint(
                condition=Q(level=None) | Q(level__in=Level.values), name="rigour_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} · {self.step}"


class Showing(models.Model):
    """What one person was shown to sign, for five minutes and one signature (SG4).

    Technical and short-lived, so not in the trail: the signature that comes of it is.
    """

    token_sha256 = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(PERSON, PROTECT, related_name="+")
    session = models.CharField(max_length=64, db_index=True)
    record_model = models.CharField(max_length=100)
    record_id = models.BigIntegerField()
    step = models.CharField(max_length=50)
    revision = models.PositiveIntegerField()
    meaning = models.CharField(max_length=300)
    content = models.TextField()
    content_sha256 = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return f"{self.record_model} {self.record_id} · {self.step}"
