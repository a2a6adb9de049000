"""A project runs only with a goal, and its benefit is confirmed only when the numbers show it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from andon.accounts.roles import Role
from andon.accounts.testing import TESTS, a_person
from andon.modules.improvements import evidence, queries, services
from andon.modules.improvements.models import ImprovementProject
from andon.modules.kpis.models import Signal
from andon.modules.kpis.tests.factories import a_kpi, a_signal, typed
from andon.organization import queries as organization
from andon.organization.models import CostRate, Settings
from andon.records import services as records
from andon.records.evidence import State
from andon.records.thread import thread_of
from andon.records.workflow import Refused
from andon.trail.services import audited
from andon.trail.verify import verify

from .factories import (
    AFTER,
    BEFORE,
    MONDAY,
    OVER,
    TOOK_HOLD,
    an_improved_kpi,
    checking,
    proposed,
    unsaved,
    with_goal,
)

REACHED = {"conclusion": "The fixture holds; scrap is at 5 %."}


def strict():
    with audited(TESTS):
        Settings.objects.update_or_create(pk=1, defaults={"profile": "standard"})
    organization.forget()


# -- what it needs to run ------------------------------------------------------------------------


def test_everything_a_goal_lacks_is_named_at_once(owner, site):
    project = records.create(unsaved(owner, site), by=owner)

    with pytest.raises(Refused) as refused:
        records.perform(project, "run", by=owner)

    said = " ".join(str(item) for item in refused.value.items)
    for word in ("problem", "KPI", "baseline", "target", "watched", "expected", "unit costs"):
        assert word in said, word


def test_too_few_points_are_no_baseline(owner, site):
    kpi = a_kpi(owner, site, active_from=OVER)
    typed(kpi, owner, BEFORE[:5])
    project = with_goal(owner, site, kpi)

    with pytest.raises(Refused, match="too few points"):
        records.perform(project, "run", by=owner)


def test_a_target_that_the_baseline_reaches_is_no_improvement(owner, site):
    project = with_goal(owner, site, an_improved_kpi(owner, site), target_value=Decimal(9))

    with pytest.raises(Refused, match="reaches the target already"):
        records.perform(project, "run", by=owner)


def test_the_goal_stays_once_the_project_runs(owner, site):
    kpi = an_improved_kpi(owner, site)
    project = records.perform(with_goal(owner, site, kpi), "run", by=owner)

    with pytest.raises(Refused, match="its goal was fixed before"):
        services.fix_goal(
            project, by=owner, kpi=kpi, baseline_from=MONDAY, baseline_until=TOOK_HOLD,
            target_value=Decimal(7), window_days=7, expected_benefit=Decimal(1),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("goal", "field"),
    [
        ({"rate_source": ""}, "rate_source"),
        ({"cost_kind": "scrap"}, "rate"),
        ({"baseline_until": MONDAY - timedelta(days=1)}, "baseline_until"),
        ({"window_days": 0}, "window_days"),
        ({"expected_benefit": Decimal(-1)}, "expected_benefit"),
    ],
)
def test_a_goal_that_cannot_be_is_refused(owner, site, goal, field):
    with pytest.raises(ValidationError) as refused:
        with_goal(owner, site, a_kpi(owner, site), **goal)

    assert field in refused.value.message_dict


def test_it_cannot_take_hold_tomorrow_and_costs_are_asked(owner, site):
    project = records.perform(
        with_goal(owner, site, an_improved_kpi(owner, site)), "run", by=owner, day=MONDAY
    )
    data = {"took_hold_date": TOOK_HOLD, "done": "New fixture"}

    with pytest.raises(Refused) as refused:
        records.perform(project, "watch", by=owner, day=TOOK_HOLD - timedelta(days=1), data=data)

    said = str(refused.value)
    assert "not later than today" in said
    assert "Say what it cost" in said


# -- the benefit ---------------------------------------------------------------------------------


def test_the_benefit_is_level_times_volume_times_rate_with_its_interval(owner, site):
    project = checking(owner, site, an_improved_kpi(owner, site))

    found = project.benefit(OVER)

    before = sum(top for top, _n in BEFORE) / 12_000
    after = sum(top for top, _n in AFTER) / 12_000
    by_hand = (before - after) * 12_000 * 365 / 84 * 4.20
    assert float(found.yearly) == pytest.approx(by_hand, rel=1e-6)
    assert found.low < found.yearly < found.high
    assert found.outcome == "effective"
    assert "Controlling, 2026" in found.arithmetic
    assert found.levels[0] == ("Baseline", "8.07 %")
    assert found.payback_months(Decimal(2000)) == 4
    assert project.due_date == OVER


def test_a_cost_rate_prices_it_when_nothing_is_typed(owner, site):
    with audited(TESTS):
        CostRate.objects.create(kind="scrap", amount=Decimal(10), from_date=MONDAY)
    kpi = an_improved_kpi(owner, site)
    project = checking(owner, site, kpi, rate=None, rate_source="", cost_kind="scrap")

    found = project.benefit(OVER)

    assert float(found.yearly) == pytest.approx((968 - 610) * 365 / 84 * 10, rel=1e-6)
    assert "Scrapped piece" in found.arithmetic


def test_without_a_rate_the_money_is_not_known_and_not_zero(owner, site, ana):
    kpi = an_improved_kpi(owner, site)
    project = checking(owner, site, kpi, rate=None, rate_source="", cost_kind="scrap")

    assert project.benefit(OVER).yearly is None
    with pytest.raises(Refused, match="cannot be put in money"):
        records.perform(project, "confirm", by=ana, day=OVER, data=REACHED)


def test_the_benefit_is_not_confirmed_before_the_window_is_over(owner, site, ana):
    project = checking(owner, site, an_improved_kpi(owner, site))

    with pytest.raises(Refused, match="the window has not passed"):
        records.perform(project, "confirm", by=ana, day=OVER - timedelta(days=1), data=REACHED)


def test_a_number_that_did_not_move_confirms_nothing(owner, site, ana):
    project = checking(owner, site, an_improved_kpi(owner, site, after=BEFORE))

    with pytest.raises(Refused) as refused:
        records.perform(project, "confirm", by=ana, day=OVER, data=REACHED)
    closed = records.perform(project, "not_reached", by=ana, day=OVER, data=REACHED)

    assert len(refused.value.items) >= 1
    assert closed.state == "not_reached"


def test_a_confirmed_benefit_is_kept_as_it_was_then(owner, site, ana):
    kpi = an_improved_kpi(owner, site)
    project = checking(owner, site, kpi)

    done = records.perform(project, "confirm", by=ana, day=OVER, data=REACHED)
    worth = queries.worth(ImprovementProject.objects.visible_to(ana))

    assert done.confirmed_by == ana
    assert done.confirmed_benefit == project.benefit(OVER).yearly
    assert "8.07 % to 5.08 %" in " ".join(done.confirmed_lines)
    assert (worth.confirmed, worth.benefit, worth.costs) == (1, done.confirmed_benefit, 2000)
    assert verify().findings == []


def test_light_lets_the_owner_confirm_with_a_reason(owner, site):
    project = checking(owner, site, an_improved_kpi(owner, site))

    with pytest.raises(Refused, match="give the reason why nobody else"):
        records.perform(project, "confirm", by=owner, day=OVER, data=REACHED)
    data = {**REACHED, "same_person_reason": "We are two."}
    assert records.perform(project, "confirm", by=owner, day=OVER, data=data).is_final


def test_stricter_profiles_ask_for_another_person(owner, site, ana):
    strict()
    kpi = an_improved_kpi(owner, site)
    unnamed = with_goal(owner, site, kpi)

    with pytest.raises(Refused, match="Name somebody else"):
        records.perform(unnamed, "run", by=owner)
    project = checking(owner, site, kpi, confirmer=ana)
    with pytest.raises(Refused, match="confirmed by someone else"):
        records.perform(
            project, "confirm", by=owner, day=OVER, data={**REACHED, "same_person_reason": "x"}
        )
    assert records.perform(project, "confirm", by=ana, day=OVER, data=REACHED).is_final


def test_who_may_work_may_not_confirm(owner, site):
    project = checking(owner, site, an_improved_kpi(owner, site))

    with pytest.raises(PermissionDenied):
        records.perform(project, "confirm", by=a_person(Role.OWNER, site), day=OVER, data=REACHED)


# -- where it comes from -------------------------------------------------------------------------


def test_one_click_makes_a_project_that_answers_the_signal(client, owner, site):
    signal = a_signal(owner, site, signal_kind="off_target")
    client.force_login(owner)

    answer = client.post(f"/improvements/from-signal/{signal.number}/")
    project = ImprovementProject.objects.get()

    assert answer["Location"] == project.get_absolute_url()
    assert project.kpi == signal.kpi
    signal = Signal.objects.get(pk=signal.pk)
    assert signal.answer == f"Handed on to {project.number} (Proposed)"
    numbers = str(thread_of(project, viewer=owner))
    assert signal.number in numbers
    assert client.post(f"/improvements/from-signal/{signal.number}/").status_code == 409


# -- pages ---------------------------------------------------------------------------------------


def test_the_goal_is_fixed_on_a_page_that_keeps_what_was_typed(client, owner, site):
    kpi, project = an_improved_kpi(owner, site), proposed(owner, site)
    client.force_login(owner)
    typed_in = {
        "kpi": kpi.pk, "baseline_from": "2026-01-05", "baseline_until": "2026-03-29",
        "target_value": "6", "window_days": "84", "expected_benefit": "5000", "rate": "4.20",
    }  # fmt: skip

    bad = client.post(f"/improvements/{project.number}/goal/", typed_in)
    good = client.post(
        f"/improvements/{project.number}/goal/", {**typed_in, "rate_source": "Controlling"}
    )

    assert bad.status_code == 422
    assert "Say where this amount comes from" in bad.content.decode()
    assert 'value="5000"' in bad.content.decode()
    assert good.status_code == 303
    page = client.get(project.get_absolute_url()).content.decode()
    assert "8.07 %" in page
    assert "Controlling" in page


def test_the_page_shows_levels_money_and_the_split_chart(client, owner, site, ana):
    kpi = an_improved_kpi(owner, site)
    project = checking(owner, site, kpi)
    client.force_login(ana)

    before = client.get(project.get_absolute_url()).content.decode()
    records.perform(project, "confirm", by=ana, day=OVER, data=REACHED)
    after = client.get(project.get_absolute_url())
    client.post(
        f"/kpis/board/{kpi.code}/split/", {"record": project.number, "since": str(TOOK_HOLD)}
    )

    assert "a year (95 % interval" in before
    assert f"{project.number}: after the change" in before
    assert 'id="split"' in after.content.decode()
    assert [phase.record.number for phase in kpi.phases.all()] == [project.number]
    assert 'id="split"' not in client.get(project.get_absolute_url()).content.decode()


# -- evidence ------------------------------------------------------------------------------------


def test_projects_are_evidence_of_improvement_and_an_overdue_one_is_named(owner, site, ana):
    assert evidence.chosen(owner, OVER).state == State.NONE
    project = checking(owner, site, an_improved_kpi(owner, site))

    under_way = evidence.chosen(owner, OVER)
    late = evidence.chosen(owner, OVER + timedelta(days=1))
    none = evidence.confirmed(owner, OVER)
    records.perform(project, "confirm", by=ana, day=OVER, data=REACHED)

    assert (under_way.state, none.state) == (State.CURRENT, State.NONE)
    assert late.missing[0].text == f"{project.number} is overdue."
    assert evidence.confirmed(owner, OVER).state == State.CURRENT
    assert evidence.confirmed(owner, OVER + timedelta(days=400)).state == State.STALE


def test_a_project_of_a_signal_shows_that_analysis_leads_to_improvement(owner, site):
    signal = a_signal(owner, site)
    services.escalate(signal, by=owner)

    assert evidence.needs(owner, signal.opened_date).state == State.PARTIAL


# -- API -----------------------------------------------------------------------------------------


def test_a_project_is_proposed_over_the_api(client, owner, site):
    client.force_login(owner)
    data = {"title": "Less scrap", "site": "ABC1", "problem": "8 %"}

    made = client.post("/api/v1/improvements/", data, content_type="application/json")

    assert made.status_code == 201
    assert made.json()["number"].startswith("IMP-ABC1-")
