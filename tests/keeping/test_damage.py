"""Every damaged backup is refused, and nothing of it is restored (BK1)."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection

from andon.portal.keeping import databases, sealed, tape
from andon.portal.keeping.backing_up import back_up
from andon.portal.keeping.restoring import restore, unpack
from andon.records.workflow import Refused
from tests.committed import committed_copy
from tests.keeping.damages import PLAIN, sealed_damages
from tests.keeping.places import empty_place, put_file, standing_on, write_sites

SECRET = b"a secret of more than sixteen"
SMALL = 4096
HEAD = len(sealed.MAGIC) + 1 + sealed.SALT + sealed.PREFIX
SEALED = sealed_damages(HEAD, SMALL + sealed.TAG)


class Backups(NamedTuple):
    plain: bytes
    sealed: bytes
    forged: bytes


@pytest.fixture(scope="module")
def backups(
    _template: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backups]:
    """A good backup, an encrypted one, and one of a database edited past the application."""
    folder = tmp_path_factory.mktemp("backups")
    with committed_copy(_template, django_db_blocker, folder):
        with standing_on(connection.settings_dict["NAME"], folder / "files"):
            write_sites(3)
            for number in range(3):
                put_file(b"photo %d" % number)
            back_up(folder / "plain.tar")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(sealed, "CHUNK", SMALL)
                back_up(folder / "sealed", secret=SECRET)
            _edit_behind_the_back()
            back_up(folder / "forged.tar")
        yield Backups(*((folder / n).read_bytes() for n in ("plain.tar", "sealed", "forged.tar")))


def _edit_behind_the_back() -> None:
    edit = "UPDATE accounts_site SET name = 'Forged' WHERE code = 'S1'"
    connection.close()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(databases.sqlite_path())) as past, past:
            past.execute(edit)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(edit)
        connection.close()


def _refused(data: bytes, folder: Path, secret: bytes | None = None) -> str:
    """Assert that ``data`` is refused and that the place is as it was; return the sentence."""
    archive = folder / "archive"
    archive.write_bytes(data)
    with empty_place(folder / "place") as place:
        with pytest.raises(Refused) as refused:
            restore(archive, secret=secret)
        assert databases.is_empty()
        assert not any(path.is_file() for path in place.rglob("*"))
    assert sorted(path.name for path in folder.iterdir()) == ["archive", "place"]
    return str(refused.value)


@pytest.mark.parametrize("damage", PLAIN)
def test_BK1_a_damaged_backup_is_refused(backups: Backups, tmp_path: Path, damage: str) -> None:
    damaged = PLAIN[damage](backups.plain)

    assert damaged != backups.plain
    assert _refused(damaged, tmp_path)


@pytest.mark.parametrize("damage", SEALED)
def test_BK1_a_damaged_encrypted_backup_is_refused(
    backups: Backups, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr(sealed, "CHUNK", SMALL)
    damaged = SEALED[damage](backups.sealed)

    assert damaged != backups.sealed
    assert _refused(damaged, tmp_path, SECRET)


@pytest.mark.parametrize(
    ("kind", "secret", "sentence"),
    [
        ("sealed", b"another secret of sixteen", "does not open with that secret"),
        ("sealed", None, "This backup is encrypted"),
        ("plain", SECRET, "This backup is not encrypted"),
    ],
)
def test_BK1_the_secret_must_be_the_right_one(
    backups: Backups, tmp_path: Path, kind: str, secret: bytes | None, sentence: str
) -> None:
    assert sentence in _refused(getattr(backups, kind), tmp_path, secret)


def test_BK1_a_backup_of_edited_records_is_refused_unless_asked_for(
    backups: Backups, tmp_path: Path
) -> None:
    (first := tmp_path / "first").mkdir()
    assert "row changed" in _refused(backups.forged, first)

    with empty_place(tmp_path / "place"):
        restored = restore(first / "archive", despite_findings=True)

    assert [(f.kind, f.table_value) for f in restored.report.findings] == [
        ("row changed", "Forged")
    ]


def test_BK1_any_bit_of_a_backup_matters(backups: Backups, tmp_path: Path) -> None:
    """Flip 150 bits, one at a time, wherever they fall."""
    dice, archive = random.Random(9001), tmp_path / "archive"
    for number in range(150):
        place, bit = dice.randrange(len(backups.plain)), 1 << dice.randrange(8)
        data = bytearray(backups.plain)
        data[place] ^= bit
        archive.write_bytes(data)
        (folder := tmp_path / str(number)).mkdir()
        with pytest.raises(Refused):
            unpack(archive, folder, None)


def test_BK1_twin_without_the_manifest_a_swapped_file_would_come_back(
    backups: Backups, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin: with the check of the end off, the damage goes through."""
    monkeypatch.setattr(tape, "_check_end", lambda *_: None)
    monkeypatch.setattr("andon.portal.keeping.restoring._require_clean", lambda *_, **__: None)
    archive = tmp_path / "archive"
    archive.write_bytes(PLAIN["a bit of a stored file flipped"](backups.plain))

    with empty_place(tmp_path / "place") as place:
        restore(archive)

        names = [path for path in (place / "files").rglob("*") if path.is_file()]
        assert any(tape.hashlib.sha256(p.read_bytes()).hexdigest() != p.name for p in names)


def test_BK1_twin_without_the_verification_edited_records_would_come_back(
    backups: Backups, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.portal.keeping.restoring._require_clean", lambda *_, **__: None)
    archive = tmp_path / "archive"
    archive.write_bytes(backups.forged)

    with empty_place(tmp_path / "place"):
        assert restore(archive).report.findings


def test_BK1_twin_without_marking_the_last_chunk_a_cut_would_not_be_seen(
    backups: Backups, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sealed, "CHUNK", SMALL)
    monkeypatch.setattr(
        sealed, "_nonce", lambda prefix, number, **_: prefix + number.to_bytes(5, "big")
    )
    path = tmp_path / "sealed"
    with path.open("wb") as out, sealed.sealing(out, SECRET) as sink:
        sink.write(b"x" * 3 * SMALL)
    data = path.read_bytes()
    path.write_bytes(data[: HEAD + SMALL + sealed.TAG])

    with path.open("rb") as cut:
        assert sealed.SealedReader(cut, SECRET).read(3 * SMALL) == b"x" * SMALL
