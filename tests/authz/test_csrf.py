"""No unsafe request passes without its token, the API's session included; no way leads outside."""

import pytest
from django.test import Client
from ninja.security.session import SessionAuth

from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.entry import limits
from andon.entry.testing import told
from tests.authz.test_matrix import PAIRS, UNSAFE, address, client_of, handlers, world

__all__ = ["handlers", "world"]
API_UNSAFE = [pair for pair in UNSAFE if pair[0].path.startswith("api/")]


@pytest.fixture(autouse=True)
def calm():
    limits.REFUSALS.clear()


@pytest.fixture
def ana(db):
    return a_person(Role.MANAGER, username="ana")


@pytest.mark.parametrize(
    ("route", "row", "method"),
    API_UNSAFE,
    ids=[f"{row.route}-{method}" for _, row, method in API_UNSAFE],
)
def test_SE4_the_session_of_the_api_needs_the_token_too(route, row, method, world, handlers):
    """As JSON, which another site can send without a question only as text/plain."""
    for content in ("application/json", "text/plain"):
        answer = client_of(Role.MANAGER, world, handlers[True]).generic(
            method.upper(), address(route, row, world), b"{}", content_type=content
        )
        assert answer.status_code == 403


def test_SE4_twin_without_the_check_the_api_would_act(ana, monkeypatch):
    monkeypatch.setattr(SessionAuth, "__call__", lambda _self, request: request.user)
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)

    answer = client.post("/api/v1/kpis/", b"{}", content_type="application/json")

    assert answer.status_code == 422


def test_SE4_every_unsafe_route_is_tried():
    unsafe = {
        (row.route, method)
        for _route, row in PAIRS
        for method, outcome in row.methods.items()
        if method != "get" and outcome != "no"
    }

    assert {(row.route, method) for _, row, method in UNSAFE} == unsafe
    assert len(unsafe) > 100


def test_SE4_a_forged_request_is_told_once_and_answered_with_a_sentence(ana):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)

    page = client.post("/password/", {"oldpassword": "x"})
    client.post("/api/v1/kpis/", b"{}", content_type="application/json")

    assert page.status_code == 403
    assert "did not come from a page of Andon" in page.content.decode()
    assert len(told("request refused as forged")) == 2
    assert told("access refused") == []


@pytest.mark.parametrize(
    "where",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "http://testserver.evil.example/",
        "https://testserver@evil.example/",
    ],
)
def test_SE4_no_sign_in_leads_to_another_host(client, ana, where):
    answer = client.post(
        "/sign-in/",
        {"login": "ana", "password": "a stone bridge over the river", "next": where},
    )

    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_SE4_htmx_without_a_session_gets_401_and_the_way_to_sign_in(client, db):
    answer = client.get(
        "/nonconformities/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/nonconformities/"},
    )

    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Fnonconformities%2F"
    assert answer.content == b""


def test_SE4_htmx_whose_page_is_on_another_host_is_led_to_the_sign_in_only(client, db):
    answer = client.get(
        "/nonconformities/",
        headers={"HX-Request": "true", "HX-Current-URL": "https://evil.example/x/"},
    )

    assert answer.status_code == 401
    assert "evil" not in answer["HX-Redirect"]


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_SE4_signing_out_by_a_safe_method_does_nothing(client, ana, method):
    client.force_login(ana)

    getattr(client, method)("/sign-out/")

    assert client.get("/setup/").status_code == 200
