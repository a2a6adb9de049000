"""An auditor reads on a connection that cannot write, and every look is recorded (AZ7)."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from andon.accounts.roles import Role
from andon.accounts.services import grant_role
from andon.accounts.testing import TESTS, SiteFactory, a_person
from andon.modules.nonconformities.tests.factories import reported
from andon.trail.models import AuditEntry
from andon.trail.reading import read_only
from andon.trail.sealing import SECURITY
from andon.trail.security import tell
from andon.trail.services import SYSTEM
from andon.trail.verify import verify


def reads():
    return AuditEntry.objects.filter(stream=SECURITY, action="read").order_by("seq")


@pytest.fixture
def site(committed_db):
    return SiteFactory.create(code="ABC1")


@pytest.fixture
def auditor(site):
    return a_person(Role.AUDITOR, site)


@pytest.fixture
def client(auditor):
    client = Client()
    client.force_login(auditor)
    return client


def test_AZ7_every_page_file_and_export_an_auditor_sees_is_recorded(client, auditor, site):
    record = reported(a_person(Role.QUALITY, site), site)
    looks = (
        f"/nonconformities/{record.number}/",
        f"/nonconformities/{record.number}/record.pdf",
        "/nonconformities/export.csv",
        "/api/v1/nonconformities/",
        "/nonconformities/NC-ABC1-1999-0001/",
    )
    for path in looks:
        assert b"".join(client.get(path)) is not None

    assert [entry.content()["detail"]["path"] for entry in reads()] == list(looks)
    assert {entry.actor_id for entry in reads()} == {str(auditor.pk)}
    assert verify().clean


def test_AZ7_the_looks_of_others_are_not(site):
    client = Client()
    client.force_login(a_person(Role.QUALITY, site))

    client.get("/nonconformities/")

    assert not reads().exists()


def test_AZ7_who_is_auditor_and_more_works_as_the_other(site):
    both = a_person(Role.AUDITOR, site)
    grant_role(both, Role.QUALITY, site=site, by=TESTS)
    client = Client()
    client.force_login(both)

    client.get("/nonconformities/")

    assert not reads().exists()


def page_that_writes(monkeypatch):
    """Let every page try a write while it is drawn; return what the database said to it."""
    said = []

    def writes(_request):
        try:
            SiteFactory.create()
        except DatabaseError as error:
            said.append(str(error))
        else:
            said.append("written")
        return []

    monkeypatch.setattr("andon.ui.context.navigation", writes)
    return said


def test_AZ7_the_database_refuses_a_write_while_an_auditor_reads(client, monkeypatch):
    said = page_that_writes(monkeypatch)

    client.get("/")

    [sentence] = said
    assert "read" in sentence.lower()
    SiteFactory.create(code="AFTER")  # and the connection writes again


def test_AZ7_the_same_page_writes_for_somebody_else(site, monkeypatch):
    said = page_that_writes(monkeypatch)
    client = Client()
    client.force_login(a_person(Role.QUALITY, site))

    client.get("/")

    assert said == ["written"]


def test_AZ7_an_event_is_sealed_although_everything_else_only_reads(committed_db):
    with read_only():
        tell("read", by=SYSTEM("test"))
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_head")

    assert reads().count() == 1


@pytest.mark.parametrize("path", ["/nonconformities/new/", "/setup/people/new/", "/kpis/new/"])
def test_AZ7_a_post_of_an_auditor_is_refused_before_any_view(client, path):
    assert client.post(path, {}).status_code == 403
