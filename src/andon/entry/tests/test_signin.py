"""Signing in and out, and the own password."""

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from andon.accounts import services
from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, PersonFactory, a_person
from andon.entry.adapter import NOT_LET_IN
from andon.trail.models import AuditEntry

NEW = "another bridge over the river"


@pytest.fixture
def ana(db):
    return a_person(Role.QUALITY, username="ana")


def sign_in(client, name="ana", password=PASSWORD, **more):
    return client.post("/sign-in/", {"login": name, "password": password, **more})


@pytest.mark.parametrize("typed", ["ana", "ANA", " Ana ", "ＡＮＡ"])
def test_AU2_one_signs_in_with_the_name_however_it_is_typed(client, ana, typed):
    assert sign_in(client, typed).status_code == 302
    assert client.get("/setup/").status_code == 200


@pytest.mark.parametrize("case", ["unknown", "wrong password", "disabled", "no password"])
def test_AU6_every_refused_sign_in_gets_the_same_answer(client, ana, case):
    admin = a_person(Role.ADMIN)
    services.disable_user(PersonFactory(username="disabled"), by=admin)
    PersonFactory(username="nopassword", password=None)
    name, password = {
        "unknown": ("nobody", PASSWORD),
        "wrong password": ("ana", "wrong"),
        "disabled": ("disabled", PASSWORD),
        "no password": ("nopassword", PASSWORD),
    }[case]

    page = sign_in(client, name, password)

    errors = page.context["form"].non_field_errors()
    assert errors == [str(NOT_LET_IN)]
    assert client.get("/setup/").status_code == 302


def test_SE4_the_way_back_leads_only_to_this_host(client, ana):
    outside = sign_in(client, next="https://evil.example/")
    client.post("/sign-out/")
    inside = sign_in(client, next="/setup/")

    assert outside["Location"] == "/"
    assert inside["Location"] == "/setup/"


def test_SE1_signing_in_makes_a_new_session(client, ana):
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key

    sign_in(client)

    assert client.session.session_key != session.session_key


def test_SE1_changing_the_password_ends_the_other_sessions(client, ana):
    other = Client()
    sign_in(client)
    sign_in(other)

    client.post("/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert client.get("/setup/").status_code == 200
    assert other.get("/setup/").status_code == 302
    assert User.objects.get(pk=ana.pk).check_password(NEW)
    assert AuditEntry.objects.filter(action="password_changed", actor_id=str(ana.pk)).exists()


def test_a_wrong_old_password_changes_nothing(client, ana):
    sign_in(client)

    page = client.post("/password/", {"oldpassword": "no", "password1": NEW, "password2": NEW})

    assert page.status_code == 200
    assert User.objects.get(pk=ana.pk).check_password(PASSWORD)


def test_SE4_signing_out_asks_and_needs_a_post(client, ana):
    sign_in(client)

    asked = client.get("/sign-out/")
    still = client.get("/setup/").status_code
    client.post("/sign-out/")

    assert asked.status_code == 200
    assert still == 200
    assert client.get("/setup/").status_code == 302


def test_there_is_no_sign_up_and_no_reset(client, db):
    for path in ("signup/", "password/reset/", "accounts/signup/", "accounts/login/"):
        assert client.get(f"/{path}").status_code == 404


def test_the_password_page_teaches(client, ana):
    sign_in(client)

    assert "12 characters" in client.get("/password/").content.decode()


@pytest.mark.parametrize("name", ["", "ana\x00", "a" * 5000])
def test_odd_credentials_are_refused_and_no_error(ana, name):
    assert authenticate(None, username=name, password=PASSWORD) is None
    assert authenticate(None, username="ana", password="\x00") is None
    assert authenticate(None, username="ana", password=None) is None
