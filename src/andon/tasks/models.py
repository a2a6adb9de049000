"""Who works, and what the library's rows of tasks do not know: leases, tries, who asked.

How the machine is doing, nothing that anybody decided: not in the trail. What a task changes is.
"""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from andon.accounts.models import Site, User
from andon.tasks.apps import ADMINISTER

READY, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING
FAILED, SUCCESSFUL = TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL


class TaskRunQuerySet(models.QuerySet["TaskRun"]):
    def visible_to(self, user: User) -> Self:
        """Keep what the person asked for; the administrator sees all."""
        return self.all() if user.may(ADMINISTER) else self.filter(asked_by=user)

    def waiting(self) -> Self:
        return self.filter(result__status=READY)

    def running(self) -> Self:
        return self.filter(result__status=RUNNING)

    def failed(self) -> Self:
        """Keep those that were given up and that nobody cancelled."""
        return self.filter(result__status=FAILED, cancelled_at=None)

    def free_kinds(self, now: datetime) -> tuple[Self, Self]:
        """Return what a worker may take: due ones, and those whose worker renews no lease."""
        due = Q(result__run_after__lte=now) | Q(result__run_after=get_date_max())
        left = self.filter(result__status=RUNNING, leased_until__lt=now)
        return self.filter(due, result__status=READY), left

    def free(self, now: datetime) -> Self:
        waiting, left = self.free_kinds(now)
        return waiting | left

    def in_turn(self) -> Self:
        first = F("result__priority").desc()
        return self.order_by(first, "result__run_after", "result__enqueued_at", "pk")


class TaskRun(models.Model):
    """One task: whoever moves ``fence`` and ``leased_until`` may run it, until another does.

    A worker that lost its lease finds another fence here, so nothing it still does counts.
    """

    result = models.OneToOneField(
        DBTaskResult, models.PROTECT, primary_key=True, related_name="run"
    )
    label = models.CharField(_("task"), max_length=200)
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    # Asked again each time it is run (AZ8).
    permission = models.CharField(max_length=100, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")
    request_id = models.CharField(max_length=64, blank=True)
    link = models.CharField(max_length=300, blank=True)
    fence = models.PositiveIntegerField(default=0)
    holder = models.CharField(max_length=64, blank=True)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    most_tries = models.PositiveSmallIntegerField(default=5)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    said = models.CharField(max_length=300, blank=True)
    error = models.CharField(max_length=500, blank=True)
    cancel_asked_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = TaskRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = (models.Index(fields=["leased_until"], name="task_lease"),)

    def __str__(self) -> str:
        return self.label

    @property
    def is_over(self) -> bool:
        return self.result.status in {FAILED, SUCCESSFUL}

    @property
    def percent(self) -> int | None:
        """How far it is, or nothing while nobody knows."""
        return 100 * min(self.done, self.total) // self.total if self.total else None

    @property
    def state_label(self) -> str | Promise:
        return self._shown[0]

    @property
    def tone(self) -> str:
        return self._shown[1]

    @property
    def _shown(self) -> tuple[str | Promise, str]:
        status = self.result.status
        if self.cancelled_at:
            return _("Cancelled"), "neutral"
        if status == READY and self.error:
            return _("Will be tried again"), "wait"
        return {
            READY: (_("Waits"), "wait"),
            RUNNING: (_("Runs"), "info"),
            FAILED: (_("Failed"), "act"),
            SUCCESSFUL: (_("Done"), "good"),
        }[TaskResultStatus(status)]


class Worker(models.Model):
    """A process that does background work, and when it was alive last."""

    name = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        ordering = ("-seen_at",)

    def __str__(self) -> str:
        return self.name
