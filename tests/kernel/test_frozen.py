"""What is over is frozen in the database, whoever writes (RC2)."""

import pytest
from django.db import DatabaseError, connection, transaction

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import reported
from andon.records import services as records
from andon.records.frozen import FROZEN
from andon.records.models import Record
from andon.trail import forgetting
from andon.trail.services import audited
from andon.trail.testing import behind_the_back

pytestmark = pytest.mark.django_db
CHANGES = {
    "kind": "'actions'",
    "number": "'NC-X-2026-0001'",
    "old_number": "'before'",
    "title": "'Another title'",
    "site_id": "site_id + 1",
    "opened_by_id": "opened_by_id + 1",
    "opened_date": "'2020-01-01'",
    "closed_date": "NULL",
    "state": "'reported'",
}


@pytest.fixture
def manager(db: None) -> User:
    return a_person(Role.MANAGER, None)


@pytest.fixture
def over(manager: User) -> Nonconformity:
    """A record that is over: void."""
    site: Site = SiteFactory.create(code="ABC1")
    record = reported(manager, site)
    return records.perform(record, "void", by=manager, data={"void_reason": "twice"})


def update(column: str, value: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE records_record SET {column} = {value}")


@pytest.mark.parametrize("column", CHANGES)
def test_RC2_inside_an_audited_block_too_no_content_of_a_closed_record_changes(
    over: Nonconformity, manager: User, column: str
) -> None:
    refused = pytest.raises(DatabaseError, match="closed record")
    with audited(manager), refused:
        update(column, CHANGES[column])

    assert set(CHANGES) - {"state"} == set(FROZEN)


def test_RC2_what_is_no_content_stays_free(over: Nonconformity, manager: User) -> None:
    heir = a_person(Role.MANAGER, None)
    with audited(manager, reason="handed over"):
        assert Nonconformity.objects.filter(pk=over.pk).update(owner=heir, restricted=True) == 1
    with audited(manager, reason="void"):
        update("state", "'void'")


def test_RC2_an_open_record_is_not_frozen(manager: User) -> None:
    reported(manager, SiteFactory.create(code="ABC1"))

    with audited(manager):
        update("title", "'Another title'")


def test_RC2_a_closed_record_can_be_purged(over: Nonconformity, manager: User) -> None:
    with audited(manager, reason="retention is over"):
        assert forgetting.purge(Nonconformity, [over.pk]) == 1

    assert not Record.objects.exists()


def test_RC2_broken_twin_without_the_trigger_the_title_changes(
    over: Nonconformity, manager: User
) -> None:
    on = "" if connection.vendor == "sqlite" else " ON records_record"
    with behind_the_back() as cursor:
        cursor.execute(f"DROP TRIGGER records_record_frozen{on}")

    with audited(manager):
        update("title", "'Another title'")

    assert Record.objects.get().title == "Another title"
