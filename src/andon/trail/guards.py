"""Triggers that must exist: declared by apps, installed after migrate, missed by nobody (AT8).

An AppConfig may carry ``guards: tuple[Guard, ...]``. Django rebuilds SQLite tables and drops
their triggers with them, so every guard is put back after each migrate.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections


@dataclass(frozen=True)
class Guard:
    """A trigger of one database vendor, ``sqlite`` or ``postgresql``.

    ``body`` is what stands between BEGIN and END: statements of SQLite, or of PL/pgSQL.
    """

    vendor: str
    name: str
    table: str
    event: str
    body: str
    condition: str = ""
    each: str = "ROW"

    def statements(self) -> list[str]:
        """Return what creates the trigger where it is not."""
        when = f" WHEN ({self.condition})" if self.condition else ""
        head = f"{self.event} ON {self.table} FOR EACH {self.each}{when}"
        if self.vendor == "sqlite":
            return [f"CREATE TRIGGER {self.name} {head} BEGIN {self.body} END"]
        function = (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $guard$BEGIN {self.body} END$guard$"
        )
        trigger = f"CREATE TRIGGER {self.name} {head} EXECUTE FUNCTION {self.name}()"
        return [function, trigger]

    def remark(self) -> str:
        """Return what the comment on the trigger says, so that another form is noticed."""
        return hashlib.sha256("\n".join(self.statements()).encode()).hexdigest()


def declared(vendor: str) -> Iterator[Guard]:
    """Yield the guards all installed apps ask for on this kind of database."""
    for config in apps.get_app_configs():
        for guard in getattr(config, "guards", ()):
            if guard.vendor == vendor:
                yield guard


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Put every declared guard in place, whatever stood there."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for guard in _on_tables(declared(connection.vendor), connection):
            on = "" if connection.vendor == "sqlite" else f" ON {guard.table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}")
            for statement in guard.statements():
                cursor.execute(statement)
            if connection.vendor == "postgresql":
                cursor.execute(f"COMMENT ON TRIGGER {guard.name}{on} IS '{guard.remark()}'")


def missing(using: str = DEFAULT_DB_ALIAS) -> list[Guard]:
    """Return the declared guards that are absent, switched off, or of another form."""
    connection = connections[using]
    read = _sqlite_present if connection.vendor == "sqlite" else _postgresql_present
    with connection.cursor() as cursor:
        present = read(cursor)
        guards = list(_on_tables(declared(connection.vendor), connection))
    return [guard for guard in guards if present.get(guard.name) != _mark(guard)]


def _mark(guard: Guard) -> tuple[str, ...]:
    if guard.vendor == "sqlite":
        return (guard.table, guard.statements()[0])
    return (guard.table, "O", f"BEGIN {guard.body} END", guard.remark())


def _sqlite_present(cursor: Any) -> dict[str, tuple[str, ...]]:
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name: tuple(rest) for name, *rest in cursor.fetchall()}


def _postgresql_present(cursor: Any) -> dict[str, tuple[str, ...]]:
    cursor.execute(
        "SELECT t.tgname, c.relname, t.tgenabled::text, p.prosrc,"
        " coalesce(obj_description(t.oid, 'pg_trigger'), '')"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
    )
    return {name: tuple(rest) for name, *rest in cursor.fetchall()}


def _on_tables(guards: Iterable[Guard], connection: Any) -> Iterator[Guard]:
    """Leave out the guards of tables that no migration has made yet."""
    tables = set(connection.introspection.table_names())
    return (guard for guard in guards if guard.table in tables)
