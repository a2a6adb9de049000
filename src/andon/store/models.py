"""What is known of the bytes on the shelf."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import scanner

LABELS = {
    scanner.Verdict.UNSCANNED: _("Not scanned"),
    scanner.Verdict.CLEAN: _("Clean"),
    scanner.Verdict.WAITING: _("Waits for the scanner"),
    scanner.Verdict.INFECTED: _("Held back for good"),
}
HELD = ("waiting", "infected")


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def held(self) -> "StoredFileQuerySet":
        """Keep those that are not given out."""
        return self.filter(verdict__in=HELD)


class StoredFile(models.Model):
    """The bytes under one hash: since when, and what the scanner says.

    Not a controlled row, but notes about a controlled one: that a record carries these bytes is in
    the trail with its attachment, and what the scanner finds is told to the security stream. The
    row is also the lock on which a sweep and an upload of the same bytes meet.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveIntegerField()
    # Kept last: the same bytes may come again while a sweep looks at them.
    kept_at = models.DateTimeField()
    verdict = models.CharField(
        max_length=10,
        choices=[(verdict.value, label) for verdict, label in LABELS.items()],
        default="unscanned",
    )
    found = models.CharField(max_length=200, blank=True)
    scanned_at = models.DateTimeField(null=True)

    objects: ClassVar = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["kept_at"], name="stored_file_held", condition=Q(verdict__in=HELD)
            ),
        )

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def label(self) -> str:
        return str(LABELS[scanner.Verdict(self.verdict)])

    @property
    def tone(self) -> str:
        return "act" if self.verdict == scanner.Verdict.INFECTED else "wait"
