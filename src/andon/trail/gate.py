"""The gate in front of controlled tables: shut, but for `audited` blocks and migrations (AT7).

The database itself refuses, so that raw SQL, a forgotten ``QuerySet.update`` of Django or a
statement with comments and schema prefixes does not pass either. On SQLite an authorizer of each
connection looks at what a statement would do, whatever its text. On PostgreSQL a trigger of each
table asks for a setting that holds for one transaction only and carries its number.
A field that is excluded from the trail by name can be updated without.
"""

import functools
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from django.db.models.signals import class_prepared

SETTING = "andon.audited"
MIGRATING = "migration"

Free = frozenset[str]
_windows: "WeakKeyDictionary[Any, int]" = WeakKeyDictionary()

_ROWS = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_DELETE})
_NAMED_FIRST = frozenset(
    {
        sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_CREATE_TEMP_TABLE,  # it would stand before the real one
        sqlite3.SQLITE_CREATE_TEMP_VIEW,
    }
)
_NAMED_SECOND = frozenset(
    {
        sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_CREATE_TRIGGER,
        sqlite3.SQLITE_CREATE_TEMP_TRIGGER,
        sqlite3.SQLITE_DROP_TRIGGER,
        sqlite3.SQLITE_DROP_TEMP_TRIGGER,
        sqlite3.SQLITE_DROP_INDEX,
    }
)
_HARMLESS = frozenset({sqlite3.SQLITE_READ, sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION})


@functools.cache
def guarded() -> Mapping[str, Free]:
    """Return each table behind the gate with the columns that may be updated from outside.

    These are the trail's own tables, and those of models that say ``trail_guarded = True``, as
    every controlled model does.
    """
    return {
        model._meta.db_table: _free_columns(model)
        for model in apps.get_models()
        if is_guarded(model) and not model._meta.proxy
    }


def is_guarded(model: type[Model]) -> bool:
    """Whether the table of ``model`` is behind the gate."""
    return getattr(model, "trail_guarded", False) or model._meta.db_table.startswith("audit_")


def _free_columns(model: type[Model]) -> Free:
    names: Free = getattr(model, "trail_excluded", frozenset())
    own = model._meta.local_concrete_fields
    return frozenset(str(field.column) for field in own if field.name in names)


@contextmanager
def opened(using: str = DEFAULT_DB_ALIAS, *, to_the_end: bool = False) -> Iterator[None]:
    """Let controlled tables be written inside: the caller answers for the entries.

    `audited` and `tell` do. On PostgreSQL it stands inside the transaction it is for;
    ``to_the_end`` says that nothing but the commit follows, which spares a statement.
    """
    connection = connections[using]
    around = _windows.get(connection, 0)
    _windows[connection] = around + 1
    try:
        if not around:
            _open(connection)
        yield
        if not (around or connection.vendor == "sqlite"):
            _shut_transaction(connection, to_the_end=to_the_end)
    finally:
        _windows[connection] = around
        if not around and connection.vendor == "sqlite":
            _authorize(connection, _authorizer())


@contextmanager
def migrating(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let the owner of the tables rebuild them, over many transactions."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with opened(using):
            yield
        return
    around = _windows.get(connection, 0)
    _windows[connection] = around + 1
    try:
        if not around:
            _set(connection, f"set_config('{SETTING}', '{MIGRATING}', false)")
        yield
    finally:
        _windows[connection] = around
        if not around and connection.connection is not None and connection.is_usable():
            _set(connection, f"set_config('{SETTING}', '', false)")


def install_gate(connection: Any, **_kwargs: Any) -> None:
    """Put the authorizer on a new connection; called by Django for each."""
    if connection.vendor == "sqlite" and not _windows.get(connection):
        _authorize(connection, _authorizer())


def is_shut(connection: Any) -> bool:
    """Whether the authorizer refuses on this connection; PostgreSQL has triggers for that."""
    if connection.vendor != "sqlite" or _windows.get(connection):
        return True
    try:
        with connection.cursor() as cursor:
            cursor.cursor.connection.execute("EXPLAIN UPDATE audit_head SET seq = seq")
    except sqlite3.DatabaseError as error:
        return "not authorized" in str(error) or "no such table" in str(error)
    return False


def _open(connection: Any) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _authorize(connection, None)
    else:
        _set(connection, f"set_config('{SETTING}', pg_current_xact_id()::text, true)")


def _shut_transaction(connection: Any, *, to_the_end: bool) -> None:
    """End what would hold for the rest of the transaction; a rollback ends it by itself."""
    another_around = bool(connection.savepoint_ids)
    if (another_around or not to_the_end) and not connection.needs_rollback:
        _set(connection, f"set_config('{SETTING}', '', true)")


def _set(connection: Any, call: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}")


def _authorize(connection: Any, authorizer: Any) -> None:
    if connection.connection is not None:
        # Cached statements are not asked again, but this makes all of them be prepared anew.
        connection.connection.set_authorizer(authorizer)


@functools.cache
def _authorizer() -> Any:
    """Return what SQLite asks before it prepares a statement; an error in it refuses, too."""
    tables = guarded()

    def authorize(action: int, first: Any, second: Any, _schema: Any, _source: Any) -> int:
        if action in _HARMLESS:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_UPDATE:
            refused = first in tables and second not in tables[first]
        elif action in _ROWS or action in _NAMED_FIRST:
            refused = first in tables
        elif action in _NAMED_SECOND:
            refused = second in tables
        else:
            refused = action == sqlite3.SQLITE_PRAGMA and first == "writable_schema"
        return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK

    return authorize


def _forget(**_kwargs: Any) -> None:
    """Look at the models again after another one was made."""
    guarded.cache_clear()
    _authorizer.cache_clear()


class_prepared.connect(_forget)
