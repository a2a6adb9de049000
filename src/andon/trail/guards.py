"""Triggers that must exist: declared by apps, installed after migrate, missed by nobody (AT8).

An AppConfig may carry ``guards``: for each database vendor a tuple of `Guard`, or of plain
``CREATE … IF NOT EXISTS name`` statements for what else must be there (a search index).
Django rebuilds SQLite tables and drops their triggers with them, so all is put back after
each migrate.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections

from andon.trail import gate

Present = dict[str, tuple[str, ...]]
_CREATED = re.compile(r"CREATE\s+[\w\s]+?\s+IF\s+NOT\s+EXISTS\s+(\w+)", re.IGNORECASE)

_NOT_AUDITED = (
    f"coalesce(current_setting('{gate.SETTING}', true), '') <> pg_current_xact_id()::text"
)
# The owner of the tables rebuilds them in migrations; nobody else can say so.
_REFUSE = (
    f"IF current_setting('{gate.SETTING}', true) = '{gate.MIGRATING}' AND"  # noqa: S608
    " pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')"
    " THEN RETURN NEW; END IF;"
    " RAISE EXCEPTION 'not authorized: % is written inside audited() only', TG_TABLE_NAME;"
)


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

    def mark(self) -> tuple[str, ...]:
        """Return what the catalogue of the database says of the trigger when all is well."""
        if self.vendor == "sqlite":
            return (self.table, self.statements()[0])
        return (self.table, "O", f"BEGIN {self.body} END", self.remark())

    def remark(self) -> str:
        """Return what the comment on the trigger says, so that another form is noticed."""
        return hashlib.sha256("\n".join(self.statements()).encode()).hexdigest()


def declared(connection: Any) -> Iterator[Guard | str]:
    """Yield what the apps whose tables are made ask for on this kind of database."""
    tables = set(connection.introspection.table_names())
    if connection.vendor == "postgresql":
        for table, free in gate.guarded().items():
            if table in tables:
                yield from _gate_of(table, free)
    for config in apps.get_app_configs():
        if tables.issuperset(model._meta.db_table for model in config.get_models()):
            yield from getattr(config, "guards", {}).get(connection.vendor, ())


def _gate_of(table: str, free: gate.Free) -> Iterator[Guard]:
    """Yield the triggers that ask for an audited transaction; SQLite has its authorizer."""
    whole = (
        "BEFORE INSERT OR DELETE OR TRUNCATE"
        if free
        else "BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE"
    )
    yield Guard("postgresql", f"{table}_gate", table, whole, _REFUSE, _NOT_AUDITED, "STATEMENT")
    if free:
        old, new = (
            " - ".join([f"to_jsonb({row})", *(f"'{name}'::text" for name in sorted(free))])
            for row in ("OLD", "NEW")
        )
        changed = f"{_NOT_AUDITED} AND {old} IS DISTINCT FROM {new}"
        yield Guard("postgresql", f"{table}_update_gate", table, "BEFORE UPDATE", _REFUSE, changed)


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Put everything declared in place; a guard replaces whatever has its name."""
    connection = connections[using]
    with gate.migrating(using), connection.cursor() as cursor:
        for guard in declared(connection):
            if isinstance(guard, str):
                cursor.execute(guard)
                continue
            on = "" if guard.vendor == "sqlite" else f" ON {guard.table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}")
            for statement in guard.statements():
                cursor.execute(statement)
            if guard.vendor == "postgresql":
                cursor.execute(f"COMMENT ON TRIGGER {guard.name}{on} IS '{guard.remark()}'")


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the names of what is declared and absent, switched off, or of another form."""
    connection = connections[using]
    read = _sqlite_present if connection.vendor == "sqlite" else _postgresql_present
    with connection.cursor() as cursor:
        present = read(cursor)
    absent = [name for name, mark in map(_expected, declared(connection)) if not mark(present)]
    return absent if gate.is_shut(connection) else ["authorizer", *absent]


def _expected(guard: Guard | str) -> tuple[str, Callable[[Present], bool]]:
    """Return the name of ``guard`` and how to see that it is there."""
    if isinstance(guard, Guard):
        mark = guard.mark()
        return guard.name, lambda present: present.get(guard.name) == mark
    named = _CREATED.search(guard)
    name = named[1] if named else ""
    return name, lambda present: not name or name in present


def _sqlite_present(cursor: Any) -> Present:
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: tuple(rest) for name, *rest in cursor.fetchall()}


def _postgresql_present(cursor: Any) -> Present:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    )
    relations: Present = {name: () for (name,) in cursor.fetchall()}
    cursor.execute(
        "SELECT t.tgname, c.relname, t.tgenabled::text, p.prosrc,"
        " coalesce(obj_description(t.oid, 'pg_trigger'), '')"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
    )
    return {**relations, **{name: tuple(rest) for name, *rest in cursor.fetchall()}}
