"""What a program sends twice is made once, and no edit is lost (RC4, AP1)."""

import json
import re

import pytest
from django.db import IntegrityError
from django.urls import get_resolver

from andon.accounts.policy import routes
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.config.api import api
from andon.entry import once
from andon.entry.models import SentOnce
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import reported
from tests.authz.matrix import ROWS

BASE = "/api/v1/nonconformities/"
BODY = {"site": "ABC1", "title": "Burr on bracket", "category": "process"}
PART = re.compile(r"<(?:\w+:)?(\w+)>")


@pytest.fixture
def site(db):
    return SiteFactory.create(code="ABC1")


@pytest.fixture
def ana(site):
    return a_person(Role.MANAGER, site, username="ana")


@pytest.fixture
def program(client, ana):
    client.force_login(ana)
    return client


def send(client, key="", body=BODY):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(BASE, json.dumps(body), content_type="application/json", headers=headers)


def test_RC4_the_same_key_and_body_make_one_record(program):
    first, again = send(program, "order 4711"), send(program, "order 4711")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert again["ETag"] == first["ETag"]
    assert Nonconformity.objects.count() == 1


def test_RC4_twin_without_the_key_the_record_is_made_twice(program):
    send(program)
    send(program)

    assert Nonconformity.objects.count() == 2


def test_RC4_the_same_key_with_another_body_is_refused(program):
    send(program, "order 4711")

    answer = send(program, "order 4711", {**BODY, "title": "Another burr"})

    assert answer.status_code == 422
    assert "belongs to another request" in answer.json()["title"]
    assert Nonconformity.objects.count() == 1


def test_RC4_another_person_may_use_the_same_key(program, client, site):
    send(program, "1")
    client.force_login(a_person(Role.MANAGER, site))

    assert send(client, "1").status_code == 201
    assert Nonconformity.objects.count() == 2


def test_RC4_what_was_refused_may_be_sent_anew_with_the_same_key(program):
    wrong = send(program, "order 4711", {**BODY, "site": "NONE"})
    right = send(program, "order 4711")

    assert wrong.status_code == 422
    assert right.status_code == 201
    assert SentOnce.objects.count() == 1


def test_RC4_a_failure_half_way_leaves_neither_record_nor_key(program, monkeypatch):
    def broken(*_args, **_options):
        raise IntegrityError

    monkeypatch.setattr(SentOnce, "save", broken)
    with pytest.raises(IntegrityError):
        send(program, "order 4711")

    assert not Nonconformity.objects.exists()
    assert not SentOnce.objects.exists()


@pytest.mark.parametrize("key", ["x" * 201, "a\x01b"])
def test_RC4_a_key_that_is_none_is_refused(program, key):
    assert send(program, key).status_code == 400


def test_RC4_keys_are_forgotten_after_a_month(program, monkeypatch):
    send(program, "order 4711")
    row = SentOnce.objects.get()

    once.forget(row.at + once.KEPT)
    kept = SentOnce.objects.exists()
    once.forget(row.at + 2 * once.KEPT)

    assert kept
    assert not SentOnce.objects.exists()


@pytest.mark.parametrize(
    ("sent", "status"), [(None, 428), ("", 428), ('"0"', 409), ("x", 400), ('"1"', 200)]
)
def test_RC4_a_patch_needs_the_version_that_was_read(program, ana, site, sent, status):
    record = reported(ana, site)
    headers = {} if sent is None else {"If-Match": sent}

    answer = program.patch(
        f"{BASE}{record.number}/",
        json.dumps({"title": "A better title"}),
        content_type="application/json",
        headers=headers,
    )

    assert answer.status_code == status, answer.content
    if status == 409:
        both = answer.json()["differences"]
        assert both == [{"field": "title", "sent": "A better title", "stored": record.title}]
        assert answer.json()["version"] == record.version


def test_RC4_two_who_read_the_same_version_do_not_both_write(program, ana, site):
    record = reported(ana, site)

    def change(title):
        return program.patch(
            f"{BASE}{record.number}/",
            json.dumps({"title": title}),
            content_type="application/json",
            headers={"If-Match": f'"{record.version}"'},
        ).status_code

    assert [change("One"), change("Two")] == [200, 409]
    record.refresh_from_db()
    assert record.title == "One"


def test_AP1_the_description_of_the_api_names_every_route_and_no_other():
    described = {
        f"{method.upper()} {path}"
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    served = {
        f"{method} /" + PART.sub(r"{\1}", route.path)
        for route in routes(get_resolver().url_patterns)
        if route.path.startswith("api/") and not route.name.startswith("api:openapi")
        for method in methods_of(route)
    }

    assert described == {each for each in served if not each.endswith(" /api/v1/")}


def test_AP1_every_operation_has_a_name_of_its_own():
    names = [
        operation["operationId"]
        for methods in api.get_openapi_schema()["paths"].values()
        for operation in methods.values()
    ]

    assert sorted(names) == sorted(set(names))


def methods_of(route):
    row = next(r for r in ROWS if r.route in (route.name, PART.sub(r"<\1>", route.path)))
    return [m.upper() for m, outcome in row.methods.items() if outcome != "no"]


def test_AP1_no_page_of_the_api_is_longer_than_a_hundred():
    limits = [
        parameter["schema"]["maximum"]
        for methods in api.get_openapi_schema()["paths"].values()
        for operation in methods.values()
        for parameter in operation.get("parameters", [])
        if parameter["name"] == "limit"
    ]

    assert limits
    assert max(limits) <= 100


@pytest.mark.parametrize(
    "body",
    [
        '{"title": "a", "title": "b"}',
        '{"title": NaN}',
        '{"title": Infinity}',
        '{"title": ' + "[" * 21 + "]" * 21 + "}",
        "[" * 100_000,
        '{"title": "\\ud800"}',
        "{",
        "\xff",
    ],
    ids=["twice", "NaN", "Infinity", "deep", "endless", "surrogate", "open", "no UTF-8"],
)
def test_AP2_json_that_could_mean_two_things_is_refused(program, body):
    answer = program.generic("POST", BASE, body.encode("latin-1"), content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
