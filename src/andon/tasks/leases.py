"""Taking, holding and giving back the lease of a task: one holder at a time, and a fence.

Whoever takes a task raises its fence. Everything its worker writes about it says the fence it
took, so a worker that was away for too long (stopped, swapped out, cut off) writes nothing more.
"""

import random
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from andon.accounts import clock
from andon.tasks.models import FAILED, READY, RUNNING, SUCCESSFUL, TaskRun
from andon.trail.services import SYSTEM, audited, retrying

WORKER = SYSTEM("worker")
LEASE = timedelta(seconds=60)
RENEWAL = timedelta(seconds=10)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=15)
ERROR_LENGTH = 500


class LostLease(Exception):
    """Another worker has taken the task over; nothing that is done here counts any more."""


class Cancelled(Exception):
    """Somebody cancelled the task while it ran."""


class NotAgain(Exception):
    """The task cannot be done, now or later: a sentence for whoever asked."""


@retrying
def take(holder: str) -> TaskRun | None:
    """Take the next task that is free, also from a worker that died; None when there is none."""
    if not any(kind.exists() for kind in TaskRun.objects.free_kinds(clock.now())):
        return None  # without asking for the one write lock of SQLite each second
    with audited(WORKER):
        now = clock.now()
        free = TaskRun.objects.free(now).in_turn().select_related("result", "asked_by", "site")
        run: TaskRun | None = free.select_for_update(
            of=("self", "result"), skip_locked=True
        ).first()
        if run is None:
            return None
        if run.tries >= run.most_tries:
            _give_up(run, run.error or _("Its worker stopped each time before it was done."))
            return run
        if run.cancel_asked_at:
            _cancelled(run)
            return run
        run.fence += 1
        run.tries += 1
        run.holder, run.leased_until = holder, now + LEASE
        run.save(update_fields=["fence", "tries", "holder", "leased_until"])
        run.result.status, run.result.started_at = RUNNING, now
        run.result.worker_ids = [*run.result.worker_ids, holder][-20:]
        run.result.save(update_fields=["status", "started_at", "worker_ids"])
    return run


def held(run: TaskRun) -> Any:
    """Return the row, if the lease that was taken with ``run`` is still the one that counts."""
    return TaskRun.objects.filter(pk=run.pk, fence=run.fence)


@retrying
def renew(run: TaskRun, **told: Any) -> None:
    """Hold on to the task, and say how far it is.

    Raises
    ------
    LostLease, Cancelled
        The work need not go on.
    """
    with audited(WORKER):
        hold(run, leased_until=clock.now() + LEASE, **told)


def hold(run: TaskRun, **told: Any) -> None:
    """Keep ``told`` of the task in the transaction that runs now, or let it fail.

    The row stays locked until the transaction ends, so nobody takes the task over meanwhile.
    """
    if not held(run).update(**told):
        raise LostLease(str(run.pk))
    if held(run).exclude(cancel_asked_at=None).exists():
        raise Cancelled(str(run.pk))


def end_well(run: TaskRun, value: Any) -> None:
    """Mark the task as done in the transaction that runs now; raises `LostLease`."""
    over = {"holder": "", "leased_until": None, "error": "", "fence": run.fence + 1}
    if not held(run).update(**over):
        raise LostLease(str(run.pk))
    _result(run, status=SUCCESSFUL, finished_at=clock.now(), return_value=value)


@retrying
def end_badly(run: TaskRun, error: BaseException, trace: str) -> None:
    """Note what went wrong: the task is tried again after a pause, or given up.

    When somebody else has taken it over, theirs is the word.
    """
    with audited(WORKER):
        now = clock.now()
        mine: TaskRun | None = held(run).select_for_update().select_related("result").first()
        if mine is None:
            return
        if isinstance(error, Cancelled):
            _cancelled(mine)
            return
        kind = type(error)
        mine.result.exception_class_path = f"{kind.__module__}.{kind.__qualname__}"
        mine.result.traceback = trace
        if hopeless(error) or mine.tries >= mine.most_tries:
            _give_up(mine, sentence(error))
            return
        _free(mine, run_after=now + pause(mine.tries), error=sentence(error))


@retrying
def give_back(run: TaskRun) -> None:
    """Let another worker take the task at once: this one has been told to stop."""
    with audited(WORKER):
        mine: TaskRun | None = held(run).select_for_update().select_related("result").first()
        if mine is not None and mine.result.status == RUNNING:
            mine.tries -= 1
            _free(mine, run_after=clock.now(), error=mine.error)


def pause(tries: int) -> timedelta:
    """Return how long to wait after the ``tries``-th try: twice as long each time, and bounded."""
    longest: timedelta = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
    return longest * random.uniform(0.8, 1.0)  # noqa: S311  (no secret)


def hopeless(error: BaseException) -> bool:
    """Whether trying again would come to the same."""
    return isinstance(error, NotAgain | PermissionDenied | ValidationError)


def sentence(error: BaseException) -> str:
    """Return what the administrator reads: our sentences as they are, others with their kind."""
    text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
    if isinstance(error, DatabaseError):
        text = text.partition("\n")[0]  # what follows shows the row that was refused
    said = text if hopeless(error) and text else f"{type(error).__name__}: {text}"
    return said[:ERROR_LENGTH]


def _free(run: TaskRun, *, run_after: Any, error: str) -> None:
    run.fence += 1
    run.holder, run.leased_until, run.error = "", None, error
    run.save(update_fields=["fence", "holder", "leased_until", "error", "tries"])
    run.result.status, run.result.run_after = READY, run_after
    run.result.save()


def _give_up(run: TaskRun, error: str) -> None:
    run.error = error
    _over(run)


def _cancelled(run: TaskRun) -> None:
    run.cancelled_at, run.error = clock.now(), ""
    _over(run)


def _over(run: TaskRun) -> None:
    run.fence += 1
    run.holder, run.leased_until = "", None
    run.save()
    run.result.status, run.result.finished_at = FAILED, clock.now()
    run.result.save()


def _result(run: TaskRun, **told: Any) -> None:
    DBTaskResult.objects.filter(pk=run.pk).update(**told)
