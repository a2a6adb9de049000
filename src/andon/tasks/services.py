"""What people do with background work: ask for it, cancel it, have it tried again.

A task is a function of a module's ``jobs.py``, takes ids only, and is safe to begin again::

    @task(takes_context=True)
    def undo_import(context: Job, intake: int) -> None:
        with context.whole(reason=_("import undone")):
            ...

    later(undo_import, intake.pk, by=user, label=_("Undo an import"), permission=ADOPT)
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from andon.accounts import clock
from andon.accounts.models import Site, User
from andon.tasks.apps import ADMINISTER
from andon.tasks.backend import asking
from andon.tasks.leases import WORKER
from andon.tasks.models import FAILED, READY, SUCCESSFUL, TaskRun
from andon.trail.edge import current_edge
from andon.trail.services import audited

KEPT = timedelta(days=30)
MOST_TRIES = 5

log = logging.getLogger("andon.worker")


def later(
    task: Task[Any, Any],
    *args: Any,
    by: User | None,
    label: str | Promise,
    permission: str = "",
    site: Site | None = None,
    link: str = "",
    most_tries: int = MOST_TRIES,
    **kwargs: Any,
) -> TaskRun:
    """Ask for ``task``; it waits in the rows of the transaction that runs now, or of one its own.

    So it is there when what asked for it is committed, and was never there when it is not.
    ``permission`` (at ``site``; None: at all sites) is asked now and each time it is run. ``link``
    is where its outcome shows.
    """
    if by is not None and permission and not by.may_at(permission, site):
        raise PermissionDenied(_("Your roles do not include this."))
    with audited(by or WORKER):
        token = asking.set(True)
        try:
            waiting = task.enqueue(*args, **kwargs)
        finally:
            asking.reset(token)
        return TaskRun.objects.create(
            result_id=UUID(waiting.id),
            label=str(label)[:200],
            asked_by=by,
            permission=permission,
            site=site,
            request_id=current_edge().request_id,
            link=link[:300],
            most_tries=most_tries,
        )


def cancel(run: TaskRun, *, by: User) -> TaskRun:
    """Let a waiting task never run; one that runs stops at its next step and undoes that step."""
    with audited(by):
        locked = _locked(run)
        if run.asked_by_id != by.pk and not by.may(ADMINISTER):
            raise PermissionDenied(_("Only who asked for it, or an administrator, may cancel it."))
        if locked.is_over:
            return locked
        locked.cancel_asked_at = clock.now()
        if locked.result.status == READY:
            locked.cancelled_at = clock.now()
            locked.result.status, locked.result.finished_at = FAILED, clock.now()
            locked.result.save()
        locked.save()
    return locked


def again(run: TaskRun, *, by: User) -> TaskRun:
    """Try a task that was given up once more, as often as it was tried before."""
    with audited(by):
        if not by.may(ADMINISTER):
            raise PermissionDenied(_("Only an administrator may have it tried again."))
        locked = _locked(run)
        if locked.result.status != FAILED:
            return locked
        locked.tries, locked.error = 0, ""
        locked.cancel_asked_at = locked.cancelled_at = None
        locked.save()
        locked.result.status, locked.result.run_after = READY, clock.now()
        locked.result.finished_at = None
        locked.result.save()
    return locked


def tidy(now: datetime) -> None:
    """Forget tasks that ended long ago; those that failed stay until somebody cared for them."""
    with audited(WORKER):
        old = TaskRun.objects.filter(result__finished_at__lt=now - KEPT)
        ended = old.filter(result__status=SUCCESSFUL) | old.exclude(cancelled_at=None)
        keys = list(ended.values_list("pk", flat=True)[:1000])
        TaskRun.objects.filter(pk__in=keys).delete()
        DBTaskResult.objects.filter(pk__in=keys).delete()


def _locked(run: TaskRun) -> TaskRun:
    rows = TaskRun.objects.select_for_update(of=("self", "result")).select_related("result")
    locked: TaskRun = rows.get(pk=run.pk)
    return locked
