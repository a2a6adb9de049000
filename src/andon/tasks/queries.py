"""What the pages and the monitoring ask about background work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q

from andon.tasks.models import FAILED, READY, RUNNING, Worker
from andon.tasks.models import TaskRun as Run

# A worker says that it lives four times a minute; one that long silent is not there.
PATIENCE = timedelta(minutes=2)
SHOWN = 100


@dataclass(frozen=True)
class Load:
    """How much work waits, runs and failed, and since when the oldest waits."""

    waiting: int
    running: int
    failed: int
    oldest: datetime | None


def load() -> Load:
    """Count the tasks that are not done."""
    waits = Q(result__status=READY)
    found = Run.objects.exclude(result__status="SUCCESSFUL").aggregate(
        waiting=Count("pk", filter=waits),
        running=Count("pk", filter=Q(result__status=RUNNING)),
        failed=Count("pk", filter=Q(result__status=FAILED, cancelled_at=None)),
        oldest=Min("result__enqueued_at", filter=waits),
    )
    return Load(**found)


def seen_at() -> datetime | None:
    """Return when a worker was seen last."""
    return Worker.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()


def is_there(now: datetime) -> bool:
    """Whether a worker was seen lately."""
    last = seen_at()
    return last is not None and last >= now - PATIENCE


def newest(runs: Any) -> list[Run]:
    """Return the tasks to show: open and failed ones first, then the ones done last."""
    rows = runs.select_related("result", "asked_by", "site")
    open_ones = rows.filter(result__status__in=[READY, RUNNING, FAILED], cancelled_at=None)
    found = list(open_ones.order_by("-result__enqueued_at")[:SHOWN])
    if (left := SHOWN - len(found)) > 0:
        keys = [run.pk for run in found]
        found += rows.exclude(pk__in=keys).order_by("-result__enqueued_at")[:left]
    return found
