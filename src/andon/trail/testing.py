"""For tests of every floor: what somebody can do who has the database in hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from andon.trail.gate import migrating


@contextmanager
def behind_the_back() -> Iterator[Any]:
    """Yield a cursor of another program, so to say: past the gate, not past the triggers."""
    with migrating(), connection.cursor() as cursor:
        yield cursor
