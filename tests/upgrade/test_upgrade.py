"""Every release with data is brought up to this one, also when it is killed half-way (BK2)."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from andon.records.models import Record
from andon.trail import guards
from andon.trail.models import AuditEntry
from andon.trail.verify import verify
from tests.committed import committed_copy
from tests.keeping.places import chain, empty_place, standing_on
from tests.upgrade import old

KILLS = int(os.environ.get("ANDON_UPGRADE_KILLS", "1"))
# Counts what changes the database, and dies at the wanted one as by `kill -9`.
DYING = """
import os, signal, sys
from django.db.backends.base.schema import BaseDatabaseSchemaEditor as Editor
import andon.trail.guards as guards
deadly, count = int(sys.argv[1]), 0
def dying(function):
    def run(*args, **kwargs):
        global count
        count += 1
        result = function(*args, **kwargs)
        if count == deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return run
Editor.execute = dying(Editor.execute)
guards.install = dying(guards.install)
from andon.cli.main import main
code = main(["migrate"])
print("STATEMENTS", count)
sys.exit(code)
"""


@pytest.fixture(scope="module", params=old.RELEASES, ids=lambda path: path.name.split(".jsonl")[0])
def release(
    request: Any, _template: str, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[tuple[str, Path]]:
    """A database of the release, to be copied; and its stored files."""
    folder = tmp_path_factory.mktemp("release")
    with (
        committed_copy(_template, django_db_blocker, folder),
        empty_place(folder / "old") as place,
    ):
        old.make(request.param)
        connection.close()
        yield str(connection.settings_dict["NAME"]), place / "files"


@contextmanager
def a_copy(release: tuple[str, Path], folder: Path) -> Iterator[dict[str, str]]:
    """Stand on a copy of the old database; yields the environment that names it."""
    template, files = release
    connection.close()
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        name = str(folder / "andon.sqlite3")
        shutil.copy(template, name)
        url = f"sqlite:///{name}"
    else:
        name = f"test_upgrade_{uuid.uuid4().hex[:12]}"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        user = f"{known['USER']}:{known['PASSWORD']}"
        url = f"postgres://{user}@{known['HOST']}:{known['PORT']}/{name}"
    place = settings.CHECKPOINTS
    settings.CHECKPOINTS = folder / "checkpoints.txt"
    try:
        with standing_on(name, files):
            yield {**os.environ, "DATABASE_URL": url, "ANDON_DATA": str(folder)}
    finally:
        settings.CHECKPOINTS = place
        if connection.vendor != "sqlite":
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def is_whole(before: list[tuple[Any, ...]]) -> None:
    """Assert that nothing is missing, nothing was lost, and all of it is verified."""
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert guards.missing() == []
    assert verify().findings == []
    assert set(before) <= set(chain()), "The history of before is still there, byte for byte."


@pytest.mark.slow
def test_BK2_a_release_with_data_is_brought_up_to_this_one(
    release: tuple[str, Path], tmp_path: Path
) -> None:
    with a_copy(release, tmp_path):
        before, records = chain(), Record.objects.count()
        call_command("migrate", interactive=False, verbosity=0)

        is_whole(before)
        assert Record.objects.count() == records > 0
        assert len(before) > 1000


@pytest.mark.slow
def test_BK2_an_upgrade_killed_half_way_is_gone_on_with(
    release: tuple[str, Path], tmp_path: Path
) -> None:
    (whole := tmp_path / "whole").mkdir()
    with a_copy(release, whole) as environment:
        done = _migrated(environment, 0)
        assert done.returncode == 0, done.stderr
    statements = int(done.stdout.split("STATEMENTS")[1])
    assert statements > KILLS
    for number in range(1, KILLS + 1):
        (folder := tmp_path / str(number)).mkdir()
        with a_copy(release, folder) as environment:
            before = chain()
            killed = _migrated(environment, statements * number // (KILLS + 1))
            assert killed.returncode == -9, killed.stderr
            call_command("migrate", interactive=False, verbosity=0)
            is_whole(before)


def _migrated(environment: dict[str, str], deadly: int) -> "subprocess.CompletedProcess[str]":
    """Run ``andon migrate`` in a process of its own, killed after so many statements."""
    command = [sys.executable, "-c", DYING, str(deadly)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_BK2_twin_a_row_lost_on_the_way_up_would_be_found(
    release: tuple[str, Path], tmp_path: Path
) -> None:
    """The broken twin: a migration that forgets one comment."""
    with a_copy(release, tmp_path):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.cursor.connection.set_authorizer(None)
            first = "(SELECT min(id) FROM records_comment)"
            cursor.execute(f"DELETE FROM records_comment WHERE id = {first}")
        call_command("migrate", interactive=False, verbosity=0)

        assert [finding.kind for finding in verify().findings] == ["event without row"]
        assert AuditEntry.objects.exists()
