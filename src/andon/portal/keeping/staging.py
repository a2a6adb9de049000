"""Standing on what was unpacked, before it is put in place; what is refused leaves nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from . import databases
from .about import About

DATABASE = "andon.sqlite3"


@contextmanager
def staged(said: About, folder: Path) -> Iterator[None]:
    """Stand on the unpacked database and files; what is refused leaves nothing behind."""
    before = connection.settings_dict["NAME"], settings.FILES
    settings.FILES = folder / "files"
    try:
        if connection.vendor == "sqlite":
            target = folder / DATABASE
            databases.unpack_sqlite(folder / said.database, target, said.database_size)
            (folder / said.database).unlink()
            connection.close()
            connection.settings_dict["NAME"] = str(target)
            yield
            _fold_journal()
        else:
            databases.restore_postgresql(folder / said.database)
            yield
    finally:
        connection.close()
        connection.settings_dict["NAME"], settings.FILES = before


@contextmanager
def emptied_when_refused() -> Iterator[None]:
    """Leave a database of PostgreSQL as empty as it was; SQLite is staged beside its place."""
    try:
        yield
    except BaseException:
        if connection.vendor == "postgresql":
            databases.empty_postgresql()
        raise


def _fold_journal() -> None:
    """Put all of a SQLite database into its one file."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
