"""A backup is taken while others write, and comes back whole (BK1)."""

import shutil
import sqlite3
import subprocess
import tarfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from andon.accounts.models import Site
from andon.portal.keeping import databases
from andon.portal.keeping.backing_up import back_up, listed
from andon.portal.keeping.models import KeepingRun
from andon.portal.keeping.restoring import restore
from andon.records.workflow import Refused
from andon.store.shelf import OutOfReach
from andon.trail.models import AuditEntry
from andon.trail.services import audited, retrying
from andon.trail.verify import verify
from tests.committed import together
from tests.keeping.places import WRITER, chain, empty_place, put_file, write_sites


@pytest.fixture
def factory(committed_db: str, tmp_path: Path, settings) -> Path:
    """A database with some history and a stored file; yields a folder for backups."""
    settings.FILES = tmp_path / "files"
    write_sites(3)
    put_file(b"a photo")
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("secret", [None, b"a secret of sixteen and more"])
def test_BK1_a_backup_comes_back_whole_into_an_empty_place(factory, tmp_path, secret) -> None:
    before = chain()
    run = back_up(factory, secret=secret)

    with empty_place(tmp_path / "place") as place:
        restored = restore(factory / run.archive, secret=secret)

        assert restored.report.clean
        assert verify().clean
        assert chain()[:3] == before[:3]
        assert Site.objects.count() == 3
        assert KeepingRun.objects.get(kind="restore").entries == run.entries
        assert [p.read_bytes() for p in (place / "files").rglob("*") if p.is_file()] == [b"a photo"]


WRITERS, BACKUPS = 8, 2


def test_BK1_backups_under_eight_writers_are_each_of_one_moment(factory, tmp_path) -> None:
    """The drill of must-show 7: whatever was acknowledged before a backup began is in it."""
    done = threading.Event()
    acknowledged: list[int] = []

    @retrying
    def write(name: str) -> None:
        put_file(name.encode())
        with audited(WRITER):
            Site.objects.create(code=name, name=name)

    def work(number: int) -> int:
        if number:
            for count in range(10_000):
                if done.is_set():
                    return count
                write(f"{number}W{count}")
        try:
            for count in range(BACKUPS):
                acknowledged.append(AuditEntry.objects.filter(stream="records").count())
                back_up(factory / f"{count}.tar")
        finally:
            done.set()
        return 0

    written = together(WRITERS + 1, work)
    whole = chain()

    assert min(written[1:]) > 0, "Everybody went on writing."
    for count in range(BACKUPS):
        with empty_place(tmp_path / f"place{count}"):
            restored = restore(factory / f"{count}.tar")
            entries = restored.about.heads["records"][0]
            back = [row for row in chain() if row[0] == "records"][:entries]

            assert restored.report.clean
            assert entries >= acknowledged[count]
            assert set(back) <= set(whole)
            assert restored.files_count >= Site.objects.count() - 3 + 1


def test_BK1_twin_a_copy_of_the_file_alone_would_lose_acknowledged_writes(factory) -> None:
    """The broken twin: what a plain file copy of SQLite has while the server runs."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no one file to copy")
    copy = factory / "copy.sqlite3"
    shutil.copy(databases.sqlite_path(), copy)

    with closing(sqlite3.connect(copy)) as copied:
        (entries,) = copied.execute("SELECT count(*) FROM audit_entry").fetchone()

    assert entries < AuditEntry.objects.count()


def test_BK1_a_backup_never_stands_there_half(factory, monkeypatch) -> None:
    """The disk is full in the middle: a sentence, and nothing is left."""

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("andon.portal.keeping.tape.TapeWriter.add_file", full)

    with pytest.raises(Refused, match="No space left on device"):
        back_up(factory)

    assert list(factory.iterdir()) == []
    run = KeepingRun.objects.get()
    assert (run.is_good, "No space left" in run.trouble) == (False, True)


def test_BK1_only_the_newest_backups_are_kept(factory) -> None:
    for day in range(1, 5):
        (factory / f"andon-2026110{day}T000000Z.tar").write_bytes(b"old")
    (factory / "andon-notes.tar").write_bytes(b"not ours")

    run = back_up(factory, keep=2)

    assert [path.name for path in listed(factory)] == ["andon-20261104T000000Z.tar", run.archive]
    assert (factory / "andon-notes.tar").exists()


def test_BK1_a_backup_is_never_written_over(factory) -> None:
    back_up(factory / "one.tar")

    with pytest.raises(Refused, match="is there already"):
        back_up(factory / "one.tar")


def test_BK1_a_short_secret_is_refused(factory) -> None:
    with pytest.raises(Refused, match="too short"):
        back_up(factory, secret=b"short")

    assert list(factory.iterdir()) == []


def test_BK1_a_stored_file_altered_on_disk_is_told_at_once(factory) -> None:
    put_file(b"a second photo").write_bytes(b"altered")

    run = back_up(factory)

    assert not run.is_good
    assert "1 stored files" in run.trouble


@pytest.mark.parametrize("what", ["database", "files"])
def test_BK1_a_place_that_is_not_empty_is_left_alone(factory, tmp_path, what) -> None:
    run = back_up(factory)

    if what == "database":
        with pytest.raises(Refused, match="database already"):
            restore(factory / run.archive)
        return
    with empty_place(tmp_path / "place") as place:
        put_file(b"somebody's")
        with pytest.raises(Refused, match="files already"):
            restore(factory / run.archive)
        assert databases.is_empty()
        assert sum(path.is_file() for path in place.rglob("*")) == 1


def test_BK1_an_unpacked_backup_can_be_checked_without_andon(factory, tmp_path) -> None:
    """No lock-in: any tar unpacks it, and sha256sum checks it."""
    run = back_up(factory)
    with tarfile.open(factory / run.archive) as tar:
        tar.extractall(tmp_path / "out", filter="data")

    for manifest in ("MANIFEST.sha256", "MANIFEST"):
        subprocess.run(
            ["sha256sum", "--check", "--strict", manifest], cwd=tmp_path / "out", check=True
        )


def test_BK1_a_shelf_that_fails_at_the_end_leaves_no_database_behind(
    factory, tmp_path, monkeypatch
) -> None:
    run = back_up(factory)
    put_file(b"one more")

    with empty_place(tmp_path / "place") as place:
        monkeypatch.setattr(
            "andon.store.folder.Folder.put", raising(OutOfReach("The disk is full."))
        )
        with pytest.raises(Refused, match="The disk is full"):
            restore(factory / run.archive)

        assert databases.is_empty()
        assert not any(path.is_file() for path in place.rglob("*"))


def raising(error: Exception) -> Callable[..., None]:
    def fail(*_args: object) -> None:
        raise error

    return fail
