"""Asking the examiner: one process kept warm for each web process, another one when it is busy."""

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from .examiner import wire

MEGABYTE = 1_048_576
SECONDS = 5
# Beyond what the examiner grants its fork: then the examiner itself hangs, and is ended.
PATIENCE = 5
LIMITS: dict[str, Any] = {
    "seconds": SECONDS,
    "memory": 300 * MEGABYTE,
    "unpacked": 200 * MEGABYTE,
    "members": 2_000,
    "nesting": 1,
    "pages": 2_000,
}
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from andon.store.examiner.__main__ import main; main()"
)
_SOURCE = Path(__file__).parents[2]
# Foreign bytes meet no secret: nothing of the environment is handed on. One heap is enough.
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "LANG": "C.UTF-8"}


class _Examiner:
    """One process that looks at one file at a time."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, str(_SOURCE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT if os.name != "nt" else None,
        )

    def ask(self, header: dict[str, Any], body: bytes) -> wire.Message | None:
        """Return the answer; None when the process had ended before, or died over it."""
        asked, told = self.process.stdin, self.process.stdout
        assert asked is not None  # noqa: S101 - pipes, as asked for
        assert told is not None  # noqa: S101
        watch = threading.Timer(header["seconds"] + PATIENCE, self.process.kill)
        watch.start()
        try:
            asked.write(wire.packed(header, body))
            asked.flush()
            return wire.receive(told)
        except (OSError, wire.Closed, ValueError):
            return None
        finally:
            watch.cancel()

    def close(self) -> None:
        pipes: list[IO[bytes] | None] = [self.process.stdin, self.process.stdout]
        for pipe in pipes:
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self.process.kill()
        self.process.wait()


_warm: _Examiner | None = None
_lock = threading.Lock()


def examined(header: dict[str, Any], body: bytes) -> wire.Message:
    """Return what the examiner says of ``body``: ``error`` is its word, empty when all is well."""
    asked = {**LIMITS, **header}
    if not _lock.acquire(blocking=False):
        return _by_another(asked, body)
    try:
        return _by_the_warm_one(asked, body)
    finally:
        _lock.release()


def _by_the_warm_one(header: dict[str, Any], body: bytes) -> wire.Message:
    """Ask the process that waits; one that ended in its idleness is started anew."""
    global _warm  # noqa: PLW0603 - one for each web process
    if _warm is not None and _warm.owner == os.getpid():
        if (answer := _warm.ask(header, body)) is not None:
            return answer
        _warm.close()
    _warm = _Examiner()
    if (answer := _warm.ask(header, body)) is not None:
        return answer
    _warm.close()
    _warm = None
    return {"error": "time"}, b""


def _by_another(header: dict[str, Any], body: bytes) -> wire.Message:
    once = _Examiner()
    try:
        return once.ask(header, body) or ({"error": "time"}, b"")
    finally:
        once.close()


@atexit.register
def close() -> None:
    """End the process that waits."""
    global _warm  # noqa: PLW0603 - one for each web process
    if _warm is not None and _warm.owner == os.getpid():
        _warm.close()
    _warm = None
