"""A signal becomes a corrective action in one click, and its effect splits the baseline."""

from datetime import date, timedelta

import pytest

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.actions import services as actions
from andon.modules.actions.models import CorrectiveAction
from andon.modules.kpis import queries
from andon.modules.kpis.models import Signal
from andon.modules.kpis.tests.factories import MONDAY, a_kpi, typed
from andon.records import services as records

QUIET = [(5, 100), (6, 100), (4, 100), (5, 100), (6, 100), (5, 100), (4, 100), (6, 100), (5, 100)]
RED = [*QUIET, (25, 100)]
RED_DAY = MONDAY + timedelta(weeks=10)


@pytest.fixture
def site(db: None) -> Site:
    made: Site = SiteFactory.create(code="ABC1")
    return made


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER)


def a_red_kpi(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, RED)
    return kpi, Signal.objects.get(kpi=kpi)


def test_one_click_makes_a_corrective_action_that_answers_the_signal(client, manager, site):
    kpi, signal = a_red_kpi(manager, site)
    client.force_login(manager)

    answer = client.post(f"/actions/from-signal/{signal.number}/")
    action = CorrectiveAction.objects.get()
    signal = Signal.objects.get(pk=signal.pk)

    assert answer["Location"] == action.get_absolute_url()
    assert (action.kpi, action.problem) == (kpi, signal.sentence)
    assert signal.answer == f"Handed on to {action.number} (Opened)"
    again = client.post(f"/actions/from-signal/{signal.number}/")
    assert again.status_code == 409
    assert CorrectiveAction.objects.count() == 1


def test_who_may_not_answer_escalates_nothing(client, manager, site):
    _kpi, signal = a_red_kpi(manager, site)
    client.force_login(a_person(Role.CONTRIBUTOR, site))

    assert client.post(f"/actions/from-signal/{signal.number}/").status_code == 403
    assert not CorrectiveAction.objects.exists()


def test_a_split_starts_with_the_first_period_after_its_record_took_hold(client, manager, site):
    kpi, signal = a_red_kpi(manager, site)
    action = actions.escalate(signal, by=manager, day=RED_DAY)
    client.force_login(manager)
    data = {"record": action.number, "since": "2026-02-03"}

    client.post("/kpis/board/DEFECTS/split/", data)
    drawn = queries.chart(kpi, viewer=manager)
    at, label = drawn.judgement.stages[0]

    assert (drawn.points[at].day, label) == (date(2026, 2, 9), f"{action.number}: {action.title}")
    assert action.number in drawn.drawing.rows[at][drawn.drawing.columns.index("Limits anew")]
    page = client.get("/kpis/board/DEFECTS/").content.decode()
    assert action.number in page[page.index('id="phases"') :]
    assert not queries.may_split(kpi, action, manager)


def test_AZ3_a_split_cannot_name_a_record_that_one_does_not_see(client, manager, site):
    kpi, signal = a_red_kpi(manager, site)
    action = actions.escalate(signal, by=manager, day=RED_DAY)
    records.edit(action, {"restricted": True}, by=manager, version=None)
    other: User = a_person(Role.MANAGER, site)
    client.force_login(other)
    form = {"start": f"{MONDAY}/0", "reason": "x", "record": action.number}

    hidden = client.post("/kpis/board/DEFECTS/limits/", form)
    split = client.post(
        "/kpis/board/DEFECTS/split/", {"record": action.number, "since": "2026-02-03"}
    )

    assert (hidden.status_code, split.status_code) == (422, 409)
    assert "is visible to you" in hidden.content.decode()
    assert not kpi.phases.exists()


def test_AZ3_the_answer_names_no_record_that_one_does_not_see(client, manager, site):
    kpi, signal = a_red_kpi(manager, site)
    action = actions.escalate(signal, by=manager, day=RED_DAY)
    records.edit(action, {"restricted": True, "title": "Secret"}, by=manager, version=None)
    other = a_person(Role.MANAGER, site)
    client.force_login(other)

    pages = [
        client.get(place).content.decode()
        for place in (kpi.get_absolute_url(), signal.get_absolute_url())
    ]
    pages.append(client.get(f"/kpis/{signal.number}/thread/").content.decode())
    said = queries.chart(kpi, viewer=other).records[0].answer

    assert said == "Handed on to a record that you may not see"
    for page in pages:
        assert action.number not in page
        assert "Secret" not in page
