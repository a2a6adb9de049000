"""A factory with something in it, and empty places to bring it to."""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from andon.accounts.models import Site
from andon.trail.models import AuditEntry
from andon.trail.services import SYSTEM, audited

WRITER = SYSTEM("writer")


def write_sites(count: int, *, prefix: str = "S") -> None:
    """Make ``count`` sites, one after the other, with names that are not only ASCII."""
    for number in range(count):
        with audited(WRITER, reason="für den Test"):
            Site.objects.create(code=f"{prefix}{number}", name=f"Wärk “{number}” 工場")


def put_file(content: bytes) -> Path:
    """Lay ``content`` where stored files lie."""
    digest = hashlib.sha256(content).hexdigest()
    path = Path(settings.FILES) / digest[:2] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@contextmanager
def standing_on(name: str, files: Path) -> Iterator[None]:
    """Use another database and another store of files for a while."""
    kept = connection.settings_dict["NAME"], settings.FILES
    connection.close()
    connection.settings_dict["NAME"], settings.FILES = name, files
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"], settings.FILES = kept


@contextmanager
def empty_place(folder: Path) -> Iterator[Path]:
    """Stand on a database that holds nothing and a store without files; yields its folder."""
    folder.mkdir(parents=True)
    if connection.vendor == "sqlite":
        with standing_on(str(folder / "andon.sqlite3"), folder / "files"):
            yield folder
        return
    name = f"test_place_{uuid.uuid4().hex[:12]}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        with standing_on(name, folder / "files"):
            yield folder
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def chain() -> list[tuple[Any, ...]]:
    """Return the whole trail as it is stored."""
    rows = AuditEntry.objects.order_by("stream", "seq")
    return list(rows.values_list("stream", "seq", "prev_hash", "entry_hash", "payload"))
