"""Runs due duties one after another; two workers never run the same one at once.

Every duty has a row. Who wants to run it takes a lease on the row, and renews it while it works;
a worker that was killed renews nothing, and another one takes over when the lease has ended.
"""

import logging
import uuid
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from andon.organization import clock
from andon.organization.duties import Duty
from andon.organization.queries import read_once
from andon.tasks.heart import beating
from andon.trail.services import SYSTEM, audited, edge, retrying

from .models import DutyRun

WORKER = SYSTEM("worker")
LEASE = timedelta(minutes=5)
RENEWAL = timedelta(minutes=1)
ERROR_LENGTH = 500
INTERRUPTED = "stopped before it was done"

log = logging.getLogger("andon.worker")


def run_due(duties: Iterable[Duty], now: datetime) -> int:
    """Run each of ``duties`` that is due at ``now``; return how many ran.

    An error of one is logged and kept in its row, and stops nothing else.
    """
    ran = 0
    for duty in duties:
        if (lease := _take(duty, now)) is None:
            continue
        ran += 1
        error = INTERRUPTED
        try:
            error = _run(duty, lease, now)
        finally:
            _end(duty, lease, now, error=error)
    return ran


def keep_only(duties: Iterable[Duty]) -> None:
    """Forget the rows of duties that are no longer listed."""
    with audited(WORKER):
        DutyRun.objects.exclude(name__in=[duty.name for duty in duties]).delete()


def next_due() -> datetime | None:
    """Return the instant at which the next duty falls due."""
    return DutyRun.objects.order_by("next_at").values_list("next_at", flat=True).first()


@retrying
def _take(duty: Duty, now: datetime) -> str | None:
    """Return the word of the lease, or nothing when the duty is not due or another runs it."""
    with audited(WORKER):
        seconds = int(duty.every.total_seconds())
        run, _made = DutyRun.objects.select_for_update().get_or_create(
            name=duty.name, defaults={"every_seconds": seconds, "next_at": now}
        )
        if run.next_at > now or run.runs(now):
            return None
        run.label, run.every_seconds = str(duty.label), seconds
        run.started_at, run.leased_until = now, now + LEASE
        run.lease = uuid.uuid4().hex
        run.save()
    return run.lease


def _run(duty: Duty, lease: str, now: datetime) -> str:
    """Do the duty; return what went wrong, or nothing."""
    try:
        with edge(via="worker"), read_once(), _renewed(duty, lease):
            duty.run(now)
    except Exception as error:
        log.exception("The duty %s failed.", duty.name)
        return f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
    return ""


@retrying
def _end(duty: Duty, lease: str, now: datetime, *, error: str) -> None:
    """Give the lease back; when another worker took over meanwhile, its row is left alone."""
    with audited(WORKER):
        run = DutyRun.objects.select_for_update().filter(name=duty.name, lease=lease).first()
        if run is None:
            return
        ended = max(clock.now(), now)
        run.ended_at, run.next_at = ended, now + duty.every
        run.leased_until, run.lease = None, ""
        run.error = error
        run.failures = run.failures + 1 if error else 0
        if error:
            run.failed_at = ended
        run.save()


def _renewed(duty: Duty, lease: str) -> AbstractContextManager[None]:
    """Renew the lease for as long as the duty takes."""

    def renew() -> None:
        with audited(WORKER):
            held = DutyRun.objects.filter(name=duty.name, lease=lease)
            held.update(leased_until=clock.now() + LEASE)

    return beating(renew, every=RENEWAL, name=f"lease of {duty.name}")
