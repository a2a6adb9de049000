"""Uploads while the sweep runs: no committed row loses its bytes (UP2); both databases."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import reported
from andon.organization import clock
from andon.records import files
from andon.records.models import Attachment
from andon.records.workflow import Refused
from andon.store import gate, jobs, shelf
from andon.trail.verify import verify
from tests.committed import together

UPLOADERS, SWEEPERS, EACH, CONTENTS = 4, 2, 12, 5


def test_UP2_a_sweep_without_any_grace_takes_no_bytes_that_a_row_carries(
    committed_db: str, settings: Any, tmp_path: Path
) -> None:
    settings.FILES = tmp_path / "files"
    site = SiteFactory.create(code="ABC1")
    manager = a_person(Role.MANAGER, site)
    pk = reported(manager, site).pk

    def work(worker: int) -> int:
        done = 0
        for turn in range(EACH):
            if worker < SWEEPERS:
                jobs.sweep(clock.now() + timedelta(days=2))  # as if every upload were old
                continue
            by, record = User.objects.get(pk=manager.pk), Nonconformity.objects.get(pk=pk)
            data = b"words %d" % ((worker + turn) % CONTENTS)
            try:
                files.attach(record, SimpleUploadedFile("a.txt", data), by=by)
            except (Refused, gate.Unfit):  # swept between gate and row: said, and nothing kept
                continue
            done += 1
        return done

    kept = sum(together(UPLOADERS + SWEEPERS, work))

    assert kept == Attachment.objects.count() > 0
    for attachment in Attachment.objects.all():
        assert shelf.read(attachment.sha256)
    assert [finding.text for finding in verify().findings] == []


def test_UP2_the_same_bytes_by_all_at_once_are_one_file(
    committed_db: str, settings: Any, tmp_path: Path
) -> None:
    settings.FILES = tmp_path / "files"
    site = SiteFactory.create(code="ABC1")
    manager = a_person(Role.MANAGER, site)
    pk = reported(manager, site).pk

    def attach(_worker: int) -> str:
        by, record = User.objects.get(pk=manager.pk), Nonconformity.objects.get(pk=pk)
        return files.attach(record, SimpleUploadedFile("a.txt", b"same"), by=by).sha256

    hashes = together(8, attach)

    stored = (tmp_path / "files").rglob("*")
    assert len(set(hashes)) == 1
    assert [path.name for path in stored if path.is_file()] == [hashes[0]]
    assert Attachment.objects.count() == 8
