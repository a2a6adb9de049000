"""Many writers make one chain (AT2)."""

import pytest
from django.db import IntegrityError, connection

from andon.accounts.models import Site
from andon.trail import sealing
from andon.trail.models import AuditEntry, TrailHead
from andon.trail.services import SYSTEM, audited, retrying
from andon.trail.verify import verify
from tests.committed import together

WRITERS, WRITES = 8, 25


def test_AT2_eight_writers_make_a_chain_without_gap_or_fork(committed_db: str) -> None:
    @retrying
    def write(name: str) -> None:
        with audited(SYSTEM("writer")):
            Site.objects.create(code=name, name=name)

    def writer(number: int) -> None:
        for count in range(WRITES):
            write(f"{number}W{count}")

    together(WRITERS, writer)

    seqs = AuditEntry.objects.order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, WRITERS * WRITES + 1))
    assert TrailHead.objects.get(stream="records").seq == WRITERS * WRITES
    assert verify().findings == []


def test_AT2_without_the_lock_on_the_head_writers_lose_their_changes(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin; SQLite has one writer at a time by itself."""
    if connection.vendor == "sqlite":
        pytest.skip("IMMEDIATE transactions do the work on SQLite")
    monkeypatch.setattr(sealing, "_HEAD_LOCK", "")

    def writer(number: int) -> None:
        for count in range(WRITES):
            with audited(SYSTEM("writer")):
                Site.objects.create(code=f"{number}W{count}", name="x")

    with pytest.raises(IntegrityError):
        together(WRITERS, writer)


def test_AT10_a_verification_does_not_keep_writers_waiting(committed_db: str) -> None:
    with audited(SYSTEM("writer")):
        Site.objects.create(code="A", name="A")

    def reader_or_writer(number: int) -> int:
        if number:
            with audited(SYSTEM("writer")):
                Site.objects.create(code=f"B{number}", name="B")
            return 0
        reports = [verify() for _ in range(5)]
        assert all(report.clean for report in reports)
        return reports[-1].entries

    assert together(4, reader_or_writer)[0] >= 1
    assert verify().entries == 4
