"""The pages: what is this, is it all right, what can I do next."""

from datetime import timedelta
from decimal import Decimal

import pytest

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.kpis import services
from andon.modules.kpis.models import Formula, Kpi, Period, Signal
from andon.modules.kpis.models.series import points

from .factories import MONDAY, a_kpi, a_line, a_week, typed

QUIET = [(5, 100), (6, 100), (4, 100)] * 3


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def text(answer):
    return " ".join(answer.content.decode().split())


def sent(form, **typed_in):
    """Return what a browser would send of an untouched form, with something typed."""
    first = {n: form[n].value() for n in form.fields if form[n].value() not in (None, False, "")}
    return {**{n: getattr(v, "pk", v) for n, v in first.items()}, **typed_in}


def test_an_empty_board_teaches_and_leads_to_the_ready_ones(page):
    shown = text(page.get("/kpis/board/"))

    assert "No KPI yet" in shown
    assert "/kpis/board/ready/" in shown


def test_a_ready_kpi_is_defined_with_one_click_more(page, site):
    form = page.get("/kpis/board/new/?ready=scrap_rate").context["form"]

    answer = page.post("/kpis/board/new/", sent(form, site=site.pk), follow=True)

    kpi = Kpi.objects.get(code="SCRAP")
    assert (kpi.formula, kpi.period, kpi.unit) == (Formula.SCRAP, Period.WEEK, "%")
    assert "Scrap rate" in text(answer)
    assert "Nothing is computed yet" in text(answer)


def test_a_tile_has_number_unit_period_target_state_and_source(page, manager, site):
    kpi = a_kpi(manager, site)
    services.set_target(kpi, value=Decimal(5), from_date=kpi.defined_date, by=manager)
    typed(kpi, manager, [(8, 100)])

    shown = text(page.get("/kpis/board/"))

    for part in (
        "Defective motors",
        "8.00",
        "2026-W02",
        "Target 5.00 %",
        "Off target",
        "Test bench",
    ):
        assert part in shown, part


def test_a_tile_without_data_says_so(page, manager, site):
    a_kpi(manager, site)

    shown = text(page.get("/kpis/board/"))

    assert "No data" in shown
    assert ">0" not in shown


def test_signals_come_first_on_the_board(page, manager, site):
    typed(a_kpi(manager, site), manager, QUIET)
    typed(a_kpi(manager, site, code="Z", name="Worst"), manager, [*QUIET, (40, 100)])

    answer = page.get("/kpis/board/")

    assert [tile.kpi.code for tile in answer.context["tiles"]] == ["Z", "DEFECTS"]
    assert "1 signal to answer" in text(answer)


def test_the_board_costs_the_same_queries_for_eight_kpis_as_for_one(
    page, manager, site, django_assert_max_num_queries
):
    for number in range(8):
        kpi = a_kpi(manager, site, code=f"K{number}")
        services.set_target(kpi, value=Decimal(5), from_date=kpi.defined_date, by=manager)
        typed(kpi, manager, [(4, 100)])
    page.get("/kpis/board/")

    with django_assert_max_num_queries(15):
        page.get("/kpis/board/")


def test_the_page_of_a_kpi_shows_chart_signals_and_observations(page, manager, site):
    kpi = a_kpi(manager, site, reaction="Call the setter.")
    typed(kpi, manager, [*QUIET, (40, 100)])

    shown = text(page.get("/kpis/board/DEFECTS/"))

    for part in (
        "How many motors fail the test?", "Control chart", "lies above the upper limit",
        "SIG-ABC1-", "Call the setter.", "Fewer than 20 points", "40.00 %", "Typed in",
    ):  # fmt: skip
        assert part in shown, part


def test_a_computed_kpi_shows_its_causes_and_what_is_not_computed(page, manager, site):
    line = a_line(site)
    a_kpi(manager, site, code="SCRAP", formula=Formula.SCRAP)
    a_week(line, manager, MONDAY, made=200, scrapped=16)

    before = text(page.get("/kpis/board/SCRAP/"))
    page.post("/kpis/board/SCRAP/refresh/")
    after = text(page.get("/kpis/board/SCRAP/"))

    assert "One closed period has facts and is not computed yet: 2026-W02" in before
    assert "BURR" in after
    assert "8.00 %" in after


def test_changed_facts_are_said_on_the_page_and_restated_there(page, manager, site):
    line = a_line(site)
    kpi = a_kpi(manager, site, code="SCRAP", formula=Formula.SCRAP)
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    page.post("/kpis/board/refresh/")
    a_week(line, manager, MONDAY, made=200, scrapped=20)

    shown = text(page.get("/kpis/board/SCRAP/"))
    assert "2026-W02: stored 8.00 %, by the facts now 10.00 %." in shown
    page.post("/kpis/board/SCRAP/restate/2026-01-05/", {"reason": "late count"})

    assert points(kpi)[-1].value == 10
    assert page.get("/kpis/board/SCRAP/restate/nonsense/").status_code == 404


def test_an_observation_is_typed_and_a_refusal_stands_at_the_form(page, manager, site):
    kpi = a_kpi(manager, site)
    address = "/kpis/board/DEFECTS/observe/"

    good = page.post(address, {"on": "2026-01-07", "numerator": "4", "denominator": "100"})
    bad = page.post(address, {"on": "2026-01-07", "numerator": "5", "denominator": "100"})

    assert good.status_code == 303
    assert points(kpi)[0].label == "2026-W02"
    assert bad.status_code == 422
    assert "has a value already" in text(bad)


def test_target_note_and_limits_are_set_on_pages(page, manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, QUIET)
    point = f"{MONDAY + timedelta(weeks=2)}/0"

    page.post("/kpis/board/DEFECTS/target/", {"value": "4", "from_date": "2025-06-01"})
    page.post("/kpis/board/DEFECTS/note/", {"point": point, "text": "new gauge"})
    page.post(
        "/kpis/board/DEFECTS/limits/",
        {"start": point, "reason": "new fixture", "document": "WI 7"},
    )
    shown = text(page.get("/kpis/board/DEFECTS/"))

    for part in ("from 1 Jun 2025", "new gauge", "new fixture"):
        assert part in shown, part


def test_a_definition_saved_by_somebody_else_meanwhile_is_not_overwritten(page, manager, site):
    kpi = a_kpi(manager, site)
    form = page.get("/kpis/board/DEFECTS/edit/").context["form"]
    services.redefine(kpi, {"name": "Theirs"}, by=manager)

    answer = page.post("/kpis/board/DEFECTS/edit/", sent(form, name="Mine"))

    assert answer.status_code == 422
    assert Kpi.objects.get().name == "Theirs"


def test_AZ3_a_kpi_of_another_site_is_as_absent(client, manager, site):
    a_kpi(manager, site)
    client.force_login(a_person(Role.MANAGER, SiteFactory.create()))

    for part in ("", "edit/", "observe/", "target/", "note/", "limits/"):
        assert client.get(f"/kpis/board/DEFECTS/{part}").status_code == 404, part
    assert "DEFECTS" not in text(client.get("/kpis/board/"))


def test_an_auditor_reads_every_page_and_changes_nothing(client, manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [*QUIET, (40, 100)])
    client.force_login(a_person(Role.AUDITOR, site))

    for path in ("/kpis/board/", "/kpis/board/DEFECTS/", "/kpis/"):
        assert client.get(path).status_code == 200
    for part in ("edit/", "observe/", "target/", "note/", "limits/", "refresh/"):
        assert client.post(f"/kpis/board/DEFECTS/{part}").status_code == 403, part


def test_a_signal_offers_every_way_to_answer_it(page, manager, site):
    typed(a_kpi(manager, site), manager, [*QUIET, (40, 100)])
    signal = Signal.objects.get()

    shown = text(page.get(signal.get_absolute_url()))

    for part in (
        f"/nonconformities/new/?raised_from={signal.number}",
        f"/actions/from-signal/{signal.number}/",
        "Cause and action", "Accept with a reason", "False alarm", "DEFECTS",
    ):  # fmt: skip
        assert part in shown, part


@pytest.mark.parametrize("code", ["NOTHING", "a" * 300, "..", "SIG-ABC1-2026-0001"])
def test_an_unknown_code_is_absent(page, code):
    assert page.get(f"/kpis/board/{code}/").status_code == 404


@pytest.mark.parametrize(
    "typed_in",
    [
        {"on": "9999-12-31", "numerator": "1", "denominator": "1"},
        {"on": "0001-01-01", "numerator": "1", "denominator": "1"},
        {"on": "x", "numerator": "NaN", "denominator": "1e999"},
        {"on": "2026-01-05", "numerator": "99999999999999999", "denominator": "1"},
    ],
)
def test_nonsense_typed_never_breaks_a_page(page, manager, site, typed_in):
    kpi = a_kpi(manager, site)

    assert page.post("/kpis/board/DEFECTS/observe/", typed_in).status_code in {303, 422}
    assert page.get(kpi.get_absolute_url()).status_code == 200


def test_a_kpi_with_specification_limits_shows_them_and_its_capability(page, manager, site):
    kpi = a_kpi(
        manager, site, code="BATH", name="Bath", formula=Formula.VALUE, unit="°C",
        lower_spec=Decimal(55), upper_spec=Decimal(65),
    )  # fmt: skip
    for week, tenths in enumerate([600, 602, 598, 601, 599, 603, 597, 600, 601, 599, 602, 598]):
        on = MONDAY + timedelta(weeks=week)
        services.observe(kpi, by=manager, on=on, value=Decimal(tenths) / 10, day=on + timedelta(7))

    answer = page.get("/kpis/board/BATH/")

    shown = text(answer)
    assert "the whole interval meets the required 1.33" in shown
    assert "Upper spec" in shown
    assert [name for name, _value in answer.context["capability"]["indices"]] == [
        "Cp", "Cpk", "Pp", "Ppk",
    ]  # fmt: skip


def test_a_kpi_without_limits_says_nothing_of_capability(page, manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(4, 100), (5, 100), (6, 100)])

    assert 'id="capability"' not in text(page.get(f"/kpis/board/{kpi.code}/"))


def test_the_series_of_a_kpi_leads_to_the_workbench(page, manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(4, 100), (5, 100), (6, 100)])

    assert f"/analyses/new/?kpi={kpi.code}" in text(page.get(f"/kpis/board/{kpi.code}/"))
