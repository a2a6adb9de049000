"""A stored file is given out as what it is, never as a page, and only with its own bytes (UP3)."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.tests.factories import reported
from andon.records import files
from andon.records.models import Attachment
from andon.store import shelf
from tests.uploads.corpus import pdf, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(settings: Any, tmp_path: Path) -> User:
    settings.FILES = tmp_path / "files"
    return a_person(Role.MANAGER, SiteFactory.create(code="ABC1"))


def attached(manager: User, name: str, data: bytes) -> Attachment:
    record = reported(manager, manager.grants.get().site)
    sent = SimpleUploadedFile(name, data, content_type="text/html")
    return files.attach(record, sent, by=manager)


@pytest.mark.parametrize(
    "case",
    [
        ("a.txt", b"words", "text/plain", "attachment"),
        ("a.csv", b"a;b", "text/csv", "attachment"),
        ("a.pdf", pdf(), "application/pdf", "attachment"),
        ("a.png", picture("PNG"), "image/jpeg", "inline"),
    ],
)
def test_UP3_a_file_has_our_type_and_headers_whatever_the_browser_said(
    manager: User, client: Client, case: tuple[str, bytes, str, str]
) -> None:
    name, data, media_type, shown = case
    kept = attached(manager, name, data)
    client.force_login(manager)

    for query in ("", "?download"):
        answer = client.get(kept.get_absolute_url() + query)

        wanted = "attachment" if query else shown
        assert answer["Content-Type"] == media_type
        assert answer["Content-Disposition"].startswith(f"{wanted}; ")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer["X-Frame-Options"] == "DENY"


def flipped(kept: Attachment, bit: int) -> None:
    path = shelf.path_of(kept.sha256)
    data = bytearray(path.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)


def test_UP3_one_bit_on_disk_is_enough_for_a_refusal(manager: User, client: Client) -> None:
    kept = attached(manager, "a.txt", b"words")
    client.force_login(manager)
    flipped(kept, 13)

    answer = client.get(kept.get_absolute_url())

    assert answer.status_code == 409
    assert "was altered" in answer.content.decode()


def test_UP3_broken_twin_without_the_hash_altered_bytes_are_given_out(
    manager: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = attached(manager, "a.txt", b"words")
    client.force_login(manager)
    flipped(kept, 13)
    monkeypatch.setattr(shelf, "read", lambda sha256: shelf.shelf().get(sha256))

    answer = client.get(kept.get_absolute_url())

    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() != kept.sha256


def test_UP3_a_file_is_found_by_its_own_record_only(manager: User, client: Client) -> None:
    kept = attached(manager, "a.txt", b"words")
    other = reported(manager, manager.grants.get().site)
    client.force_login(manager)

    moved = kept.get_absolute_url().replace(kept.record.number, other.number)
    assert client.get(moved).status_code == 404
    assert client.get(kept.get_absolute_url()).status_code == 200
