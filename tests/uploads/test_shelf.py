"""The shelf: durable, never over others, swept only of what nobody carries (UP2), and S3."""

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.tests.factories import reported
from andon.organization import clock
from andon.records import files
from andon.records.models import Record
from andon.records.workflow import Refused
from andon.store import folder, gate, jobs, keeping, seam, shelf
from andon.store.checks import check_store
from andon.store.models import StoredFile
from andon.store.names import cleaned_name, disposition
from andon.trail.models import AuditEntry
from andon.trail.services import SYSTEM, audited
from andon.trail.verify import verify

pytestmark = pytest.mark.django_db
LATER = timedelta(days=2)


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def manager() -> User:
    return a_person(Role.MANAGER, SiteFactory.create(code="ABC1"))


@pytest.fixture
def record(manager: User) -> Record:
    return reported(manager, Site.objects.get(code="ABC1"))


def upload(data: bytes = b"plain words", name: str = "note.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def aged(root: Path) -> None:
    """Let everything in the folder and the table be two days old."""
    then = (clock.now() - LATER).timestamp()
    for path in root.rglob("*"):
        os.utime(path, (then, then))
    StoredFile.objects.update(kept_at=clock.now() - LATER)


def test_UP2_bytes_are_on_disk_with_their_name_before_the_row_is_committed(
    monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    done: list[str] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append("fsync"), real(handle))[1])
    named = folder._named
    monkeypatch.setattr(folder, "_named", lambda a, b: (done.append("name"), named(a, b))[1])

    sha256 = shelf.put(b"words")

    # The bytes, then the name, then the folder that holds the name, then the folder above.
    assert done == ["fsync", "name", "fsync", "fsync"]
    assert (root / sha256[:2] / sha256).read_bytes() == b"words"
    assert [path.name for path in root.rglob("*") if path.is_file()] == [sha256]


def test_UP2_a_write_that_is_cut_off_leaves_nothing_under_the_name(
    monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(shelf.OutOfReach, match="No space left on device"):
        shelf.put(b"words")
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_UP2_a_full_disk_is_a_sentence_and_reading_goes_on(
    record: Record, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = files.attach(record, upload(b"first"), by=manager)

    def full(*_args: Any, **_options: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder.tempfile, "mkstemp", full)

    with pytest.raises(Refused, match="Nothing was kept"):
        files.attach(record, upload(b"second"), by=manager)
    assert files.read(first) == b"first"
    assert record.attachments.count() == 1


def test_UP2_bytes_are_never_written_over_and_altered_ones_never_pass_for_kept(root: Path) -> None:
    sha256 = shelf.put(b"words")
    shelf.path_of(sha256).write_bytes(b"other")

    with pytest.raises(shelf.OutOfReach, match="altered"):
        shelf.put(b"words")
    folder.Folder(root).put(sha256, b"words")

    assert shelf.path_of(sha256).read_bytes() == b"other"


def test_UP2_two_who_write_the_same_at_once_leave_one_whole_file(root: Path) -> None:
    sha256 = hashlib.sha256(b"words").hexdigest()
    temporary = root / "ab"
    temporary.parent.mkdir(parents=True)
    temporary.write_bytes(b"words")
    shelf.put(b"words")

    folder._named(temporary, shelf.path_of(sha256))

    assert shelf.read(sha256) == b"words"


def test_UP2_the_sweep_takes_what_nobody_carries_and_nothing_else(
    record: Record, manager: User, root: Path
) -> None:
    carried = files.attach(record, upload(b"carried"), by=manager)
    withdrawn = files.attach(record, upload(b"withdrawn"), by=manager)
    with audited(manager, reason="t"):
        withdrawn.withdrawn_reason = "wrong file"
        withdrawn.save()
    loose = shelf.put(b"loose")
    aged(root)
    (root / loose[:2] / ".new-half").write_bytes(b"ha")
    young = shelf.put(b"young")

    jobs.sweep(clock.now())

    there = {path.name for path in root.rglob("*") if path.is_file()}
    assert there == {carried.sha256, withdrawn.sha256, young, ".new-half"}
    told = AuditEntry.objects.filter(stream="security", action="files swept").get()
    assert loose in told.payload
    jobs.sweep(clock.now() + LATER)
    assert {path.name for path in root.rglob("*") if path.is_file()} == {
        carried.sha256,
        withdrawn.sha256,
    }
    assert [one for one in verify().findings if one.kind == "file"] == []


def test_UP2_an_upload_that_comes_while_the_sweep_looks_keeps_its_bytes(
    record: Record, manager: User, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put(b"plain words")
    aged(root)
    real, asked = seam.in_use, []

    def in_use(*args: Any, **options: Any) -> Any:
        found = list(real(*args, **options))
        if not asked:  # after the first look, before the one under the lock
            asked.append(1)
            files.attach(record, upload(), by=manager)
        return iter(found)

    monkeypatch.setattr(seam, "in_use", in_use)

    jobs.sweep(clock.now())

    assert files.read(record.attachments.get()) == b"plain words"


def test_UP2_broken_twin_a_sweep_that_does_not_look_again_loses_an_upload(
    record: Record, manager: User, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = shelf.put(b"plain words")
    aged(root)
    files.attach(record, upload(), by=manager)
    monkeypatch.setattr(jobs, "_taken_away", lambda one, *_: shelf.shelf().remove(one) or True)
    monkeypatch.setattr(seam, "in_use", lambda *_args, **_options: iter(()))

    jobs.sweep(clock.now() + LATER)

    with pytest.raises(shelf.Altered):
        shelf.read(sha256)


def test_UP2_bytes_swept_between_gate_and_row_are_asked_for_again(
    record: Record, manager: User
) -> None:
    sent = upload()
    kept = keeping.admitted(sent)
    shelf.shelf().remove(kept.sha256)

    with pytest.raises(gate.Unfit, match="again"), audited(SYSTEM("t")):
        keeping.enter(kept)
    assert not StoredFile.objects.exists()


def test_UP2_a_record_that_is_not_made_leaves_bytes_that_the_sweep_takes(
    record: Record, manager: User, root: Path
) -> None:
    with pytest.raises(ZeroDivisionError), audited(manager, reason="t"):
        files.attach(record, upload(), by=manager)
        1 / 0  # noqa: B018
    assert any(path.is_file() for path in root.rglob("*"))
    aged(root)

    jobs.sweep(clock.now())

    assert not any(path.is_file() for path in root.rglob("*"))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("..\\..\\etc/pass\u202ewd\x00.pdf", "passwd.pdf"),
        ("/etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("\u200b\u2066.txt", ".txt"),
        ("\x00", "file"),
        ("a" * 300 + ".txt", "a" * 146 + ".txt"),
    ],
)
def test_UP2_a_name_is_cleaned(sent: str, kept: str) -> None:
    assert cleaned_name(sent) == kept


@pytest.mark.parametrize(
    "name", ['a"; filename="b.exe', "a\\", "é\u202e.txt", "a\nb", "", "%0d%0a"]
)
def test_UP3_no_name_breaks_out_of_its_header(name: str) -> None:
    header = disposition("attachment", name)

    plain = header.removeprefix('attachment; filename="')
    assert plain.partition('"')[2].startswith("; filename*=UTF-8''")
    assert header.isascii()
    assert header.isprintable()


# -- S3 -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 (slow, only for these)

    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    settings.ANDON_FILES_ENDPOINT, settings.ANDON_FILES_REGION = server, "us-east-1"
    settings.FILES = "s3://andon-files/plant/one"
    shelf._bucket.cache_clear()
    made: Any = shelf.shelf()
    made.client.create_bucket(Bucket="andon-files")
    yield made
    for page in made.client.get_paginator("list_objects_v2").paginate(Bucket="andon-files"):
        for one in page.get("Contents", ()):
            made.client.delete_object(Bucket="andon-files", Key=one["Key"])
    shelf._bucket.cache_clear()


def test_UP2_a_bucket_keeps_files_under_their_hash(
    bucket: Any, record: Record, manager: User
) -> None:
    kept = files.attach(record, upload(), by=manager)

    assert files.read(kept) == b"plain words"
    found = bucket.client.list_objects_v2(Bucket="andon-files")["Contents"]
    assert [one["Key"] for one in found] == [f"plant/one/{kept.sha256[:2]}/{kept.sha256}"]
    assert [sha256 for sha256, _at in bucket.all()] == [kept.sha256]
    assert [one for one in verify().findings if one.kind == "file"] == []


def test_UP2_nothing_in_a_bucket_is_written_over_and_altered_bytes_are_found(
    bucket: Any, record: Record, manager: User
) -> None:
    kept = files.attach(record, upload(), by=manager)
    bucket.client.put_object(**bucket._at(kept.sha256), Body=b"other")

    bucket.put(kept.sha256, b"plain words")

    assert bucket.get(kept.sha256) == b"other"
    with pytest.raises(files.Altered):
        files.read(kept)
    assert [one.kind for one in verify().findings] == ["file"]


def test_UP2_bytes_that_are_missing_in_a_bucket_are_found(
    bucket: Any, record: Record, manager: User
) -> None:
    kept = files.attach(record, upload(), by=manager)
    bucket.remove(kept.sha256)

    assert bucket.get(kept.sha256) is bucket.size(kept.sha256) is None
    with pytest.raises(files.Altered):
        files.read(kept)


def test_UP2_a_bucket_is_swept_too(bucket: Any, record: Record, manager: User) -> None:
    kept = files.attach(record, upload(), by=manager)
    shelf.put(b"loose")

    jobs.sweep(clock.now() + LATER)

    assert [sha256 for sha256, _at in bucket.all()] == [kept.sha256]


def test_UP2_a_bucket_that_is_away_or_refuses_is_a_sentence(
    bucket: Any, record: Record, manager: User, settings: Any
) -> None:
    kept = files.attach(record, upload(), by=manager)
    settings.ANDON_FILES_ENDPOINT = "http://127.0.0.1:9"
    for place in ("s3://andon-files/plant/one", "s3://another-bucket"):
        settings.FILES = place
        shelf._bucket.cache_clear()
        with pytest.raises(Refused, match="does not answer"):
            files.attach(record, upload(b"more"), by=manager)
        with pytest.raises(Refused, match="does not answer"):
            files.read(kept)
    assert record.attachments.count() == 1


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("FILES", "s3://", "store.E003"),
        ("ANDON_SCANNER", "clamd", "store.E001"),
        ("ANDON_SCANNER", "tcp://host:port", "store.E001"),
        ("ANDON_SCANNER_DOWN", "pass", "store.E002"),
    ],
)
def test_a_setting_that_cannot_work_is_said_at_the_start(
    settings: Any, name: str, value: str, error: str
) -> None:
    assert check_store() == []
    setattr(settings, name, value)

    assert [one.id for one in check_store()] == [error]
