"""What the organization itself shows, and what it does not claim."""

from datetime import date, timedelta

import pytest

from andon.accounts import services as accounts
from andon.accounts.models import RoleGrant, Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import TESTS, SiteFactory, a_person
from andon.assurance import evidence
from andon.organization import services as organization
from andon.organization.models import Process
from andon.organization.testing import ProcessFactory
from andon.records.evidence import State

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture
def manager() -> User:
    return a_person(Role.MANAGER)


def test_without_a_process_there_is_no_evidence_and_a_button_to_begin(manager: User) -> None:
    found = evidence.processes(manager, DAY)

    assert found.state == State.NONE
    assert found.fix is not None
    assert found.fix.url == "/setup/processes/new/"


def test_processes_in_use_are_current_evidence(manager: User) -> None:
    ProcessFactory(code="STAMP", name="Stamping")

    found = evidence.processes(manager, DAY)

    assert found.state == State.CURRENT
    assert [row.number for row in found.records] == ["STAMP"]


def test_a_process_of_another_site_is_nobodys_business() -> None:
    here: Site = SiteFactory()  # type: ignore[assignment]
    ProcessFactory(site=SiteFactory())

    assert evidence.processes(a_person(Role.OWNER, here), DAY).state == State.NONE


def test_a_few_processes_are_named_however_many_there_are(manager: User) -> None:
    for _ in range(8):
        ProcessFactory()

    assert len(evidence.processes(manager, DAY).records) == evidence.FEW


def test_roles_are_partial_while_nobody_is_top_management(manager: User) -> None:
    found = evidence.roles(manager, DAY)

    assert found.state == State.PARTIAL
    assert [str(gap.text) for gap in found.missing] == ["Nobody holds the role of top management."]


def test_roles_are_current_when_both_are_held(manager: User) -> None:
    a_person(Role.MANAGEMENT)

    assert evidence.roles(manager, DAY).state == State.CURRENT


def test_a_role_that_has_not_begun_or_has_ended_does_not_count(manager: User) -> None:
    person = a_person(None)
    for begins, ends in ((DAY + timedelta(days=1), None), (date(2020, 1, 1), date(2020, 2, 1))):
        accounts.grant_role(
            person, Role.MANAGEMENT, site=None, from_date=begins, until_date=ends, by=TESTS
        )

    assert evidence.roles(manager, DAY).state == State.PARTIAL
    assert RoleGrant.objects.filter(role=Role.MANAGEMENT).exists()


def test_the_trail_is_partial_for_it_guards_only_what_is_kept_here(manager: User) -> None:
    found = evidence.trail(manager, DAY)

    assert found.state == State.PARTIAL
    assert found.counted > 0
    assert "kept elsewhere" in str(found.missing[0].text)


def test_a_retired_process_no_longer_speaks(manager: User) -> None:
    ProcessFactory()
    process = Process.objects.get()
    organization.edit(process, changes={"is_active": False}, by=TESTS)

    assert evidence.processes(manager, DAY).state == State.NONE
