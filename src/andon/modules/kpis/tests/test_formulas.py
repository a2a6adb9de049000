"""Ready-made and own formulas: what they compute, where it belongs, and what is read again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from andon.accounts.roles import Role
from andon.accounts.testing import TESTS, SiteFactory, a_person
from andon.modules.kpis import queries, services
from andon.modules.kpis.models import Formula, Kpi, Observation, Reading, facts, reading
from andon.modules.kpis.models.places import Where
from andon.modules.kpis.models.recipes import RECIPES
from andon.modules.kpis.models.series import points
from andon.modules.production import queries as production
from andon.modules.production import services as shop
from andon.modules.production.models import (
    CauseKind,
    CycleTime,
    Delivery,
    ImportBatch,
    Output,
    Plan,
    Receipt,
    Rework,
)
from andon.organization import services as organization
from andon.organization.models import CostKind, CostRate
from andon.organization.testing import LineFactory, PartyFactory, ProcessFactory
from andon.records import services as records
from andon.records.workflow import Refused
from andon.trail.services import audited
from andon.trail.verify import verify

from .factories import MONDAY, a_kpi, a_line, a_week

NEXT_MONDAY = MONDAY + timedelta(days=7)
WEEK = {"since": MONDAY, "until": MONDAY + timedelta(days=6)}


@pytest.fixture
def line(site):
    return a_line(site)


def put(site, *rows):
    for row in rows:
        shop.record([row], site=site, by=TESTS)


def own(manager, site, expression, **fields):
    first = {"code": "OWN", "formula": Formula.OWN, "expression": expression, "unit": ""}
    return a_kpi(manager, site, **first | fields)


def newest(kpi, manager, day=NEXT_MONDAY, where=None):
    services.refresh(kpi, by=manager, day=day)
    return points(kpi, where=where)[-1]


def order(site, customer, position, **said):
    return Delivery(
        **{
            "site": site, "customer": customer, "order_number": "4711", "position": str(position),
            "promised": MONDAY, "current_promise": MONDAY, "ordered": MONDAY - timedelta(days=10),
            "delivered": MONDAY, **said,
        }
    )  # fmt: skip


# -- ready-made -------------------------------------------------------------------------------


def test_every_ready_made_kpi_is_adopted_with_one_click_and_says_its_formula(manager, line):
    a_week(line, manager, MONDAY, made=200, scrapped=16, lost=48)

    adopted = [services.adopt(name, by=manager, day=NEXT_MONDAY) for name in RECIPES]

    assert len(adopted) == 10
    assert {kpi.code for kpi in adopted} >= {"SCRAP", "OTD", "COPQ", "OEE", "SUPPLIER-PPM"}
    assert points(adopted[0])[-1].value == 8
    assert RECIPES["scrap_rate"].words == "[pieces scrapped] ÷ [pieces produced]"
    assert Kpi.objects.get(code="SCRAP").source == "Facts of production"
    assert services.adopt("oee", by=manager, day=NEXT_MONDAY).code == "OEE-2"


def test_who_manages_one_site_adopts_for_that_site(site):
    local = a_person(Role.OWNER, site)

    kpi = services.adopt("scrap_rate", by=local, day=NEXT_MONDAY)

    assert (kpi.site, kpi.code) == (site, f"SCRAP-{site.code}")
    with pytest.raises(PermissionDenied):
        services.adopt("scrap_rate", by=a_person(Role.CONTRIBUTOR, site), day=NEXT_MONDAY)
    with pytest.raises(Refused, match="no ready-made KPI"):
        services.adopt("value", by=local, day=NEXT_MONDAY)


def test_on_time_is_by_the_first_promise_and_the_current_one_stands_beside(manager, site):
    customer, later = PartyFactory(), MONDAY + timedelta(days=3)
    put(
        site,
        order(site, customer, 1),
        order(site, customer, 2, delivered=later, current_promise=later),
        order(site, customer, 3, delivered=later),
        order(site, customer, 4, delivered=None),
        order(site, customer, 5, is_cancelled=True),
    )
    kpi = services.adopt("on_time", by=manager, day=NEXT_MONDAY)

    point = points(kpi)[-1]
    beside = queries.parts_of(kpi, point)

    assert (point.numerator, point.denominator, point.value) == (1, 4, 25)
    assert [(part.name, part.shown) for part in beside] == [("By the current promise", "50.00 %")]


def test_first_pass_schedule_and_lead_time_are_what_production_says(manager, site, line):
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    cause = shop.cause_for(CauseKind.SCRAP, "BURR", by=manager)
    place = {"site": site, "line": line, "day": MONDAY}
    put(
        site,
        Rework(**place, cause=cause, quantity=Decimal(10)),
        Plan(**place, planned=Decimal(250)),
        order(site, PartyFactory(), 1, delivered=MONDAY + timedelta(days=2)),
    )

    for formula, asked in (
        ("first_pass", production.first_pass_by_period),
        ("schedule", production.adherence_by_period),
        ("lead_time", production.lead_time_by_period),
    ):
        point = points(services.adopt(formula, by=manager, day=NEXT_MONDAY))[-1]
        wanted = asked(None, **WEEK)[0]
        assert (point.numerator, point.denominator) == (wanted.numerator, wanted.denominator)

    assert points(Kpi.objects.get(code="FPY"))[-1].value == 91
    assert points(Kpi.objects.get(code="SCHEDULE"))[-1].value == 80
    assert points(Kpi.objects.get(code="LEAD-TIME"))[-1].value == 12


def test_oee_is_the_product_of_its_visible_parts(manager, site, line):
    a_week(line, manager, MONDAY, made=200, scrapped=20, lost=80)
    put(site, CycleTime(site=site, line=line, day=MONDAY, seconds=Decimal(96)))
    kpi = services.adopt("oee", by=manager, day=NEXT_MONDAY)

    point = points(kpi)[-1]
    parts = [part.value for part in queries.parts_of(kpi, point)]

    assert round(production.oee_by_period(None, **WEEK)[0].value * 100, 6) == point.value == 60
    assert [round(part, 4) for part in parts] == [Decimal("83.3333"), 80, 90]


def test_supplier_ppm_and_complaints_are_counted_per_received_and_per_shipped(
    manager, site, complaint
):
    supplier, customer = PartyFactory(is_supplier=True), PartyFactory()
    receipt = {"supplier": supplier, "received": Decimal(4000), "rejected": Decimal(3)}
    put(site, Receipt(site=site, day=MONDAY, **receipt))
    put(site, *(order(site, customer, number) for number in range(1, 9)))
    complaint(MONDAY)
    ppm = services.adopt("supplier_ppm", by=manager, day=NEXT_MONDAY)
    complaints = services.adopt("complaints", by=manager, day=date(2026, 2, 1))

    assert points(ppm)[-1].value == 750
    assert points(complaints)[-1].value == 125
    assert complaints.counting == "rate"


def test_cost_of_poor_quality_is_priced_by_the_rates_of_each_day(manager, site, line, complaint):
    for kind, amount in (
        (CostKind.SCRAP, 2), (CostKind.DOWNTIME, 60), (CostKind.NONCONFORMITY, 100),
        (CostKind.COMPLAINT, 500), (CostKind.REWORKED_PIECE, 1),
    ):  # fmt: skip
        organization.add(CostRate(kind=kind, amount=amount, from_date=date(2025, 1, 1)), by=TESTS)
    dearer = CostRate(kind=CostKind.SCRAP, amount=3, from_date=MONDAY + timedelta(days=2))
    organization.add(dearer, by=TESTS)
    a_week(line, manager, MONDAY, made=200, scrapped=10, lost=30)
    written = complaint(MONDAY)
    written.cost = Decimal(75)
    with audited(TESTS, reason="a cost line"):
        written.save()

    kpi = services.adopt("copq", by=manager, day=date(2026, 2, 1))
    point = points(kpi)[-1]
    parts = {part.name: part.value for part in queries.parts_of(kpi, point)}

    assert parts == {
        "Scrap": 2 * 10 * 2 + 3 * 10 * 3, "Rework": None, "Lost hours": Decimal("2.5") * 60,
        "Nonconformities": 100, "Complaints": 500, "Written on nonconformities": 75,
    }  # fmt: skip
    assert point.value == sum(value or 0 for value in parts.values())
    assert (kpi.unit, kpi.period) == ("EUR", "month")
    assert queries.chart(kpi, viewer=manager).judgement.provisional


# -- own formulas -----------------------------------------------------------------------------


def test_an_own_formula_is_computed_like_a_ready_made_one(manager, line):
    a_week(line, manager, MONDAY, made=200, scrapped=16, lost=48)
    kpi = own(manager, None, "(scrapped + lost_minutes / 4) / produced", unit="%")

    point = newest(kpi, manager)

    assert (point.numerator, point.denominator, point.value) == (140, 1000, 14)
    assert kpi.is_ratio
    assert verify().findings == []


def test_a_formula_over_other_kpis_takes_their_values(manager, line):
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    scrap = services.adopt("scrap_rate", by=manager, day=NEXT_MONDAY)
    kpi = own(manager, None, f'100 - kpi("{scrap.code}")')

    assert newest(kpi, manager).value == 92


def test_a_value_below_zero_and_a_product_are_kept_as_they_are(manager, line):
    a_week(line, manager, MONDAY, made=200, scrapped=16)

    below = own(manager, None, "scrapped - produced")
    product = own(manager, None, "scrapped * 2 + 1", code="PRODUCT")

    assert newest(below, manager).value == -920
    assert newest(product, manager).value == 161


def test_records_alone_are_zero_in_a_period_without_any(manager, complaint):
    complaint(MONDAY)
    kpi = own(manager, None, "complaints")

    services.refresh(kpi, by=manager, day=MONDAY + timedelta(days=22))

    assert [point.value for point in points(kpi)] == [1, 0, 0]


def test_nothing_to_divide_by_is_no_data(manager, line):
    a_week(line, manager, MONDAY, made=0, scrapped=0)
    kpi = own(manager, None, "scrapped / produced")

    services.refresh(kpi, by=manager, day=NEXT_MONDAY)

    assert points(kpi) == []


def test_a_ratio_below_zero_is_said_and_not_stored(manager, line):
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    kpi = own(manager, None, "(scrapped - produced) / produced")

    services.refresh(kpi, by=manager, day=NEXT_MONDAY)
    said = queries.troubles(kpi, facts.closed(kpi, NEXT_MONDAY, [MONDAY]))

    assert points(kpi) == []
    assert said == ["2026-W02: a side of the ratio is below zero."]


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("scraped / produced", "no sum called scraped. There are: produced, .*scrapped"),
        ('kpi("NONE")', "no KPI with the code NONE"),
        ("", "Write the formula"),
        ("2 ** 99999", "Only names"),
        ("12", "Name at least one"),
    ],
)
def test_a_formula_that_cannot_be_computed_is_refused_and_told_why(manager, expression, sentence):
    with pytest.raises(ValidationError, match=sentence):
        own(manager, None, expression)


def test_a_kpi_cannot_need_itself_through_others(manager):
    first = own(manager, None, "scrapped / produced", code="A")
    own(manager, None, 'kpi("A") * 2', code="B")

    with pytest.raises(ValidationError, match="A → B → A"):
        services.redefine(first, {"expression": 'kpi("B") + 1'}, by=manager)
    with pytest.raises(ValidationError, match="another period"):
        own(manager, None, 'kpi("A") + 1', code="C", period="month")


def test_what_is_not_known_by_line_is_refused_for_a_line(manager, site, line):
    with pytest.raises(ValidationError, match="Not known by line"):
        own(manager, site, "complaints / shipped_lines", line=line)


def test_a_formula_does_not_change_under_its_numbers(manager, line):
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    kpi = own(manager, None, "scrapped / produced")
    services.refresh(kpi, by=manager, day=NEXT_MONDAY)

    with pytest.raises(Refused, match="change what they mean"):
        services.redefine(kpi, {"expression": "produced / scrapped"}, by=manager)


def test_rare_complaints_are_drawn_by_the_days_between_them_with_the_reason(manager, complaint):
    days = [MONDAY + timedelta(days=25 * number) for number in range(8)]
    for day in days:
        complaint(day)
    kpi = own(manager, None, "complaints")
    services.refresh(kpi, by=manager, day=days[-1] + timedelta(days=7))

    rare = queries.rare_events(kpi, points(kpi))

    assert rare is not None
    assert "only 0.30 a period" in rare.reason
    assert [point.value for point in points(kpi)][:2] == [1, 0]


def test_what_is_not_rare_or_no_count_of_records_gets_no_second_chart(manager, line, complaint):
    for week in range(9):
        a_week(line, manager, MONDAY + timedelta(weeks=week), made=200, scrapped=0)
        complaint(MONDAY + timedelta(weeks=week))
        complaint(MONDAY + timedelta(weeks=week))
    day = MONDAY + timedelta(weeks=9)
    often = own(manager, None, "complaints")
    scrap = own(manager, None, "scrapped", code="PIECES")

    for kpi in (often, scrap):
        services.refresh(kpi, by=manager, day=day)
        assert queries.rare_events(kpi, points(kpi)) is None


# -- places -----------------------------------------------------------------------------------


def test_a_part_is_its_own_sums_and_never_a_mean_of_ratios(manager, site, line):
    press = ProcessFactory()
    other = LineFactory(site=site, process=press)
    far = LineFactory(process=press)
    for place, made, scrapped in ((line, 100, 10), (other, 900, 9), (far, 500, 50)):
        a_week(place, manager, MONDAY, made=made, scrapped=scrapped)
    kpi = services.adopt("scrap_rate", by=manager, day=NEXT_MONDAY)

    def at(**where):
        return points(kpi, where=Where(**where))[-1].value

    assert points(kpi)[-1].value == Decimal("4.6")
    assert at(site=site) == Decimal("1.9")
    assert points(kpi, where=Where.at(line))[-1].value == 10
    assert at(process=press) == round(Decimal(59 * 100) / 1400, 6)
    assert at(process=press, site=far.site) == 10
    parts = queries.breakdown(kpi, viewer=manager)
    assert [(part.name, part.shown) for part in parts.sites] == [
        (str(site), "1.90 %"), (str(far.site), "10.00 %"),
    ]  # fmt: skip
    assert len(parts.lines) == 3


def test_AZ2_parts_of_other_sites_are_not_shown(manager, site, line):
    far = LineFactory()
    for place in (line, far):
        a_week(place, manager, MONDAY, made=100, scrapped=10)
    kpi = services.adopt("scrap_rate", by=manager, day=NEXT_MONDAY)

    parts = queries.breakdown(kpi, viewer=a_person(Role.OWNER, site))

    assert [part.name for part in parts.sites] == [str(site)]
    assert [part.name for part in parts.lines] == [str(line)]


def test_restating_a_period_restates_every_place_of_it(manager, site, line):
    other = LineFactory(site=site)
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    a_week(other, manager, MONDAY, made=200, scrapped=16)
    kpi = services.adopt("scrap_rate", by=manager, day=NEXT_MONDAY)
    for batch in ImportBatch.objects.exclude(model="kpis.observation").order_by("-pk")[:2]:
        shop.undo(batch, by=manager, reason="wrong line")

    services.restate(kpi, MONDAY, by=manager, reason="wrong line", day=NEXT_MONDAY)

    assert (points(kpi)[-1].numerator, points(kpi)[-1].denominator) == (80, 1000)
    assert points(kpi, where=Where.at(other))[-1].value is None
    assert queries.changed_facts(kpi, queries.closed_facts(kpi, NEXT_MONDAY)) == []


# -- reading only what changed ----------------------------------------------------------------


def test_only_new_and_touched_periods_are_read_again(manager, line):
    for week in range(6):
        a_week(line, manager, MONDAY + timedelta(weeks=week), made=200, scrapped=16)
    kpi = services.adopt("scrap_rate", by=manager, day=MONDAY + timedelta(weeks=6))
    assert reading.unread(kpi, MONDAY + timedelta(weeks=6)) == []

    touched = MONDAY + timedelta(weeks=2)
    a_week(line, manager, touched, made=200, scrapped=20)
    unread = reading.unread(kpi, MONDAY + timedelta(weeks=7))
    services.refresh(kpi, by=manager, day=MONDAY + timedelta(weeks=7))

    assert unread == [touched, MONDAY + timedelta(weeks=6)]
    assert reading.unread(kpi, MONDAY + timedelta(weeks=7)) == [touched]
    services.restate(kpi, touched, by=manager, reason="late", day=MONDAY + timedelta(weeks=7))
    services.refresh(kpi, by=manager, day=MONDAY + timedelta(weeks=7))
    assert reading.unread(kpi, MONDAY + timedelta(weeks=7)) == []


def test_a_reading_can_be_thrown_away(manager, line):
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    kpi = services.adopt("scrap_rate", by=manager, day=NEXT_MONDAY)
    Reading.objects.all().delete()

    assert services.refresh(kpi, by=manager, day=NEXT_MONDAY).computed == 0
    assert Observation.objects.filter(kpi=kpi).count() == 1


def test_a_changed_record_and_a_new_rate_are_read_again(manager, complaint):
    case = complaint(MONDAY)
    kpi = own(manager, None, "complaints + 0 * nonconformities")
    services.refresh(kpi, by=manager, day=NEXT_MONDAY)
    priced = own(manager, None, "complaint_cost", code="COST")
    services.refresh(priced, by=manager, day=NEXT_MONDAY)

    records.perform(case, "void", by=manager, data={"void_reason": "typed twice"})
    organization.add(CostRate(kind=CostKind.COMPLAINT, amount=5, from_date=MONDAY), by=TESTS)

    assert reading.unread(kpi, NEXT_MONDAY) == [MONDAY]
    assert reading.unread(priced, NEXT_MONDAY) is None


def test_an_order_line_delivered_late_touches_the_period_it_was_delivered_in(manager, site):
    customer = PartyFactory()
    put(site, order(site, customer, 1, delivered=None))
    kpi = services.adopt("lead_time", by=manager, day=NEXT_MONDAY + timedelta(days=14))
    put(site, order(site, customer, 1, delivered=NEXT_MONDAY + timedelta(days=1)))

    unread = reading.unread(kpi, NEXT_MONDAY + timedelta(days=14))

    assert NEXT_MONDAY in unread


def test_a_page_asks_the_same_number_of_questions_of_few_and_of_many_facts(
    manager, line, django_assert_max_num_queries
):
    for week in range(3):
        a_week(line, manager, MONDAY + timedelta(weeks=week), made=200, scrapped=16)
    kpi = services.adopt("scrap_rate", by=manager, day=MONDAY + timedelta(weeks=3))

    with django_assert_max_num_queries(8) as asked:
        queries.closed_facts(kpi, MONDAY + timedelta(weeks=3))

    assert not any('"production_output"' in one["sql"] for one in asked.captured_queries)


def test_output_of_an_unknown_line_of_another_site_stays_out(manager, site, line):
    far = LineFactory(site=SiteFactory())
    put(far.site, Output(site=far.site, line=far, day=MONDAY, produced=Decimal(1)))
    kpi = own(manager, site, "produced")

    services.refresh(kpi, by=manager, day=NEXT_MONDAY)

    assert points(kpi) == []
