"""Attachments: what passes the gate, what does not, and bytes that were altered (UP1-UP3)."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.tests.factories import reported
from andon.records import files
from andon.records.models import Record
from andon.records.workflow import Refused
from andon.store import gate, shelf
from andon.store.names import cleaned_name
from andon.trail.verify import verify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def manager() -> User:
    return a_person(Role.MANAGER, SiteFactory.create(code="ABC1"))


@pytest.fixture
def record(manager: User) -> Record:
    return reported(manager, Site.objects.get(code="ABC1"))


def a_photo(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", size, "red").save(out, kind, exif=exif)
    return out.getvalue()


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_UP1_a_photo_is_drawn_anew_without_its_metadata(record: Record, manager: User) -> None:
    kept = files.attach(record, upload("IMG 1.jpg", a_photo()), by=manager)

    data = files.read(kept)
    assert kept.is_photo
    assert b"taken at home" not in data
    assert Image.open(io.BytesIO(data)).size == (40, 30)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("run.exe", b"MZ\x90"),
        ("page.html", b"<html><script>alert(1)</script>"),
        ("drawing.svg", b"<svg onload=alert(1)>"),
        ("photo.jpg", b"<html><script>alert(1)</script>"),
        ("photo.png", b"\x89PNG\r\n\x1a\n broken"),
        ("report.pdf", b"<html>not a pdf</html>"),
        ("report.pdf", b"MZ\x90\x00" * 50),
        ("list.txt", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("list.csv", b"a;b\x00c"),
        ("macro.xlsm", b"PK\x03\x04" + b"\x00" * 40),
        ("noending", b"text"),
        ("empty.pdf", b""),
    ],
)
def test_UP1_what_is_not_allowed_or_not_what_it_says_is_refused(
    record: Record, manager: User, name: str, data: bytes
) -> None:
    with pytest.raises(Refused):
        files.attach(record, upload(name, data), by=manager)
    assert record.attachments.count() == 0


def test_UP1_a_picture_of_too_many_pixels_is_refused(
    record: Record, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "LARGEST_PHOTO_PIXELS", 100)

    with pytest.raises(Refused, match="million pixels"):
        files.attach(record, upload("big.jpg", a_photo()), by=manager)


def test_UP2_a_name_loses_path_control_and_direction_characters() -> None:
    assert cleaned_name("..\\..\\etc/pass\u202ewd\x00.pdf") == "passwd.pdf"


def test_UP3_a_document_downloads_and_never_shows_in_the_page(
    record: Record, manager: User, client: Client
) -> None:
    kept = files.attach(record, upload("note.txt", b"plain words"), by=manager)
    client.force_login(manager)

    answer = client.get(kept.get_absolute_url())

    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_UP3_altered_bytes_are_a_finding_and_are_not_served(
    record: Record, manager: User, client: Client
) -> None:
    kept = files.attach(record, upload("note.txt", b"plain words"), by=manager)
    shelf.path_of(kept.sha256).write_bytes(b"other words")
    client.force_login(manager)

    assert client.get(kept.get_absolute_url()).status_code == 409
    found = [finding for finding in verify().findings if finding.kind == "file"]
    assert [finding.number for finding in found] == [record.number]


def test_AZ3_a_file_of_another_site_is_as_absent(
    record: Record, manager: User, client: Client
) -> None:
    kept = files.attach(record, upload("note.txt", b"plain words"), by=manager)
    client.force_login(a_person(Role.MANAGER, SiteFactory.create()))

    assert client.get(kept.get_absolute_url()).status_code == 404
