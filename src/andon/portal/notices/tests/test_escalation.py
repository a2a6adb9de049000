"""Late work climbs: process owner after three days, quality manager after seven, once each."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from andon.accounts.roles import Role
from andon.accounts.testing import TESTS
from andon.modules.actions import services as actions
from andon.modules.actions.tests.factories import opened
from andon.organization import services as organization
from andon.organization.models import Process
from andon.organization.testing import with_settings
from andon.portal.notices import escalating, mailing
from andon.portal.notices.models import Escalation, Kind, Notice
from andon.records import services as records

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_on", "every_day")]

DUE = date(2026, 3, 2)


@pytest.fixture
def every_day(site):
    with_settings(working_days="1234567")


@pytest.fixture
def press(tina, site) -> Process:
    process = Process(code="PRESS", name="Pressing", owner=tina, site=site)
    return organization.add(process, by=TESTS)


def late(days: int) -> list[tuple[str, str]]:
    """Climb on the day that many days after the due date; return who was told about what."""
    known = set(Notice.objects.values_list("pk", flat=True))
    now = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=days)
    escalating.escalate(now)
    mailing.send_due(now)
    told = Notice.objects.exclude(pk__in=known).order_by("pk")
    return [(notice.recipient.username, notice.record.number) for notice in told]


def steps() -> list[tuple[int, str]]:
    return list(Escalation.objects.order_by("pk").values_list("step", "recipient__username"))


def test_late_work_climbs_from_step_to_step_and_each_step_is_taken_once(
    pedro, manager, press, report
):
    number = report(pedro, process=press, due_date=DUE).number

    told = {days: late(days) for days in range(12)}

    assert {days: found for days, found in told.items() if found} == {
        3: [("tina", number)],
        7: [("ana", number)],
    }
    assert steps() == [(1, "pedro"), (3, "tina"), (7, "ana")]
    assert {sent.to[0] for sent in mail.outbox} == {"tina@example.com", "ana@example.com"}


def test_a_later_date_begins_a_new_ladder(pedro, manager, press, report):
    record = report(pedro, process=press, due_date=DUE)
    late(3)
    records.extend(record, DUE + timedelta(days=10), by=manager, reason="Tool is late.")

    told = {days: late(days) for days in range(4, 20)}

    assert [days for days, found in told.items() if found] == [13, 17]


def test_what_one_person_is_told_in_one_round_comes_in_one_mail(pedro, manager, press, report):
    for _ in range(4):
        report(pedro, process=press, due_date=DUE)

    late(3)

    assert [sent.subject for sent in mail.outbox] == ["Andon: 4 things need you"]


def test_a_worker_that_slept_takes_all_steps_at_once_and_none_twice(pedro, manager, press, report):
    report(pedro, process=press, due_date=DUE)

    late(20)
    late(20)

    assert steps() == [(1, "pedro"), (3, "tina"), (7, "ana")]


def test_without_a_process_the_quality_manager_is_called_and_above_them_top_management(
    manager, person, report, pedro
):
    martin = person(Role.MANAGEMENT, "martin", site=None)
    other, own = report(pedro, due_date=DUE), report(manager, due_date=DUE)

    found = late(7)

    assert ("ana", other.number) in found
    assert (martin.username, own.number) in found
    assert ("ana", own.number) not in found


def test_restricted_work_climbs_only_to_who_may_see_it(pedro, manager, press, report):
    report(pedro, process=press, due_date=DUE, restricted=True)

    assert late(9) == []
    assert mail.outbox == []


def test_an_action_of_a_plan_climbs_by_its_own_date_and_owner(manager, site, pedro, tina):
    action = opened(manager, site)
    actions.add_item(action, by=manager, what="Guide the drill", owner=pedro, due_date=DUE)

    assert late(3) == [("ana", action.number)]
    assert steps() == [(1, "pedro"), (3, "ana")]


def test_nothing_climbs_before_work_begins_or_on_a_free_day(pedro, manager, press, report):
    report(pedro, process=press, due_date=DUE)
    with_settings(working_days="12345")

    escalating.escalate(datetime(2026, 3, 5, 4, 30, tzinfo=UTC))  # 05:30 in Berlin
    escalating.escalate(datetime(2026, 3, 7, 9, tzinfo=UTC))  # a Saturday

    assert not Escalation.objects.exists()


def test_a_page_shows_what_was_escalated_to_me_and_is_open(pedro, tina, manager, press, report):
    client = Client()
    record = report(pedro, process=press, due_date=DUE)
    late(3)
    client.force_login(tina)
    before = client.get("/notices/escalated/").content.decode()

    records.perform(record, "void", by=manager, data={"void_reason": "Twice."})

    assert record.number in before
    assert record.number not in client.get("/notices/escalated/").content.decode()
    assert Notice.objects.get(recipient=tina).kind == Kind.ESCALATED
