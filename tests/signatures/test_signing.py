"""A step is signed as strictly as the dial says, and what was signed is kept (SG1-SG3)."""

import json

import pytest

from andon.signing.models import Awaited, Level, Signature
from andon.signing.validity import VALID, WENT_ON
from andon.trail.models import AuditEntry
from andon.trail.verify import verify
from tests.signatures.scenes import Scene


def test_without_the_dial_nothing_is_signed_and_nothing_is_asked(scene: Scene):
    hand = scene.hand()
    page = hand.client.get(hand.address)

    assert "sign_password" not in page.content.decode()
    assert scene.hand().send(version=scene.fresh.version).status_code == 303
    assert scene.fresh.state == "decided"
    assert not Signature.objects.exists()


def test_SG1_a_signature_keeps_who_what_when_and_the_text_that_was_signed(scene: Scene):
    scene.turn(Level.ONE)
    row = scene.signed()

    assert scene.fresh.state == "decided"
    assert (row.signer_name, row.signer_title) == ("Ana Silva", "Head of quality")
    assert row.meaning == "I decided on this nonconformity."
    assert (row.number, row.zone, row.method) == (scene.record.number, "Europe/Berlin", "password")
    text = json.loads(row.manifest)
    assert text["record"]["revision"] == row.revision == scene.record.version
    assert text["step"] == {"name": "settle", "from": "reported", "to": "decided"}
    assert set(text["content"]) >= {
        "nonconformities.nonconformity", "nonconformities.disposition", "nonconformities.sorting",
        "nonconformities.containment", "records.attachment", "records.link",
    }  # fmt: skip
    entry = AuditEntry.objects.get(model="signing.signature", object_id=str(row.pk))
    assert entry.number == scene.record.number
    [one] = scene.found()
    assert (one.state, one.faults, one.seq) == (VALID, (), entry.seq)
    assert verify().findings == []


def test_SG5_a_later_step_leaves_it_valid_and_says_that_the_record_went_on(scene: Scene):
    scene.turn(Level.ONE)
    scene.signed()
    scene.turn(Level.ONE, "void")

    assert scene.hand(step="void").sign(void_reason="entered twice").status_code == 303

    assert [one.state for one in scene.found()] == [WENT_ON, VALID]
    second = json.loads(scene.found()[1].signature.manifest)
    assert second["typed"] == {"void_reason": "entered twice"}
    assert second["signatures"] == [
        {"id": scene.found()[0].signature.pk, "sha256": scene.found()[0].signature.manifest_sha256}
    ]


def test_SG3_a_wrong_password_signs_nothing(scene: Scene):
    scene.turn(Level.ONE)

    answer = scene.hand().sign(sign_password="a guess")

    assert answer.status_code == 409
    assert "This is not your password" in answer.content.decode()
    assert "a guess" not in answer.content.decode()
    assert scene.fresh.state == "reported"


@pytest.mark.parametrize("who", ["ana", "olga"])
def test_AZ5_a_second_person_signs_who_is_neither_first_nor_owner(scene: Scene, who: str):
    scene.turn(Level.TWO)
    assert scene.hand().sign().status_code == 303
    waiting = Awaited.objects.get()
    assert (scene.fresh.state, waiting.ended) == ("reported", "")
    same = scene.manager if who == "ana" else scene.owner

    hand = scene.hand(same)
    page = hand.client.get(hand.address)
    refused = hand.send(version=scene.fresh.version)

    assert page.context["signing"].barred
    assert refused.status_code == 409
    assert scene.fresh.state == "reported"
    assert scene.hand(scene.second).sign().status_code == 303
    assert scene.fresh.state == "decided"
    assert [one.signature.place for one in scene.found()] == [1, 2]
    assert [one.state for one in scene.found()] == [VALID, VALID]
    waiting.refresh_from_db()
    assert (waiting.ended, waiting.ended_by) == ("completed", scene.second)
    assert verify().findings == []
