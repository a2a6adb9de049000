"""The drill restores the newest backup for real, somewhere else, and keeps the result (BK2)."""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from andon.cli.main import main
from andon.organization import clock
from andon.portal.keeping import backing_up, databases, drilling, jobs
from andon.portal.keeping.models import KeepingRun, Kind
from andon.records.workflow import Refused
from tests.keeping.places import chain, put_file, write_sites

SECRET = b"a secret of more than sixteen"


@pytest.fixture
def backups(committed_db: str, tmp_path: Path, settings: Any, monkeypatch: Any) -> Path:
    """A factory whose folder for backups is set; yields the folder."""
    settings.FILES, settings.BACKUPS = tmp_path / "files", tmp_path / "backups"
    (tmp_path / "secret").write_bytes(SECRET + b"\n")
    settings.BACKUP_SECRET_FILE = str(tmp_path / "secret")
    monkeypatch.setenv("ANDON_BACKUP_SECRET_FILE", settings.BACKUP_SECRET_FILE)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    write_sites(3)
    put_file(b"a photo")
    return settings.BACKUPS


def _left() -> list[str]:
    """Return what a drill has left behind."""
    left = [path.name for path in Path(tempfile.gettempdir()).iterdir()]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'andon_drill_%'")
            left += [name for (name,) in cursor.fetchall()]
    return left


def test_BK2_the_worker_backs_up_and_drills_by_itself(backups: Path) -> None:
    jobs.backup(clock.now())
    before = chain()
    jobs.drill(clock.now())

    made, drilled = KeepingRun.objects.order_by("pk")
    assert (made.kind, made.is_good, made.is_encrypted) == (Kind.BACKUP, True, True)
    assert (drilled.kind, drilled.is_good, drilled.trouble) == (Kind.DRILL, True, "")
    assert (drilled.entries, drilled.files_count) == (made.entries, 1)
    assert drilled.newest_at == made.newest_at
    assert drilled.seconds > 0
    assert drilled.loss.total_seconds() >= 0
    assert set(before) <= set(chain()), "The drill touched nothing of ours."
    assert _left() == []


def test_BK2_a_backup_that_cannot_be_restored_is_a_failed_drill(backups: Path) -> None:
    jobs.backup(clock.now())
    archive = backing_up.listed(backups)[0]
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 1
    archive.write_bytes(data)

    with pytest.raises(Refused, match=r"does not open with that secret|damaged"):
        jobs.drill(clock.now())

    drilled = KeepingRun.objects.get(kind=Kind.DRILL)
    assert not drilled.is_good
    assert "Nothing was restored" in drilled.trouble
    assert _left() == []


def test_BK2_a_drill_does_not_go_to_the_database_of_the_owner(
    backups: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path / "real.sqlite3"
    monkeypatch.setenv("ANDON_OWNER_URL", f"sqlite:///{real}")
    jobs.backup(clock.now())
    jobs.drill(clock.now())

    assert KeepingRun.objects.get(kind=Kind.DRILL).is_good
    assert not real.exists(), "A restore by hand goes there; the drill has its own place."


@pytest.mark.parametrize("command", ["migrate", "restore", "load"])
def test_AT7_what_builds_the_database_signs_in_as_its_owner(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDON_OWNER_URL", "sqlite:///owner.sqlite3")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///application.sqlite3")
    asked = []

    class Module:
        @staticmethod
        def run(_options: Any) -> int:
            asked.append(os.environ["DATABASE_URL"])
            return 0

    monkeypatch.setattr("andon.cli.main._loaded", lambda _module: Module)
    words = {"migrate": [], "restore": ["a.backup"], "load": ["export"]}[command]
    assert main([command, *words]) == 0
    assert asked == ["sqlite:///owner.sqlite3"]


def test_BK2_a_drill_without_a_backup_says_what_to_do(backups: Path, settings: Any) -> None:
    with pytest.raises(Refused, match="andon backup"):
        drilling.drill()
    settings.BACKUPS = None
    with pytest.raises(Refused, match="ANDON_BACKUPS"):
        drilling.drill()


@pytest.mark.postgres
def test_BK2_a_user_who_may_make_no_database_is_told_how_to_get_there(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs no right for it")
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_user LOGIN PASSWORD 'plain'")
    try:
        with monkeypatch.context() as patch:
            patch.setitem(connection.settings_dict, "USER", "plain_user")
            patch.setitem(connection.settings_dict, "PASSWORD", "plain")
            with (
                pytest.raises(Refused, match="ALTER ROLE plain_user CREATEDB"),
                databases.temporary_postgresql("andon_drill_x"),
            ):
                pass
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP ROLE plain_user")
