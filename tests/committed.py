"""A database of its own for tests that need real commits, several connections, or raw SQL.

Django's way for that (`transactional_db`) empties all tables after the test, which the guards of
the trail refuse. So each such test gets a fresh copy of the migrated test database, which stays
as pytest-django made it: in memory on SQLite, ``test_…`` on PostgreSQL.
"""

import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from pytest_django.live_server_helper import LiveServer

from andon.trail.gate import opened

_T = TypeVar("_T")


@pytest.fixture(scope="session")
def _template(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The database to copy: a file on SQLite, a name on PostgreSQL."""
    if connection.vendor != "sqlite":
        return str(connection.settings_dict["NAME"])
    path = tmp_path_factory.mktemp("template") / "andon.sqlite3"
    with django_db_blocker.unblock(), opened(), connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    return str(path)


@pytest.fixture
def committed_db(_template: str, django_db_blocker: Any, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database, really committed to; yields its URL for other processes."""
    with committed_copy(_template, django_db_blocker, tmp_path) as url:
        yield url


@contextmanager
def committed_copy(template: str, blocker: Any, folder: Path) -> Iterator[str]:
    """Stand on a copy of ``template`` for a while, such as that of a whole file of tests."""
    original = connections[DEFAULT_DB_ALIAS]
    made: list[Any] = []
    create = type(connections).create_connection

    def remembered(handler: Any, alias: str) -> Any:
        made.append(create(handler, alias))
        return made[-1]

    with pytest.MonkeyPatch.context() as patch, blocker.unblock():
        patch.setattr(type(connections), "create_connection", remembered)
        # Other processes of the test keep its checkpoints in the same place.
        patch.setattr(settings, "CHECKPOINTS", folder / "checkpoints.txt")
        patch.setenv("ANDON_CHECKPOINTS", str(folder / "checkpoints.txt"))
        name = _copy(template, folder)
        kept = original.settings_dict["NAME"]
        del connections[DEFAULT_DB_ALIAS]
        original.settings_dict["NAME"] = name
        try:
            yield _url(original.settings_dict)
        finally:
            for wrapper in made:
                wrapper.inc_thread_sharing()
                wrapper.close()
            original.settings_dict["NAME"] = kept
            connections[DEFAULT_DB_ALIAS] = original
            _drop(name)


@pytest.fixture
def committed_server(committed_db: str) -> Iterator[str]:
    """The application served by threads on a `committed_db`; yields its address, for browsers.

    Instead of pytest-django's `live_server`, which would empty all tables after the test.
    """
    with served() as address:
        yield address


@contextmanager
def served() -> Iterator[str]:
    """Serve the application by threads, on the database that is stood on; yields its address."""
    server = LiveServer("127.0.0.1")
    try:
        yield server.url
    finally:
        server.stop()


def together(count: int, function: Callable[[int], _T]) -> list[_T]:
    """Run ``function(0)`` … at the same moment in ``count`` threads, each with its connection."""
    barrier = threading.Barrier(count)

    def run(number: int) -> _T:
        try:
            barrier.wait()
            return function(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def _copy(template: str, folder: Path) -> str:
    if connection.vendor == "sqlite":
        return str(shutil.copy(template, folder / "andon.sqlite3"))
    name = f"test_copy_{uuid.uuid4().hex[:12]}"
    connection.close()  # a template must have no connection
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def _drop(name: str) -> None:
    if connection.vendor != "sqlite":
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _url(settings: dict[str, Any]) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    user = f"{settings['USER']}:{settings['PASSWORD']}"
    return f"postgres://{user}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
