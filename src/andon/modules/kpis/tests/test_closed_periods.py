"""Closed periods are computed once, and what changes afterwards is said, never slipped in."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.kpis import queries, services
from andon.modules.kpis.models import Formula, Kpi, Observation
from andon.modules.kpis.models.series import points
from andon.modules.production.models import ImportBatch
from andon.modules.production.services import undo
from andon.records.workflow import Refused
from andon.trail.verify import verify

from .factories import MONDAY, a_kpi, a_line, a_week, typed

SUNDAY = MONDAY + timedelta(days=6)
NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.fixture
def line(site):
    return a_line(site)


@pytest.fixture
def scrap(manager, site):
    return a_kpi(manager, site, code="SCRAP", formula=Formula.SCRAP, unit="%")


def test_scrap_rate_is_scrap_of_produced_of_a_closed_week(scrap, line, manager):
    a_week(line, manager, MONDAY, made=200, scrapped=16)

    done = services.refresh(scrap, by=manager, day=NEXT_MONDAY)
    point = points(scrap)[-1]

    assert done.computed == 1
    assert (point.numerator, point.denominator, point.value) == (80, 1000, 8)
    assert point.source == "computed"


def test_downtime_is_lost_hours_of_planned_hours(line, manager, site):
    kpi = a_kpi(manager, site, code="DOWN", formula=Formula.DOWNTIME, unit="%")
    a_week(line, manager, MONDAY, made=200, scrapped=1, lost=48)

    services.refresh(kpi, by=manager, day=NEXT_MONDAY)
    point = points(kpi)[-1]

    assert (point.numerator, point.denominator, point.value) == (4, 40, 10)
    assert kpi.counting == "measured"


def test_a_week_that_is_not_over_is_not_computed(scrap, line, manager):
    a_week(line, manager, MONDAY, made=200, scrapped=16)

    assert services.refresh(scrap, by=manager, day=SUNDAY).computed == 0
    assert points(scrap) == []


def test_computing_again_changes_nothing(scrap, line, manager):
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    services.refresh(scrap, by=manager, day=NEXT_MONDAY)
    batches = ImportBatch.objects.count()

    assert services.refresh(scrap, by=manager, day=NEXT_MONDAY).computed == 0
    assert ImportBatch.objects.count() == batches


def test_a_week_without_output_is_no_data(scrap, line, manager):
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    a_week(line, manager, MONDAY + timedelta(weeks=2), made=200, scrapped=0)

    services.refresh(scrap, by=manager, day=MONDAY + timedelta(weeks=3))

    assert [point.value for point in points(scrap)] == [8, None, 0]


def test_changed_facts_of_a_closed_week_are_said_and_do_not_change_it(scrap, line, manager):
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    services.refresh(scrap, by=manager, day=NEXT_MONDAY)
    a_week(line, manager, MONDAY, made=200, scrapped=20)

    services.refresh(scrap, by=manager, day=NEXT_MONDAY)
    facts = queries.closed_facts(scrap, NEXT_MONDAY)
    changed = queries.changed_facts(scrap, facts)

    assert points(scrap)[-1].value == 8
    assert [(one.label, one.stored, one.now) for one in changed] == [("2026-W02", 8, 10)]


def test_restating_needs_a_reason_keeps_the_old_value_and_writes_a_note(scrap, line, manager):
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    services.refresh(scrap, by=manager, day=NEXT_MONDAY)
    a_week(line, manager, MONDAY, made=200, scrapped=20)

    with pytest.raises(Refused, match="Say why"):
        services.restate(scrap, MONDAY, by=manager, reason=" ", day=NEXT_MONDAY)
    services.restate(scrap, MONDAY, by=manager, reason="late count", day=NEXT_MONDAY)
    point = points(scrap)[-1]

    assert (point.value, point.corrected) == (10, True)
    assert Observation.objects.filter(kpi=scrap, current=False, numerator=80).exists()
    assert scrap.notes.get().text == "Restated from changed facts: late count"
    assert queries.changed_facts(scrap, queries.closed_facts(scrap, NEXT_MONDAY)) == []
    assert verify().findings == []


def test_facts_that_vanish_are_said_too(scrap, line, manager):
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    services.refresh(scrap, by=manager, day=NEXT_MONDAY)
    for batch in ImportBatch.objects.exclude(model="kpis.observation").order_by("-pk"):
        undo(batch, by=manager, reason="wrong line")

    changed = queries.changed_facts(scrap, queries.closed_facts(scrap, NEXT_MONDAY))

    assert [(one.stored, one.now) for one in changed] == [(8, None)]
    with pytest.raises(Refused, match="say nothing about this period"):
        services.restate(scrap, MONDAY, by=manager, reason="x", day=NEXT_MONDAY)


def test_only_facts_of_its_line_and_site_count(scrap, line, manager, site):
    kpi = a_kpi(manager, site, code="LINE", formula=Formula.SCRAP, line=line)
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    a_week(a_line(site), manager, MONDAY, made=200, scrapped=0)
    a_week(a_line(SiteFactory.create()), manager, MONDAY, made=1000, scrapped=0)

    services.refresh(kpi, by=manager, day=NEXT_MONDAY)
    services.refresh(scrap, by=manager, day=NEXT_MONDAY)

    assert (points(kpi)[-1].denominator, points(scrap)[-1].denominator) == (1000, 2000)


# -- typed observations ----------------------------------------------------------------------


def test_a_typed_value_is_corrected_only_with_a_reason_and_both_are_kept(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(4, 100)])
    again = {"by": manager, "on": MONDAY, "numerator": Decimal(5), "denominator": Decimal(100)}

    with pytest.raises(Refused, match="has a value already"):
        services.observe(kpi, **again, day=NEXT_MONDAY)
    services.observe(kpi, **again, reason="counted twice", day=NEXT_MONDAY)

    assert [point.value for point in points(kpi)] == [5]
    assert kpi.notes.get().text == "Corrected: counted twice"
    assert Observation.objects.filter(kpi=kpi).count() == 2


def test_the_same_value_typed_twice_changes_nothing(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(4, 100)])
    typed(kpi, manager, [(4, 100)])

    assert Observation.objects.count() == 1


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        ((5, 4), "more than all"),
        ((1, 0), "denominator is 0"),
        ((-1, 10), "not negative"),
        ((None, 10), "Enter the numerator"),
    ],
)
def test_an_impossible_pair_is_refused_with_a_sentence(manager, site, pair, sentence):
    kpi = a_kpi(manager, site)
    top, bottom = (None if n is None else Decimal(n) for n in pair)

    with pytest.raises(Refused, match=sentence):
        services.observe(kpi, by=manager, on=MONDAY, numerator=top, denominator=bottom)


def test_the_future_cannot_be_observed(manager, site):
    kpi = a_kpi(manager, site)

    with pytest.raises(Refused, match="future"):
        services.observe(
            kpi,
            by=manager,
            on=NEXT_MONDAY,
            numerator=Decimal(1),
            denominator=Decimal(2),
            day=MONDAY,
        )


def test_what_is_computed_cannot_be_typed(scrap, manager):
    with pytest.raises(Refused, match="computed from the facts"):
        services.observe(scrap, by=manager, on=MONDAY, numerator=Decimal(1), denominator=Decimal(2))


def test_more_than_15_digits_are_refused(manager, site):
    kpi = a_kpi(manager, site, formula=Formula.VALUE)

    with pytest.raises(ValidationError):
        services.observe(kpi, by=manager, on=MONDAY, value=Decimal("1234567890.1234567"))


def test_an_auditor_observes_nothing(manager, site):
    kpi = a_kpi(manager, site)

    with pytest.raises(PermissionDenied):
        services.observe(
            kpi, by=a_person(Role.AUDITOR, site), on=MONDAY,
            numerator=Decimal(1), denominator=Decimal(2),
        )  # fmt: skip


# -- definitions -----------------------------------------------------------------------------


def test_what_observed_numbers_mean_stays(manager, site):
    kpi = a_kpi(manager, site)
    services.redefine(kpi, {"unit": "ppm"}, by=manager)
    typed(kpi, manager, [(4, 100)])

    with pytest.raises(Refused, match="unit"):
        services.redefine(kpi, {"unit": "%"}, by=manager)
    assert services.redefine(kpi, {"name": "Motors"}, by=manager).name == "Motors"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"code": "new"}, "code"),
        ({"formula": Formula.SCRAP, "period": "sample"}, "period"),
        ({"formula": Formula.VALUE, "chart": "p"}, "chart"),
        ({"formula": Formula.SCRAP, "fixed_denominator": Decimal(5)}, "fixed_denominator"),
        ({"lower_spec": Decimal(5)}, "lower_spec"),
        (
            {"formula": Formula.VALUE, "lower_spec": Decimal(5), "upper_spec": Decimal(5)},
            "upper_spec",
        ),
    ],
)
def test_a_definition_that_cannot_work_is_refused(manager, site, fields, where):
    with pytest.raises(ValidationError) as refused:
        a_kpi(manager, site, **fields)

    assert where in refused.value.message_dict


def test_a_kpi_of_all_sites_is_defined_by_who_answers_for_all(manager, site):
    local = a_person(Role.MANAGER, site)

    with pytest.raises(PermissionDenied):
        a_kpi(local, None)
    assert a_kpi(local, site).site == site


def test_a_target_is_set_once_a_day_and_changed_only_with_a_reason(manager, site):
    kpi = a_kpi(manager, site)
    day = date(2026, 1, 1)
    services.set_target(kpi, value=Decimal(5), from_date=day, by=manager)

    with pytest.raises(Refused, match="already"):
        services.set_target(kpi, value=Decimal(4), from_date=day, by=manager)
    services.set_target(kpi, value=Decimal(4), from_date=day, by=manager, reason="mistyped")

    assert Kpi.objects.get(pk=kpi.pk).target_on(day) == 4
