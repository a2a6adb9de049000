"""A signal is a task with a day, its answer stands on the chart, and late data is a signal too."""

from datetime import date, timedelta

import pytest

from andon.accounts.roles import Role
from andon.accounts.testing import TESTS, a_person
from andon.modules.kpis import queries, services
from andon.modules.kpis.models import Period, Signal, SignalKind
from andon.organization.testing import ProcessFactory
from andon.records import services as records
from andon.records.thread import thread_of
from andon.records.workflow import Refused
from andon.trail.services import audited

from .factories import ANSWER, MONDAY, a_kpi, a_signal, typed

QUIET = [(5, 100), (6, 100), (4, 100), (5, 100), (6, 100), (5, 100), (4, 100), (6, 100), (5, 100)]
RED = [*QUIET, (25, 100)]
RED_DAY = MONDAY + timedelta(weeks=10)


def a_red_kpi(manager, site, **fields):
    kpi = a_kpi(manager, site, **fields)
    typed(kpi, manager, RED)
    return kpi, Signal.objects.get(kpi=kpi)


# -- whose task it is, and until when ------------------------------------------------------------


def test_a_signal_is_due_within_the_working_days_of_its_period(manager, site):
    _kpi, signal = a_red_kpi(manager, site)

    assert signal.opened_date == RED_DAY  # a Monday
    assert signal.due_date == RED_DAY + timedelta(days=7)  # five working days


def test_a_daily_number_is_asked_about_sooner(manager, site):
    kpi = a_kpi(manager, site, period=Period.DAY, code="DAILY", active_from=MONDAY)

    (signal,) = services.detect_missing(kpi, by=manager, day=date(2026, 1, 9))

    assert signal.due_date == date(2026, 1, 13)  # Friday and two working days


def leave(person):
    with audited(TESTS):
        person.is_active = False
        person.save()


def test_who_left_is_not_asked_but_the_owner_of_the_process_and_then_quality(manager, site):
    owner, head = a_person(Role.OWNER, site), a_person(Role.OWNER, site)
    process = ProcessFactory.create(owner=head, site=site)
    kpi = a_kpi(manager, site, process=process)
    services.redefine(kpi, {"owner": owner}, by=manager)
    kpi = type(kpi).objects.get(pk=kpi.pk)
    asked = [services.answerer(kpi, site)]
    for person in (owner, head):
        leave(person)
        fresh = type(kpi).objects.select_related("owner", "process__owner").get(pk=kpi.pk)
        asked.append(services.answerer(fresh, site))

    assert asked == [owner, head, manager]


# -- late data -----------------------------------------------------------------------------------


def test_a_period_without_a_number_is_one_signal_until_the_next_value(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, QUIET)
    on_time, late = MONDAY + timedelta(weeks=10, days=2), MONDAY + timedelta(weeks=10, days=3)

    assert services.detect_missing(kpi, by=manager, day=on_time) == []
    (signal,) = services.detect_missing(kpi, by=manager, day=late)
    assert services.detect_missing(kpi, by=manager, day=late + timedelta(weeks=3)) == []

    assert signal.signal_kind == SignalKind.MISSING
    assert "2026-W11 ended on 2026-03-15 and has no value" in signal.sentence


def test_a_kpi_that_never_had_a_number_is_missed_from_its_first_whole_period(manager, site):
    kpi = a_kpi(manager, site, active_from=date(2026, 1, 7))

    (signal,) = services.detect_missing(kpi, by=manager, day=date(2026, 3, 1))

    assert signal.point == "2026-W03"


def test_samples_and_retired_kpis_are_not_missed(manager, site):
    sample = a_kpi(manager, site, period=Period.SAMPLE)
    retired = a_kpi(manager, site, code="OLD")
    services.redefine(retired, {"is_active": False}, by=manager)

    for kpi in (sample, type(retired).objects.get(pk=retired.pk)):
        assert services.detect_missing(kpi, by=manager, day=date(2026, 3, 1)) == []


# -- all green -----------------------------------------------------------------------------------


def test_a_signal_without_answer_forbids_all_green_on_board_and_home(client, manager, site):
    kpi, signal = a_red_kpi(manager, site)
    services.set_target(kpi, value=50, from_date=MONDAY - timedelta(days=7), by=manager)
    client.force_login(manager)
    before = queries.standing(manager, day=RED_DAY)
    pages = [client.get(place).content.decode() for place in ("/kpis/board/", "/")]

    records.perform(signal, "note_cause", by=manager, data=ANSWER, day=RED_DAY)
    after = queries.standing(manager, day=RED_DAY)

    assert (before.verdict, before.tone) == ("Not all green", "act")
    assert "1 signal waits for its answer" in before.sentence
    assert all("Not all green" in page and "1 signal waits" in page for page in pages)
    assert (after.verdict, after.is_all_green) == ("All green", True)


def test_home_shows_the_red_kpi_first_whatever_its_code(client, manager, site):
    for number in range(5):
        a_kpi(manager, site, code=f"A{number}")
    a_red_kpi(manager, site, code="ZZZ", name="The last by code")
    client.force_login(manager)

    tiles = client.get("/").context["tiles"]

    assert tiles[0].kpi.code == "ZZZ"


# -- the answer on the chart, in the thread, in the review ---------------------------------------


def test_an_answer_stands_on_the_chart_in_its_table_and_in_the_thread(client, manager, site):
    kpi, signal = a_red_kpi(manager, site)
    waiting = queries.chart(kpi, viewer=manager)
    answer = {**ANSWER, "action": "New punch, spare ordered"}
    records.perform(signal, "note_cause", by=manager, data=answer, day=RED_DAY)

    drawn = queries.chart(kpi, viewer=manager)
    answered = next(s for s in drawn.drawing.option["series"] if s["name"] == "Answered")
    row = dict(zip(drawn.drawing.columns, drawn.drawing.rows[-1], strict=True))
    thread = thread_of(signal, viewer=manager)
    client.force_login(manager)

    said = "Cause: worn punch (machine or tool). Action: Repaired or replaced: New punch, spare"
    assert answered["data"][-1] == 25
    assert said in row["Answer"]
    assert said in drawn.drawing.option["texts"][-1]
    assert any("waits for" in text for text in waiting.drawing.rows[-1] if isinstance(text, str))
    assert said in thread.stages[0].records[0].said_in_thread()
    page = client.get(f"/kpis/{signal.number}/thread/").content.decode()
    assert said in page


def test_the_review_gets_the_answers_of_its_period(manager, site):
    _kpi, signal = a_red_kpi(manager, site)
    other = a_signal(manager, site)
    records.perform(signal, "note_cause", by=manager, data=ANSWER, day=RED_DAY)

    found = queries.answers(manager, since=RED_DAY, until=RED_DAY)
    none = queries.answers(manager, since=date(2020, 1, 1), until=date(2020, 12, 31))

    assert signal in found.signals
    assert other not in found.signals
    assert (found.by_way, found.by_cause) == ({"cause": 1}, [("Machine or tool", 1)])
    assert found.signals[0].answered_by == manager
    assert none.signals == ()


# -- the baseline is split at a documented change ------------------------------------------------


def test_a_split_names_everything_it_lacks(manager, site):
    kpi, _signal = a_red_kpi(manager, site)

    with pytest.raises(Refused) as refused:
        services.set_limits(kpi, start=(MONDAY, 0), reason=" ", by=manager)

    assert [str(item)[:9] for item in refused.value.items] == ["Say what ", "Name the "]
