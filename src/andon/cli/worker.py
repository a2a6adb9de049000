"""``andon worker``: duties and tasks, until stopped; and how it runs beside the server."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from django.db import DatabaseError, close_old_connections

from andon.cli.database import require_migrated
from andon.config.duties import DUTIES
from andon.organization import clock
from andon.organization.queries import read_once
from andon.portal.notices import worker
from andon.tasks import worker as tasks

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

# How long the worker sleeps at most, so that it sees what was put into its rows meanwhile.
LONGEST_SLEEP = 30.0
SHORTEST_SLEEP = 0.5
# What is under way is ended first; a duty that takes longer begins again later, and a task is
# given back for another worker.
GRACE_SECONDS = 20

log = logging.getLogger("andon.worker")


def run(options: argparse.Namespace) -> int:
    """Do what is due, once or until told to stop."""
    require_migrated()
    if options.once:
        ran = worker.run_due(DUTIES, clock.now())
        worked = tasks.run_waiting(tasks.a_name(), around=read_once)
        print(f"Duties done: {ran}. Tasks done: {worked}.")
        return 0
    stopped = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: stopped.set())
    if not options.beside:
        print(f"Doing {len(DUTIES)} duties and all tasks (stop with Ctrl-C).", flush=True)
    name = tasks.a_name()
    bench = tasks.Bench(name, around=read_once)
    with tasks.seen(name):
        bench.start()
        _work(stopped, parent=options.beside)
        bench.stop(GRACE_SECONDS - SHORTEST_SLEEP)
    return 0


def _work(stopped: threading.Event, *, parent: int | None) -> None:
    """Go on until ``stopped``, or until the server this runs beside is gone."""
    tidied = False
    while not stopped.is_set() and (parent is None or os.getppid() == parent):
        sleep = LONGEST_SLEEP
        try:
            close_old_connections()
            if not tidied:
                worker.keep_only(DUTIES)
                tidied = True
            worker.run_due(DUTIES, clock.now())
            if due := worker.next_due():
                sleep = (due - clock.now()).total_seconds()
        except DatabaseError:
            log.exception("The database did not answer; the worker goes on when it does.")
        stopped.wait(min(max(sleep, SHORTEST_SLEEP), LONGEST_SLEEP if parent is None else 5.0))


@contextmanager
def beside() -> Iterator[None]:
    """Run a worker in a process of its own for as long as the block takes."""
    command = [sys.executable, "-m", "andon.cli", "worker", "--beside", str(os.getpid())]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
