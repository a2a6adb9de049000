"""Who is there, proved anew in the same request: for signing, and before factors change."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import RequestFactory

from andon.accounts import clock
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, TESTS, a_person
from andon.entry import factors, pins, proof
from andon.entry.factors_testing import a_generator, code_of, security_events
from andon.entry.models import Pin
from andon.trail.services import audited

PIN = "739154"


@pytest.fixture
def ana(db):
    return a_person(Role.QUALITY, username="ana")


@pytest.fixture
def outsider(db):
    """Somebody who comes by single sign-on: there is no password."""
    return a_person(Role.QUALITY, username="olga", password=None)


def request_of(user, **session):
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.7", HTTP_HOST="localhost:8000")
    request.session = SessionStore()
    request.session.update(session)
    request.user = user
    return request


def later():
    return time_machine.travel(clock.now() + timedelta(minutes=1), tick=False)


def test_SG3_the_password_proves_who_is_there_without_a_second_factor(ana):
    assert proof.check(ana, request_of(ana), password=PASSWORD) == "password"


@pytest.mark.parametrize("given", [{}, {"password": "wrong"}, {"code": "123456"}, {"pin": PIN}])
def test_SG3_anything_else_proves_nothing(ana, given):
    pins.set_pin(ana, PIN, purpose=Pin.Purpose.SIGNING, by=ana)

    with pytest.raises(proof.WrongProof):
        proof.check(ana, request_of(ana), **given)


def test_SG3_with_an_app_the_password_needs_its_code(ana):
    generator = a_generator(ana)

    with pytest.raises(proof.WrongProof, match="code that your app shows"):
        proof.check(ana, request_of(ana), password=PASSWORD)
    with pytest.raises(proof.WrongProof):
        proof.check(ana, request_of(ana), code=code_of(generator))
    with later():
        method = proof.check(ana, request_of(ana), password=PASSWORD, code=code_of(generator))
    assert method == "password+code"


def test_SG3_a_wrong_password_does_not_spend_the_code(ana):
    generator = a_generator(ana)

    with pytest.raises(proof.WrongProof):
        proof.check(ana, request_of(ana), password="wrong", code=code_of(generator))

    assert factors.use_code(ana, code_of(generator))


def test_SG3_recovery_codes_sign_nothing(ana):
    a_generator(ana)
    codes = factors.new_codes(ana)

    with pytest.raises(proof.WrongProof):
        proof.check(ana, request_of(ana), password=PASSWORD, code=codes[0])

    assert factors.use_recovery_code(ana, codes[0])


def test_SG3_under_single_sign_on_code_or_signing_pin_is_the_proof(outsider):
    generator = a_generator(outsider)
    pins.set_pin(outsider, PIN, purpose=Pin.Purpose.SIGNING, by=outsider)
    request = request_of(outsider)

    assert proof.check(outsider, request, code=code_of(generator)) == "code"
    assert proof.check(outsider, request, pin=PIN) == "pin"
    for wrong in ({"code": code_of(generator)}, {"pin": "739155"}, {"password": ""}, {}):
        with pytest.raises(proof.WrongProof):
            proof.check(outsider, request, **wrong)


def test_SG3_at_a_shared_tablet_nobody_proves_anything(ana):
    request = request_of(ana, tablet={"pk": 1, "at": 0})

    with pytest.raises(proof.WrongProof, match="shared tablet"):
        proof.check(ana, request, password=PASSWORD)
    assert not proof.ask(request)


def test_SG3_twin_without_the_mark_the_same_request_is_proved(ana):
    assert proof.check(ana, request_of(ana), password=PASSWORD)


def test_AU4_wrong_proofs_pause_also_the_right_one(ana):
    for _ in range(5):
        with pytest.raises(proof.WrongProof):
            proof.check(ana, request_of(ana), password="wrong", act="signing")

    with pytest.raises(proof.PausedProof, match="Wait"):
        proof.check(ana, request_of(ana), password=PASSWORD, act="signing")
    assert len(security_events("signing failed")) == 5


def test_AU4_wrong_codes_beside_the_right_password_are_counted(ana):
    generator = a_generator(ana)
    for _ in range(5):
        with pytest.raises(proof.WrongProof):
            proof.check(ana, request_of(ana), password=PASSWORD, code="000000")

    with later(), pytest.raises(proof.PausedProof):
        proof.check(ana, request_of(ana), password=PASSWORD, code=code_of(generator))


def test_AU4_a_proof_is_never_counted_inside_an_audited_block(ana):
    with audited(TESTS), pytest.raises(RuntimeError, match="before the audited block"):
        proof.check(ana, request_of(ana), password=PASSWORD)


def test_a_disabled_person_proves_nothing(ana):
    ana.is_active = False

    with pytest.raises(proof.WrongProof, match="disabled"):
        proof.check(ana, request_of(ana), password=PASSWORD)


def test_a_form_asks_for_what_the_person_has(ana, outsider):
    assert proof.ask(request_of(ana)) == proof.Ask(password=True)
    assert not proof.ask(request_of(outsider))
    a_generator(ana)
    assert proof.ask(request_of(ana)) == proof.Ask(password=True, code=True)
