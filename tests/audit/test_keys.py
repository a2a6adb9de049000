"""The signing key changes in the open, and cannot be slipped in (AT9)."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings as configured

from andon.cli.main import main
from andon.trail import checks, keys, rotation
from andon.trail.models import AuditEntry, Checkpoint, SigningKey
from andon.trail.services import SYSTEM
from andon.trail.verify import verify
from tests.audit.test_checkpoints import made, sites
from tests.audit.test_tampering import tamper

pytestmark = pytest.mark.usefixtures("db")
BY = SYSTEM("test")


def test_AT9_a_change_of_key_is_endorsed_recorded_and_keeps_old_checkpoints_checkable() -> None:
    sites("A")
    old = made()
    row = rotation.rotate(by=BY)
    sites("B")
    new = made()

    assert SigningKey.objects.count() == 2
    assert new.key_id == row.key_id != old.key_id
    told = AuditEntry.objects.get(stream="security", action="signing key rotated")
    assert told.content()["detail"]["key"] == row.key_id
    report = verify([old.text, new.text])
    assert report.clean, report.findings
    assert len(report.trusted) == 2
    assert not keys.waiting_path().exists()


def test_AT9_a_rotation_that_was_cut_off_is_finished_with_the_next_signature() -> None:
    sites("A")
    made()
    before = keys.path().read_bytes()
    row = rotation.rotate(by=BY)
    keys.path().rename(keys.waiting_path())  # as if the process had died before this step
    keys.path().write_bytes(before)
    assert verify().clean

    sites("B")
    assert made().key_id == row.key_id
    assert not keys.waiting_path().exists()


def test_AT9_a_lost_key_is_replaced_in_the_open() -> None:
    sites("A")
    old = made()
    keys.path().unlink()
    sites("B")
    with pytest.raises(keys.NoKey, match="is gone"):
        made()

    rotation.rotate(by=BY, lost=True)
    made()

    report = verify([old.text])
    assert report.clean
    assert len(report.trusted) == 1
    assert any("was not endorsed: the one before was lost" in one for one in report.remarks)


def test_AT9_a_key_slipped_into_the_database_is_found() -> None:
    sites("A")
    made()
    mine = Ed25519PrivateKey.generate()
    keys.register(mine, endorsed_by=mine)
    assert sorted(finding.kind for finding in verify().findings) == ["key", "key"]


def test_AT9_the_endorsement_of_another_key_does_not_count() -> None:
    sites("A")
    made()
    rotation.rotate(by=BY)
    forged = "A" * 86 + "=="
    tamper(("UPDATE audit_key SET endorsement = %s WHERE number = 2", [forged]))
    assert [finding.kind for finding in verify().findings] == ["key"]


def test_AT9_there_is_one_first_key() -> None:
    row = rotation.create(by=BY)
    assert row.number == 1
    with pytest.raises(keys.NoKey, match="already"):
        rotation.create(by=BY)
    keys.path().unlink()
    with pytest.raises(keys.NoKey, match="Bring it back"):
        rotation.create(by=BY)


def test_LG2_a_key_that_others_may_read_is_a_warning() -> None:
    rotation.create(by=BY)
    assert checks.check_key() == []
    keys.path().chmod(0o644)
    assert [message.id for message in checks.check_key()] == ["trail.W011"]


# -- the commands ----------------------------------------------------------------------------------


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    return (code, *capsys.readouterr())


def test_AT9_the_commands_make_show_and_change_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "key", "show")[1].startswith("There is no signing key yet")
    code, out, _ = said(capsys, "key", "create")
    assert (code, len(out.splitlines())) == (0, 1)
    code, _, err = said(capsys, "key", "create")
    assert (code, "andon key rotate" in err) == (2, True)
    sites("A")
    code, out, _ = said(capsys, "key", "rotate")
    assert (code, len(out.splitlines())) == (0, 2)


def test_AT10_verify_ends_with_2_when_strict_and_nothing_vouches(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, _, err = said(capsys, "checkpoint")
    assert (code, "nothing to sign" in err) == (2, True)
    sites("A", "B")
    code, text, _ = said(capsys, "checkpoint")
    assert code == 0
    kept = tmp_path / "kept.txt"
    kept.write_text(f"From the mail of 1 December:\n\n{text}")

    assert said(capsys, "verify")[0] == 0
    assert said(capsys, "verify", "--strict")[0] == 2
    with_a_torn_one = kept.read_text() + text.replace("\n\n", "\n")
    (tmp_path / "torn.txt").write_text(with_a_torn_one)
    assert said(capsys, "verify", "--checkpoint", str(tmp_path / "torn.txt"))[0] == 1
    (tmp_path / "none.txt").write_text("no checkpoint at all")
    assert said(capsys, "verify", "--checkpoint", str(tmp_path / "none.txt"))[0] == 1
    (tmp_path / "none.txt").write_text("")
    assert said(capsys, "verify", "--checkpoint", str(tmp_path / "none.txt"))[0] == 1
    code, out, _ = said(capsys, "verify", "--strict", "--json", "--checkpoint", str(kept))
    report = json.loads(out)
    assert (code, report["clean"], len(report["trusted"])) == (0, True, 1)
    assert report["latest"] == Checkpoint.objects.get().text

    tamper(("UPDATE audit_entry SET payload = '{}' WHERE stream = 'records' AND seq = 2", []))
    assert said(capsys, "verify", "--strict", "--checkpoint", str(kept))[0] == 1


def test_AT10_a_file_of_checkpoints_that_is_not_there_is_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, _, err = said(capsys, "verify", "--checkpoint", "/nowhere/kept.txt")
    assert (code, "/nowhere/kept.txt" in err) == (2, True)


def test_AT9_the_key_lies_in_the_data_folder_unless_somebody_names_another_place() -> None:
    assert configured.SIGNING_KEY_MADE
