"""When a duty of the worker ran, runs next, and what went wrong."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class DutyRun(models.Model):
    """One duty, one row: whoever moves ``leased_until`` may run it.

    How the machine is doing, nothing that anybody decided: not in the trail.
    """

    name = models.CharField(max_length=60, unique=True)
    label = models.CharField(max_length=200, blank=True)
    every_seconds = models.PositiveIntegerField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(db_index=True)
    leased_until = models.DateTimeField(null=True)
    # Who holds the lease; one that was taken over finds another word here.
    lease = models.CharField(max_length=32, blank=True)
    error = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.label or self.name

    def runs(self, now: datetime) -> bool:
        return self.leased_until is not None and self.leased_until > now
