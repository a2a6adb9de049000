"""The pages and the API by which KPIs are defined, previewed, taken apart and given targets."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.kpis import services
from andon.modules.kpis.models import Kpi, Target
from andon.modules.kpis.models.places import Where
from andon.modules.kpis.models.series import points
from andon.organization.testing import LineFactory, ProcessFactory
from andon.records.workflow import Refused

from .factories import MONDAY, a_kpi, a_line, a_week

NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.fixture
def line(site):
    return a_line(site)


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def scrap(manager, site, line):
    other = LineFactory(process=ProcessFactory(code="COA"))
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    a_week(other, manager, MONDAY, made=200, scrapped=4)
    return services.adopt("scrap_rate", by=manager, day=NEXT_MONDAY)


def text(answer):
    return " ".join(answer.content.decode().split())


def typed_in(page, **values):
    form = page.get("/kpis/board/new/?ready=scrap_rate").context["form"]
    first = {n: form[n].value() for n in form.fields if form[n].value() not in (None, False, "")}
    return {n: getattr(v, "pk", v) for n, v in first.items()} | values


# -- pages --------------------------------------------------------------------------------------


def test_the_ready_made_ones_say_their_formula_and_are_used_with_one_click(page, line, manager):
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    shown = text(page.get("/kpis/board/ready/"))

    answer = page.post("/kpis/board/ready/scrap_rate/", follow=True)

    assert "[pieces scrapped] ÷ [pieces produced]" in shown
    assert "8.00 %" in text(answer)
    assert "SCRAP" in text(page.get("/kpis/board/ready/"))
    assert page.post("/kpis/board/ready/magic/").status_code == 409


def test_a_formula_is_previewed_before_anything_is_saved(page, line, manager):
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    own = {"formula": "own", "expression": "scrapped / produced", "code": "OWN"}

    shown = page.post("/kpis/board/new/", typed_in(page, **own, preview="1"))

    assert shown.status_code == 200
    assert "nothing is saved yet" in text(shown)
    assert "[pieces scrapped] ÷ [pieces produced]" in text(shown)
    assert not Kpi.objects.exists()
    assert 'value="OWN"' in text(shown)


def test_a_wrong_word_is_named_at_the_formula_and_what_was_typed_stays(page):
    own = {"formula": "own", "expression": "scraped / produced", "code": "OWN"}

    for more in ({}, {"preview": "1"}):
        shown = page.post("/kpis/board/new/", typed_in(page, **own, **more))
        assert shown.status_code == 422
        assert "There is no sum called scraped. There are: produced" in text(shown)
        assert "scraped / produced" in text(shown)


def test_a_kpi_is_drawn_by_site_process_and_line(page, scrap, site, line):
    whole = text(page.get("/kpis/board/SCRAP/"))
    at = "/kpis/board/SCRAP/part/"

    assert "5.00 %" in whole
    assert f"{at}?site={site.code}" in whole
    assert "8.00 %" in text(page.get(f"{at}?site={site.code}"))
    assert "8.00 %" in text(page.get(f"{at}?site={site.code}&line={line.code}"))
    assert "2.00 %" in text(page.get(f"{at}?process=COA"))
    for nothing in ("", "?site=NONE", "?line=NONE", "?process=%09"):
        assert page.get(at + nothing).status_code == 404


def test_AZ3_a_part_of_another_site_is_absent(client, scrap, site):
    client.force_login(a_person(Role.OWNER, SiteFactory()))

    assert client.get("/kpis/board/SCRAP/").status_code == 200
    assert client.get(f"/kpis/board/SCRAP/part/?site={site.code}").status_code == 404


def test_behind_a_number_stand_its_sums_places_and_batches(page, scrap, line):
    shown = text(page.get(f"/kpis/board/SCRAP/behind/{MONDAY}/"))

    assert "pieces scrapped" in shown
    assert ">2000<" in shown
    assert str(line) in shown
    assert "Batch" in shown
    assert page.get("/kpis/board/SCRAP/behind/2026-01-06/").status_code == 404
    assert page.get("/kpis/board/SCRAP/behind/soon/").status_code == 404


def test_behind_a_count_stand_the_records_one_may_see(page, manager, complaint):
    case = complaint(MONDAY)
    kpi = a_kpi(manager, None, code="C", formula="own", expression="complaints", unit="")
    services.refresh(kpi, by=manager, day=NEXT_MONDAY)

    assert case.number in text(page.get(f"/kpis/board/C/behind/{MONDAY}/"))


def test_a_cost_without_a_rate_is_said(page, manager):
    services.adopt("copq", by=manager, day=NEXT_MONDAY)

    assert "There is no cost rate for: Scrapped piece" in text(page.get("/kpis/board/COPQ/"))


# -- targets ------------------------------------------------------------------------------------


def test_the_most_specific_target_wins_and_older_ones_stay(scrap, manager, site, line):
    process = line.process = ProcessFactory()
    later = MONDAY + timedelta(weeks=10)
    for value, about in (
        (7, {}), (6, {"site": site}), (5, {"process": process}),
        (4, {"site": site, "process": process}),
    ):  # fmt: skip
        services.set_target(scrap, value=Decimal(value), from_date=MONDAY, by=manager, **about)
    services.set_target(scrap, value=Decimal(3), from_date=later, by=manager)

    def on(day, **about):
        return scrap.target_on(day, Where(**about) if about else None)

    assert [on(MONDAY), on(later), on(MONDAY - timedelta(days=1))] == [7, 3, None]
    assert on(later, site=site) == 6
    assert on(MONDAY, process=process) == 5
    assert on(MONDAY, site=site, process=process) == 4
    assert scrap.target_on(MONDAY, Where.at(line)) == 4
    assert points(scrap, where=Where(site))[-1].target == 6


def test_a_target_of_a_site_is_set_on_the_page(page, scrap, site):
    sent = {"value": "4", "from_date": "2026-01-01", "site": site.pk}

    page.post("/kpis/board/SCRAP/target/", sent)

    assert Target.objects.get().place == str(site)
    assert str(site) in text(page.get("/kpis/board/SCRAP/"))


def test_a_kpi_of_one_site_has_no_target_of_another(manager, site):
    kpi = a_kpi(manager, site)

    with pytest.raises(Refused, match="leave the site empty"):
        services.set_target(kpi, value=Decimal(1), from_date=MONDAY, by=manager, site=SiteFactory())


# -- API ----------------------------------------------------------------------------------------


def post(client, path, **data):
    return client.post(f"/api/v1/kpis/{path}", data, content_type="application/json")


def test_a_formula_and_its_target_are_defined_by_the_api(page, site):
    first = {"code": "OWN", "name": "Own", "question": "How much?", "formula": "own"}

    wrong = post(page, "", **first, expression="scraped / produced")
    made = post(page, "", **first, expression="scrapped / produced", unit="%", site=site.code)
    target = post(page, "OWN/targets/", value="4.5", from_date="2026-01-01")
    again = post(page, "OWN/targets/", value="4", from_date="2026-01-01")

    assert wrong.status_code == 422
    assert "no sum called scraped" in wrong.content.decode()
    assert (made.status_code, made.json()["expression"]) == (201, "scrapped / produced")
    assert (target.status_code, again.status_code) == (201, 409)
    assert [one["value"] for one in page.get("/api/v1/kpis/OWN/targets/").json()] == ["4.500000"]


def test_the_api_takes_no_place_out_of_sight(page):
    answer = post(page, "", code="X", name="X", question="?", formula="scrap_rate", site="NONE")

    assert answer.status_code == 422
    with pytest.raises(ValidationError):
        Kpi(code="X", formula="own", period="week").clean()
