"""A connection that reads and cannot write, whatever runs on it (AZ7)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

_STATEMENTS = {
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
    "postgresql": (
        "SET default_transaction_read_only = on",
        "SET default_transaction_read_only = off",
    ),
}
_reading: ContextVar[bool] = ContextVar("andon_reading", default=False)


@contextmanager
def read_only(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let the database itself refuse every write inside; begins outside of a transaction."""
    connection = connections[using]
    token = _reading.set(True)
    _shut(connection, shut=True)
    try:
        yield
    finally:
        _shut(connection, shut=False)
        _reading.reset(token)


@contextmanager
def beside_reading(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let the security stream be written where everything else only reads."""
    if not _reading.get():
        yield
        return
    connection = connections[using]
    _shut(connection, shut=False)
    try:
        yield
    finally:
        _shut(connection, shut=True)


def _shut(connection: Any, *, shut: bool) -> None:
    statement = _STATEMENTS[connection.vendor][0 if shut else 1]
    with connection.cursor() as cursor:
        cursor.execute(statement)
