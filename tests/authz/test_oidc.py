"""Single sign-on against providers on loopback: a right one, and one that misbehaves."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from environ import Env
from oidc_provider_mock import run_server_in_thread

from andon.accounts import services
from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, TESTS, a_person
from andon.config.outside import single_sign_on
from andon.entry import oidc, oidc_people
from andon.entry.factors_testing import a_generator, code_of, security_events
from andon.entry.models import OutsideIdentity
from andon.entry.oidc_testing import SECRET, a_provider
from andon.entry.testing import is_in, sign_in

BEGIN, BACK = "/sign-in/company/", "/sign-in/company/back/"
SUBJECT = "subject-of-ana"


@pytest.fixture(autouse=True)
def fresh():
    oidc.forget()


@pytest.fixture
def provider(settings):
    with a_provider() as running:
        settings.SINGLE_SIGN_ON = running.settings()
        yield running


@pytest.fixture
def ana(db):
    return a_person(Role.QUALITY, username="ana", email="ana@abc.example")


@pytest.fixture
def linked(ana, provider):
    oidc_people.connect(ana, issuer=provider.issuer, subject=SUBJECT, by=TESTS)
    return ana


def come_back(client, provider, where=BEGIN):
    """Go to the provider and come back from it."""
    sent = client.get(where)
    return client.get(f"{BACK}?{provider.answer_to(sent['Location'])}")


def why():
    return [each["detail"]["why"] for each in security_events("single sign-on refused")]


def test_who_is_linked_is_let_in_and_led_back(client, linked, provider):
    answer = come_back(client, provider, f"{BEGIN}?next=/setup/")

    assert answer["Location"] == "/setup/"
    assert is_in(client)
    assert security_events("signed in")[0]["detail"] == {"method": ["single sign-on"]}


def test_the_question_carries_state_nonce_and_a_challenge_and_the_token_its_verifier(
    client, linked, provider
):
    sent = client.get(BEGIN)
    asked = parse_qs(urlsplit(sent["Location"]).query)
    client.get(f"{BACK}?{provider.answer_to(sent['Location'])}")
    told = dict(provider.asked)["/token"]

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) == 43
    assert len(told["code_verifier"][0]) == 43
    assert told["redirect_uri"] == [f"http://testserver{BACK}"]


def test_SE4_the_way_back_leads_only_to_this_host(client, linked, provider):
    assert come_back(client, provider, f"{BEGIN}?next=https://evil.example/")["Location"] == "/"


# -- answers that are not right -----------------------------------------------------------------

stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def forged(algorithm, key):
    return lambda claims: jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "one"})


NOW = int(time.time())
CLAIMS = {
    "nonce of another question": {"nonce": "another"},
    "no nonce": {"nonce": ""},
    "another audience": {"aud": "another"},
    "several audiences without a party": {"aud": ["andon", "another"]},
    "another party": {"azp": "another"},
    "another issuer": {"iss": "https://evil.example"},
    "expired": {"exp": NOW - 3600},
    "not yet issued": {"iat": NOW + 3600},
    "no subject": {"sub": ""},
    "an endless subject": {"sub": "x" * 300},
    "no end": {"exp": ""},
}
SIGNATURES = {
    "no signature": forged("none", None),
    "a shared secret": forged("HS256", SECRET),
    "a strange key": forged("RS256", stranger),
    "an unknown key": lambda claims: jwt.encode(
        claims, stranger, algorithm="RS256", headers={"kid": "two"}
    ),
    "no token": lambda _claims: "",
    "no token at all": lambda _claims: "a.b",
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS)
def test_a_token_with_wrong_claims_lets_nobody_in(client, linked, provider, claims):
    provider.claims = claims

    answer = come_back(client, provider)

    assert answer.status_code == 403
    assert not is_in(client)
    assert why()[0].startswith("token")


@pytest.mark.parametrize("sign", SIGNATURES.values(), ids=SIGNATURES)
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(client, linked, provider, sign):
    provider.sign = sign

    answer = come_back(client, provider)

    assert answer.status_code == 403
    assert not is_in(client)
    assert why()[0].startswith("token")


def test_twin_without_the_comparison_of_nonces_a_replayed_token_lets_in(
    client, linked, provider, monkeypatch
):
    """The broken twin: it shows that the test of the nonce bites."""
    monkeypatch.setattr(oidc.hmac, "compare_digest", lambda *_: True)
    provider.claims = CLAIMS["nonce of another question"]

    come_back(client, provider)

    assert is_in(client)


def test_twin_without_the_audience_a_token_for_another_lets_in(
    client, linked, provider, monkeypatch
):
    decode = jwt.decode

    def lax(token, audience, **options):
        options["options"] = {"verify_aud": False}
        return decode(token, **options)

    monkeypatch.setattr(oidc.jwt, "decode", lax)
    provider.claims = {**CLAIMS["another audience"], "azp": "andon"}

    come_back(client, provider)

    assert is_in(client)


def test_a_state_of_another_browser_or_used_before_lets_nobody_in(client, linked, provider):
    sent = client.get(BEGIN)
    answer = f"{BACK}?{provider.answer_to(sent['Location'])}"
    thief = Client()

    stolen, first = thief.get(answer), client.get(answer)
    client.post("/sign-out/")
    again = client.get(answer)

    assert (stolen.status_code, first.status_code, again.status_code) == (403, 302, 403)
    assert not is_in(thief)
    assert why() == ["state", "state"]


@pytest.mark.parametrize("query", ["", "code=code", "code=code&state=", "code=code&state=x"])
def test_an_answer_nobody_asked_for_lets_nobody_in(client, linked, provider, query):
    assert client.get(f"{BACK}?{query}").status_code == 403
    assert why() == ["state"]


def test_a_state_is_good_for_ten_minutes(client, linked, provider, monkeypatch):
    sent = client.get(BEGIN)
    monkeypatch.setattr(oidc.time, "time", lambda: time.monotonic() + 2e9)

    assert client.get(f"{BACK}?{provider.answer_to(sent['Location'])}").status_code == 403


def test_a_no_of_the_provider_is_said(client, linked, provider):
    state = parse_qs(urlsplit(client.get(BEGIN)["Location"]).query)["state"][0]

    page = client.get(f"{BACK}?error=access_denied&state={state}")

    assert "said no" in page.content.decode()


FAULTS = {
    "an error": lambda handler: handler.reply(b"{}", status=500),
    "a way to another": lambda handler: handler.reply(b"{}", status=302, Location="/keys"),
    "no JSON": lambda handler: handler.reply(b"<html>"),
    "no object": lambda handler: handler.reply(b"[]"),
    "an endless answer": lambda handler: handler.reply(b'{"a": "' + b"x" * 400_000 + b'"}'),
    "nothing": lambda handler: handler.connection.close(),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_provider_that_fails_is_a_page_and_no_error(client, linked, provider, path, fault):
    provider.answers[path] = fault
    sent = client.get(BEGIN)
    if sent.status_code == 302:
        sent = client.get(f"{BACK}?{provider.answer_to(sent['Location'])}")

    assert sent.status_code == 403
    assert "does not answer" in sent.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_discovery_that_points_elsewhere_is_refused(client, linked, provider, wrong):
    found = {**provider.discovery(), **wrong}
    provider.discovery = lambda: found

    sent = client.get(BEGIN)
    if sent.status_code == 302:
        sent = client.get(f"{BACK}?{provider.answer_to(sent['Location'])}")

    assert sent.status_code == 403
    assert why()[0].startswith("discovery")


def test_keys_that_were_changed_are_asked_for_anew(client, linked, provider):
    come_back(client, provider)
    client.post("/sign-out/")
    provider.key = stranger
    keys = provider.keys()["keys"]
    provider.keys = lambda: {"keys": [{**keys[0], "kid": "two"}]}
    provider.sign = SIGNATURES["an unknown key"]

    come_back(client, provider)

    assert is_in(client)


def test_what_userinfo_tells_must_be_about_the_same_subject(client, linked, provider):
    provider.userinfo = {"sub": "another", "email": "ana@abc.example"}

    assert come_back(client, provider).status_code == 403
    assert why() == ["userinfo: another subject"]


# -- which account --------------------------------------------------------------------------------


def test_AU7_who_has_no_account_stays_outside_and_reads_their_id(client, ana, provider):
    page = come_back(client, provider)

    assert page.status_code == 403
    assert SUBJECT in page.content.decode()
    assert User.objects.count() == 1
    assert why() == ["no account"]


def test_AU7_a_disabled_person_stays_outside(client, linked, provider):
    services.disable_user(linked, by=a_person(Role.ADMIN))

    assert come_back(client, provider).status_code == 403
    assert not is_in(client)


def by_email(provider, settings, **claims):
    settings.SINGLE_SIGN_ON = provider.settings(match_email=True)
    provider.claims = {"email": "ANA@abc.example", "email_verified": True, **claims}


def test_a_verified_email_links_the_one_account_when_the_setting_says_so(
    client, ana, provider, settings
):
    by_email(provider, settings)

    come_back(client, provider)

    assert is_in(client)
    assert OutsideIdentity.objects.get().user == ana
    assert security_events("single sign-on linked")[0]["object_id"] == str(ana.pk)


@pytest.mark.parametrize("verified", [False, "true", 1, None])
def test_an_email_that_is_not_verified_links_nobody(client, ana, provider, settings, verified):
    by_email(provider, settings, email_verified=verified)

    assert come_back(client, provider).status_code == 403
    assert not OutsideIdentity.objects.exists()


def test_an_email_links_nobody_without_the_setting(client, ana, provider):
    provider.claims = {"email": "ana@abc.example", "email_verified": True}

    assert come_back(client, provider).status_code == 403


@pytest.mark.parametrize("case", ["two accounts", "administrator", "linked already", "disabled"])
def test_an_email_that_could_be_taken_over_links_nobody(client, ana, provider, settings, case):
    by_email(provider, settings)
    if case == "two accounts":
        a_person(Role.QUALITY, email="Ana@ABC.example")
    elif case == "administrator":
        services.grant_role(ana, Role.ADMIN, by=TESTS)
    elif case == "linked already":
        oidc_people.connect(ana, issuer=provider.issuer, subject="another", by=TESTS)
    else:
        services.disable_user(ana, by=a_person(Role.ADMIN))

    assert come_back(client, provider).status_code == 403
    assert not is_in(client)


def test_a_sign_up_makes_an_account_without_role_when_the_setting_says_so(
    client, ana, provider, settings
):
    settings.SINGLE_SIGN_ON = provider.settings(sign_up=True)
    provider.claims = {"preferred_username": "boris", "name": "Boris Novak"}

    come_back(client, provider)

    boris = User.objects.get(username="boris")
    assert (boris.display_name, boris.has_usable_password()) == ("Boris Novak", False)
    assert client.get("/").status_code == 403
    assert "no role" in client.get("/").content.decode()


@pytest.mark.parametrize("name", ["ana", "ANA", "", "a b", "x" * 80])
def test_a_sign_up_takes_nobodys_name(client, ana, provider, settings, name):
    settings.SINGLE_SIGN_ON = provider.settings(sign_up=True)
    provider.claims = {"preferred_username": name}

    assert come_back(client, provider).status_code == 403
    assert User.objects.count() == 1


# -- the second factor ----------------------------------------------------------------------------


TRUST = [
    ("no", ["mfa"], False),
    ("amr", ["pwd", "otp"], True),
    ("amr", ["pwd"], False),
    ("amr", "mfa", False),
    ("always", ["pwd"], True),
]


@pytest.mark.parametrize("case", TRUST, ids=str)
def test_AU3_the_second_factor_of_the_provider_counts_where_it_is_trusted(
    client, linked, provider, settings, case
):
    trust, amr, straight = case
    a_generator(linked)
    settings.SINGLE_SIGN_ON = provider.settings(second_factor=trust)
    provider.claims = {"amr": amr}

    answer = come_back(client, provider)

    assert is_in(client) is straight
    assert (answer["Location"] == "/sign-in/second-step/") is not straight


def test_AU3_own_second_factor_after_single_sign_on(client, linked, provider):
    generator = a_generator(linked)
    come_back(client, provider)

    client.post("/sign-in/second-step/", {"code": code_of(generator)})

    assert is_in(client)


# -- links by administrators ----------------------------------------------------------------------


def test_an_administrator_links_and_unlinks_and_it_is_told(client, ana, provider):
    adam = a_person(Role.ADMIN)
    client.force_login(adam)
    page = f"/setup/people/{ana.pk}/single-sign-on/"

    client.post(page, {"subject": SUBJECT})
    link = OutsideIdentity.objects.get()
    client.post(page, {"subject": ""})

    assert (link.user, link.subject, link.issuer) == (ana, SUBJECT, provider.issuer)
    assert not OutsideIdentity.objects.exists()
    assert len(security_events("single sign-on linked")) == 1
    assert len(security_events("single sign-on unlinked")) == 1


def test_AZ5_nobody_links_themselves_and_no_subject_has_two_accounts(client, linked, provider):
    adam = a_person(Role.ADMIN)
    client.force_login(adam)

    own = client.post(f"/setup/people/{adam.pk}/single-sign-on/", {"subject": "mine"})
    other = a_person(Role.QUALITY)
    taken = client.post(f"/setup/people/{other.pk}/single-sign-on/", {"subject": SUBJECT})

    assert "another administrator" in own.content.decode()
    assert taken.status_code == 200
    assert OutsideIdentity.objects.count() == 1


def test_the_sign_in_page_shows_the_button_only_where_there_is_a_provider(
    client, provider, settings, db
):
    assert "Sign in with ABC Group" in client.get("/sign-in/").content.decode()
    settings.SINGLE_SIGN_ON = None
    assert BEGIN not in client.get("/sign-in/").content.decode()
    assert client.get(BEGIN).status_code == 404


def test_a_password_still_works_beside_it(client, linked, provider):
    sign_in(client, "ana", PASSWORD)

    assert is_in(client)


# -- against the provider of another project -----------------------------------------------------


# The library of that provider warns of its own next version.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_single_sign_on_works_with_a_provider_of_another_project(client, ana, settings):
    with run_server_in_thread() as server:
        issuer = f"http://localhost:{server.server_port}"
        settings.SINGLE_SIGN_ON = {
            "issuer": issuer, "client_id": "andon", "client_secret": "x", "name": "Mock",
            "match_email": True,
        }  # fmt: skip
        claims = {"email": "ana@abc.example", "email_verified": True}
        requests.put(f"{issuer}/users/sub-of-ana", json=claims, timeout=5)
        there = client.get(BEGIN)["Location"]
        sent = requests.post(there, data={"sub": "sub-of-ana"}, allow_redirects=False, timeout=5)

        client.get(re.sub(r"^http://testserver", "", sent.headers["Location"]))

    assert is_in(client)
    assert OutsideIdentity.objects.get().subject == "sub-of-ana"


# -- the environment ------------------------------------------------------------------------------


def configured(monkeypatch, **variables):
    for name, value in variables.items():
        monkeypatch.setenv(f"ANDON_OIDC_{name}", value)
    return single_sign_on(Env())


RIGHT = {"ISSUER": "https://id.abc.example", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}


def test_the_environment_names_the_provider(monkeypatch):
    assert configured(monkeypatch) is None
    found = oidc.Provider(**configured(monkeypatch, **RIGHT))

    assert (found.issuer, found.match_email, found.sign_up) == (RIGHT["ISSUER"], False, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ISSUER": "http://id.abc.example"},
        {"CLIENT_ID": ""},
        {"CLIENT_SECRET": ""},
        {"SECOND_FACTOR": "maybe"},
    ],
)
def test_LG2_half_a_configuration_is_refused(monkeypatch, wrong):
    with pytest.raises(ImproperlyConfigured):
        configured(monkeypatch, **{**RIGHT, **wrong})
