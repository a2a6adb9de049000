"""A restore is held against the checkpoints that somebody kept (BK1, AT9)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from andon.entry.models import Session
from andon.organization import clock
from andon.portal.keeping import databases, kept
from andon.portal.keeping.backing_up import back_up
from andon.portal.keeping.restoring import restore
from andon.records.workflow import Refused
from andon.trail import checkpoints
from andon.trail.models import Checkpoint
from andon.trail.verify import verify
from tests.keeping.places import empty_place, write_sites


@pytest.fixture
def archive(committed_db: str, tmp_path: Path, settings: Any) -> Path:
    """A backup of three sites, and a database that went on after it."""
    settings.FILES = tmp_path / "files"
    write_sites(3)
    back_up(tmp_path / "backup.tar")
    return tmp_path / "backup.tar"


@contextmanager
def elsewhere(folder: Path) -> Iterator[None]:
    """An empty place on another machine: no file of checkpoints survived there."""
    place = settings.CHECKPOINTS
    with empty_place(folder):
        settings.CHECKPOINTS = folder / "checkpoints.txt"
        try:
            yield
        finally:
            settings.CHECKPOINTS = place


def test_BK1_a_restore_is_verified_against_the_checkpoint_it_carries(archive, tmp_path) -> None:
    with elsewhere(tmp_path / "place"):
        restored = restore(archive)

        assert restored.report.trusted
        assert restored.warnings == []
        assert Checkpoint.objects.order_by("number").last().reason == "restore"
        again = verify(checkpoints.read_file())
        assert again.findings == []
        assert again.trusted


def test_BK1_a_backup_older_than_the_file_of_checkpoints_says_so_loudly(archive, tmp_path) -> None:
    write_sites(2, prefix="LATER")
    checkpoints.checkpoint("test")

    with empty_place(tmp_path / "place"):
        restored = restore(archive)
        after = verify()

    assert restored.warnings[0].startswith("WARNING: this backup is OLDER than checkpoint 2")
    assert after.findings == []
    assert any("was lost when a backup was restored" in remark for remark in after.remarks)


def test_BK1_a_checkpoint_kept_in_a_mail_says_it_too(archive, tmp_path) -> None:
    write_sites(2, prefix="LATER")
    mail = tmp_path / "mail.txt"
    mail.write_text(checkpoints.checkpoint("test").text, encoding="utf-8")

    with elsewhere(tmp_path / "place"):
        restored = restore(archive, kept_notes=kept.read(mail))

    assert "At least 4 entries" in restored.warnings[0], "two sites, the backup twice"


def test_BK1_a_history_rewritten_before_the_backup_is_found_by_a_kept_checkpoint(
    archive, tmp_path, monkeypatch
) -> None:
    (note,) = kept.read(Path(settings.CHECKPOINTS))
    heads = {**note.heads, "records": (3, b"\\1" * 32)}
    forged = kept.Note(**{**note.__dict__, "heads": heads})

    with elsewhere(tmp_path / "place"):
        with pytest.raises(Refused, match="it was rewritten"):
            restore(archive, kept_notes=[forged])

        assert databases.is_empty()
        assert not list((tmp_path / "place").rglob("*/files/*/*"))


def test_BK1_a_checkpoint_of_another_trail_is_told_and_nothing_else(archive, tmp_path) -> None:
    (note,) = kept.read(Path(settings.CHECKPOINTS))
    stranger = kept.Note(**{**note.__dict__, "origin": "andon/0123456789abcdef"})

    with elsewhere(tmp_path / "place"):
        restored = restore(archive, kept_notes=[stranger])

    assert restored.warnings == [
        "1 kept checkpoints are of another trail and say nothing of this one."
    ]


def test_BK1_a_file_without_a_checkpoint_is_refused(tmp_path) -> None:
    (tmp_path / "note.txt").write_text("Dear colleagues", encoding="utf-8")

    with pytest.raises(Refused, match="There is no checkpoint"):
        kept.read(tmp_path / "note.txt")


def test_BK1_nobody_is_signed_in_after_a_restore(committed_db, tmp_path, settings) -> None:
    settings.FILES = tmp_path / "files"
    write_sites(1)
    now = clock.now()
    Session.objects.create(session_key="k", session_data="", expire_date=now, since=now, seen=now)
    back_up(tmp_path / "backup.tar")

    with elsewhere(tmp_path / "place"):
        restore(tmp_path / "backup.tar")

        assert not Session.objects.exists()
    assert Session.objects.exists(), "Here nothing was restored."


def test_BK1_a_backup_made_without_a_signing_key_comes_back_and_says_so(
    committed_db, tmp_path, settings
) -> None:
    settings.FILES = tmp_path / "files"
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_MADE = tmp_path / "no-key", False
    write_sites(1)
    back_up(tmp_path / "backup.tar")

    with elsewhere(tmp_path / "place"):
        restored = restore(tmp_path / "backup.tar")

    assert restored.report.clean
    assert restored.warnings == ["This backup carries no signed checkpoint."]
