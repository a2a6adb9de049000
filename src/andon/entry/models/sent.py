"""What programs have sent already (RC4)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SentOnce(models.Model):
    """One idempotency key of one person, and the object that came of it.

    No controlled row: the object itself is; this only remembers, for thirty days, that it
    was asked for.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    body_sha256 = models.CharField(max_length=64)
    made = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("sent request")
        verbose_name_plural = _("sent requests")
        db_table = "entry_sent_once"
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="sent_once_person_key")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.made}"
