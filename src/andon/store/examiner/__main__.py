"""The examiner: starts once, then forks for each file, so that a small photo is quick.

The fork takes limits on memory, processor time, open files and written bytes before it looks at
the first foreign byte, and ends with its answer. Where there is no fork (Windows), the work is done
here and only the time limit of the caller holds.
"""

import contextlib
import io
import os
import select
import signal
import struct
import sys
import time
from typing import Any

from andon.store.examiner import jobs, wire

with contextlib.suppress(ImportError):  # not on Windows
    import resource

IDLE_SECONDS = 300
LARGEST_ANSWER = 64 * 1_048_576


def main() -> None:
    """Answer requests on stdin until it closes, or nothing came for some minutes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs.warm()
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    while _is_asked(asked):
        try:
            header, body = wire.receive(asked)
        except wire.Closed:
            return
        told.write(_answer(header, body))
        told.flush()


def _is_asked(stream: Any) -> bool:
    if os.name == "nt":
        return True
    return bool(stream.peek(1) if select.select([stream], [], [], IDLE_SECONDS)[0] else b"")


def _answer(header: dict[str, Any], body: bytes) -> bytes:
    if not hasattr(os, "fork"):
        return wire.packed(*jobs.done(header, body))
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _work(header, body, writing)
    os.close(writing)
    try:
        answer, why = _read(reading, time.monotonic() + header["seconds"])
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _pid, status, used = os.wait4(child, 0)
    try:
        found, data = wire.receive(io.BytesIO(answer))
    except (wire.Closed, ValueError, OverflowError, struct.error):
        late = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
        found, data = {"error": "time" if late else why}, b""
    return wire.packed({**found, "peak": used.ru_maxrss * 1024}, data)


def _work(header: dict[str, Any], body: bytes, writing: int) -> None:
    """Do the job in the fork; never returns."""
    try:
        _limit(header)
        answer = wire.packed(*jobs.done(header, body))
        with os.fdopen(writing, "wb") as out:
            out.write(answer)
    finally:
        os._exit(0)


def _limit(header: dict[str, Any]) -> None:
    seconds = int(header["seconds"])
    resource.setrlimit(resource.RLIMIT_AS, (header["memory"], header["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(reading: int, deadline: float) -> tuple[bytes, str]:
    """Return what the fork wrote, and the word for it when that is no answer."""
    parts: list[bytes] = []
    size = 0
    while (left := deadline - time.monotonic()) > 0 and size <= LARGEST_ANSWER:
        if not select.select([reading], [], [], left)[0]:
            break
        if not (part := os.read(reading, 1 << 20)):
            return b"".join(parts), "memory"
        parts.append(part)
        size += len(part)
    return b"", "time"


if __name__ == "__main__":
    main()
