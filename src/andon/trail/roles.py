"""A role of PostgreSQL that runs the application and cannot rewrite the trail (AT7).

The owner of the tables migrates and puts guards up; the application signs in as somebody else, who
owns nothing: no table or trigger can be dropped, and what a guard refuses without a condition is
not granted either. Whoever gets the password of the application gets no further.
"""

from collections.abc import Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from andon.trail import guards

MARK = "runs andon"
_ROWS = ("INSERT", "UPDATE", "DELETE")
_READ_ONLY = ("django_migrations",)
# Roles belong to the whole server, so only those that have something here are of this database.
_MARKED = """
SELECT rolname FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = %s AND EXISTS (
  SELECT 1 FROM information_schema.table_privileges
  WHERE grantee = rolname AND table_schema = 'public' AND table_name = 'audit_entry'
)
"""


def statements(connection: Any, role: str, *, database: str) -> Iterator[str]:
    """Yield the SQL that makes ``role`` and gives it what the application needs, nothing more."""
    quote = connection.ops.quote_name
    name, text = quote(role), role.replace("'", "''")
    yield (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{text}')"  # noqa: S608
        f" THEN CREATE ROLE {name}; END IF; END $$"
    )
    yield f"ALTER ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    yield f"COMMENT ON ROLE {name} IS '{MARK}'"
    yield f"REVOKE CREATE, TEMPORARY ON DATABASE {quote(database)} FROM PUBLIC, {name}"
    yield f"GRANT CONNECT ON DATABASE {quote(database)} TO {name}"
    yield from grants(connection, role)


def grants(connection: Any, role: str) -> Iterator[str]:
    """Yield the rights on what is in the schema now; again after each migrate."""
    quote = connection.ops.quote_name
    name = quote(role)
    yield f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {name}"
    yield f"GRANT USAGE ON SCHEMA public TO {name}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {name}"
    yield f"GRANT SELECT, {', '.join(_ROWS)} ON ALL TABLES IN SCHEMA public TO {name}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"
    for table in _READ_ONLY:
        yield f"REVOKE {', '.join(_ROWS)} ON {quote(table)} FROM {name}"
    for table, operations in sorted(refused(connection).items()):
        yield f"REVOKE {', '.join(operations)} ON {quote(table)} FROM {name}"


def refused(connection: Any) -> dict[str, list[str]]:
    """Return what guards refuse on which table whatever the row: it need not be granted."""
    found: dict[str, list[str]] = {}
    for guard in guards.declared(connection):
        operation = guard.event.removeprefix("BEFORE ") if isinstance(guard, guards.Guard) else ""
        if operation in _ROWS and isinstance(guard, guards.Guard) and not guard.condition:
            found.setdefault(guard.table, []).append(operation)
    return found


def apply(role: str, *, password: str = "", using: str = DEFAULT_DB_ALIAS) -> None:
    """Make ``role`` in the database, or bring it up to date; as the owner of the tables."""
    from psycopg import sql  # noqa: PLC0415  (there is none where SQLite is enough)

    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in statements(connection, role, database=connection.settings_dict["NAME"]):
            cursor.execute(statement)
        if password:
            name, text = sql.Identifier(role), sql.Literal(password)
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, text))


def renew(using: str = DEFAULT_DB_ALIAS) -> None:
    """Give the roles that were made here what a migration added, and no more."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_MARKED, [MARK])
        for (role,) in cursor.fetchall():
            for statement in grants(connection, role):
                cursor.execute(statement)
