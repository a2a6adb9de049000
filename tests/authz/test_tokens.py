"""Tokens of programs: every scope against every operation, and what no token ever does (AU8)."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver

from andon.accounts import clock, services
from andon.accounts.policy import routes
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.entry import limits, scopes, tokens
from andon.entry.models import ApiToken, Budget, Session, TokenUse
from andon.entry.testing import told
from andon.modules.nonconformities.models import Nonconformity
from andon.trail.models import AuditEntry
from tests.authz.matrix import ROWS

READ, FACTS, NEVER = "read", "facts", None

# Reviewed: which scope each operation takes. A new operation is missing here until it is looked at.
WANTED = {
    **{("GET", row.route): READ for row in ROWS if row.route.startswith("api/")},
    ("GET", "api/v1/openapi.json"): READ,
    ("GET", "api/v1/"): READ,
    **{
        ("POST", f"api/v1/facts/{kind}/"): FACTS
        for kind in (
            "output", "scrap", "stops", "rework", "plan", "cycle-times", "deliveries", "receipts",
        )
    },
    ("POST", "api/v1/kpis/<code>/observations/"): FACTS,
    ("POST", "api/v1/kpis/"): NEVER,
    ("POST", "api/v1/kpis/<code>/targets/"): NEVER,
    **{
        (method, f"api/v1/{kind}/{part}"): kind
        for kind in ("nonconformities", "actions", "improvements", "signals", "analyses")
        for method, part in (("POST", ""), ("PATCH", "<number>/"))
    },
    **{
        ("POST", f"api/v1/{kind}/<number>/do/<step>/"): NEVER
        for kind in ("nonconformities", "actions", "improvements", "signals", "analyses")
    },
    **{
        ("POST", f"api/v1/actions/<number>/{part}/"): "actions"
        for part in ("cases", "causes", "items")
    },
    ("PATCH", "api/v1/actions/<number>/causes/<pk>/"): "actions",
    ("PATCH", "api/v1/actions/<number>/is-is-not/"): "actions",
    ("POST", "api/v1/actions/<number>/causes/<pk>/judge/"): NEVER,
    ("POST", "api/v1/actions/<number>/items/<pk>/done/"): NEVER,
    ("POST", "api/v1/signatures/<number>/show/<step>/"): NEVER,
}  # fmt: skip

PART = re.compile(r"<(?:\w+:)?(\w+)>")
EXAMPLES = {"number": "NC-ABC1-1999-0001", "code": "NONE", "pk": "1", "step": "close"}


def operations():
    """Return method and route of everything the API takes."""
    for route in routes(get_resolver().url_patterns):
        if route.path.startswith("api/"):
            view = getattr(route.view, "__wrapped__", route.view)
            for method in _methods(route, view):
                yield method, PART.sub(r"<\1>", route.path)


def _methods(route, view):
    row = next((r for r in ROWS if r.route in (route.name, PART.sub(r"<\1>", route.path))), None)
    assert row is not None, route.path
    return [m.upper() for m, outcome in row.methods.items() if outcome != "no"]


OPERATIONS = sorted(set(operations()))


@pytest.fixture(autouse=True)
def calm():
    limits.ASKING.clear()
    limits.REFUSALS.clear()


@pytest.fixture
def site(db):
    return SiteFactory.create(code="ABC1")


@pytest.fixture
def ana(site):
    return a_person(Role.MANAGER, username="ana")


def a_token(owner, *names, days=30):
    return tokens.make_token(
        name="test", scopes=names, expires_at=clock.now() + timedelta(days=days), by=owner
    )


def ask(secret, method, path, body=None, **headers):
    return Client(enforce_csrf_checks=True).generic(
        method,
        path,
        json.dumps(body or {}).encode() if method != "GET" else b"",
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}", **headers},
    )


def address(route):
    return "/" + PART.sub(lambda part: EXAMPLES[part[1]], route)


def test_AU8_every_operation_has_a_reviewed_scope():
    given = {op: scopes.needed(*op) for op in OPERATIONS if op[1] != "api/v1/"}

    assert given == {op: WANTED.get(op, "not reviewed") for op in given}


@pytest.mark.parametrize(("method", "route"), OPERATIONS, ids=lambda each: each)
def test_AU8_each_scope_opens_its_operations_and_no_others(ana, method, route):
    scope = scopes.needed(method, route)
    url = address(route)
    held = {name: a_token(ana, name)[1] for name in scopes.SCOPES}

    answers = {name: ask(secret, method, url).status_code for name, secret in held.items()}

    let_in = {name for name, status in answers.items() if status not in (401, 403)}
    assert let_in == ({scope} if scope else set())


def test_AU8_twin_without_the_scopes_a_reader_could_write(ana, site, monkeypatch):
    monkeypatch.setattr(scopes, "needed", lambda *_: READ)

    answer = ask(a_token(ana, READ)[1], "POST", "/api/v1/nonconformities/", a_problem())

    assert answer.status_code == 201


def a_problem():
    return {"site": "ABC1", "title": "Burr on bracket", "category": "process"}


def test_AU8_a_program_reports_for_its_owner_without_session_or_csrf_token(ana, site):
    secret = a_token(ana, "nonconformities")[1]

    answer = ask(secret, "POST", "/api/v1/nonconformities/", a_problem())

    assert answer.status_code == 201, answer.content
    assert not answer.cookies
    assert not Session.objects.exists()
    entry = AuditEntry.objects.filter(action="created", number=answer.json()["number"]).first()
    assert entry.actor_id == str(ana.pk)
    assert entry.via == f"token {secret.split('_')[1]}"


def test_AU8_the_roles_of_the_owner_still_decide(site):
    """A scope never adds a right: the same token stops when the role stops."""
    owner = a_person(Role.OWNER, username="bo")
    secret = a_token(owner, "analyses", "nonconformities", READ)[1]
    before = ask(secret, "GET", "/api/v1/nonconformities/").status_code

    services.end_grant(owner.grants.get(), by=a_person(Role.ADMIN))

    assert before == 200
    assert ask(secret, "GET", "/api/v1/nonconformities/").status_code == 403
    assert not Nonconformity.objects.exists()


def test_AU8_the_scope_of_sites_is_that_of_the_owner(ana):
    other = SiteFactory.create(code="FAR1")
    local = a_person(Role.MANAGER, SiteFactory.create(code="NEAR1"))

    answer = ask(
        a_token(local, "nonconformities")[1],
        "POST",
        "/api/v1/nonconformities/",
        {**a_problem(), "site": other.code},
    )

    assert answer.status_code == 422
    assert not Nonconformity.objects.exists()


CASES = ("unknown", "revoked", "expired", "owner disabled", "one letter changed", "not ascii")


@pytest.mark.parametrize("case", CASES)
def test_AU8_what_counts_no_more_is_refused_and_told(ana, case, monkeypatch):
    token, secret = a_token(ana, READ)
    if case == "revoked":
        tokens.revoke_token(token, by=ana)
    if case == "owner disabled":
        services.disable_user(ana, by=a_person(Role.ADMIN))
    if case == "expired":
        later = clock.now() + timedelta(days=31)
        monkeypatch.setattr(clock, "now", lambda: later)
    secret = {
        "unknown": "andon_00000000_" + "x" * 43,
        "one letter changed": secret[:-1] + ("a" if secret[-1] != "a" else "b"),
        "not ascii": secret + "\xe9",
    }.get(case, secret)

    answer = ask(secret, "GET", "/api/v1/nonconformities/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    why = case if case in ("revoked", "expired", "owner disabled") else "unknown"
    assert told("token failed")[0]["why"] == why
    assert secret not in str(told("token failed"))


def test_AU4_wrong_tokens_are_counted_and_a_right_one_is_never_locked_out(ana):
    right = a_token(ana, READ)[1]
    wrong = [ask("andon_00000000_wrong", "GET", "/api/v1/kpis/") for _ in range(7)]

    assert [each.status_code for each in wrong] == [401] * 5 + [429] * 2
    assert 0 < int(wrong[-1]["Retry-After"]) <= 900
    assert Budget.objects.get(kind="address").used == 5
    assert ask(right, "GET", "/api/v1/kpis/").status_code == 200


def test_AU8_only_the_hash_is_kept(ana):
    token, secret = a_token(ana, READ)

    everything = str(list(ApiToken.objects.values())) + "".join(
        AuditEntry.objects.values_list("payload", flat=True)
    )

    assert len(secret.split("_", 2)[2]) == 43  # 256 bits
    assert secret not in everything
    assert secret.split("_", 2)[2] not in everything
    assert token.prefix in secret


@pytest.mark.parametrize("page", ["/", "/account/tokens/new/", "/password/", "/setup/people/"])
def test_AU8_a_token_opens_no_page(ana, page):
    secret = a_token(ana, *scopes.SCOPES)[1]

    answer = ask(secret, "GET", page)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_AU8_a_cookie_beside_a_token_counts_for_nothing(ana):
    bo = a_person(Role.MANAGER, username="bo")
    client = Client()
    client.force_login(bo)
    secret = a_token(ana, READ)[1]

    answer = client.post(
        "/api/v1/nonconformities/",
        a_problem(),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )

    assert answer.status_code == 403


def test_AU8_one_makes_a_token_with_the_password_sees_it_once_and_revokes_it(client, ana):
    client.force_login(ana)
    asked = {
        "name": "ERP",
        "scopes": [READ, FACTS],
        "expires": str(clock.now().date() + timedelta(days=90)),
    }

    refused = client.post("/account/tokens/new/", {**asked, "password": "not mine at all"})
    made = client.post("/account/tokens/new/", {**asked, "password": PASSWORD}).content.decode()
    secret = re.search(r'value="(andon_[^"]+)"', made)[1]
    listed = client.get("/account/tokens/").content.decode()
    used = ask(secret, "GET", "/api/v1/kpis/").status_code
    client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")

    assert "not your password" in refused.content.decode()
    assert told("re-authentication failed")
    assert used == 200
    assert secret not in listed
    assert "ERP" in listed
    assert ask(secret, "GET", "/api/v1/kpis/").status_code == 401
    assert TokenUse.objects.count() == 1
    assert len(told("token made")) == len(told("token revoked")) == 1


@pytest.mark.parametrize("days", [-1, 0, 367, 4000])
def test_AU8_a_token_lives_at_most_a_year(client, ana, days):
    client.force_login(ana)
    day = clock.now().date() + timedelta(days=days)

    page = client.post(
        "/account/tokens/new/",
        {"name": "ERP", "scopes": [READ], "expires": str(day), "password": PASSWORD},
    )

    assert page.status_code == 200
    assert ApiToken.objects.exists() == (days == 0)


def test_AU8_another_persons_token_is_out_of_reach_but_for_the_watch(client, ana):
    token, secret = a_token(ana, READ)
    client.force_login(a_person(Role.MANAGER))
    watch = Client()
    watch.force_login(a_person(Role.ADMIN))

    other = client.post(f"/account/tokens/{token.pk}/revoke/").status_code
    still = ask(secret, "GET", "/api/v1/kpis/").status_code
    watch.post(f"/setup/door/tokens/{token.pk}/revoke/")

    assert (other, still) == (404, 200)
    assert ask(secret, "GET", "/api/v1/kpis/").status_code == 401


@pytest.mark.parametrize("who", ["token", "person"])
def test_AP1_whoever_asks_too_fast_waits(client, ana, settings, who):
    settings.API_PER_MINUTE = {"person": 3, "token": 3}
    secret = a_token(ana, READ)[1]
    client.force_login(ana)

    def once():
        if who == "token":
            return ask(secret, "GET", "/api/v1/kpis/")
        return client.get("/api/v1/kpis/")

    answers = [once() for _ in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1]["Content-Type"] == "application/problem+json"


def test_AP1_one_program_does_not_use_up_the_limit_of_another(ana, settings):
    settings.API_PER_MINUTE = {"person": 3, "token": 3}
    first, second = a_token(ana, READ)[1], a_token(ana, READ)[1]
    for _ in range(4):
        ask(first, "GET", "/api/v1/kpis/")

    assert ask(second, "GET", "/api/v1/kpis/").status_code == 200


def test_AP1_the_window_moves_on_and_forgets():
    now = [100.0]
    window = limits.Window(seconds=60, now=lambda: now[0])

    hits = [window.hit("a", 2) for _ in range(3)]
    now[0] += 60
    for key in range(limits.MOST_KEYS + 1):
        window.hit(key, 2)

    assert hits == [0, 0, 60]
    assert window.hit("a", 2) == 0
