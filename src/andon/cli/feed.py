"""``andon feed``: the files of the watched folders, once or until stopped."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from typing import TYPE_CHECKING

from django.db import close_old_connections

from andon.cli.database import require_migrated
from andon.modules.production.imports import folders
from andon.organization import clock
from andon.trail.services import edge

if TYPE_CHECKING:
    import argparse

PAUSE = folders.SETTLES.total_seconds() + 0.1


def run(options: argparse.Namespace) -> int:
    """Look until no file is waiting (``--once``) or until told to stop; 1 if any was refused."""
    require_migrated()
    stopped = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: stopped.set())
    counts: Counter[str] = Counter()
    while not stopped.is_set():
        close_old_connections()
        with edge(via="command"):
            found = folders.watch(clock.now())
        waiting = found.pop("waiting", 0)
        counts += found
        if options.once and not waiting:
            break
        stopped.wait(PAUSE)
    print(f"Taken: {counts['taken']} files, refused: {counts['refused']}.")
    return 1 if counts["refused"] else 0
