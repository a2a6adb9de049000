"""Starts and ends processes of a test: forks of a clean server that has Django loaded already.

Not forks of pytest itself, which has threads and connections; and not new interpreters, which
would take a second each. Whatever they report arrives, also when they are killed the moment after.
"""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from django.conf import settings

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.crash.loaded"])


class Started:
    """A process, and what it has reported so far."""

    def __init__(self, function: Callable[..., None], url: str, *words: Any) -> None:
        self._hears, speaks = _context.Pipe(duplex=False)
        self.process = _context.Process(target=_run, args=(function, url, speaks, words))
        self.process.start()
        speaks.close()
        self._heard: list[Any] = []

    def heard(self) -> list[Any]:
        with suppress(EOFError, OSError):
            while self._hears.poll():
                self._heard.append(self._hears.recv())
        return self._heard

    def kill(self) -> None:
        """SIGKILL: no handler, no farewell."""
        self.process.kill()
        self.process.join()

    def ended(self, seconds: float = 60) -> list[Any]:
        """Wait for the end; return what was reported."""
        self.process.join(seconds)
        assert self.process.exitcode == 0, f"ended with {self.process.exitcode}"
        return self.heard()


@contextmanager
def started(function: Callable[..., None], url: str, *words: Any) -> Iterator[Started]:
    """Run ``function(report, *words)`` on the database of ``url``; killed when the block ends."""
    one = Started(function, url, *words)
    try:
        yield one
    finally:
        one.kill()


def wait_for(true: Callable[[], Any], *, seconds: float = 60) -> Any:
    """Return what ``true`` returns once it is true; fail when it takes too long."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
    return found


def noted(name: str, **figures: Any) -> None:
    """Keep figures of a run in the file ``ANDON_FIGURES``, where one is named."""
    if path := os.environ.get("ANDON_FIGURES"):
        with Path(path).open("a") as file:
            file.write(f"{name}: {figures}\n")


def _run(function: Callable[..., None], url: str, speaks: Connection, words: Any) -> None:
    from django.db import connections  # noqa: PLC0415  (this is another process)

    use(url)
    try:
        function(speaks.send, *words)
    finally:
        connections.close_all()


def use(url: str) -> None:
    """Turn this process to another database, before its first connection."""
    from django.db import connection  # noqa: PLC0415

    name = url.removeprefix("sqlite:///") if "sqlite" in url else url.rsplit("/", 1)[1]
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
