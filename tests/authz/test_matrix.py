"""Every route has a reviewed row, and every role gets what its row says (AZ1)."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.test.client import ClientHandler
from django.urls import get_resolver

from andon.accounts.policy import Route, routes
from andon.accounts.roles import Role, declared
from andon.accounts.testing import PersonFactory, SiteFactory, a_person
from tests.authz.matrix import ABSENT, FORBIDDEN, LOGIN, NO, OK, ROWS, WRONG, Row

FOUND = list(routes(get_resolver().url_patterns))
BY_NAME = {row.route: row for row in ROWS}
PART = re.compile(r"<(?:\w+:)?(\w+)>")
STRANGER = "stranger"
FORM = "application/x-www-form-urlencoded"
REFUSED_AS_WRONG = {400, 409, 415, 422, 428}


def row_of(route: Route) -> Row | None:
    """Return the row of a route: by name, or by path, where parts stand without their kind."""
    return BY_NAME.get(route.name) or BY_NAME.get(PART.sub(r"<\1>", route.path))


PAIRS = [(route, found) for route in FOUND if (found := row_of(route))]
NAMES = [found.route for _, found in PAIRS]


@pytest.fixture
def world(db) -> dict[Any, Any]:
    """Return one person per role at all sites, one without role, and a site."""
    cache.clear()
    people: dict[Any, Any] = {role: a_person(role) for role in Role}
    return {**people, None: PersonFactory(), "site": SiteFactory()}


def address(route: Route, row: Row, world: dict[Any, Any]) -> str:
    def example(part: re.Match[str]) -> str:
        value = row.example[part[1]]
        return str(value(world) if callable(value) else value)

    return "/" + PART.sub(example, route.path)


def outcome(response: Any) -> str:
    status = response.status_code
    to_login = status == 302 and response["Location"].startswith("/sign-in/")
    if status == 401 or to_login:
        return LOGIN
    named = {403: FORBIDDEN, 404: ABSENT, 405: NO, **dict.fromkeys(REFUSED_AS_WRONG, WRONG)}
    return OK if status < 400 else named.get(status, str(status))


@pytest.fixture(scope="module")
def handlers() -> dict[bool, ClientHandler]:
    """Return one loaded application with and one without the check of tokens."""
    return {checked: ClientHandler(enforce_csrf_checks=checked) for checked in (False, True)}


def client_of(who: Any, world: dict[Any, Any], handler: ClientHandler) -> Client:
    client = Client()
    client.handler = handler
    if who != STRANGER:
        client.force_login(world[who])
    return client


def test_AZ1_every_route_has_a_row():
    missing = [f"{route.name or '–'}  /{route.path}" for route in FOUND if not row_of(route)]

    assert not missing, "Add rows to tests/authz/matrix.py"


def test_AZ1_every_row_has_a_route_and_stands_once():
    names = [row.route for row in ROWS]

    assert len(names) == len(set(names))
    assert sorted(set(names) - set(NAMES)) == []


def test_AZ1_every_route_is_a_plain_path():
    odd = [route.path for route in FOUND if re.search(r"[\\^$(]", route.path)]

    assert not odd


@pytest.mark.parametrize(("route", "row"), PAIRS, ids=NAMES)
def test_AZ1_SE2_every_role_gets_what_the_matrix_says(route, row, world, handlers):
    url = address(route, row, world)
    asked = [(method, who) for method in row.methods for who in (STRANGER, None, *Role)]
    content = "application/json" if route.path.startswith("api/") else FORM

    got = {}
    for method, who in asked:
        answer = client_of(who, world, handlers[False]).generic(
            method.upper(), url, content_type=content
        )
        got[method, who] = outcome(answer)
        protected(answer, signed_in=who != STRANGER and not row.public)

    assert got == {(method, who): row.expected(method, who) for method, who in asked}


def protected(answer: Any, *, signed_in: bool) -> None:
    """Assert the headers that protect an answer, whatever it says."""
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "geolocation=()" in answer["Permissions-Policy"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    if signed_in:
        assert "no-store" in answer["Cache-Control"]


UNSAFE = [
    (route, row, method)
    for route, row in PAIRS
    for method, result in row.methods.items()
    if method != "get" and result != NO
]


@pytest.mark.parametrize(
    ("route", "row", "method"), UNSAFE, ids=[f"{row.route}-{method}" for _, row, method in UNSAFE]
)
def test_SE4_no_unsafe_request_passes_without_its_token(route, row, method, world, handlers):
    url = address(route, row, world)
    for who in row.write or Role:
        answer = client_of(who, world, handlers[True]).generic(
            method.upper(), url, content_type=FORM
        )
        assert answer.status_code == 403


def test_AZ5_the_administrator_role_carries_no_quality_decision():
    carried = {name for name, roles in declared().items() if Role.ADMIN in roles}

    assert carried <= ADMINISTRATION


# Reviewed: nothing here reports, decides, approves, verifies or closes.
ADMINISTRATION = {
    "accounts.manage",
    "hooks.manage",
    "keeping.export",
    "keeping.see",
    "retention.confirm",
    "retention.privacy",
    "entry.guard",
    "notices.administer",
    "operations.watch",
    "tasks.administer",
    "notices.arrange",
    "organization.manage",
    "proof.personal",
    "proof.read",
    "proof.security",
    "proof.verify",
    "records.comment",
    "sheets.design",
    "store.quarantine",
}
