"""What corrective actions show for the clause map, and what they never claim."""

from datetime import timedelta

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.actions import evidence, services
from andon.records import services as records
from andon.records.evidence import State
from andon.standard import load_edition

from .factories import DONE, OPENED, case, fresh, implemented, opened, planned

pytestmark = pytest.mark.django_db
TODAY = DONE + timedelta(days=70)


def test_without_records_every_rule_says_none_and_offers_the_first_step(manager: User) -> None:
    for rule in evidence.RULES:
        answer = rule.ask(manager, TODAY)
        assert answer.state == State.NONE
        assert answer.fix is not None


def test_an_action_without_cause_after_a_month_is_named(site: Site, manager: User) -> None:
    planned(manager, site)
    bare = opened(manager, site)

    answer = evidence.causes(manager, TODAY)

    assert answer.state == State.PARTIAL
    assert [bare.number in str(one.text) for one in answer.missing] == [True]


def test_an_overdue_action_is_named(site: Site, manager: User) -> None:
    late = planned(manager, site)
    implemented(manager, site)

    answer = evidence.carried_out(manager, TODAY)

    assert answer.state == State.PARTIAL
    assert late.number in str(answer.missing[0].text)


def test_a_check_that_is_due_and_an_effect_that_did_not_last_are_named(
    site: Site, manager: User, engineer: User
) -> None:
    due = implemented(manager, site, window_days=60)
    closed = records.perform(
        implemented(manager, site, window_days=60),
        "effective",
        by=engineer,
        day=TODAY,
        data={"verdict_note": "None seen"},
    )
    assert evidence.effectiveness(manager, TODAY).state == State.PARTIAL
    later = case(manager, site, TODAY + timedelta(days=10))
    services.judge_recurrence(
        fresh(closed), by=manager, case=later, counts=True, why="Same", produced_date=TODAY
    )

    texts = [str(one.text) for one in evidence.effectiveness(manager, TODAY).missing]

    assert texts == [
        f"The effect of {due.number} is to be judged.",
        f"The effect of {closed.number} did not last.",
    ]


def test_an_effective_action_is_current_evidence_of_effect_and_partial_of_improvement(
    site: Site, manager: User, engineer: User
) -> None:
    records.perform(
        implemented(manager, site, window_days=60),
        "effective",
        by=engineer,
        day=TODAY,
        data={"verdict_note": "None seen"},
    )

    assert evidence.effectiveness(manager, TODAY).state == State.CURRENT
    assert evidence.improvement(manager, TODAY).state == State.PARTIAL
    assert evidence.effectiveness(manager, TODAY + timedelta(days=400)).state == State.STALE


def test_evidence_shows_only_what_the_person_may_see(site: Site, manager: User) -> None:
    planned(manager, site)
    elsewhere = a_person(Role.MANAGER, SiteFactory.create())

    assert evidence.causes(elsewhere, OPENED).state == State.NONE


def test_every_rule_names_requirements_of_the_standard() -> None:
    known = {requirement.id for requirement in load_edition("9001:2015+A1").requirements}

    for rule in evidence.RULES:
        assert set(rule.requirements) <= known, rule.name
