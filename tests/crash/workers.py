"""What the processes of these tests do. A twin is a worker without one of its defences."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from andon.tasks import leases, worker
from andon.tasks.models import READY, RUNNING, TaskRun, TaskRunQuerySet


def run_tasks(report: Callable[[Any], None], name: str, lease: float, twin: str = "") -> None:
    """Run what waits, then report how many that were."""
    leases.LEASE = timedelta(seconds=lease)
    leases.RENEWAL = leases.LEASE / 6
    {"": lambda: None, "no fence": _without_fence, "no lease": _without_lease}[twin]()
    report(worker.run_waiting(name))


def _without_fence() -> None:
    leases.held = lambda run: TaskRun.objects.filter(pk=run.pk)


def _without_lease() -> None:
    def free(rows: Any, _now: datetime) -> Any:
        return rows.filter(Q(result__status=READY) | Q(result__status=RUNNING))

    TaskRunQuerySet.free = free
    TaskRunQuerySet.free_kinds = lambda rows, now: (free(rows, now),)
