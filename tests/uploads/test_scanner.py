"""The scanner hook: found is refused, silence never passes, what waits is held back (UP4)."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.tests.factories import reported
from andon.organization import clock
from andon.records import files
from andon.records.models import Record
from andon.records.workflow import Refused
from andon.store import jobs, scanner
from andon.store.models import StoredFile
from andon.trail.models import AuditEntry
from tests.uploads.clamd import EICAR, Clamd
from tests.uploads.corpus import picture

pytestmark = pytest.mark.django_db

# Everything that is not one of the two sentences of the protocol, or comes too late.
NO_ANSWER = (
    "hangs", "drips", "closes at once", "", "\0", "stream: ", "OK\0", "stream: OK", "OK FOUND",
    "stream: OK\n\0", "stream: OK stream: OK\0", "INSTREAM size limit exceeded. ERROR\0",
    "UNKNOWN COMMAND\0", "\ud7ff garbage\0", "HTTP/1.1 200 OK\r\n\r\nstream: OK\0", "x" * 9_000,
)  # fmt: skip


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture(params=["unix", "tcp"])
def clamd(request: Any, tmp_path: Path, settings: Any) -> Iterator[Clamd]:
    running = Clamd(tmp_path if request.param == "unix" else None)
    settings.ANDON_SCANNER = running.address
    yield running
    running.close()


@pytest.fixture
def one_clamd(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clamd]:
    monkeypatch.setattr(scanner, "SECONDS", 0.4)
    running = Clamd(tmp_path)
    settings.ANDON_SCANNER = running.address
    yield running
    running.close()


@pytest.fixture
def manager() -> User:
    return a_person(Role.MANAGER, SiteFactory.create(code="ABC1"))


@pytest.fixture
def record(manager: User) -> Record:
    return reported(manager, Site.objects.get(code="ABC1"))


def upload(data: bytes = b"plain words", name: str = "note.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def told(action: str) -> list[str]:
    entries = AuditEntry.objects.filter(stream="security", action=action).order_by("seq")
    return [entry.payload for entry in entries]


def test_UP4_a_clean_file_comes_in_and_the_scanner_saw_every_byte(
    clamd: Clamd, record: Record, manager: User
) -> None:
    large = b"words " * 30_000

    kept = files.attach(record, upload(large), by=manager)

    assert clamd.seen == [large]
    assert StoredFile.objects.get(sha256=kept.sha256).verdict == "clean"
    assert files.read(kept) == large


def test_UP4_a_found_file_is_refused_not_kept_and_told(
    clamd: Clamd, record: Record, manager: User, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="Eicar-Signature"):
        files.attach(record, upload(b"words" + EICAR), by=manager)

    assert not record.attachments.exists()
    assert not list((tmp_path / "files").rglob("*"))
    assert "Eicar-Signature" in told("file refused")[0]


def test_UP4_the_original_of_a_photo_is_scanned_not_only_what_is_drawn(
    one_clamd: Clamd, record: Record, manager: User
) -> None:
    with pytest.raises(Refused, match="Eicar"):
        files.attach(record, upload(picture("JPEG") + EICAR, "photo.jpg"), by=manager)


@pytest.mark.parametrize("says", NO_ANSWER)
def test_UP4_without_an_answer_a_file_is_refused_by_default(
    one_clamd: Clamd, record: Record, manager: User, says: str
) -> None:
    one_clamd.says = says
    begun = time.monotonic()

    with pytest.raises(Refused, match="does not answer"):
        files.attach(record, upload(), by=manager)

    assert not record.attachments.exists()
    assert time.monotonic() - begun < 5


@pytest.fixture
def quarantine(settings: Any) -> None:
    settings.ANDON_SCANNER_DOWN = "quarantine"


@pytest.mark.usefixtures("quarantine")
@pytest.mark.parametrize("says", NO_ANSWER[:4])
def test_UP4_or_it_is_held_back_by_setting_and_nobody_reads_it(
    one_clamd: Clamd, record: Record, manager: User, client: Client, says: str
) -> None:
    one_clamd.says = says

    kept = files.attach(record, upload(), by=manager)

    client.force_login(manager)
    answer = client.get(kept.get_absolute_url())
    assert answer.status_code == 409
    assert b"plain words" not in answer.content
    assert "waits for the virus scanner" in answer.content.decode()
    page = client.get(record.get_absolute_url()).content.decode()
    assert "Held back by the virus scanner" in page
    assert kept.get_absolute_url() not in page


def test_UP4_a_scanner_that_is_not_there_is_no_pass(
    record: Record, manager: User, settings: Any, tmp_path: Path
) -> None:
    for place in (f"unix:{tmp_path}/nobody", "tcp://127.0.0.1:9"):
        settings.ANDON_SCANNER = place
        with pytest.raises(Refused, match="does not answer"):
            files.attach(record, upload(), by=manager)


def test_UP4_broken_twin_a_hook_that_passes_on_silence_lets_the_file_out(
    one_clamd: Clamd, record: Record, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_clamd.says = "closes at once"
    monkeypatch.setattr(scanner, "scanned", lambda _data: scanner.NOT_ASKED)

    kept = files.attach(record, upload(EICAR), by=manager)

    assert files.read(kept) == EICAR


@pytest.fixture
def waiting(one_clamd: Clamd, record: Record, manager: User, settings: Any) -> dict[str, Any]:
    """Attach a clean file and one that is not, while the scanner is away."""
    settings.ANDON_SCANNER_DOWN = "quarantine"
    one_clamd.says = "closes at once"
    return {
        "clean": files.attach(record, upload(), by=manager),
        "bad": files.attach(record, upload(EICAR), by=manager),
    }


def test_UP4_what_waits_is_scanned_by_a_duty_and_let_out_or_held_for_good(
    waiting: dict[str, Any], one_clamd: Clamd
) -> None:
    jobs.scan_waiting(clock.now())  # still away
    assert {row.verdict for row in StoredFile.objects.all()} == {"waiting"}
    one_clamd.says = "scan"

    jobs.scan_waiting(clock.now())

    assert files.read(waiting["clean"]) == b"plain words"
    with pytest.raises(Refused, match="held back"):
        files.read(waiting["bad"])
    assert waiting["bad"].sha256 in told("file held back")[0]
    assert waiting["clean"].sha256 in told("file cleared")[0]


def test_UP4_no_upload_of_the_same_bytes_lifts_what_was_held(
    waiting: dict[str, Any], one_clamd: Clamd, record: Record, manager: User, settings: Any
) -> None:
    one_clamd.says = "scan"
    jobs.scan_waiting(clock.now())
    settings.ANDON_SCANNER = ""

    again = files.attach(record, upload(EICAR), by=manager)

    with pytest.raises(Refused, match="held back"):
        files.read(again)


def test_UP4_who_switches_the_scanner_off_does_not_let_out_what_waits(
    waiting: dict[str, Any], settings: Any
) -> None:
    settings.ANDON_SCANNER = ""

    jobs.scan_waiting(clock.now())

    with pytest.raises(Refused, match="waits"):
        files.read(waiting["clean"])


def test_UP4_altered_bytes_stay_held_back_whatever_the_scanner_says(
    waiting: dict[str, Any], one_clamd: Clamd, tmp_path: Path
) -> None:
    sha256 = waiting["clean"].sha256
    (tmp_path / "files" / sha256[:2] / sha256).write_bytes(b"other words")
    one_clamd.says = "stream: OK\0"

    jobs.scan_waiting(clock.now())

    assert StoredFile.objects.get(sha256=sha256).verdict == "waiting"
    assert StoredFile.objects.get(sha256=waiting["bad"].sha256).verdict == "clean"


def test_UP4_the_page_lists_what_is_held_back_and_scans_on_demand(
    waiting: dict[str, Any], one_clamd: Clamd, manager: User, record: Record, client: Client
) -> None:
    client.force_login(manager)
    page = client.get("/setup/files/").content.decode()
    assert "note.txt" in page
    assert record.number in page
    one_clamd.says = "scan"

    answer = client.post("/setup/files/scan/", follow=True).content.decode()

    assert "2 files were scanned." in answer
    assert "Held back for good" in answer
    assert "Eicar-Signature" in answer


def test_AZ3_the_page_names_no_record_out_of_sight(
    waiting: dict[str, Any], record: Record, client: Client
) -> None:
    client.force_login(a_person(Role.ADMIN, SiteFactory.create()))

    page = client.get("/setup/files/").content.decode()

    assert waiting["bad"].sha256[:12] in page
    assert record.number not in page
    assert "note.txt" not in page


def test_UP4_a_file_of_an_import_is_scanned_too(
    one_clamd: Clamd, manager: User, client: Client
) -> None:
    client.force_login(manager)
    for path, field in (("/import/new/", "target"), ("/production/imports/new/", "target")):
        sent = {"file": upload(b"number;title\n1;" + EICAR, "log.csv"), field: "x"}
        page = client.post(path, sent).content.decode()
        assert "Eicar-Signature" in page, path
