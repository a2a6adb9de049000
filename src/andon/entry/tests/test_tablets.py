"""Shared tablets: which device, who, for how long, and what never happens there."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from andon.accounts import clock, services
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.entry import pins, tablets, tablets_policy
from andon.entry.factors_testing import a_generator, security_events
from andon.entry.models import Badge, Pin, Tablet
from andon.entry.testing import sign_in
from andon.organization.testing import with_settings
from andon.trail.models import AuditEntry

START, PIN, BADGE = "/tablet/", "739154", "0004711-AB"


@pytest.fixture
def site(db):
    return SiteFactory.create(code="ABC1")


@pytest.fixture
def adam(db):
    return a_person(Role.ADMIN, username="adam")


@pytest.fixture
def olga(site, adam):
    person = a_person(Role.CONTRIBUTOR, site, username="olga", password=None)
    pins.set_pin(person, PIN, purpose=Pin.Purpose.TABLET, by=adam)
    tablets.set_badge(person, BADGE, by=adam)
    return person


@pytest.fixture
def device(client, adam, site):
    """A browser that an administrator has made a tablet."""
    client.force_login(adam)
    client.post("/setup/tablets/new/", {"name": "Press 3", "site": site.pk, "idle_seconds": 120})
    assert Tablet.objects.count() == 1
    return client


def touch(device, person, pin=PIN, address="192.0.2.1"):
    return device.post(f"/tablet/{person.pk}/", {"pin": pin}, REMOTE_ADDR=address)


def inside(device):
    return device.get("/").status_code == 200


def test_registering_binds_the_device_and_signs_the_administrator_out(device, site):
    tablet = Tablet.objects.get()
    cookie = device.cookies["tablet"]

    assert device.get(START).status_code == 200
    assert not inside(device)
    assert cookie["httponly"]
    assert cookie["max-age"] > 86_400 * 365
    assert tablet.digest not in cookie.value
    assert Client().get(START).status_code == 403
    assert security_events("tablet registered")[0]["detail"] == {"site": site.pk}


@pytest.mark.parametrize("forged", ["", "x", "1:abc", '"x"'])
def test_a_made_up_cookie_makes_no_tablet(client, device, forged):
    other = Client()
    other.cookies["tablet"] = forged

    assert other.get(START).status_code == 403
    assert other.post(START, {"badge": BADGE}).status_code == 403


def test_a_person_signs_in_by_name_and_pin(device, olga):
    assert "Olga" in device.get(START).content.decode()

    touch(device, olga)

    assert inside(device)
    assert security_events("signed in at tablet")[0]["actor"] == str(olga.pk)


def test_a_person_signs_in_by_badge_as_the_reader_types_it(device, olga):
    device.post(START, {"badge": f" {BADGE} "})

    assert inside(device)


def test_a_wrong_pin_or_badge_lets_nobody_in_and_is_told(device, olga):
    touch(device, olga, "000000")
    touch(device, olga, "")
    device.post(START, {"badge": "9999999"})

    assert not inside(device)
    assert security_events("PIN wrong")[0]["detail"]["person"] == olga.pk
    assert security_events("badge wrong")[0]["detail"]["person"] is None


def test_AU4_five_wrong_pins_pause_the_pin_and_not_the_password(device, olga, adam):
    services.set_password(olga, PASSWORD, by=adam)
    pages = [touch(device, olga, f"55550{number}") for number in range(6)]

    paused = touch(device, olga)

    assert "Wait 15 minutes" in pages[-1].content.decode()
    assert "Wait 15 minutes" in paused.content.decode()
    assert not inside(device)
    elsewhere = Client()
    sign_in(elsewhere, "olga")
    assert inside(elsewhere)


def test_AU4_twin_without_the_count_the_sixth_pin_is_looked_at(device, olga, monkeypatch):
    monkeypatch.setattr(tablets.throttle, "_count", lambda *_: 0)
    for number in range(6):
        touch(device, olga, f"55550{number}")

    touch(device, olga)

    assert inside(device)


def test_AU4_one_persons_wrong_pins_leave_the_others_alone(device, olga, adam, site):
    boris = a_person(Role.CONTRIBUTOR, site, username="boris")
    pins.set_pin(boris, "846201", purpose=Pin.Purpose.TABLET, by=adam)
    for number in range(6):
        touch(device, olga, f"55550{number}")

    touch(device, boris, "846201")

    assert inside(device)


def test_AU4_guesses_from_many_tablets_are_counted_together(device, olga):
    for number in range(12):
        touch(device, olga, f"5555{number:02}", address=f"192.0.2.{number + 10}")

    touch(device, olga, address="192.0.2.99")

    assert not inside(device)


@pytest.mark.parametrize("case", ["disabled", "another site", "PIN taken away"])
def test_who_does_not_belong_there_stays_outside(device, olga, adam, case):
    if case == "disabled":
        services.disable_user(olga, by=adam)
    elif case == "another site":
        services.end_grant(olga.grants.get(), by=adam)
        services.grant_role(olga, Role.CONTRIBUTOR, site=SiteFactory.create(), by=adam)
    else:
        pins.remove_pin(olga, purpose=Pin.Purpose.TABLET, by=adam)

    touch(device, olga)

    assert "Olga" not in device.get(START).content.decode()
    assert not inside(device)


@pytest.mark.parametrize("case", ["disabled", "another site"])
def test_a_badge_of_who_does_not_belong_there_opens_nothing(device, olga, adam, case):
    if case == "disabled":
        services.disable_user(olga, by=adam)
    else:
        services.end_grant(olga.grants.get(), by=adam)
        services.grant_role(olga, Role.CONTRIBUTOR, site=SiteFactory.create(), by=adam)

    device.post(START, {"badge": BADGE})

    assert not inside(device)


def test_SE1_after_two_minutes_without_a_touch_it_is_nobodys(device, olga):
    touch(device, olga)
    now = clock.now()
    with time_machine.travel(now + timedelta(seconds=100), tick=False):
        assert inside(device)
    with time_machine.travel(now + timedelta(seconds=210), tick=False):
        assert device.post("/tablet/here/").status_code == 204
    with time_machine.travel(now + timedelta(seconds=331), tick=False):
        answer = device.get("/")

        assert answer["Location"] == START
        assert not inside(device)
    assert len(security_events("tablet session ended")) == 1


def test_SE1_twin_without_the_middleware_it_stays_open(device, olga, settings):
    name = "andon.entry.tablets_policy.TabletMiddleware"
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != name]
    device.handler.load_middleware()
    touch(device, olga)

    with time_machine.travel(clock.now() + timedelta(seconds=331), tick=False):
        assert inside(device)


def test_a_revoked_tablet_ends_who_is_there(device, olga, adam):
    touch(device, olga)

    tablets.revoke(Tablet.objects.get(), by=adam)

    assert device.get("/")["Location"] == START
    assert device.get(START).status_code == 403
    touch(device, olga)
    assert not inside(device)
    assert len(security_events("tablet revoked")) == 1


def test_SE1_a_session_carried_to_another_device_is_over(device, olga):
    touch(device, olga)
    thief = Client()
    thief.cookies["sessionid"] = device.cookies["sessionid"].value

    assert thief.get("/")["Location"] == START
    assert not inside(thief)


def test_leaving_is_for_the_next_person(device, olga):
    touch(device, olga)

    assert device.post("/tablet/leave/")["Location"] == START
    assert not inside(device)


def test_the_pages_are_kept_by_no_browser(device, olga):
    for page in (device.get(START), device.get(f"/tablet/{olga.pk}/"), touch(device, olga)):
        assert "no-store" in page["Cache-Control"]


def test_AZ5_the_roles_of_a_manager_shrink_at_a_tablet(device, adam, site):
    ana = a_person(Role.MANAGER, username="ana")
    services.grant_role(ana, Role.ADMIN, by=adam)
    pins.set_pin(ana, PIN, purpose=Pin.Purpose.TABLET, by=adam)
    touch(device, ana)

    for page in ("/setup/", "/setup/people/", "/setup/tablets/", "/account/", "/password/"):
        assert device.get(page).status_code == 403, page
    for page in ("/nonconformities/export.csv", "/api/v1/nonconformities/", "/notices/settings/"):
        assert device.get(page).status_code in {403, 404}, page
    menu = device.get("/").content.decode()
    assert "/setup/sign-in-rules/" not in menu
    assert device.get("/nonconformities/new/").status_code == 200


def test_AZ5_the_password_at_a_tablet_does_not_widen_its_session(device, olga, adam):
    services.set_password(olga, PASSWORD, by=adam)
    touch(device, olga)

    answer = device.post("/sign-in/", {"login": "olga", "password": PASSWORD})

    assert answer.status_code == 403
    assert device.get("/setup/").status_code == 403


def test_AU3_a_tablet_needs_no_second_factor_for_it_opens_so_little(device, olga, adam):
    a_generator(olga)

    touch(device, olga)

    assert inside(device)


def test_AU3_who_must_have_a_second_factor_reads_at_a_tablet_without(device, adam, site):
    with_settings(profile="regulated")
    ana = a_person(Role.QUALITY, site, username="ana")
    pins.set_pin(ana, PIN, purpose=Pin.Purpose.TABLET, by=adam)

    touch(device, ana)

    assert inside(device)


def test_badges_are_stored_hashed_and_belong_to_one_person(olga, adam, site):
    other = a_person(Role.CONTRIBUTOR, site)
    stored = f"{Badge.objects.get().digest} {list(AuditEntry.objects.values_list('payload'))}"

    assert BADGE not in stored
    for wrong in (BADGE, "abc", "x" * 65, "ähnlich"):
        with pytest.raises(ValidationError):
            tablets.set_badge(other, wrong, by=adam)


def test_a_new_server_key_keeps_badges_while_the_old_one_is_kept(device, olga, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"

    device.post(START, {"badge": BADGE})

    assert inside(device)


def test_an_administrator_gives_pin_and_badge_on_the_page(client, adam, site):
    boris = a_person(Role.CONTRIBUTOR, site, username="boris")
    client.force_login(adam)
    page = f"/setup/people/{boris.pk}/tablets/"

    weak = client.post(page, {"new_pin": "1234"})
    client.post(page, {"new_pin": "8462", "badge": "B-4712"})

    assert "first that others would try" in weak.content.decode()
    assert pins.right(boris, "8462", purpose=Pin.Purpose.TABLET)
    assert Badge.objects.get().user == boris
    client.post(page, {"forget_pin": "on", "forget_badge": "on"})
    assert not Pin.objects.exists()
    assert not Badge.objects.exists()


def test_the_permissions_of_tablets_decide_nothing():
    """Reviewed: who holds only these reports, enters and comments."""
    assert not {
        name
        for name in tablets_policy.PERMISSIONS
        if name.partition(".")[2] not in {"report", "record", "comment", "fill", "observe"}
    }
