"""What the clause map hears from analyses: what was studied, and what has no conclusion yet."""

from datetime import date, timedelta

import pytest

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.analyses import services
from andon.modules.analyses.evidence import RULES
from andon.records import services as records
from andon.records.evidence import State
from andon.standard import load_edition

from .factories import QUIET, unsaved_analysis, values

pytestmark = pytest.mark.django_db
ASK = {rule.name.removeprefix("analyses."): rule.ask for rule in RULES}
DAY = date(2026, 3, 2)
GAUGE = {"method": "bias", "found": values(x=QUIET), "options": {"reference": 50.0}}


@pytest.fixture
def site():
    return SiteFactory.create(code="ABC1")


@pytest.fixture
def manager(site):
    return a_person(Role.MANAGER, site)


def kept(manager, site, **fields):
    return services.keep(unsaved_analysis(manager, site, **fields), by=manager, day=DAY)


def issued(manager, site, **fields):
    analysis = kept(manager, site, **fields)
    return records.perform(
        analysis, "issue", by=manager, day=DAY, data={"conclusion": "Fit for use."}
    )


def test_every_id_is_one_of_the_2015_edition():
    known = {requirement.id for requirement in load_edition("9001:2015+A1").requirements}

    assert {id_ for rule in RULES for id_ in rule.requirements} <= known


@pytest.mark.parametrize("name", ASK)
def test_nothing_yet_is_none_with_the_place_to_begin(manager, name):
    answer = ASK[name](manager, DAY)

    assert (answer.state, answer.records) == (State.NONE, ())
    assert answer.fix.url == "/analyses/new/"


def test_a_study_of_a_gauge_speaks_for_gauges_and_not_for_analysis(manager, site):
    study = issued(manager, site, **GAUGE)

    assert ASK["gauges"](manager, DAY).state == State.CURRENT
    assert [one.number for one in ASK["gauges"](manager, DAY).records] == [study.number]
    assert ASK["analysed"](manager, DAY).state == State.NONE


def test_a_draft_is_missing_its_conclusion(manager, site):
    issued(manager, site)
    draft = kept(manager, site, title="Waiting")

    answer = ASK["analysed"](manager, DAY)

    assert answer.state == State.PARTIAL
    assert [draft.number in str(one.text) for one in answer.missing] == [True]


def test_what_was_issued_more_than_a_year_ago_is_stale(manager, site):
    issued(manager, site)

    assert ASK["analysed"](manager, DAY + timedelta(days=366)).state == State.STALE


def test_what_lies_at_another_site_says_nothing(site):
    elsewhere = SiteFactory.create(code="XYZ1")
    there = a_person(Role.MANAGER, elsewhere)
    issued(there, elsewhere)

    assert ASK["analysed"](a_person(Role.MANAGER, site), DAY).state == State.NONE
