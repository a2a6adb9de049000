"""Something that is done again and again from a thread of its own while a block takes."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection

log = logging.getLogger("andon.worker")


@contextmanager
def beating(beat: Callable[[], None], *, every: timedelta, name: str) -> Iterator[None]:
    """Call ``beat`` every so often until the block ends; a database that is busy is asked again."""
    done = threading.Event()

    def live() -> None:
        try:
            while not done.wait(every.total_seconds()):
                try:
                    beat()
                except DatabaseError:
                    log.warning("The %s could not be renewed; trying again.", name)
        finally:
            connection.close()

    thread = threading.Thread(target=live, daemon=True, name=name)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
