"""Typed two-way links and the thread that they draw."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.tests.factories import reported
from andon.records import services as records
from andon.records.thread import thread_of
from andon.records.workflow import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER)


def test_a_link_reads_both_ways(site: Site, manager: User, client: Client) -> None:
    first, second = reported(manager, site), reported(manager, site)
    records.link(second, "recurrence_of", first, by=manager)
    client.force_login(manager)

    assert "is a recurrence of" in client.get(second.get_absolute_url()).content.decode()
    assert "came back as" in client.get(first.get_absolute_url()).content.decode()


def test_the_same_link_is_not_drawn_twice(site: Site, manager: User) -> None:
    first, second = reported(manager, site), reported(manager, site)

    assert records.link(second, "related", first, by=manager) == records.link(
        second, "related", first, by=manager
    )


def test_a_record_is_not_linked_to_itself(site: Site, manager: User) -> None:
    record = reported(manager, site)

    with pytest.raises(Refused, match="itself"):
        records.link(record, "related", record, by=manager)


def test_a_link_ends_with_a_reason_and_stays_in_the_history(site: Site, manager: User) -> None:
    first, second = reported(manager, site), reported(manager, site)
    drawn = records.link(second, "related", first, by=manager)

    with pytest.raises(Refused, match="why"):
        records.unlink(drawn, by=manager, reason="")
    ended = records.unlink(drawn, by=manager, reason="mixed up")

    assert ended.ended_date is not None
    assert thread_of(first, viewer=manager).size == 1


def test_a_link_is_ended_on_the_page_of_its_source(
    site: Site, manager: User, client: Client
) -> None:
    first, second = reported(manager, site), reported(manager, site)
    drawn = records.link(second, "related", first, by=manager)
    client.force_login(manager)
    path = f"{second.get_absolute_url()}link/{drawn.pk}/end/"

    assert client.post(path, {"reason": " "}).status_code == 409
    client.post(path, {"reason": "mixed up"})

    drawn.refresh_from_db()
    assert drawn.ended_reason == "mixed up"


def test_a_thread_follows_every_link_and_counts_what_is_hidden(site: Site, manager: User) -> None:
    elsewhere: Site = SiteFactory.create(code="ABC2")
    first, second, third = (
        reported(manager, site),
        reported(manager, site),
        reported(manager, elsewhere),
    )
    records.link(second, "recurrence_of", first, by=manager)
    records.link(third, "recurrence_of", second, by=manager)

    whole = thread_of(first, viewer=manager)
    partly = thread_of(first, viewer=a_person(Role.MANAGER, site))

    assert (whole.size, whole.hidden) == (3, 0)
    assert (partly.size, partly.hidden) == (2, 1)
    assert third.number not in str(partly.ties)


def test_a_major_nonconformity_without_corrective_action_is_a_missing_link(
    site: Site, manager: User
) -> None:
    record = reported(manager, site, severity="major")

    gaps = thread_of(record, viewer=manager).gaps

    assert "no decision on a corrective action" in str(gaps[0][1].text)


def test_who_may_not_work_on_the_source_draws_no_link(site: Site, manager: User) -> None:
    first, second = reported(manager, site), reported(manager, site)

    with pytest.raises(PermissionDenied):
        records.link(second, "related", first, by=a_person(Role.AUDITOR, site))
