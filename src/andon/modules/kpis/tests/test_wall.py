"""The wall on the floor, the report on paper, and what the worker does by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.kpis import jobs, queries, services
from andon.modules.kpis.models import Formula, Signal
from andon.modules.kpis.models.series import points
from andon.modules.production.models import ImportBatch
from andon.records import services as records
from andon.trail.models import AuditEntry
from andon.trail.verify import verify

from .factories import ANSWER, MONDAY, a_kpi, a_line, a_week, typed

QUIET = [(5, 100), (6, 100), (4, 100), (5, 100), (6, 100), (5, 100), (4, 100), (6, 100), (5, 100)]
RED = [*QUIET, (25, 100)]


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def text(answer):
    return answer.content.decode()


# -- the wall ------------------------------------------------------------------------------------


def test_the_wall_shows_number_and_state_in_words_without_navigation(page, manager, site):
    typed(a_kpi(manager, site), manager, RED)

    answer = page.get("/kpis/wall/ABC1/")

    shown = text(answer)
    assert "25.00" in shown
    assert "1 signal to answer" in shown
    assert "Not all green" in shown
    assert "Updated 20" in shown
    assert 'id="navigation"' not in shown
    assert 'data-bs-theme="dark"' in shown


def test_the_wall_refreshes_itself_without_javascript_and_can_be_held(page, manager, site):
    a_kpi(manager, site)

    turning, held = page.get("/kpis/wall/ABC1/"), page.get("/kpis/wall/ABC1/?hold=1")

    assert turning["Refresh"] == "60; url=/kpis/wall/ABC1/?page=1"
    assert "Refresh" not in held


def test_many_kpis_take_turns_the_worst_first(page, manager, site):
    for number in range(7):
        a_kpi(manager, site, code=f"K{number}", name=f"Number {number}")
    typed(a_kpi(manager, site, code="ZZZ", name="The red one"), manager, RED)

    first, second = page.get("/kpis/wall/ABC1/"), page.get("/kpis/wall/ABC1/?page=2")

    assert first.context["tiles"][0].kpi.code == "ZZZ"
    assert [len(answer.context["tiles"]) for answer in (first, second)] == [6, 2]
    assert first["Refresh"] == "20; url=/kpis/wall/ABC1/?page=2"
    assert second["Refresh"] == "20; url=/kpis/wall/ABC1/?page=1"


@pytest.mark.parametrize("query", ["?page=0", "?page=99", "?page=x", "?page=" + "9" * 40])
def test_any_page_of_the_wall_is_some_page(page, manager, site, query):
    a_kpi(manager, site)

    assert page.get(f"/kpis/wall/ABC1/{query}").status_code == 200


def test_the_wall_of_a_line_has_its_kpis_only(page, manager, site):
    line = a_line(site)
    a_kpi(manager, site, code="LINE", formula=Formula.SCRAP, line=line)
    a_kpi(manager, site, code="PLANT")
    a_kpi(manager, None, code="ALL")

    of_line = page.get(f"/kpis/wall/ABC1/{line.code}/").context["tiles"]
    of_site = page.get("/kpis/wall/ABC1/").context["tiles"]

    assert [tile.kpi.code for tile in of_line] == ["LINE"]
    assert {tile.kpi.code for tile in of_site} == {"LINE", "PLANT", "ALL"}


def test_AZ3_the_wall_of_another_site_is_as_absent(client, manager, site):
    a_kpi(manager, site)
    client.force_login(a_person(Role.MANAGER, SiteFactory.create()))

    for place in ("/kpis/wall/ABC1/", "/kpis/wall/NONE/", "/kpis/wall/ABC1/X/"):
        assert client.get(place).status_code == 404


# -- on paper ------------------------------------------------------------------------------------


def test_the_report_has_chart_values_answers_baselines_and_restatements(page, manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, RED)
    services.set_target(kpi, value=6, from_date=MONDAY, by=manager, reason="first target")
    again = {"by": manager, "on": MONDAY, "numerator": 6, "denominator": 100}
    services.observe(kpi, **again, reason="counted twice", day=MONDAY + timedelta(weeks=11))
    signal = Signal.objects.filter(signal_kind="signal").first()
    records.perform(signal, "note_cause", by=manager, data=ANSWER)
    services.set_limits(
        kpi, start=(MONDAY + timedelta(weeks=5), 0), reason="new jig", document="WI 7", by=manager
    )

    report = queries.report_of(kpi, viewer=manager, day=MONDAY)
    answer = page.get("/kpis/board/DEFECTS/report.pdf")

    said = {part.title: str(part.rows) for part in report.tables}
    assert set(said) == {
        "Values", "Targets", "Signals and their answers", "Baselines of the limits", "Restatements"
    }  # fmt: skip
    assert "worn punch" in said["Signals and their answers"]
    assert "WI 7" in said["Baselines of the limits"]
    assert "Corrected: counted twice" in said["Restatements"]
    assert dict(report.facts)["Source"] == "Test bench"
    assert report.figures
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


# -- the worker ----------------------------------------------------------------------------------


NOW = datetime(2026, 1, 12, 5, tzinfo=UTC)


def test_the_worker_computes_what_is_over_and_doing_it_again_changes_nothing(manager, site):
    kpi = a_kpi(manager, site, code="SCRAP", formula=Formula.SCRAP, unit="%", active_from=MONDAY)
    a_week(a_line(site), manager, MONDAY, made=200, scrapped=16)

    jobs.refresh_all(NOW)
    batches, entries = ImportBatch.objects.count(), Signal.objects.count()
    jobs.refresh_all(NOW)

    assert [point.value for point in points(kpi)] == [8]
    assert (ImportBatch.objects.count(), Signal.objects.count()) == (batches, entries)
    assert verify().findings == []


def test_the_worker_asks_for_a_number_that_is_late_once(manager, site):
    a_kpi(manager, site, active_from=MONDAY)

    for hours in (0, 24 * 4, 24 * 5):
        jobs.refresh_all(NOW + timedelta(hours=hours))

    (signal,) = Signal.objects.all()
    assert (signal.signal_kind, signal.owner) == ("missing", manager)


def test_a_kpi_that_nobody_may_refresh_stops_no_other(manager, site):
    nobody = a_kpi(manager, site, code="A")
    services.redefine(nobody, {"owner": a_person(Role.AUDITOR, site)}, by=manager)
    kpi = a_kpi(manager, site, code="SCRAP", formula=Formula.SCRAP, unit="%", active_from=MONDAY)
    a_week(a_line(site), manager, MONDAY, made=200, scrapped=16)

    jobs.refresh_all(NOW)

    assert len(points(kpi)) == 1
    assert AuditEntry.objects.exists()
