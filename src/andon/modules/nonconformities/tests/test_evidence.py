"""What nonconformities show for the clause map, and what they never claim."""

from datetime import date, timedelta

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities import evidence, services
from andon.records import services as records
from andon.records.evidence import State
from andon.standard import load_edition

from .factories import ready_to_decide, reported, unsaved

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER, site)


def test_without_records_every_rule_says_none_and_offers_the_first_step(manager: User) -> None:
    for rule in evidence.RULES:
        answer = rule.ask(manager, TODAY)
        assert answer.state == State.NONE
        assert answer.fix is not None


def test_records_of_last_year_are_stale(site: Site, manager: User) -> None:
    records.create(unsaved(manager, site), by=manager, day=TODAY - timedelta(days=400))

    assert evidence.control(manager, TODAY).state == State.STALE


def test_an_overdue_one_makes_the_evidence_partial_and_is_named(site: Site, manager: User) -> None:
    late = reported(manager, site, severity="minor", due_date=date(2026, 1, 1))

    answer = evidence.control(manager, TODAY)

    assert answer.state == State.PARTIAL
    assert late.number in str(answer.missing[0].text)


def test_a_concession_whose_approval_has_ended_is_named(site: Site, manager: User) -> None:
    record = ready_to_decide(manager, site, disposal="use_as_is")
    line = record.live_dispositions[0]
    services.approve_concession(
        record, by=manager, line=line.pk, approval_number="C-1", approval_until=TODAY
    )

    before = [str(one.text) for one in evidence.concessions(manager, TODAY).missing]
    after = [
        str(one.text) for one in evidence.concessions(manager, TODAY + timedelta(days=1)).missing
    ]

    assert not any("has ended" in text for text in before)
    assert any(record.number in text and "has ended" in text for text in after)


def test_a_promised_corrective_action_that_is_missing_is_named(site: Site, manager: User) -> None:
    record = reported(
        manager,
        site,
        severity="minor",
        category="process",
        suspect_quantity=None,
        correction="stopped",
        action_decision="yes",
    )
    records.perform(record, "settle", by=manager)

    answer = evidence.reaction(manager, TODAY)

    assert answer.state == State.PARTIAL
    assert record.number in str(answer.missing[0].text)


def test_evidence_shows_only_what_the_person_may_see(site: Site, manager: User) -> None:
    reported(manager, site)
    elsewhere = a_person(Role.MANAGER, SiteFactory.create())

    assert evidence.control(elsewhere, TODAY).state == State.NONE


def test_every_rule_names_requirements_of_the_standard() -> None:
    known = {requirement.id for requirement in load_edition("9001:2015+A1").requirements}

    for rule in evidence.RULES:
        assert set(rule.requirements) <= known, rule.name
