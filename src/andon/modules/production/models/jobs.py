"""An import under way: the file, what was made of it so far, and what is in the way.

These are working copies, not facts: they may be thrown away, and the trail knows nothing of them.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site
from andon.modules.production.models.batches import BatchedQuerySet, ImportBatch


class Step(models.TextChoices):
    """Where an import stands. In those marked as work, the next chunk is only a call away."""

    READ = "read", _("Reading the file")
    ASK = "ask", _("A question about the file")
    MAP = "map", _("Which column is what")
    CHECK = "check", _("Checking the rows")
    COMPARE = "compare", _("Comparing with what is there")
    PREVIEW = "preview", _("Ready to publish, or errors to correct")
    STAGE = "stage", _("Writing the rows")
    PUBLISH = "publish", _("Publishing")
    DONE = "done", _("Published")
    SAME = "same", _("Nothing new")
    FAILED = "failed", _("Not readable")
    DROPPED = "dropped", _("Given up")


WORK = frozenset({Step.READ, Step.CHECK, Step.COMPARE, Step.STAGE, Step.PUBLISH})
ENDS = frozenset({Step.DONE, Step.SAME, Step.FAILED, Step.DROPPED})


class ImportJob(models.Model):
    """One file on its way in."""

    Step = Step

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("site"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    target = models.CharField(_("what it is"), max_length=30)
    day = models.DateField(_("business day"))
    created_at = models.DateTimeField(_("started"))
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)
    step = models.CharField(_("step"), max_length=10, choices=Step, default=Step.READ)
    columns = models.JSONField(default=list)
    hints = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    trouble = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    chunks = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)
    bad_rows = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    unknown = models.JSONField(default=dict)
    new = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    marker = models.PositiveIntegerField(default=0)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[Any] = BatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("production:import", args=[self.pk])

    @property
    def is_working(self) -> bool:
        """Whether the next chunk can be done without asking anybody."""
        return self.step in WORK

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self.step in ENDS

    @property
    def percent(self) -> int:
        """How far the present step is."""
        return 100 * self.done // self.chunks if self.chunks else 0


class ImportFile(models.Model):
    """The bytes of a file on its way in; thrown away when the import is over."""

    job = models.OneToOneField(ImportJob, models.CASCADE, related_name="file")
    content = models.BinaryField()


class StagedChunk(models.Model):
    """Some rows of an import, as one of its steps left them."""

    class Kind(models.TextChoices):
        RAW = "raw", _("as read")
        CHECKED = "checked", _("checked")
        GATHERED = "gathered", _("brought together")
        READY = "ready", _("ready to write")

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="staged", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    index = models.PositiveIntegerField()
    rows = models.JSONField(default=list)

    class Meta:
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["job", "kind", "index"], name="staged_chunk_once"),
        ]


class KnownMapping(models.Model):
    """How the columns of files with the same headings were read last time."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    target = models.CharField(max_length=30)
    headings_sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "target", "headings_sha256"], name="known_mapping_once"
            )
        ]
