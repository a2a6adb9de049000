"""Who asked for a new password (AU6)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ResetRequest(models.Model):
    """One question for a new password; an unknown name leaves a row, too, and costs the same time.

    No controlled row: the worker sends the mail and marks it; the new password stands in the
    trail.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(db_index=True)
    done_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("request for a new password")
        verbose_name_plural = _("requests for a new password")
        db_table = "entry_reset_request"

    def __str__(self) -> str:
        return f"{self.person_id}: {self.asked_at:%Y-%m-%d %H:%M}"
