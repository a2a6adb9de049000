"""Checkpoints: made, signed, kept in two places, and refused where the trail is not whole (AT9)."""

import stat
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from andon.accounts.models import RoleGrant, Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.services import contain
from andon.modules.nonconformities.tests.factories import reported
from andon.records.services import perform
from andon.trail import checkpoints, guards, keys, notes, sealing
from andon.trail.checkpoints import Unsound, checkpoint
from andon.trail.merkle import Tree
from andon.trail.models import AuditEntry, Checkpoint, SigningKey
from andon.trail.security import tell
from andon.trail.services import SYSTEM, audited
from andon.trail.testing import behind_the_back
from andon.trail.verify import verify
from tests.audit.test_tampering import tamper
from tests.committed import together

pytestmark = pytest.mark.usefixtures("db")


def sites(*codes: str) -> None:
    with audited(SYSTEM("test"), reason="sites"):
        for code in codes:
            Site.objects.create(code=code, name=f"Söte {code}")


def made(reason: str = "test") -> Checkpoint:
    newest = checkpoint(reason)
    assert newest is not None
    return newest


def root_of(stream: str, size: int) -> bytes:
    tree = Tree()
    entries = AuditEntry.objects.filter(stream=stream, seq__lte=size).order_by("seq")
    for entry in entries:
        tree.add(entry.payload.encode())
    return tree.root()


def test_AT11_one_checkpoint_covers_both_streams_and_carries_their_roots() -> None:
    sites("A", "B", "C")
    tell("signed in", by=SYSTEM("test"))

    row = made("approval")

    note = notes.parse(row.text)
    assert (note.number, note.reason, note.previous) == (1, "approval", "-")
    assert note.heads == {
        "records": (3, root_of("records", 3)),
        "security": (1, root_of("security", 1)),
    }
    assert note.origin == f"andon/{SigningKey.objects.get().key_id}"
    assert note.signed_by(SigningKey.objects.get().raw())
    assert verify([row.text]).trusted == [f"checkpoint 1 of {note.time}"]


def test_AT9_the_text_begins_as_every_reader_of_logs_knows_it() -> None:
    sites("A")
    lines = made().text.splitlines()

    assert lines[0].startswith("andon/")
    assert lines[1] == "1"
    assert len(lines[2]) == 44
    assert lines[-2] == ""
    assert lines[-1].startswith(f"— {lines[0]} ")


def test_AT9_a_checkpoint_reads_only_what_is_new(django_assert_num_queries: Any) -> None:
    sites(*(f"S{number}" for number in range(40)))
    made()
    sites("T1", "T2")
    read: list[int] = []
    grow = checkpoints._grow

    def counted(stream: str, tree: Tree, upto: int) -> None:
        read.append(upto - tree.size)
        grow(stream, tree, upto)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoints, "_grow", counted)
        row = made()

    assert read == [2, 0]
    assert notes.parse(row.text).root("records") == root_of("records", 42)


def test_AT9_without_anything_new_the_newest_checkpoint_stands() -> None:
    assert checkpoint("nothing") is None
    sites("A")
    assert made() == made()
    assert Checkpoint.objects.count() == 1


def test_AT9_each_checkpoint_names_the_one_before() -> None:
    rows = []
    for code in "ABC":
        sites(code)
        rows.append(made())
    assert notes.parse(rows[2].text).previous == rows[1].digest()
    assert notes.parse(rows[1].text).previous == rows[0].digest()


def test_AT9_the_file_holds_every_checkpoint_and_is_only_appended_to() -> None:
    sites("A")
    first = made()
    begins = checkpoints.path().read_bytes()
    sites("B")
    second = made()
    assert checkpoints.path().read_bytes().startswith(begins)
    assert checkpoints.read_file() == [first.text, second.text]


def test_AT9_what_the_file_missed_is_appended_with_the_next_one() -> None:
    sites("A")
    first = made()
    checkpoints.path().unlink()
    sites("B")
    second = made()
    assert checkpoints.read_file() == [first.text, second.text]
    assert verify().clean


def test_AT9_a_write_of_the_file_that_was_cut_off_is_a_remark_and_mended() -> None:
    sites("A")
    first = made()
    with checkpoints.path().open("r+") as file:
        file.truncate(100)
    assert verify().clean
    sites("B")
    second = made()
    assert checkpoints.read_file()[1:] == [first.text, second.text]
    report = verify()
    assert report.clean
    assert any("not a checkpoint" in remark for remark in report.remarks)


def test_AT9_a_file_that_cannot_be_written_says_so(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    settings.CHECKPOINTS = tmp_path / "a file" / "checkpoints.txt"
    sites("A")
    with pytest.raises(OSError, match="a file"):
        made()
    assert Checkpoint.objects.count() == 1, "it is in the database, and the duty tries again"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_checkpoint SET text = 'x'",
        "DELETE FROM audit_checkpoint",
        "UPDATE audit_key SET public_key = 'x'",
        "DELETE FROM audit_key",
        "INSERT OR REPLACE INTO audit_checkpoint SELECT * FROM audit_checkpoint",
        "INSERT OR REPLACE INTO audit_key SELECT * FROM audit_key",
        "TRUNCATE audit_checkpoint",
        "TRUNCATE audit_key",
    ],
)
def test_AT7_checkpoints_and_keys_cannot_be_rewritten_in_sql(statement: str) -> None:
    of_sqlite, of_postgresql = statement.startswith("INSERT OR"), statement.startswith("TRUNC")
    if (of_sqlite and connection.vendor != "sqlite") or (
        of_postgresql and connection.vendor != "postgresql"
    ):
        pytest.skip("a statement of the other database")
    sites("A")
    made()

    refused = pytest.raises(DatabaseError, match="cannot be")
    with refused, transaction.atomic(), behind_the_back() as cursor:
        cursor.execute(statement)

    if not of_postgresql:  # the broken twin: without its guard the statement passes
        names = [guard.name for guard in guards.declared(connection) if hasattr(guard, "name")]
        with behind_the_back() as cursor:
            for name in names:
                if name.startswith(("audit_checkpoint", "audit_key")):
                    table = "_".join(name.split("_")[:2])
                    on = "" if connection.vendor == "sqlite" else f" ON {table}"
                    cursor.execute(f"DROP TRIGGER {name}{on}")
            cursor.execute(statement)
        guards.install()


# -- when --------------------------------------------------------------------------------------


def grant() -> None:
    with audited(SYSTEM("test"), reason="new"):
        user = User(username="ana", display_name="Ana")
        user.set_unusable_password()
        user.save()
        RoleGrant(user=user, role=Role.QUALITY, from_date=timezone.now().date()).save()


def export() -> None:
    tell("exported", by=SYSTEM("test"), detail={"rows": 3})


def export_inside() -> None:
    with audited(SYSTEM("test"), reason="pack"):
        Site.objects.create(code="A", name="A")
        tell("exported", by=SYSTEM("test"))


WEIGHTY = {"role change": grant, "export": export, "export within": export_inside}


@pytest.mark.parametrize("what", WEIGHTY)
def test_AT9_a_weighty_act_has_its_checkpoint_at_once(
    what: str, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        WEIGHTY[what]()
    assert Checkpoint.objects.get().reason == what.removesuffix(" within")


def test_AT9_an_ordinary_write_and_one_that_was_taken_back_have_none(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sites("A")
        with pytest.raises(ZeroDivisionError), audited(SYSTEM("test")):
            user = User(username="ana", display_name="Ana")
            user.save()
            RoleGrant(user=user, role=Role.QUALITY, from_date=timezone.now().date()).save()
            raise ZeroDivisionError
    assert not Checkpoint.objects.exists()


def test_AT9_every_thousand_entries_ask_for_a_checkpoint(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    monkeypatch.setattr(sealing, "EVERY", 10)
    with django_capture_on_commit_callbacks(execute=True):
        sites(*(f"S{number}" for number in range(9)))
    assert not Checkpoint.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        sites("T", "U")
    assert Checkpoint.objects.get().records_size == 11


def test_AT9_a_checkpoint_is_due_after_an_hour_with_news_or_a_thousand_entries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = timezone.now()
    assert not checkpoints.due(now), "nothing to cover"
    sites("A")
    assert checkpoints.due(now)
    made()
    assert not checkpoints.due(now + timedelta(hours=5)), "nothing new"
    sites("B")
    assert not checkpoints.due(now + timedelta(minutes=59))
    assert checkpoints.due(now + timedelta(minutes=61))
    monkeypatch.setattr(checkpoints, "EVERY", 1)
    assert checkpoints.due(now)


def test_AT9_an_act_stays_done_when_its_checkpoint_cannot_be_made(
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    settings.SIGNING_KEY_MADE = False
    with django_capture_on_commit_callbacks(execute=True):
        grant()
    assert RoleGrant.objects.exists()
    assert "andon key create" in caplog.text


def test_AT9_many_at_once_make_one_row_of_checkpoints(
    committed_db: str, settings: Any, tmp_path: Path
) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "signing-key"
    sites("A")
    made()

    def work(number: int) -> None:
        for count in range(5):
            tell("signed in", by=SYSTEM("test"), detail={"n": number * 10 + count})
            checkpoint("test")

    together(4, work)

    report = verify([row.text for row in Checkpoint.objects.all()])
    assert report.clean, report.findings
    assert len(report.trusted) == Checkpoint.objects.count()


# -- what is never signed ------------------------------------------------------------------------


def test_AT9_a_trail_that_became_shorter_is_not_signed() -> None:
    sites("A", "B", "C")
    made()
    tamper(
        ("DELETE FROM audit_entry WHERE stream = 'records' AND seq = 3", []),
        ("UPDATE audit_head SET seq = 2 WHERE stream = 'records'", []),
    )
    with pytest.raises(Unsound, match="has 2 entries and a checkpoint covers 3"):
        made()


def test_AT9_a_gap_is_not_signed() -> None:
    sites("A", "B", "C")
    tamper(("DELETE FROM audit_entry WHERE stream = 'records' AND seq = 2", []))
    with pytest.raises(Unsound, match="Entry 2 of records is missing"):
        made()


def test_AT9_a_checkpoint_goes_on_from_the_last_sound_one() -> None:
    sites("A")
    made()
    sites("B")
    made()
    tamper(("UPDATE audit_checkpoint SET peaks = '{}' WHERE number = 2", []))
    sites("C")

    row = made()

    assert notes.parse(row.text).root("records") == root_of("records", 3)
    assert [finding.text for finding in verify().findings] == [
        "Checkpoint 2: The peaks of its trees are not those that were signed."
    ]


def test_AT9_rewritten_history_is_not_laundered_by_the_next_checkpoint() -> None:
    sites("A", "B")
    made()
    tamper(("UPDATE audit_entry SET payload = '{}' WHERE stream = 'records' AND seq = 1", []))
    sites("C")

    made()

    places = [(f.stream, f.seq, f.until) for f in verify().findings if f.kind == "checkpoint"]
    assert places == [("records", 1, 2)]


# -- keys ------------------------------------------------------------------------------------------


def test_AT9_the_private_key_lies_outside_the_database_for_this_user_only() -> None:
    sites("A")
    made()
    assert stat.S_IMODE(keys.path().stat().st_mode) == 0o600
    assert not keys.readable_by_others()
    assert b"PRIVATE KEY" in keys.path().read_bytes()
    row = SigningKey.objects.get()
    assert b"PRIVATE" not in row.public_key.encode()


def test_AT9_a_real_installation_makes_no_key_by_itself(settings: Any) -> None:
    settings.SIGNING_KEY_MADE = False
    sites("A")
    with pytest.raises(keys.NoKey, match="andon key create"):
        made()


@pytest.mark.parametrize("content", ["", "not a key"])
def test_AT9_a_key_that_cannot_be_read_says_so(content: str) -> None:
    keys.path().write_text(content)
    sites("A")
    with pytest.raises(keys.NoKey, match="cannot be read"):
        made()


def test_AT9_a_key_that_the_database_does_not_know_signs_nothing() -> None:
    sites("A")
    made()
    keys.path().unlink()
    keys.write(Ed25519PrivateKey.generate(), keys.path())
    sites("B")

    with pytest.raises(keys.NoKey, match="not the one the database knows"):
        made()
    assert [finding.kind for finding in verify().findings] == ["key"]


def test_SG1_what_else_the_server_signs_is_checked_by_the_same_keys() -> None:
    signed = keys.sign(b"manifest")
    assert keys.verify(signed, b"manifest")
    assert not keys.verify(signed, b"manifest!")
    assert not keys.verify(keys.Signed("0" * 16, signed.signature), b"manifest")
    assert not keys.verify(keys.Signed(signed.key_id, "no base64"), b"manifest")


# -- approvals -------------------------------------------------------------------------------------


def test_AT9_a_step_that_can_be_signed_has_its_checkpoint_at_once_and_others_have_none(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    site = SiteFactory.create(code="ABC1")
    owner = a_person(Role.QUALITY, site)
    with django_capture_on_commit_callbacks(execute=True):
        record = reported(owner, site)
        contain(record, by=owner, place="Stock", quantity=Decimal(5), action="blocked")
    assert not Checkpoint.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        perform(record, "void", by=owner, data={"void_reason": "Reported twice."})
    assert Checkpoint.objects.get().reason == "approval"


def test_AT9_filling_makes_one_checkpoint_at_the_end(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    with django_capture_on_commit_callbacks(execute=True), checkpoints.postponed("filled"):
        grant()
        export()
        assert not Checkpoint.objects.exists()
    assert Checkpoint.objects.get().reason == "filled"
