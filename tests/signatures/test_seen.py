"""What is signed is what was seen, once, by whom it was shown to (SG3, SG4, SG6)."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from andon.accounts import clock
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, a_person
from andon.modules.nonconformities import services
from andon.modules.nonconformities.tests.factories import reported
from andon.portal.notices import reading
from andon.portal.notices.models import Notice
from andon.records import files
from andon.records import services as records
from andon.records.models import Record
from andon.records.workflow import Refused
from andon.signing import page, proving, showing
from andon.signing import services as signing
from andon.signing.content import content_of
from andon.signing.models import Level, Showing, Signature
from andon.signing.proving import Proof
from andon.trail.models import AuditEntry
from tests.signatures.scenes import Scene

SHOULD_BE = "The record changed since you looked at it"


def titled(scene: Scene, n: int) -> None:
    fresh = scene.fresh
    records.edit(fresh, {"title": f"Bore {n}"}, by=scene.owner, version=fresh.version)


def restricted(scene: Scene, n: int) -> None:
    fresh = scene.fresh
    records.edit(
        fresh,
        {"restricted": not fresh.restricted, "owner": scene.owner},
        by=scene.owner,
        version=fresh.version,
    )
    if not fresh.restricted:
        records.let_in(fresh, scene.manager, by=scene.owner)


def attached(scene: Scene, n: int) -> None:
    files.attach(scene.fresh, SimpleUploadedFile("a.txt", b"%d" % n), by=scene.owner)


def linked(scene: Scene, n: int) -> None:
    other = reported(scene.owner, scene.site, title=f"Other {n}")
    records.link(scene.fresh, "related", other, by=scene.owner)


def contained(scene: Scene, n: int) -> None:
    services.contain(
        scene.fresh, by=scene.owner, place=f"Shelf {n}", quantity=Decimal(1), action="blocked"
    )


def extended(scene: Scene, n: int) -> None:
    records.extend(
        scene.fresh, date(2030, 1, 1) + timedelta(days=n), by=scene.owner, reason="steel is late"
    )


CHANGES: tuple[Callable[[Scene, int], None], ...] = (
    titled, attached, linked, contained, extended, restricted,
)  # fmt: skip


def test_SG4_of_100_changes_between_show_and_submit_all_are_refused(scene: Scene):
    scene.turn(Level.ONE)
    hand, refused = scene.hand(), 0

    for n in range(100):
        hand.look()
        CHANGES[n % len(CHANGES)](scene, n)
        answer = hand.send()
        refused += answer.status_code == 409 and SHOULD_BE in answer.content.decode()

    assert refused == 100
    assert scene.fresh.state == "reported"
    assert not Signature.objects.exists()
    assert hand.sign().status_code == 303, "shown again, it is signed"


def test_SG4_the_difference_is_shown_with_field_was_and_is(scene: Scene):
    scene.turn(Level.ONE)
    hand = scene.hand()
    hand.look()
    titled(scene, 7)

    page = hand.send().content.decode()

    assert "title: was “Bore too wide”, is “Bore 7”." in page


def test_a_comment_meanwhile_is_no_difference(scene: Scene):
    scene.turn(Level.ONE)
    hand = scene.hand()
    hand.look()
    records.comment(scene.fresh, "looks good", by=scene.owner)

    assert hand.send().status_code == 303


def test_SG4_of_100_replays_all_are_refused(scene: Scene):
    scene.turn(Level.ONE)
    scene.turn(Level.ONE, "void")
    hand = scene.hand()
    assert hand.sign().status_code == 303

    answers = [hand.send().status_code for _again in range(100)]

    assert answers == [409] * 100
    assert Signature.objects.count() == 1


def test_SG4_a_token_is_good_for_five_minutes(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    scene.turn(Level.ONE)
    hand, now = scene.hand(), clock.now()
    hand.look()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=5, seconds=1))

    late = hand.send()

    assert late.status_code == 409
    assert "cannot be signed any more" in late.content.decode()
    assert scene.fresh.state == "reported"


@pytest.mark.parametrize("who", ["another person", "another session", "another step", "no token"])
def test_SG4_a_token_is_bound_to_person_session_and_step(scene: Scene, who: str):
    scene.turn(Level.ONE)
    scene.turn(Level.ONE, "void")
    token = scene.hand().look()["sign_token"]
    hand = {
        "another person": lambda: scene.hand(scene.second),
        "another session": scene.hand,
        "another step": lambda: same_session(scene),
        "no token": scene.hand,
    }[who]()
    hand.look()
    if who == "another step":
        token = hand.shown["sign_token"]
        hand.address = hand.address.replace("void", "settle")

    answer = hand.send(sign_token="" if who == "no token" else token)

    assert answer.status_code == 409
    assert scene.fresh.state == "reported"
    assert not Signature.objects.exists()


def same_session(scene: Scene) -> Any:
    return scene.hand(step="void")


def test_SG4_a_token_dies_with_its_session(scene: Scene):
    scene.turn(Level.ONE)
    hand = scene.hand()
    hand.look()
    hand.client.logout()
    hand.client.force_login(scene.manager)

    assert hand.send().status_code == 409


def test_SG3_the_third_failure_ends_the_session_and_is_told(scene: Scene):
    scene.turn(Level.ONE)
    hand = scene.hand()
    adam = a_person(Role.ADMIN)
    reading.read_on(clock.now())

    answers = [hand.sign(sign_password=f"guess {n}").status_code for n in range(2)]
    hand.look()
    last = hand.send(sign_password="guess 3")

    assert answers == [409, 409]
    assert last.status_code == 403
    assert "you are signed out" in last.content.decode()
    assert hand.client.get("/").status_code == 302
    told = AuditEntry.objects.filter(stream="security", number=scene.record.number)
    actions = list(told.values_list("action", flat=True))
    assert actions.count("signing failed") == 3
    assert actions.count("session ended by failed signing") == 1
    assert "guess" not in "".join(told.values_list("payload", flat=True))
    reading.read_on(clock.now())
    alarms = Notice.objects.filter(kind="refused", record_id=scene.record.pk)
    assert {notice.recipient for notice in alarms} == {adam, scene.second}


def test_SG3_a_right_password_forgets_the_failures_before(scene: Scene):
    scene.turn(Level.ONE)
    scene.turn(Level.ONE, "void")
    hand = scene.hand()
    hand.sign(sign_password="guess")
    hand.sign(sign_password="guess")
    assert hand.sign().status_code == 303
    again = scene.hand(step="void")
    again.client = hand.client

    assert again.sign(sign_password="guess", void_reason="x").status_code == 409


def test_the_password_never_comes_back_in_a_page(scene: Scene):
    scene.turn(Level.ONE)
    hand = scene.hand()
    hand.look()
    titled(scene, 1)

    answers = [hand.send(), hand.send(version=1), hand.send(sign_token="x")]

    assert all(PASSWORD not in answer.content.decode() for answer in answers)


# -- every way in without credentials (SG6) ---------------------------------------------------


def api(client: Client, scene: Scene, body: dict[str, Any], **headers: str) -> Any:
    return client.post(
        f"/api/v1/nonconformities/{scene.record.number}/do/settle/",
        json.dumps(body),
        content_type="application/json",
        headers={"If-Match": str(scene.fresh.version), **headers},
    )


def show(client: Client, scene: Scene, **headers: str) -> Any:
    path = f"/api/v1/signatures/{scene.record.number}/show/settle/"
    return client.post(path, content_type="application/json", headers=headers)


def test_SG6_the_api_signs_with_a_session_a_token_and_a_proof(scene: Scene):
    scene.turn(Level.ONE)
    client = scene.hand().client
    shown = show(client, scene).json()
    assert shown["content"]["nonconformities.nonconformity"]

    answer = api(client, scene, {"signature": {"token": shown["token"], "password": PASSWORD}})

    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "decided"
    assert [one["state"] for one in answer.json()["signatures"]] == ["valid"]


def test_SG6_nothing_signs_without_a_person_and_their_proof(scene: Scene):
    scene.turn(Level.ONE)
    client = scene.hand().client
    token = show(client, scene).json()["token"]
    whole = {"signature": {"token": token, "password": PASSWORD}}
    bearer = {"Authorization": "Bearer abcdef"}
    proof = Proof(scene.second.pk, "another", token, "password")

    assert api(client, scene, {}).status_code == 409
    assert api(client, scene, {"signature": {"token": token}}).status_code == 409
    assert api(client, scene, whole, **bearer).status_code in {401, 409}
    assert show(client, scene, **bearer).status_code in {401, 409}
    assert api(Client(), scene, whole).status_code in {401, 403}
    for given in (None, proof):
        with pytest.raises(Refused, match="prove who you are"):
            records.perform(scene.fresh, "settle", by=scene.manager, proof=given)
    assert scene.fresh.state == "reported"
    assert not Signature.objects.exists()


def test_SG6_nothing_changes_the_state_of_many_records_at_once():
    """One signature each would be needed, so there is no bulk step at all."""
    for kind in Record.kinds():
        assert "state" not in kind.editable


# -- broken twins ----------------------------------------------------------------------------


def test_broken_twin_without_the_comparison_what_was_not_seen_is_signed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    scene.turn(Level.ONE)
    hand = scene.hand()
    hand.look()
    titled(scene, 1)
    assert hand.send().status_code == 409

    hand.look()
    titled(scene, 2)
    monkeypatch.setattr(showing, "_same", lambda _shown, record: content_of(record))

    assert hand.send().status_code == 303


def test_broken_twin_without_the_proof_a_stolen_session_signs(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    scene.turn(Level.ONE)
    hand = scene.hand()
    assert hand.sign(sign_password="stolen session").status_code == 409

    monkeypatch.setattr(proving.proof, "check", lambda *_who, **_given: "password")

    assert hand.sign(sign_password="stolen session").status_code == 303


def test_broken_twin_without_single_use_a_token_signs_twice(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    scene.turn(Level.TWO)
    hand = scene.hand()
    hand.sign()
    again = hand.send()
    assert again.status_code == 409

    Showing.objects.update(used_at=None)
    monkeypatch.setattr(showing, "_with_signatures", lambda _record, content: content)
    monkeypatch.setattr(signing, "refuse_second", lambda _first, _by: None)

    assert hand.send().status_code == 303
    assert Signature.objects.count() == 2


def test_broken_twin_without_the_second_person_the_first_signs_twice(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    scene.turn(Level.TWO)
    scene.hand().sign()
    for module in (signing, page):
        monkeypatch.setattr(module, "refuse_second", lambda _first, _by: None)

    assert scene.hand().sign().status_code == 303
    assert scene.fresh.state == "decided"
