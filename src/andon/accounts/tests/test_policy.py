"""The door refuses what no policy opens."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import include, path

from andon.accounts import checks, queries
from andon.accounts.middleware import PolicyMiddleware
from andon.accounts.policy import SIGNED_IN, Policy, allow, cover, policy_of, public, routes
from andon.accounts.roles import Role, declared
from andon.accounts.testing import a_person


def view(request):
    return HttpResponse("seen")


def outcome(user, guarded, *, method="GET", **headers):
    request = RequestFactory().generic(method, headers.pop("path", "/here/"), headers=headers)
    request.user = user
    return PolicyMiddleware(lambda _: HttpResponse()).process_view(request, guarded, (), {})


def test_AZ1_a_route_without_policy_is_refused_to_everybody(db):
    with pytest.raises(PermissionDenied, match="no policy"):
        outcome(a_person(Role.ADMIN), view)


def test_AZ1_the_check_names_a_route_without_policy_and_one_with_a_wrong_word(monkeypatch):
    patterns = [path("open/", view), path("typo/", allow("accounts.mange")(view))]
    monkeypatch.setattr(checks, "get_resolver", lambda: type("R", (), {"url_patterns": patterns}))

    found = checks.every_route_has_a_policy(None)

    assert [error.id for error in found] == ["accounts.E001", "accounts.E002"]
    assert "/open/" in found[0].msg


def test_AZ1_every_route_of_the_application_has_a_policy():
    assert checks.every_route_has_a_policy(None) == []


def test_a_policy_leaves_the_view_of_others_as_it_was():
    assert policy_of(public(view)) == Policy("public")
    assert policy_of(view) is None


def test_cover_gives_a_policy_to_what_has_none():
    patterns = [
        path("a/", view),
        path("b/", include([path("c/", view), path("d/", public(view), name="d")])),
    ]

    cover(patterns, SIGNED_IN)

    assert [policy_of(route.view).kind for route in routes(patterns)] == [
        "signed in",
        "signed in",
        "public",
    ]


def test_an_auditor_reads_and_changes_nothing(db):
    auditor = a_person(Role.AUDITOR)
    guarded = allow("accounts.manage")(view)
    cover(patterns := [path("x/", view)], SIGNED_IN)
    door = patterns[0].callback

    assert outcome(auditor, door) is None
    with pytest.raises(PermissionDenied, match="change nothing"):
        outcome(auditor, door, method="POST")
    with pytest.raises(PermissionDenied):
        outcome(auditor, guarded)


def test_AZ7_auditors_are_given_nothing_but_the_look_at_the_trail():
    assert queries.permissions_of(Role.AUDITOR) == {"proof.read"}


def test_every_declared_permission_names_its_app_and_known_roles():
    for permission, roles in declared().items():
        assert "." in permission
        assert roles


def test_SE4_htmx_and_programs_are_asked_to_sign_in_their_way(client, db):
    page = client.get("/setup/?a=1")
    fragment = client.get("/setup/", headers={"HX-Request": "true"})
    shown = client.get(
        "/setup/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/setup/items/?q=x"},
    )

    assert page["Location"] == "/sign-in/?next=/setup/%3Fa%3D1"
    assert fragment.status_code == 401
    assert fragment["HX-Redirect"] == "/sign-in/"
    assert shown["HX-Redirect"] == "/sign-in/?next=%2Fsetup%2Fitems%2F%3Fq%3Dx"


def test_AP2_a_program_gets_a_problem(db, client):
    cover(patterns := [path("x/", view)], SIGNED_IN)
    door = patterns[0].callback
    stranger = outcome(AnonymousUser(), door, path="/api/v1/x/")
    nobody = outcome(a_person(None), door, path="/api/v1/x/")
    other = outcome(a_person(Role.OWNER), allow("accounts.manage")(view), path="/api/v1/x/")

    assert [answer.status_code for answer in (stranger, nobody, other)] == [401, 403, 403]
    assert {answer["Content-Type"] for answer in (stranger, nobody, other)} == {
        "application/problem+json"
    }


def test_SE2_pages_of_the_signed_in_are_not_kept(client, db):
    client.force_login(a_person(Role.OWNER))

    assert client.get("/setup/")["Cache-Control"] == "no-store, private"
