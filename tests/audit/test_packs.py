"""Evidence packs: the same bytes for the same records, and refused whatever is changed (EX4)."""

import base64
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.cli.main import main
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import reported
from andon.portal.packs import packing
from andon.records import files
from andon.records.workflow import Refused
from andon.store import shelf
from andon.trail import checkpoints, keys, notes, rotation
from andon.trail.models import AuditEntry, Checkpoint
from andon.trail.services import SYSTEM
from andon.trail.standalone import andon_verify
from tests.audit.test_tampering import set_entry, tamper

pytestmark = pytest.mark.usefixtures("db", "own_files")
FORGER = Ed25519PrivateKey.from_private_bytes(b"of somebody else".ljust(32))
Files = dict[str, bytes]


@pytest.fixture
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture
def site() -> Site:
    made: Site = SiteFactory.create(code="ABC1", time_zone="Europe/Berlin")
    return made


@pytest.fixture
def ines(site: Site) -> User:
    return a_person(Role.QUALITY, site, username="ines", display_name="Inês Costa")


@pytest.fixture
def record(ines: User, site: Site) -> Nonconformity:
    made = reported(ines, site, title="Größe 10,05 statt 10,00 ✗")
    upload = SimpleUploadedFile("measured.csv", "Länge;10,05\n".encode())
    files.attach(made, upload, by=ines)
    return made


@pytest.fixture
def pack(record: Nonconformity, ines: User) -> bytes:
    return packing.make([record.number], by=ines).content


def refusal(content: bytes, **known: Any) -> str:
    try:
        andon_verify.check(content, **known)
    except andon_verify.Refused as trouble:
        return str(trouble)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as trouble:
        return type(trouble).__name__  # `main` says that it has another form
    return ""


def opened(content: bytes) -> Files:
    return andon_verify.read_zip(content)


def closed(content: Files, key: Any = None) -> bytes:
    """Put a pack together again so that its own hashes fit; signed by the server or a forger."""
    about = json.loads(content["pack.json"])
    about["files"] = {
        name: andon_verify.sha256(data)
        for name, data in content.items()
        if name not in {"pack.json", "pack.sig"}
    }
    content["pack.json"] = andon_verify.dumps(about).encode()
    signer = key or keys.current()[0]
    content["pack.sig"] = base64.b64encode(signer.sign(content["pack.json"]))
    return andon_verify.zip_bytes(content)


# -- what is made -------------------------------------------------------------------------------


def test_EX4_the_verifier_accepts_a_pack_in_a_process_that_knows_no_andon(
    pack: bytes, tmp_path: Path
) -> None:
    (tmp_path / "pack.zip").write_bytes(pack)
    kept = tmp_path / "kept.txt"
    kept.write_text(Checkpoint.objects.get().text)
    alone = tmp_path / "andon_verify.py"
    alone.write_bytes(Path(andon_verify.__file__).read_bytes())
    known = Checkpoint.objects.get().key_id

    words = [str(alone), "pack.zip", "--key", known, "--checkpoint", str(kept)]
    said = subprocess.run(
        [sys.executable, "-I", *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert said.returncode == 0, said.stdout + said.stderr
    assert "HOLDS" in said.stdout
    assert "The checkpoint is the one that was kept." in said.stdout
    assert "import andon" not in alone.read_text()


def test_EX4_the_same_records_give_the_same_bytes(
    record: Nonconformity, ines: User, site: Site, pack: bytes
) -> None:
    other = reported(ines, site, title="Something else")
    checkpoints.checkpoint("later")

    assert packing.make([record.number], by=ines).content == pack
    both = packing.make([other.number, record.number], by=ines)
    assert both.content == packing.make([record.number, other.number], by=ines).content
    assert refusal(both.content) == ""
    assert both.numbers == tuple(sorted((record.number, other.number)))


def test_EX4_a_pack_holds_record_trail_proofs_files_key_and_guide(
    record: Nonconformity, pack: bytes
) -> None:
    held = opened(pack)
    attachment = record.attachments.get()
    assert held[f"files/{attachment.sha256}"] == files.read(attachment)
    (shown,) = [
        one["state"]
        for one in json.loads(held[f"records/{record.number}.json"])
        if one["model"] == "nonconformities.nonconformity"
    ]
    assert shown["title"] == "Größe 10,05 statt 10,00 ✗"
    assert keys.current()[1].key_id.encode() in held["README.txt"]
    assert b"{" not in held["README.txt"]
    assert json.loads(held["people.json"]) == {str(record.opened_by_id): "Inês Costa"}


def test_EX2_handing_out_is_recorded(record: Nonconformity, ines: User, pack: bytes) -> None:
    entry = AuditEntry.objects.get(stream="security", action="exported")
    assert entry.actor_id == str(ines.pk)
    assert entry.number == record.number
    assert entry.content()["detail"] == {"form": "pack", "records": [record.number]}


def test_EX4_a_pack_stays_good_after_a_change_of_key(
    record: Nonconformity, ines: User, pack: bytes
) -> None:
    old = keys.current()[1].key_id
    rotation.rotate(by=SYSTEM("test"))
    assert refusal(packing.make([record.number], by=ines).content, wanted=old) == ""
    assert refusal(pack, wanted=old) == ""


# -- who may ------------------------------------------------------------------------------------


def test_AZ3_a_record_out_of_sight_is_not_packed(record: Nonconformity) -> None:
    elsewhere = a_person(Role.QUALITY, SiteFactory.create(code="ABC2"))
    with pytest.raises(Refused, match="no such record"):
        packing.make([record.number], by=elsewhere)
    with pytest.raises(Refused, match="no such record"):
        packing.make(["NC-ABC1-2026-9999"], by=elsewhere)


def test_AZ4_whoever_may_only_read_does_not_hand_out(record: Nonconformity, site: Site) -> None:
    with pytest.raises(PermissionDenied):
        packing.make([record.number], by=a_person(Role.OWNER, site))
    assert not AuditEntry.objects.filter(action="exported").exists()


@pytest.mark.parametrize(("numbers", "sentence"), [([], "at least one"), (["x"] * 2, "no such")])
def test_EX4_a_pack_of_nothing_is_refused(numbers: list[str], sentence: str, ines: User) -> None:
    with pytest.raises(Refused, match=sentence):
        packing.make(numbers, by=ines)


def test_EX4_a_pack_has_a_limit(ines: User) -> None:
    with pytest.raises(Refused, match="up to 200"):
        packing.make([str(number) for number in range(201)], by=ines)


# -- nothing is packed from a trail that is not whole -----------------------------------------


def test_EX4_no_pack_from_a_rewritten_trail(record: Nonconformity, ines: User) -> None:
    checkpoints.checkpoint("test")
    tamper(set_entry(1, payload="{}"))
    with pytest.raises(Refused, match="andon verify"):
        packing.make([record.number], by=ines)


def test_EX4_no_pack_with_an_altered_file(record: Nonconformity, ines: User) -> None:
    shelf.path_of(record.attachments.get().sha256).write_bytes(b"other")
    with pytest.raises(Refused, match="missing or was altered"):
        packing.make([record.number], by=ines)


# -- what is refused ----------------------------------------------------------------------------


def test_EX4_every_flipped_byte_is_refused(pack: bytes) -> None:
    """Of each file its first, middle and last byte, and hundreds anywhere: also of the ZIP."""
    chance = random.Random(4)
    places = {0, len(pack) - 1, *(chance.randrange(len(pack)) for _ in range(300))}
    for content in opened(pack).values():
        at = pack.index(content)
        places |= {at, at + len(content) // 2, at + len(content) - 1}
    passed = []
    for place in places:
        flipped = bytearray(pack)
        flipped[place] ^= 1 << chance.randrange(8)
        if not refusal(bytes(flipped)):
            passed.append(place)
    assert passed == []


def test_EX4_what_is_cut_off_or_added_is_refused(pack: bytes) -> None:
    assert refusal(pack[:-1])
    assert refusal(pack + b"\0")
    assert refusal(b"\0" + pack)
    assert refusal(b"")
    for name in opened(pack):
        held = opened(pack)
        del held[name]
        assert refusal(andon_verify.zip_bytes(held)), name
    assert refusal(andon_verify.zip_bytes({**opened(pack), "more.txt": b"more"}))


def change(path: str, edit: Callable[[Any], Any]) -> Callable[[Files, str], None]:
    def apply(held: Files, number: str) -> None:
        name = path.replace("NUMBER", number)
        held[name] = andon_verify.dumps(edit(json.loads(held[name]))).encode()

    return apply


def first(**columns: Any) -> Callable[[Any], Any]:
    return lambda told: [{**told[0], **columns}, *told[1:]]


def other_title(shown: Any) -> Any:
    return json.loads(json.dumps(shown).replace("10,05", "10,00"))


def other_payload(told: Any) -> Any:
    """Change a payload, and make its hash fit."""
    entry = told[0]
    payload = entry["payload"].replace("10,05", "10,00")
    assert payload != entry["payload"]
    parts = ("andon-trail-v1", "records", entry["prev_hash"], payload)
    digest = andon_verify.sha256("\n".join(parts).encode())
    return [{**entry, "payload": payload, "entry_hash": digest}, *told[1:]]


def other_file(held: Files, number: str) -> None:
    name = next(name for name in held if name.startswith("files/"))
    held[name] = b"something else"


def renamed_file(held: Files, number: str) -> None:
    name = next(name for name in held if name.startswith("files/"))
    held["files/" + andon_verify.sha256(b"other")] = b"other"
    del held[name]


def other_checkpoint(held: Files, number: str) -> None:
    held["checkpoint.txt"] = held["checkpoint.txt"].replace(b"reason ", b"reason un")


def other_record(held: Files, number: str) -> None:
    """Say that the trail is that of another record."""
    other = number[:-1] + "9"
    for folder in ("records", "trail"):
        held[f"{folder}/{other}.json"] = held.pop(f"{folder}/{number}.json")
    about = json.loads(held["pack.json"])
    about["records"] = [other]
    held["pack.json"] = andon_verify.dumps(about).encode()


# Each leaves the hashes and the signature of the pack right: as if the server itself forged it.
FORGERIES = {
    "record": change("records/NUMBER.json", other_title),
    "payload": change("trail/NUMBER.json", other_payload),
    "hash": change("trail/NUMBER.json", first(entry_hash="0" * 64)),
    "link": change("trail/NUMBER.json", first(prev_hash="1" * 64)),
    "place": change("trail/NUMBER.json", first(seq=1)),
    "proof": change("trail/NUMBER.json", first(proof=[])),
    "entry left out": change("trail/NUMBER.json", lambda told: told[1:]),
    "entry twice": change("trail/NUMBER.json", lambda told: [told[0], *told]),
    "entries turned": change("trail/NUMBER.json", lambda told: told[::-1]),
    "trail emptied": change("trail/NUMBER.json", lambda _told: []),
    "key": change("keys.json", first(key_id="0" * 16)),
    "no key": change("keys.json", lambda _told: []),
    "file": other_file,
    "another file": renamed_file,
    "checkpoint": other_checkpoint,
    "another record": other_record,
}


@pytest.mark.parametrize("what", FORGERIES)
def test_EX4_what_the_server_itself_forged_in_a_pack_is_refused(
    what: str, pack: bytes, record: Nonconformity
) -> None:
    held = opened(pack)
    FORGERIES[what](held, record.number)
    assert refusal(closed(held))


def test_EX4_a_pack_of_another_key_is_refused_by_who_knows_the_key(pack: bytes) -> None:
    known = keys.current()[1].key_id
    held = opened(pack)
    assert refusal(closed(held, FORGER)) == "The pack was not signed by its key."
    public = keys.public(FORGER)
    row = {"number": 1, "key_id": keys.key_id(public), "endorsement": "",
           "public_key": base64.b64encode(public).decode()}  # fmt: skip
    held["keys.json"] = andon_verify.dumps([row]).encode()
    assert refusal(closed(held, FORGER), wanted=known)
    mine = json.loads(opened(pack)["keys.json"])[0]
    forged = base64.b64encode(FORGER.sign(b"x")).decode()
    slipped = {**row, "number": 2, "endorsement": forged}
    held["keys.json"] = andon_verify.dumps([mine, slipped]).encode()
    assert "slipped in" in refusal(closed(held, FORGER), wanted=known)


def test_EX4_a_kept_checkpoint_of_a_rewritten_trail_is_refused(
    pack: bytes, record: Nonconformity
) -> None:
    kept = Checkpoint.objects.get().text
    assert refusal(pack, kept=kept) == ""
    assert "None of the kept" in refusal(pack, kept="")
    body = kept.partition("\n\n")[0] + "\n"
    lines = body.splitlines()
    lines[2] = base64.b64encode(b"r" * 32).decode()
    other = notes.sign(keys.origin(), "\n".join(lines) + "\n", keys.current()[0])
    assert "something else" in refusal(pack, kept=other)
    foreign = notes.sign(keys.origin(), body, FORGER)
    assert "not signed" in refusal(pack, kept=foreign)


def forged_throughout(held: Files, number: str) -> None:
    """Tell another story from the beginning, with every seal, hash and record to match."""
    states: dict[tuple[str, str], Any] = {}
    told = json.loads(held[f"trail/{number}.json"])
    for entry in told:
        payload = json.loads(entry["payload"].replace("10,05", "10,00"))
        key = (payload["model"], payload["object"])
        before, after = payload.get("before", {}), payload.get("after", {})
        states[key] = {**states.get(key, {}), **after} if before else after
        about = {"model": key[0], "object": key[1], "state": states[key]}
        about["v"] = payload["state_version"]
        payload["state"] = andon_verify.sha256(andon_verify.dumps(about).encode())
        entry["payload"] = andon_verify.dumps(payload)
        parts = ("andon-trail-v1", "records", entry["prev_hash"], entry["payload"])
        entry["entry_hash"] = andon_verify.sha256("\n".join(parts).encode())
    held[f"trail/{number}.json"] = andon_verify.dumps(told).encode()
    change("records/NUMBER.json", other_title)(held, number)


def test_EX4_the_twin_without_the_proof_a_whole_forgery_passes(
    pack: bytes, record: Nonconformity, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = opened(pack)
    forged_throughout(held, record.number)
    assert "not in the trail" in refusal(closed(held))
    monkeypatch.setattr(andon_verify, "included", lambda *_parts: True)
    assert refusal(closed(held)) == ""


def test_EX4_the_twin_without_the_signature_a_pack_of_anybody_passes(
    pack: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = opened(pack)
    held["people.json"] = andon_verify.dumps({"1": "Somebody Else"}).encode()
    assert refusal(closed(held, FORGER)) == "The pack was not signed by its key."
    monkeypatch.setattr(andon_verify, "signed", lambda *_parts: True)
    assert refusal(closed(held, FORGER)) == ""


# -- page and command ---------------------------------------------------------------------------


def test_EX4_the_page_makes_a_pack_and_says_what_stands_in_the_way(
    record: Nonconformity, ines: User, client: Client
) -> None:
    client.force_login(ines)
    assert "Nothing is signed yet" in client.get(reverse("packs:index")).content.decode()
    address = reverse("nonconformities:detail", args=[record.number])
    assert f"?number={record.number}" in client.get(address).content.decode()

    answer = client.post(reverse("packs:make"), {"numbers": f" {record.number}\r\n\r\n"})
    assert answer.status_code == 200
    assert refusal(answer.content) == ""
    assert f"{record.number}-pack.zip" in answer["Content-Disposition"]

    answer = client.post(reverse("packs:make"), {"numbers": "NC-1<b>"})
    assert answer.status_code == 409
    assert "There is no such record: NC-1&lt;b&gt;" in answer.content.decode()


def test_AT9_the_page_signs_and_prints_the_proof(
    record: Nonconformity, ines: User, client: Client
) -> None:
    client.force_login(ines)
    assert client.get(reverse("packs:paper")).status_code == 409
    assert client.post(reverse("packs:sign")).status_code == 302
    newest = Checkpoint.objects.get()
    shown = client.get(reverse("packs:index")).content.decode()
    assert newest.text.splitlines()[2].replace("+", "&#x2B;") in shown or newest.key_id in shown
    paper = client.get(reverse("packs:paper"))
    assert paper.content.startswith(b"%PDF")
    assert paper.content == client.get(reverse("packs:paper")).content
    verifier = client.get(reverse("packs:verifier"))
    assert verifier.content == Path(andon_verify.__file__).read_bytes()


def test_EX4_the_command_writes_pack_and_verifier_over_no_other_file(
    record: Nonconformity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, alone = tmp_path / "pack.zip", tmp_path / "andon_verify.py"
    words = ["pack", record.number, "--output", str(out), "--verifier", str(alone)]
    assert main([*words, "--by", "ines"]) == 0
    assert andon_verify.main([str(out)]) == 0
    assert "give --key" in capsys.readouterr().out
    assert main(words) == 2
    assert main(["pack", "NC-0"]) == 2
    assert main(["pack", record.number, "--by", "nobody"]) == 2
    out.write_bytes(out.read_bytes()[:-5])
    assert andon_verify.main([str(out)]) == 1
    assert andon_verify.main([str(tmp_path / "none.zip")]) == 1
    assert capsys.readouterr().out.count("REFUSED") == 2
