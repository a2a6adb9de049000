"""First-pass yield, schedule adherence, OEE: what came out of what was made and planned."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from andon.accounts.models import Site
from andon.accounts.testing import TESTS
from andon.modules.production import queries, services
from andon.modules.production.imports import import_file
from andon.modules.production.models import CycleTime, Output, Plan, Rework, Scrap, Stop
from andon.organization.testing import ItemFactory, ShiftFactory

MONDAY = date(2026, 5, 4)
SUNDAY = MONDAY + timedelta(days=6)
SPAN: Any = {"since": MONDAY, "until": SUNDAY}


@pytest.fixture
def put(site: Site, line: Any) -> Any:
    def record(model: Any, **said: Any) -> None:
        row = model(**{"site": site, "line": line, "day": MONDAY, **said})
        services.record([row], site=site, by=TESTS)

    return record


def _said(ratio: queries.PeriodRatio) -> tuple[Any, ...]:
    return ratio.numerator, ratio.denominator


def test_first_pass_yield_is_what_needed_neither_scrap_nor_rework(put: Any) -> None:
    put(Output, produced=100)
    put(Scrap, quantity=3, cause=services.add_cause("scrap", "Burr", by=TESTS))
    put(Rework, quantity=7, cause=services.add_cause("rework", "Burr", by=TESTS))

    (week,) = queries.first_pass_by_period(None, **SPAN)

    assert _said(week) == (90, 100)
    (cause,) = queries.pareto_by_cause(None, "rework", **SPAN)
    assert (cause.code, cause.total) == ("Burr", Decimal(7))


def test_making_too_much_of_one_item_offsets_no_other(put: Any) -> None:
    first, second = ItemFactory.create(), ItemFactory.create()
    put(Plan, item=first, planned=100)
    put(Plan, item=second, planned=100)
    put(Output, item=first, produced=150)
    put(Output, item=second, produced=60)

    (week,) = queries.adherence_by_period(None, **SPAN)

    assert _said(week) == (160, 200)


def test_a_plan_by_shift_meets_output_without_one_by_the_day(put: Any, site: Site) -> None:
    early, late = ShiftFactory.create(site=site), ShiftFactory.create(site=site)
    put(Plan, shift=early, planned=50)
    put(Plan, shift=late, planned=50)
    put(Output, produced=90)
    tuesday = MONDAY + timedelta(days=1)
    for shift, made in ((early, 70), (late, 20)):
        put(Plan, day=tuesday, shift=shift, planned=50)
        put(Output, day=tuesday, shift=shift, produced=made)

    found = queries.adherence_by_period(None, **SPAN, period="day")

    assert [ratio.numerator for ratio in found[:3]] == [90, 70, None]
    assert [ratio.denominator for ratio in found[:3]] == [100, 100, None]


def test_what_was_planned_and_not_made_at_all_counts(put: Any) -> None:
    put(Plan, planned=50)

    (week,) = queries.adherence_by_period(None, **SPAN)

    assert (*_said(week), week.value) == (0, 50, 0)


def test_oee_is_availability_times_performance_times_quality(put: Any) -> None:
    item = ItemFactory.create()
    put(CycleTime, day=MONDAY - timedelta(days=90), seconds=60)
    put(CycleTime, day=MONDAY - timedelta(days=30), seconds=Decimal("43.2"), item=item)
    put(Output, item=item, produced=500, planned_minutes=480)
    put(Stop, minutes=80, cause=services.add_cause("stop", "Jam", by=TESTS))
    put(Scrap, item=item, quantity=25, cause=services.add_cause("scrap", "Burr", by=TESTS))

    (week,) = queries.oee_by_period(None, **SPAN)

    # 400 of 480 minutes; 500 pieces of 43.2 s are 360 minutes; 475 of 500 are good.
    assert week.availability == Decimal(400) / 480
    assert week.performance == Decimal("0.9")
    assert week.quality == Decimal("0.95")
    assert week.value is not None
    assert round(week.value, 4) == Decimal("0.7125")


def test_a_line_without_plan_or_cycle_time_is_left_out_and_counted(put: Any) -> None:
    put(CycleTime, seconds=60, day=MONDAY + timedelta(days=1))
    put(Output, produced=10, planned_minutes=480)
    put(Output, day=MONDAY + timedelta(days=1), produced=10)
    put(Output, day=MONDAY + timedelta(days=2), produced=240, planned_minutes=480)

    (week,) = queries.oee_by_period(None, **SPAN)

    assert (week.counted, week.left_out) == (1, 2)
    assert (week.availability, week.performance) == (Decimal(1), Decimal("0.5"))


@pytest.mark.parametrize(
    ("target", "content", "model", "value"),
    [
        ("plan", "Date;Line;Plan\n25.06.2026;P1;40\n", Plan, "planned"),
        ("rework", "Date;Line;Defect;Reworked\n25.05.2026;P1;Burr;40\n", Rework, "quantity"),
        ("cycle-times", "Valid from;Line;Cycle time\n25.05.2026;P1;40\n", CycleTime, "seconds"),
    ],
)
def test_plans_rework_and_cycle_times_come_in_by_their_headings(
    target: str, content: str, model: Any, value: str, *, site: Site, line: Any, today: date
) -> None:
    result = import_file(
        content.encode(),
        target=target,
        site=site,
        by=TESTS,
        day=today,
        file_name="facts.csv",
        create_missing=True,
    )

    assert result.published, result.errors
    assert getattr(model.objects.current().get(), value) == 40


def test_a_cycle_time_of_nothing_is_refused(site: Site, line: Any, today: date) -> None:
    content = b"From;Line;Seconds\n25.05.2026;P1;0\n"

    result = import_file(
        content, target="cycle-times", site=site, by=TESTS, day=today, file_name="times.csv"
    )

    assert result.errors == [(2, "seconds", "A piece takes more than 0 seconds.")]
