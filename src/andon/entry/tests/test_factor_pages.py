"""Signing in by two steps, and the pages on which factors are kept."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from andon.accounts import clock, services
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, a_person
from andon.entry import factors, factors_rules, pins
from andon.entry import factors_totp as totp
from andon.entry.factors_testing import a_generator, code_of, security_events
from andon.entry.models import Generator, Passkey, Pin, RecoveryCode
from andon.entry.testing import is_in, sign_in
from andon.organization.testing import with_settings
from andon.trail.services import audited

STEP = "/sign-in/second-step/"


@pytest.fixture
def ana(db):
    return a_person(Role.QUALITY, username="ana")


@pytest.fixture
def adam(db):
    return a_person(Role.ADMIN, username="adam")


@pytest.fixture
def later():
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        yield


def test_AU3_the_password_alone_opens_nothing(client, ana, later):
    generator = a_generator(ana)

    first = sign_in(client)
    before = is_in(client)
    client.post(STEP, {"code": code_of(generator)})

    assert first["Location"] == STEP
    assert not before
    assert is_in(client)
    assert security_events("signed in")[0]["detail"] == {"method": ["password", "totp"]}


def test_AU3_twin_without_the_step_the_password_opens_everything(client, ana, settings):
    a_generator(ana)
    settings.SIGN_IN_STEPS = []

    sign_in(client)

    assert is_in(client)


def test_AU3_wrong_and_used_codes_are_refused_and_counted(client, ana, later):
    generator = a_generator(ana)
    code = code_of(generator)
    assert factors.use_code(ana, code)
    sign_in(client)

    pages = [client.post(STEP, {"code": wrong}) for wrong in (code, "000000", "", "x" * 80)]
    pages += [client.post(STEP, {"code": "000001"}) for _ in range(4)]

    assert {page.status_code for page in pages} == {200}
    assert "Wait 15 minutes" in pages[-1].content.decode()
    assert not is_in(client)
    assert len(security_events("second step failed")) == 5


def test_AU3_a_recovery_code_lets_in_once(client, ana, later):
    a_generator(ana)
    code, *_rest = factors.new_codes(ana)
    other = Client()

    for browser in (client, other):
        sign_in(browser)
        browser.post(STEP, {"code": code})

    assert (is_in(client), is_in(other)) == (True, False)
    assert len(security_events("recovery code used")) == 1


def test_AU3_the_step_belongs_to_the_browser_that_gave_the_password(client, ana, later):
    generator = a_generator(ana)
    sign_in(client)
    other = Client()

    answer = other.post(STEP, {"code": code_of(generator)})

    assert answer["Location"] == "/sign-in/"
    assert not is_in(other)


def test_AU3_who_was_disabled_between_the_steps_stays_outside(client, ana, adam, later):
    generator = a_generator(ana)
    sign_in(client)
    services.disable_user(ana, by=adam)

    client.post(STEP, {"code": code_of(generator)})

    assert not is_in(client)
    assert not security_events("signed in")


def test_SE4_the_second_step_leads_back_to_where_one_wanted(client, ana, later):
    generator = a_generator(ana)
    sign_in(client, next="/setup/")

    assert client.post(STEP, {"code": code_of(generator)})["Location"] == "/setup/"


def test_AU3_the_page_adds_an_app_and_shows_recovery_codes_once(client, ana):
    client.force_login(ana)
    page = client.get("/account/code/").content.decode()
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)[1]
    secret = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    before = client.session.session_key
    sent = {
        "sealed": sealed,
        "new_code": totp.code_at(secret, totp.step_at(clock.now().timestamp())),
    }

    without = client.post("/account/code/", sent)
    shown = client.post("/account/code/", {**sent, "password": PASSWORD})

    assert without.status_code == 200
    assert "Type your password" in without.content.decode()
    assert shown.status_code == 201
    assert (
        len(re.findall(r"<code[^>]*>([a-z2-7]{4}-){3}[a-z2-7]{4}</code>", shown.content.decode()))
        == 10
    )
    assert factors.has_codes(ana)
    assert client.session.session_key != before
    assert not re.search(r"([a-z2-7]{4}-){3}", client.get("/account/").content.decode())
    assert security_events("factor added")[0]["detail"] == {"kind": "totp"}


def test_AU3_a_wrong_first_code_keeps_the_picture(client, ana):
    client.force_login(ana)
    page = client.get("/account/code/").content.decode()
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)[1]

    again = client.post(
        "/account/code/", {"sealed": sealed, "new_code": "000000", "password": PASSWORD}
    )

    assert sealed in again.content.decode()
    assert not Generator.objects.exists()


def test_AU3_removing_a_factor_asks_who_is_there(client, ana, later):
    generator = a_generator(ana)
    client.force_login(ana)

    client.post("/account/code/remove/", {"password": PASSWORD})
    client.post("/account/code/remove/", {"password": "wrong", "code": code_of(generator)})
    kept = Generator.objects.count()
    client.post("/account/code/remove/", {"password": PASSWORD, "code": code_of(generator)})

    assert kept == 1
    assert Generator.objects.count() == 0


def test_AU3_new_recovery_codes_ask_who_is_there(client, ana, later):
    generator = a_generator(ana)
    client.force_login(ana)

    client.post("/account/recovery-codes/", {"password": PASSWORD})
    before = set(RecoveryCode.objects.values_list("digest", flat=True))
    client.post("/account/recovery-codes/", {"password": PASSWORD, "code": code_of(generator)})

    assert len(before) == 10
    assert not before & set(RecoveryCode.objects.values_list("digest", flat=True))


def test_another_persons_passkey_is_as_absent(client, ana, adam):
    with audited(adam):
        passkey = Passkey(
            user=adam, name="Phone", credential_id="x", public_key="x", added_at=clock.now()
        )
        passkey.save()
    client.force_login(ana)

    for page in ("", "remove/"):
        assert client.get(f"/account/passkeys/{passkey.pk}/{page}").status_code == 404
        assert client.post(f"/account/passkeys/{passkey.pk}/{page}").status_code == 404


@pytest.mark.parametrize(
    "answer", ["", "{", "[]", "{}", '{"id": 1}', '{"response": {}}', '{"id": "x", "response": 1}']
)
def test_AU3_odd_passkeys_are_refused_and_no_error(client, ana, answer):
    page = client.post("/sign-in/passkey/", {"passkey": answer})
    client.force_login(ana)
    added = client.post(
        "/account/passkeys/new/", {"name": "Phone", "password": PASSWORD, "new_passkey": answer}
    )

    assert page.status_code == added.status_code == 200


# -- who must ----------------------------------------------------------------------------------


def test_AU3_nobody_must_by_default_and_the_profile_asks_more(client, ana, adam):
    for person in (ana, adam):
        assert not factors_rules.must_have_second(person)
    with_settings(profile="regulated")
    assert factors_rules.must_have_second(ana)
    assert factors_rules.must_have_second(adam)
    assert not factors_rules.must_have_second(a_person(Role.CONTRIBUTOR))
    with_settings(profile="standard")
    assert factors_rules.must_have_second(adam)
    assert not factors_rules.must_have_second(ana)


@pytest.fixture
def must(ana, adam):
    factors_rules.set_rules(["quality"], by=adam)


def test_AU3_who_must_and_has_none_is_led_to_the_page_before_anything_else(client, ana, must):
    client.force_login(ana)

    for where in ("/", "/setup/", "/nonconformities/", "/notices/"):
        assert client.get(where)["Location"] == "/account/"
    assert client.post("/nonconformities/new/").status_code == 403
    assert client.get("/api/v1/nonconformities/").status_code == 403
    for where in ("/account/", "/account/code/", "/password/", "/sign-out/"):
        assert client.get(where).status_code == 200
    a_generator(ana)
    assert client.get("/").status_code == 200


def test_AU3_twin_without_the_middleware_nobody_is_led_anywhere(client, ana, must, settings):
    name = "andon.entry.factors_rules.SecondFactorMiddleware"
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != name]
    client.force_login(ana)

    assert client.get("/").status_code == 200


def test_AU3_others_go_on_as_before(client, adam, must):
    client.force_login(adam)

    assert client.get("/").status_code == 200


def test_AU3_the_administrator_chooses_the_roles(client, adam):
    client.force_login(adam)

    client.post("/setup/sign-in-rules/", {"follow": "own", "roles": ["manager", "quality"]})
    own = factors_rules.policy().second_factor_roles
    client.post("/setup/sign-in-rules/", {"follow": "own"})
    nobody = factors_rules.policy().second_factor_roles
    client.post("/setup/sign-in-rules/", {"follow": "profile", "roles": ["manager"]})

    assert own == {"manager", "quality"}
    assert nobody == frozenset()
    assert factors_rules.policy().second_factor_roles == frozenset()
    assert [each["detail"]["after"] for each in security_events("sign-in rules changed")] == [
        "manager,quality",
        "-",
        "",
    ]


def test_AU3_the_administrator_resets_by_the_page_and_proves_who_asks(client, ana, adam):
    a_generator(ana)
    client.force_login(adam)
    where = reverse("sign_in_rules:reset", kwargs={"pk": ana.pk})

    client.post(where, {"password": "wrong"})
    kept = factors.has_second(ana)
    client.post(where, {"password": PASSWORD})

    assert kept
    assert not factors.has_second(ana)


def test_AZ5_nobody_resets_themselves_by_the_page(client, adam, later):
    generator = a_generator(adam)
    client.force_login(adam)

    page = client.post(
        reverse("sign_in_rules:reset", kwargs={"pk": adam.pk}),
        {"password": PASSWORD, "code": code_of(generator)},
    )

    assert "another administrator" in page.content.decode()
    assert factors.has_second(adam)


def test_a_pin_is_set_on_the_page_by_the_person(client, ana):
    client.force_login(ana)
    sent = {"new_pin": "739154", "again": "739154", "password": PASSWORD}

    pages = [
        client.post("/account/signing-pin/", {**sent, **wrong})
        for wrong in ({"again": "1"}, {"password": "x"}, {"new_pin": "123456", "again": "123456"})
    ]
    assert {page.status_code for page in pages} == {200}
    assert not Pin.objects.exists()
    client.post("/account/signing-pin/", sent)

    assert pins.right(ana, "739154", purpose=Pin.Purpose.SIGNING)


def test_who_has_no_way_to_prove_it_sets_a_first_pin_soon_after_signing_in(client, db):
    olga = a_person(Role.QUALITY, password=None)
    client.force_login(olga)
    sent = {"new_pin": "739154", "again": "739154"}

    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        late = client.post("/account/signing-pin/", sent)
        assert "too long ago" in late.content.decode()
    client.post("/account/signing-pin/", sent)

    assert pins.has_pin(olga, Pin.Purpose.SIGNING)
