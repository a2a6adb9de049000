"""Runs the tasks that wait, one after another, for as long as a worker lives."""

import logging
import os
import socket
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, close_old_connections

from andon.accounts import clock
from andon.tasks import leases
from andon.tasks.heart import beating
from andon.tasks.job import Job
from andon.tasks.models import RUNNING, TaskRun, Worker
from andon.trail.services import audited, edge

POLL_SECONDS = 1.0
SEEN_EVERY = timedelta(seconds=15)
FORGOTTEN = timedelta(days=1)

Around = Callable[[], AbstractContextManager[Any]]

log = logging.getLogger("andon.worker")


def a_name() -> str:
    """Return a name that no other worker has."""
    return f"{socket.gethostname()[:24]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def run_waiting(holder: str, *, around: Around = nullcontext) -> int:
    """Run what waits until nothing does; return how many were run."""
    ran = 0
    while run_one(holder, around=around) is not None:
        ran += 1
    return ran


def run_one(
    holder: str, *, around: Around = nullcontext, begun: Callable[[TaskRun], None] | None = None
) -> TaskRun | None:
    """Run one task, if one waits. Its errors are kept with it and stop nothing else."""
    run = leases.take(holder)
    if run is None or run.result.status != RUNNING:
        return run
    if begun is not None:
        begun(run)
    try:
        with edge(via="task", request_id=run.request_id), around():
            _work(run)
    except leases.LostLease:
        log.warning("The task %s was taken over by another worker.", run.pk)
    except KeyboardInterrupt:
        leases.give_back(run)
        raise
    except (Exception, SystemExit) as error:
        if not leases.hopeless(error) and not isinstance(error, leases.Cancelled):
            log.exception("The task %s failed.", run.pk)
        leases.end_badly(run, error, "".join(traceback.format_exception(error)))
    return run


def _work(run: TaskRun) -> None:
    task: Any = run.result.task
    job = Job(run)
    values = run.result.args_kwargs
    with beating(job.beat, every=leases.RENEWAL, name=f"lease of {run.pk}"):
        first = [job] if task.takes_context else []
        value = task.call(*first, *values["args"], **values["kwargs"])
    if not job.ended:
        with audited(leases.WORKER):
            if job.told:
                leases.hold(run, **job.told)
            leases.end_well(run, value)


class Bench:
    """The thread that runs tasks beside the duties of a worker."""

    def __init__(self, name: str, *, around: Around = nullcontext) -> None:
        self.name, self.around = name, around
        self._stopped = threading.Event()
        self._now: TaskRun | None = None
        self._thread = threading.Thread(target=self._live, daemon=True, name="tasks")

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """End the task under way, for so long; then another worker takes it."""
        self._stopped.set()
        self._thread.join(seconds)
        if self._thread.is_alive() and (run := self._now) is not None:
            leases.give_back(run)

    def _live(self) -> None:
        while not self._stopped.is_set():
            ran = None
            try:
                close_old_connections()
                ran = run_one(self.name, around=self.around, begun=self._begin)
            except DatabaseError:
                log.exception("The database did not answer; the tasks go on when it does.")
            self._now = None
            if ran is None:
                self._stopped.wait(POLL_SECONDS)
        close_old_connections()

    def _begin(self, run: TaskRun) -> None:
        self._now = run


@contextmanager
def seen(name: str) -> Iterator[None]:
    """Say that this worker lives, for as long as the block takes."""

    def beat() -> None:
        now = clock.now()
        with audited(leases.WORKER):
            fresh = {"seen_at": now, "host": socket.gethostname()[:120]}
            Worker.objects.update_or_create(
                name=name, defaults=fresh, create_defaults={**fresh, "started_at": now}
            )
            Worker.objects.filter(seen_at__lt=now - FORGOTTEN).delete()

    try:
        beat()
    except DatabaseError:
        log.warning("The database did not answer; this worker shows as absent until it does.")
    with beating(beat, every=SEEN_EVERY, name="sign of life"):
        yield
    try:
        with audited(leases.WORKER):
            Worker.objects.filter(name=name).delete()
    except DatabaseError:
        log.warning("The database did not answer; this worker shows until it is forgotten.")
