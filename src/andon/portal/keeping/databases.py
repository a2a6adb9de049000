"""Copies of a database that others write to meanwhile, and how a copy is put back (BK1).

SQLite: ``VACUUM INTO`` from a reading connection, one moment of the database while writers go on.
PostgreSQL: ``pg_dump`` in its custom format, of the snapshot this process holds. What is said of
the copy (heads, migrations) is read from that very moment.
"""

import gzip
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from andon.records.workflow import Refused
from andon.trail.verify import snapshot

from . import clients

SQLITE, POSTGRESQL = "database.sqlite3.gz", "database.dump"
NAMES = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
_PIECE = 1 << 20

_HEADS = "SELECT stream, seq, entry_hash FROM audit_head ORDER BY stream"
_NEWEST = "SELECT max(at) FROM audit_entry"
_CHECKPOINTS = "SELECT text FROM audit_checkpoint ORDER BY number"
_MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"


@dataclass(frozen=True)
class Moment:
    """What a database says of itself at one moment."""

    heads: dict[str, list[Any]]
    newest: str
    migrations: list[str]

    @property
    def entries(self) -> int:
        return sum(seq for seq, _digest in self.heads.values())


@dataclass(frozen=True)
class Copy:
    """A copy in a file, and what it holds."""

    path: Path
    name: str
    plain_size: int
    moment: Moment
    checkpoints: Path


def moment(cursor: Any) -> Moment:
    """Read what the database behind ``cursor`` says of itself."""
    cursor.execute(_HEADS)
    heads = {stream: [seq, digest] for stream, seq, digest in cursor.fetchall()}
    cursor.execute(_NEWEST)
    (newest,) = cursor.fetchone()
    cursor.execute(_MIGRATIONS)
    migrations = [f"{app}.{name}" for app, name in cursor.fetchall()]
    return Moment(heads, _instant(newest), migrations)


def copy(folder: Path) -> Copy:
    """Copy the database in use into ``folder``; writers are not kept waiting."""
    return _copied_sqlite(folder) if connection.vendor == "sqlite" else _dumped(folder)


def is_empty() -> bool:
    """Whether the database in use holds nothing; asks without making one."""
    if connection.vendor == "sqlite":
        path = sqlite_path()
        return not path.exists() or path.stat().st_size == 0
    return not connection.introspection.table_names()


def sqlite_path() -> Path:
    """Return the file of the database in use."""
    return Path(str(connection.settings_dict["NAME"]))


def unpack_sqlite(packed: Path, target: Path, size: int) -> None:
    """Unpack a copy, no more than the ``size`` it is said to have, and have SQLite check it."""
    left = size + 1
    try:
        with gzip.open(packed, "rb") as source, target.open("wb") as file:
            while left and (piece := source.read(min(_PIECE, left))):
                file.write(piece)
                left -= len(piece)
    except (OSError, EOFError) as error:
        raise _unreadable() from error
    if left != 1:
        raise _unreadable()
    try:
        with closing(sqlite3.connect(target)) as opened:
            (said,) = opened.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise _unreadable() from error
    if said != "ok":
        raise _unreadable()


def restore_postgresql(dump: Path) -> None:
    """Bring a dump into the empty database in use, all of it or nothing."""
    connection.close()
    clients.run(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        f"--dbname={connection.settings_dict['NAME']}", dump,
    )  # fmt: skip


def empty_postgresql() -> None:
    """Take everything out of a database that was empty before; only for a refused restore."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p"
            " WHERE p.pronamespace = current_schema()::regnamespace"
            " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function} CASCADE")


@contextmanager
def temporary_postgresql(name: str) -> Iterator[str]:
    """Make an empty database beside the one in use, and drop it afterwards."""
    quoted = connection.ops.quote_name(name)
    with connection._nodb_cursor() as cursor:  # noqa: SLF001  (Django's own way to the server)
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() != (True,):
            raise Refused(
                _(
                    "The drill needs a temporary database, and the user of the database may not"
                    " make one. Let an administrator of PostgreSQL run: ALTER ROLE %s CREATEDB"
                )
                % connection.settings_dict["USER"]
            )
        cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0")
        try:
            yield name
        finally:
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")


def _copied_sqlite(folder: Path) -> Copy:
    plain, packed = folder / "database.sqlite3", folder / SQLITE
    address = f"{sqlite_path().resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=60)) as source:
        source.execute("VACUUM INTO ?", [str(plain)])
    with closing(sqlite3.connect(plain)) as copied:
        said = moment(copied.cursor())
        checkpoints = _checkpoints(copied.cursor(), folder)
    with (
        plain.open("rb") as source_file,
        packed.open("wb") as file,
        # Without name and time, so that the same content gives the same bytes.
        gzip.GzipFile("", "wb", 1, file, mtime=0) as packing,
    ):
        shutil.copyfileobj(source_file, packing, _PIECE)
    size = plain.stat().st_size
    plain.unlink()
    return Copy(packed, SQLITE, size, said, checkpoints)


def _dumped(folder: Path) -> Copy:
    path = folder / POSTGRESQL
    with snapshot(), connection.cursor() as cursor:
        said, checkpoints = moment(cursor), _checkpoints(cursor, folder)
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone()
        clients.run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--compress=1",
            f"--snapshot={name}", f"--file={path}",
        )  # fmt: skip
    return Copy(path, POSTGRESQL, path.stat().st_size, said, checkpoints)


def _checkpoints(cursor: Any, folder: Path) -> Path:
    """Write every checkpoint of the copy as the append-only file has them."""
    path = folder / "checkpoints.txt"
    cursor.execute(_CHECKPOINTS)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        while rows := cursor.fetchmany(1000):
            file.writelines(f"{text}\n" for (text,) in rows)
    return path


def _instant(value: Any) -> str:
    """Return an instant as the trail writes it; SQLite gives text, PostgreSQL a datetime."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else value.strftime("%Y-%m-%d %H:%M:%S.%f")
    text = text if "." in text else f"{text}.000000"
    return f"{text.replace(' ', 'T')}Z"


def _unreadable() -> Refused:
    return Refused(
        _("The database in this backup cannot be read. Nothing was restored; take another.")
    )
