"""At a shared tablet, every route and every unsafe method is closed but those written down."""

from http import HTTPStatus

import pytest
from django.test import Client

from andon.accounts import services
from andon.accounts.roles import Role, declared
from andon.accounts.testing import TESTS, SiteFactory, a_person
from andon.entry import pins, proof, tablets, tablets_policy
from andon.entry.models import Pin, Tablet
from tests.authz.matrix import NO
from tests.authz.test_matrix import FORM, PAIRS, address

PIN = "739154"
UNSAFE = ("post", "put", "patch", "delete")
OPEN = tablets_policy.WRITES


@pytest.fixture(scope="module")
def everything() -> tuple[Role, ...]:
    return tuple(role for role in Role if role is not Role.AUDITOR)


@pytest.fixture
def world(db):
    people = {role: a_person(role) for role in Role}
    return {**people, "site": SiteFactory.create()}


@pytest.fixture
def device(world, everything):
    """A tablet at which somebody is signed in who holds every role at all sites."""
    person, site, adam = a_person(None), world["site"], world[Role.ADMIN]
    for role in everything:
        services.grant_role(person, role, by=TESTS)
    pins.set_pin(person, PIN, purpose=Pin.Purpose.TABLET, by=adam)
    browser = Client()
    browser.force_login(adam)
    browser.post("/setup/tablets/new/", {"name": "T", "site": site.pk, "idle_seconds": 120})
    signed = browser.post(f"/tablet/{person.pk}/", {"pin": PIN})
    assert signed.status_code == 302
    assert browser.get("/").status_code == 200
    return browser


def refused(answer) -> bool:
    return answer.status_code in {401, 403}


def shut(device, world):
    """Return route and method of everything that let the tablet through, written down or not."""
    for route, row in PAIRS:
        if row.route in OPEN:
            continue
        url = address(route, row, world)
        for method in UNSAFE:
            answer = device.generic(method.upper(), url, content_type=FORM)
            # 405: probes answer before anybody is asked who they are, and know no such method.
            if not refused(answer) and answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
                yield row.route, method, answer.status_code


def test_AZ1_every_unsafe_method_of_every_route_is_closed_at_a_tablet(device, world):
    assert list(shut(device, world)) == []
    assert device.get("/").status_code == 200  # and it was the person who was refused


def test_AZ1_twin_without_the_middleware_many_routes_are_open(device, world, settings):
    """The broken twin: it shows that the test above bites."""
    name = "andon.entry.tablets_policy.TabletMiddleware"
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != name]
    device.handler.load_middleware()

    route, row = next(pair for pair in PAIRS if pair[1].route == "accounts:person_new")
    answer = device.post(address(route, row, world), {"username": "x", "display_name": "X"})

    assert not refused(answer)


def test_AZ1_what_is_open_at_tablets_exists(db):
    known = {row.route for _route, row in PAIRS}

    assert known >= OPEN
    assert known >= tablets_policy.READ_ROUTES
    assert set(declared()) >= tablets_policy.PERMISSIONS


def test_AZ1_reading_administration_is_closed_at_a_tablet(device, world):
    admin_only = [
        pair for pair in PAIRS if pair[1].who == {Role.ADMIN} and pair[1].methods["get"] != NO
    ]
    assert len(admin_only) > 10
    for route, row in admin_only:
        assert refused(device.get(address(route, row, world))), row.route


def test_SG3_nobody_signs_at_a_tablet(device, rf, world):
    request = rf.post("/")
    request.session, request.user = device.session, world[Role.QUALITY]

    with pytest.raises(proof.WrongProof, match="shared tablet"):
        proof.check(request.user, request, password="x")


def test_the_one_door_left_open_is_a_tablet_that_exists(device):
    tablets.revoke(Tablet.objects.get(), by=a_person(Role.ADMIN))

    assert device.get("/")["Location"] == "/tablet/"
