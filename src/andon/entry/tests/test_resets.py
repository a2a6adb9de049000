"""A new password by mail: same answer for all, one use, half an hour, no way around (AU6)."""

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from andon.accounts import clock, services
from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, PersonFactory, a_person
from andon.entry import jobs, resets
from andon.entry.models import ResetRequest, Session
from andon.entry.testing import is_in, sign_in, told

NEW = "another bridge over the river"


@pytest.fixture(autouse=True)
def mail_is_on(settings):
    settings.ANDON_MAIL = True
    settings.ANDON_URL = "https://andon.example"


@pytest.fixture
def ana(db):
    return a_person(Role.QUALITY, username="ana", email="ana@abc.example")


def asked(client, name="ana", **headers):
    return client.post("/password/new/", {"username": name}, headers=headers)


def link():
    """Return the way to the page that the last mail leads to."""
    jobs.mails(clock.now())
    return re.search(r"https://andon\.example(/\S+)", mail.outbox[-1].body)[1]


def set_new(client, way, password=NEW):
    page = client.get(way)
    if page.status_code == 410:
        return page
    return client.post(page["Location"], {"password": password, "again": password})


def test_AU6_a_link_sets_a_new_password_and_ends_all_sessions(client, ana):
    sign_in(client)
    stranger = Client()
    asked(stranger)

    done = set_new(stranger, link())

    assert done["Location"] == "/sign-in/"
    assert User.objects.get(pk=ana.pk).check_password(NEW)
    assert not is_in(client)
    assert not is_in(stranger)  # one signs in as always, with the second factor
    assert not Session.objects.filter(person=ana).exists()
    assert told("password reset") == [{}]


def test_AU6_a_link_works_once(client, ana):
    asked(client)
    way = link()
    set_new(client, way)

    again = set_new(Client(), way, "a third bridge over it")

    assert again.status_code == 410
    assert User.objects.get(pk=ana.pk).check_password(NEW)


@pytest.mark.parametrize(("minutes", "works"), [(29, True), (31, False)])
def test_AU6_a_link_lives_half_an_hour(client, ana, monkeypatch, minutes, works):
    asked(client)
    way = link()
    later = datetime.now() + timedelta(minutes=minutes)  # noqa: DTZ005  (as Django's tokens)
    monkeypatch.setattr(resets._links, "_now", lambda: later)

    set_new(client, way)

    assert User.objects.get(pk=ana.pk).check_password(NEW) == works


def by_signing_in(ana):
    sign_in(Client())


def by_another_address(ana):
    services.edit_person(ana, changes={"email": "x@abc.example"}, by=a_person(Role.ADMIN))


def by_disabling(ana):
    services.disable_user(ana, by=a_person(Role.ADMIN))


@pytest.mark.parametrize("change", [by_signing_in, by_another_address, by_disabling])
def test_AU6_a_link_dies_when_what_it_stands_on_changes(client, ana, change):
    asked(client)
    way = link()

    change(ana)

    assert set_new(client, way).status_code == 410


def test_AU6_twin_without_the_check_any_key_would_do(client, ana, monkeypatch):
    monkeypatch.setattr(resets._links, "check_token", lambda *_: True)

    set_new(client, f"/password/new/{ana.pk}/no-key-at-all/")

    assert User.objects.get(pk=ana.pk).check_password(NEW)


@pytest.mark.parametrize("name", ["ana", "nobody", "mute", "outside", "gone"])
def test_AU6_the_answer_tells_nothing(client, ana, name, django_assert_num_queries):
    PersonFactory(username="mute")
    PersonFactory(username="outside", password=None, email="o@abc.example")
    services.disable_user(
        PersonFactory(username="gone", email="g@abc.example"), by=a_person(Role.ADMIN)
    )
    asked(client, "somebody else entirely")  # the first answer of a process loads templates
    first = asked(client, "ana").content

    answer = asked(client, name)

    assert strip(answer.content) == strip(first)
    jobs.mails(clock.now())
    assert {tuple(each.to) for each in mail.outbox} == {("ana@abc.example",)}


def strip(content):
    """Take away what differs between any two pages: tokens and nonces."""
    return re.sub(rb'(nonce|value|hx-headers)=("[^"]*"|\'[^\']*\')', b"", content)


def test_AU6_a_forged_host_reaches_no_mail(client, ana, settings):
    settings.ALLOWED_HOSTS = ["*"]
    asked(client, Host="evil.example")

    assert link().startswith("/password/new/")
    assert "evil" not in mail.outbox[-1].body
    assert mail.outbox[-1].to == ["ana@abc.example"]


def test_AU6_asking_is_a_try_so_nobody_floods_a_mailbox(client, ana):
    for _ in range(20):
        asked(client)

    jobs.mails(clock.now())

    assert len(mail.outbox) == 5


def test_AU6_a_mail_server_that_is_away_is_tried_again_and_then_given_up(client, ana, monkeypatch):
    asked(client)

    def away(*_args, **_options):
        raise OSError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", away)
    for _ in range(9):
        jobs.mails(clock.now())

    assert ResetRequest.objects.get().tries == resets.TRIES


def test_AU6_a_weak_new_password_is_refused_where_it_is_typed(client, ana):
    asked(client)

    page = set_new(client, link(), "short")

    assert page.status_code == 200
    assert "at least 12 characters" in page.content.decode()
    assert User.objects.get(pk=ana.pk).check_password(PASSWORD)


def test_AU6_without_mail_the_page_says_whom_to_ask(client, ana, settings):
    settings.ANDON_MAIL = False

    page = asked(client)

    assert "Ask an administrator" in page.content.decode()
    assert not ResetRequest.objects.exists()


def test_AU6_a_wrong_link_leaves_no_session_behind(client, ana):
    for number in range(3):
        assert client.get(f"/password/new/{ana.pk}/c-{number}/").status_code == 410

    assert not Session.objects.exists()


def test_AU6_the_secret_leaves_the_address_at_once(client, ana):
    asked(client)
    way = link()

    page = client.get(way)

    assert page["Location"] == f"/password/new/{ana.pk}/set/"
    assert way.split("/")[-2] not in client.get(page["Location"]).content.decode()
