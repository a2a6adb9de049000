"""Sessions: listed, ended, and over when their ground is gone (SE1)."""

from datetime import timedelta

import pytest
from django.test import Client

from andon.accounts import clock, services
from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, TESTS, a_person
from andon.entry import engine, jobs
from andon.entry import middleware as edge
from andon.entry.models import Session
from andon.entry.sessions import device_name
from andon.entry.testing import is_in, sign_in, told

NEW = "another bridge over the river"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"


@pytest.fixture
def ana(db):
    return a_person(Role.QUALITY, username="ana")


@pytest.fixture
def admin(db):
    return a_person(Role.ADMIN, username="adam")


@pytest.fixture
def later(monkeypatch):
    def pass_by(**how_long):
        now = clock.now() + timedelta(**how_long)
        monkeypatch.setattr(clock, "now", lambda: now)

    return pass_by


def by_password(ana, admin):
    services.set_password(ana, NEW, by=admin)


def by_disabling(ana, admin):
    services.disable_user(ana, by=admin)


def by_a_new_role(ana, admin):
    services.grant_role(ana, Role.OWNER, by=TESTS)


def by_an_ended_role(ana, admin):
    services.end_grant(ana.grants.get(), by=admin)


CAUSES = {
    "password changed": by_password,
    "disabled": by_disabling,
    "roles changed": by_a_new_role,
    "roles changed by an end": by_an_ended_role,
}


@pytest.mark.parametrize("cause", CAUSES)
def test_SE1_the_session_ends_at_the_next_request_by(client, ana, admin, cause):
    sign_in(client)
    before = is_in(client)

    CAUSES[cause](ana, admin)

    assert before
    assert not is_in(client)
    assert not Session.objects.filter(person=ana).exists()
    assert told("session ended") == [{"cause": cause.split(" by")[0], "person": ana.pk}]


def test_SE1_twin_without_the_mark_of_roles_the_session_goes_on(client, ana, admin, monkeypatch):
    monkeypatch.setattr(edge, "roles_mark", lambda _grants: client.session["_door"]["roles"])
    sign_in(client)

    by_a_new_role(ana, admin)

    assert is_in(client)


@pytest.mark.parametrize(
    ("passed", "cause"),
    [([31], "idle"), ([29] * 25, "absolute")],
    ids=["idle for half an hour", "twelve hours, busy all the time"],
)
def test_SE1_a_session_ends_by_time(client, ana, later, passed, cause):
    sign_in(client)

    for minutes in passed[:-1]:
        later(minutes=minutes)
        client.get("/account/sessions/")
    later(minutes=passed[-1])

    assert not is_in(client)
    assert [each["cause"] for each in told("session ended")] == [cause]


def test_SE1_a_busy_session_goes_on_and_is_written_once_a_minute(
    client, ana, later, django_assert_max_num_queries
):
    sign_in(client)
    is_in(client)
    seen = Session.objects.get(person=ana).seen

    later(seconds=30)
    is_in(client)
    soon = Session.objects.get(person=ana).seen
    later(minutes=20)
    is_in(client)
    afterwards = Session.objects.get(person=ana).seen
    later(minutes=20)

    assert soon == seen
    assert afterwards > seen
    assert is_in(client)


def test_SE1_twin_without_the_check_an_old_session_would_be_let_in(client, ana, later, monkeypatch):
    monkeypatch.setattr(engine, "over", lambda *_: "")
    sign_in(client)
    later(hours=13)

    assert is_in(client)


def test_SE1_signing_in_under_a_planted_id_takes_a_new_one(client, ana):
    client.get("/sign-in/")
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies["sessionid"] = planted.session_key

    sign_in(client)

    assert client.session.session_key != planted.session_key
    assert not Session.objects.filter(session_key=engine.digest(planted.session_key)).exists()


def test_SE1_signing_out_leaves_nothing_to_come_back_to(client, ana):
    sign_in(client)
    stolen = Client()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    before = is_in(stolen)

    client.post("/sign-out/")

    assert before
    assert not is_in(stolen)


def test_SE1_the_own_sessions_are_listed_and_ended_one_by_one(client, ana):
    phone = Client(headers={"User-Agent": CHROME.replace("X11; Linux", "Linux; Android 15")})
    sign_in(phone, address="198.51.100.4")
    sign_in(client)
    page = client.get("/account/sessions/").content.decode()
    theirs = Session.objects.get(person=ana, address="198.51.100.4")

    client.post(f"/account/sessions/{theirs.session_key}/end/")

    assert "Chrome on Android" in page
    assert "198.51.100.4" in page
    assert not is_in(phone)
    assert is_in(client)
    assert told("session ended")[0]["cause"] == "ended"


def test_SE1_all_other_sessions_are_ended_at_once(client, ana):
    others = [Client() for _ in range(3)]
    for each in others:
        sign_in(each)
    sign_in(client)

    client.post("/account/sessions/others/end/")

    assert not any(is_in(each) for each in others)
    assert is_in(client)


def test_SE1_nobody_ends_the_session_of_another_but_an_administrator(client, ana, admin):
    bo = Client()
    a_person(Role.MANAGER, username="bo")
    sign_in(bo, "bo")
    sign_in(client)
    theirs = Session.objects.get(person=ana).session_key
    watch = Client()
    sign_in(watch, "adam")

    by_another = bo.post(f"/account/sessions/{theirs}/end/").status_code
    as_watch = bo.post(f"/setup/door/sessions/{theirs}/end/").status_code
    still = is_in(client)
    watch.post(f"/setup/door/sessions/{theirs}/end/")

    assert (by_another, as_watch) == (404, 403)
    assert still
    assert not is_in(client)


def test_SE1_an_administrator_ends_all_sessions_of_a_person_and_lifts_pauses(client, ana, admin):
    for _ in range(5):
        sign_in(client, password="wrong wrong wrong", address="198.51.100.9")
    sign_in(client)
    watch = Client()
    sign_in(watch, "adam")
    page = watch.get("/setup/door/").content.decode()
    pause = page.split("/setup/door/pauses/")[1].split("/")[0]

    watch.post(f"/setup/door/people/{ana.pk}/end/")
    watch.post(f"/setup/door/pauses/{pause}/lift/")

    assert "198.51.100.9" in page
    assert not is_in(client)
    assert sign_in(client, address="198.51.100.9").status_code == 302


def test_SE1_proving_again_gives_a_new_id_and_no_longer_life(client, ana, rf):
    sign_in(client)
    before = client.session
    old = before.session_key

    request = rf.get("/")
    request.session, request.user = before, ana
    from andon.entry.proving import prove_password, renew_session  # noqa: PLC0415

    prove_password(request, PASSWORD)
    renew_session(request)
    request.session.save()

    assert request.session.session_key != old
    assert not Session.objects.filter(session_key=engine.digest(old)).exists()
    assert request.session["_door"]["since"] == before["_door"]["since"]


def test_SE1_the_table_opens_nothing(client, ana):
    """Whoever reads the table cannot use what it holds as a cookie."""
    sign_in(client)
    thief = Client()
    thief.cookies["sessionid"] = Session.objects.get(person=ana).session_key

    assert not is_in(thief)


def test_SE1_what_is_over_is_tidied_away(client, ana, later):
    sign_in(client)
    later(hours=1)

    jobs.tidy(clock.now())

    assert not Session.objects.exists()
    assert told("session ended")[0]["cause"] == "idle"


def test_a_request_costs_no_query_for_the_watch_over_roles(client, ana, django_assert_num_queries):
    """The mark is compared with the grants that the policy of the route reads anyway."""
    sign_in(client)
    is_in(client)

    with django_assert_num_queries(3):  # session, person, grants
        client.get("/api/v1/nothing/at/all/")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("curl/8.0", "curl"),
        ("", "unknown browser"),
    ],
)
def test_a_browser_is_named_in_words(agent, name):
    assert device_name(agent) == name


def test_AU7_the_password_of_somebody_disabled_opens_nothing(client, ana, admin):
    by_disabling(ana, admin)

    sign_in(client)

    assert not is_in(client)
    assert User.objects.get(pk=ana.pk).check_password(PASSWORD)
