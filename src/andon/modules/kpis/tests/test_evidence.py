"""What the clause map hears from KPIs: evidence and what is missing, never conformity."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.kpis import services
from andon.modules.kpis.evidence import RULES
from andon.modules.kpis.models import Signal
from andon.records import services as records
from andon.records.evidence import State
from andon.standard import load_edition

from .factories import ANSWER, MONDAY, a_kpi, typed

ASK = {rule.name.removeprefix("kpis."): rule.ask for rule in RULES}
QUIET = [(5, 100), (6, 100), (4, 100)] * 3
DAY = MONDAY + timedelta(weeks=10)


def test_every_id_is_one_of_the_2015_edition():
    known = {requirement.id for requirement in load_edition("9001:2015+A1").requirements}

    assert {id_ for rule in RULES for id_ in rule.requirements} <= known


@pytest.mark.parametrize("name", ASK)
def test_nothing_yet_is_none_with_the_place_to_begin(manager, site, name):
    answer = ASK[name](manager, DAY)

    assert (answer.state, answer.records, answer.counted) == (State.NONE, (), 0)
    assert answer.fix


def test_a_definition_is_complete_with_target_and_reaction_plan(manager, site):
    kpi = a_kpi(manager, site)
    partial = ASK["plan"](manager, DAY)
    services.set_target(kpi, value=Decimal(5), from_date=kpi.defined_date, by=manager)
    services.redefine(kpi, {"reaction": "Call the setter."}, by=manager)

    assert partial.state == State.PARTIAL
    assert [str(one.text) for one in partial.missing] == [
        "DEFECTS has no target.", "DEFECTS has no reaction plan.",
    ]  # fmt: skip
    assert ASK["plan"](manager, DAY).state == State.CURRENT


def test_results_are_current_partial_or_stale_by_the_newest_period(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(5, 100)])

    states = [ASK["results"](manager, MONDAY + timedelta(weeks=weeks)).state for weeks in (1, 2, 4)]

    assert states == [State.CURRENT, State.PARTIAL, State.STALE]


def test_a_signal_that_waits_is_missing_its_answer(manager, site):
    typed(a_kpi(manager, site), manager, [*QUIET, (40, 100)])
    signal = Signal.objects.get()
    waiting = ASK["analysis"](manager, DAY)
    records.perform(signal, "note_cause", by=manager, data=ANSWER, day=DAY)

    assert waiting.state == State.PARTIAL
    assert signal.number in str(waiting.missing[0].text)
    assert ASK["analysis"](manager, DAY).state == State.CURRENT
    assert ASK["analysis"](manager, date(2028, 1, 1)).state == State.STALE


def test_targets_and_review_input_are_partial_at_best(manager, site):
    kpi = a_kpi(manager, site)
    services.set_target(kpi, value=Decimal(50), from_date=kpi.defined_date, by=manager)
    typed(kpi, manager, [(5, 100)])

    assert ASK["objectives"](manager, DAY).state == State.PARTIAL
    assert ASK["review_input"](manager, DAY).state == State.PARTIAL


@pytest.mark.parametrize("name", ASK)
def test_nobody_is_told_of_another_sites_kpis(manager, site, name):
    typed(a_kpi(manager, site), manager, [*QUIET, (40, 100)])
    stranger = a_person(Role.MANAGER, SiteFactory.create())

    assert ASK[name](stranger, DAY).state == State.NONE


def test_all_rules_together_cost_few_queries(manager, site, django_assert_max_num_queries):
    for number in range(5):
        typed(a_kpi(manager, site, code=f"K{number}"), manager, [(5, 100)])

    with django_assert_max_num_queries(24):
        for rule in RULES:
            rule.ask(manager, DAY)
