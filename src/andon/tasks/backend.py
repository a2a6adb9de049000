"""The library's database backend, reached only by ``tasks.services.later``."""

from contextvars import ContextVar
from typing import Any

from django_tasks_db.backend import DatabaseBackend

asking: ContextVar[bool] = ContextVar("andon_asking", default=False)


class NotAsked(RuntimeError):
    """A task without anybody who asked for it: its rights could not be checked (AZ8)."""


class LeasedBackend(DatabaseBackend):
    """Keeps the rows of tasks; who asked, leases and tries are kept beside them by `TaskRun`."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Write the row of the task in the transaction that runs now.

        Raises
        ------
        NotAsked
            When called by itself, as ``task.enqueue(…)``.
        """
        if not asking.get():
            raise NotAsked("Ask for a task with tasks.services.later(task, …, by=…, label=…).")
        return super().enqueue(task, args, kwargs)

    async def aenqueue(self, _task: Any, _args: Any, _kwargs: Any) -> Any:
        """Refuse: nothing here is asynchronous."""
        raise NotAsked("Ask for a task with tasks.services.later(task, …, by=…, label=…).")
