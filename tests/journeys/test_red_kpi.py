"""A red KPI is answered, its cause removed, the effect judged; and the chart tells all of it."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from andon.accounts import clock as instants
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.kpis import services
from andon.modules.kpis.tests.factories import a_kpi, typed
from andon.organization import clock
from andon.trail.verify import verify
from tests.browsing import a_browser, needs_chromium, violations
from tests.journeys.test_thread import Calendar, Person, number_in, open_record, take

pytestmark = [pytest.mark.browser, pytest.mark.journey, needs_chromium]

QUIET = [(5, 100), (6, 100), (4, 100), (5, 100), (6, 100), (5, 100), (4, 100), (6, 100), (5, 100)]
RED = [*QUIET, (25, 100)]
WATCHED_DAYS = 60
KPI = "/kpis/board/DEFECTS/"


@pytest.fixture
def plant(
    committed_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, date, Calendar]]:
    """A house with one KPI that turned red last week; yields address, today and the calendar."""
    calendar = Calendar()
    monkeypatch.setattr(instants, "now", calendar.now)
    with override_settings(FILES=tmp_path / "files"):
        site = SiteFactory.create(code="ABC1", name="Main plant")
        ana = a_person(Role.MANAGER, username="ana", display_name="Ana Silva")
        pedro = a_person(Role.OWNER, site, username="pedro", display_name="Pedro Alves")
        today = clock.today(site)
        kpi = a_kpi(ana, site)
        services.redefine(kpi, {"owner": pedro}, by=ana)
        services.set_target(kpi, value=10, from_date=kpi.defined_date, by=ana)  # type: ignore[arg-type]
        monday = today - timedelta(days=today.weekday())
        typed(kpi, ana, RED, start=monday - timedelta(weeks=len(RED)))
        yield committed_server, today, calendar


def test_a_red_kpi_is_answered_by_an_action_whose_effect_stands_on_the_chart(
    plant: tuple[str, date, Calendar],
):
    address, today, calendar = plant
    with a_browser() as browser:
        pedro = Person(browser, address, "pedro", javascript=True)
        ana = Person(browser, address, "ana", javascript=False)
        signal = see_red(pedro)
        action = escalate(pedro, signal)
        on_the_chart(ana, f"Handed on to {action} (Opened)")
        remove_the_cause(pedro, action, today)
        calendar.ahead = timedelta(days=WATCHED_DAYS + 1)
        for person in (ana, pedro):
            person.sign_in()
        judge_and_split(ana, action)
        go_on_measuring(ana, today)
        on_the_chart(ana, f"Handed on to {action} (Effective)")
        on_the_chart(ana, f"{action}: ")
        thread = in_the_thread(ana, signal)
        drawn, broken = look(pedro)
        ana.go("/")
        home = ana.reads
        complaints = pedro.overheard.said + ana.overheard.said

    assert all(word in thread for word in ("Handed on", action, "Effective"))
    assert drawn >= {"Answered", "Upper limit"}
    assert "All green" in home
    assert broken == complaints == []
    assert verify().findings == []


# -- the steps, in the order they are walked ----------------------------------------------------


def see_red(pedro: Person) -> str:
    """Home is not all green; the signal is the task of the KPI's owner, with a day."""
    pedro.go("/")
    assert "Not all green" in pedro.reads
    assert "1 signal waits for its answer" in pedro.reads
    pedro.menu("My work")
    assert "Defective motors" in pedro.reads
    pedro.go(KPI)
    said = pedro.page.locator("#signals")
    assert "above the upper limit" in said.inner_text()
    assert "Pedro Alves" in said.inner_text()
    return said.locator("a[href*='SIG-']").first.inner_text()


def escalate(pedro: Person, signal: str) -> str:
    """One click makes a corrective action of the signal, which is answered by it."""
    pedro.follow(signal)
    assert violations(pedro.page) == []
    pedro.press("Escalate to a corrective action")
    action = number_in(pedro)
    assert action.startswith("CA-")
    open_record(pedro, signal)
    assert "Answered" in pedro.reads
    assert action in pedro.reads
    return action


def on_the_chart(person: Person, words: str) -> None:
    """The table of the chart, which needs no JavaScript, says it at its point."""
    person.go(KPI)
    table = person.page.locator("#kpi-chart table")
    assert words in table.inner_text(), words


def remove_the_cause(pedro: Person, action: str, today: date) -> None:
    """Plan on one page, then it is done."""
    open_record(pedro, action)
    pedro.follow("Plan on one page")
    pedro.fill_in(
        {
            "Problem": "25 % of the motors failed the test in one week, usually 5 %.",
            "Cause": "The torque limiter slipped.",
            "How you know": "With the old limiter it came back, with a new one it went.",
            "What is done": "Limiter with a hard stop",
            "Who does it": "Pedro Alves",
            "Due": (today + timedelta(days=7)).isoformat(),
        }
    )
    pedro.press("Save")
    take(pedro, "Confirm cause and plan")
    pedro.page.locator("#actions").get_by_role("link", name="Done").click()
    pedro.fill_in({"What was done, and where it shows": "Limiters changed on all benches."})
    pedro.press("Save")
    take(pedro, "Everything is done")


def judge_and_split(ana: Person, action: str) -> None:
    """Somebody else than the owner judges; one click splits the baseline at the change."""
    open_record(ana, action)
    take(ana, "Effective: close", What_was_seen="No slip in sixty days.")
    assert "Effective" in ana.reads
    ana.press("Split the baseline there")
    assert action in ana.page.locator("#phases").inner_text()


def go_on_measuring(ana: Person, today: date) -> None:
    """The test bench sends its weeks over the API."""
    token = json.loads(ana.page.locator("body").get_attribute("hx-headers") or "")["x-csrftoken"]
    monday = today - timedelta(days=today.weekday())
    ends = today + timedelta(days=WATCHED_DAYS + 1)
    weeks = [monday + timedelta(weeks=n) for n in range(1, 10)]
    for n, week in enumerate(day for day in weeks if day + timedelta(days=7) <= ends):
        answer = ana.page.request.post(
            f"{ana.address}/api/v1/kpis/DEFECTS/observations/",
            data={"on": week.isoformat(), "numerator": str(2 + n % 2), "denominator": "100"},
            headers={"x-csrftoken": token, "referer": ana.address + "/"},
        )
        assert answer.status == 201, answer.text()


def in_the_thread(ana: Person, signal: str) -> str:
    open_record(ana, signal)
    ana.follow("Thread")
    return ana.reads


def look(pedro: Person) -> tuple[set[str], list[tuple[str, list[str]]]]:
    """Return the series that the browser drew, and what axe finds on the page."""
    pedro.go(KPI)
    pedro.page.locator("#kpi-chart [data-chart-canvas] svg").wait_for()
    option = pedro.page.locator("#kpi-chart script[type='application/json']").text_content()
    names = {series.get("name", "") for series in json.loads(option or "{}")["series"]}
    return names, violations(pedro.page)
