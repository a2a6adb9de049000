"""A full disk: whoever wrote is told what to do, nothing is half done, and reading goes on."""

from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import reported
from andon.trail.verify import verify

SENTENCE = "has no room left"


class DiskFull(psycopg.errors.DiskFull):
    """As PostgreSQL says it: SQLSTATE 53100."""


@pytest.fixture
def world(committed_db: str) -> SimpleNamespace:
    site = SiteFactory.create(code="ABC1")
    ana = a_person(Role.MANAGER, site)
    client = Client(raise_request_exception=False)
    client.force_login(ana)
    return SimpleNamespace(site=site, ana=ana, client=client, record=reported(ana, site))


@contextmanager
def running_full():
    """Let the disk be full: SQLite truly has no page more, PostgreSQL raises what it would."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            (pages,) = cursor.fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
        return

    def no_room(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO") and "audit" not in sql and "session" not in sql:
            error = OperationalError("could not extend file: No space left on device")
            raise error from DiskFull("could not extend file")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(no_room):
        yield


@pytest.fixture
def full(world):
    with running_full():
        yield


def typed(world) -> dict[str, object]:
    form = world.client.get("/nonconformities/new/").context["form"]
    fields = {field.html_name: field.value() or "" for field in form}
    return fields | {
        "title": "Burr on the rail",
        "description": "x" * 4_000,  # needs pages that are not there
        "suspect_quantity": "5",
        "site": world.site.pk,
    }


def test_a_full_disk_is_told_in_a_sentence_and_reading_goes_on(world, full, caplog):
    sent = typed(world)
    written = world.client.post("/nonconformities/new/", sent)
    read = world.client.get(world.record.get_absolute_url())
    listed = world.client.get("/nonconformities/")

    page = written.content.decode()
    assert written.status_code == 507
    assert SENTENCE in page
    assert "Burr on the rail" not in page
    assert (read.status_code, listed.status_code) == (200, 200)
    assert Nonconformity.objects.count() == 1


def test_the_api_tells_it_as_a_problem(world, full, caplog):
    answer = world.client.post(
        "/api/v1/nonconformities/",
        {
            "title": "Burr",
            "site": "ABC1",
            "description": "x" * 4_000,
            "suspect_quantity": "5",
        },
        content_type="application/json",
    )

    assert answer.status_code == 507, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert SENTENCE in answer.json()["detail"]


def test_nothing_is_half_done_and_writing_goes_on_once_there_is_room(world, caplog, request):
    sent = typed(world)
    with running_full():
        refused = world.client.post("/nonconformities/new/", sent)
    clean = [finding.text for finding in verify().findings]

    taken = world.client.post("/nonconformities/new/", sent)

    assert (refused.status_code, taken.status_code) == (507, 303)
    assert clean == []
    assert Nonconformity.objects.count() == 2
    assert [finding.text for finding in verify().findings] == []


def test_without_the_page_it_would_be_an_error_that_says_nothing(world, full, caplog, monkeypatch):
    """The broken twin: the tests above bite."""
    monkeypatch.setattr("andon.config.trouble.is_full", lambda _error: False)

    assert world.client.post("/nonconformities/new/", typed(world)).status_code == 500
