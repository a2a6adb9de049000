"""What a task function is given: who asked, a way to say how far it is, and to end it whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_tasks.base import TaskContext

from andon.accounts.models import User
from andon.tasks import leases
from andon.tasks.models import TaskRun
from andon.trail.sealing import Transaction
from andon.trail.services import SYSTEM, audited

NOBODY = SYSTEM("task")


class Job(TaskContext):
    """The first argument of a task with ``takes_context=True``; it is called ``context``."""

    # The library's context is frozen; this one goes along with the work.
    __setattr__ = object.__setattr__

    def __init__(self, run: TaskRun) -> None:
        """Take on a task that was taken; who asked must still be let (AZ8)."""
        told: Any = run.result.task_result
        super().__init__(task_result=told)
        self.run = run
        self.by = _still_let(run)
        # What `progress` said and the heart has not written yet.
        self.told: dict[str, Any] = {}
        # Why the work need not go on.
        self.stop: Exception | None = None
        self.ended = False

    @property
    def done(self) -> int:
        """How far an earlier try got, with all its effects; a task goes on from here."""
        return self.run.done

    def progress(self, done: int, total: int = 0, said: str = "") -> None:
        """Say how far it is; written with the next renewal of the lease, so it costs nothing.

        Not for work to go on from after a crash: that is `part`.
        """
        self.check()
        self.told.update({"total": total, "said": said[:300], "done": done})

    def check(self) -> None:
        """Raise when the work need not go on: cancelled, or taken over."""
        if self.stop is not None:
            raise self.stop

    @contextmanager
    def part(
        self, done: int, total: int = 0, said: str = "", *, reason: str | Promise = ""
    ) -> Iterator[Transaction]:
        """Commit what happens inside together with ``done``; or neither.

        A try after a crash starts at ``context.done``, so each part has its effect once.
        """
        self.check()
        with audited(self.by, reason=reason) as opened:
            yield opened
            leases.hold(self.run, done=done, total=total, said=said[:300])
        self.run.done = done
        self.told.clear()

    @contextmanager
    def whole(
        self, value: Any = None, said: str = "", *, reason: str | Promise = ""
    ) -> Iterator[Transaction]:
        """Commit what happens inside together with the mark that the task is done; or neither."""
        self.check()
        with audited(self.by, reason=reason) as opened:
            yield opened
            if said:
                leases.hold(self.run, said=said[:300])
            leases.end_well(self.run, value)
        self.ended = True

    def beat(self) -> None:
        """Renew the lease and write what was said; remember when the work need not go on."""
        told = dict(self.told)
        try:
            leases.renew(self.run, **told)
        except (leases.LostLease, leases.Cancelled) as stop:
            self.stop = stop


def _still_let(run: TaskRun) -> User | SYSTEM:
    if run.asked_by_id is None:
        return NOBODY
    by = User.objects.get(pk=run.asked_by_id)
    if not by.roles_in_force():
        raise PermissionDenied(_("Who asked for this may not sign in, or holds no role any more."))
    if run.permission and not by.may_at(run.permission, run.site):
        raise PermissionDenied(_("Who asked for this may not do it any more."))
    return by
