"""What was done to keep the records safe, and how it went."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.trail.models import AuditedModel, AuditedQuerySet

from .apps import SEE


class KeepingRunQuerySet(AuditedQuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Keep all of it for those who see how the records are kept; nothing for others."""
        return self.all() if user.may(SEE) else self.none()

    def of(self, kind: str) -> Self:
        return self.filter(kind=kind)


class Kind(models.TextChoices):
    """What was done."""

    BACKUP = "backup", _("Backup")
    DRILL = "drill", _("Restore drill")
    RESTORE = "restore", _("Restore")
    EXPORT = "export", _("Whole export")
    LOAD = "load", _("Load of an export")


class KeepingRun(AuditedModel):
    """One backup, drill, restore, export or load: when, how long, how much, and the result."""

    Kind = Kind

    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    started_at = models.DateTimeField(_("started"))
    seconds = models.DecimalField(_("seconds"), max_digits=9, decimal_places=1)
    is_good = models.BooleanField(_("went well"))
    trouble = models.TextField(_("what went wrong"), blank=True)
    archive = models.CharField(_("file"), max_length=200, blank=True)
    size = models.BigIntegerField(_("bytes"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    is_encrypted = models.BooleanField(_("encrypted"), default=False)
    entries = models.BigIntegerField(_("entries of the trail"), default=0)
    newest_at = models.DateTimeField(_("newest entry"), null=True)
    files_count = models.BigIntegerField(_("files"), default=0)
    version = models.CharField(_("version of Andon"), max_length=40, blank=True)

    objects: ClassVar[Any] = KeepingRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("backup or drill")
        verbose_name_plural = _("backups and drills")
        ordering = ("-started_at", "-pk")
        indexes = (models.Index(fields=["kind", "-started_at"], name="keeping_run_newest"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.archive}"

    @property
    def loss(self) -> timedelta:
        """How old the newest entry in the archive was: what was done since would be lost."""
        until = self.started_at - self.newest_at if self.newest_at else timedelta()
        return timedelta(seconds=int(until.total_seconds()))
