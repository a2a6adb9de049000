"""Rates over time, causes by what they add up to; no data is not zero."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from andon.accounts.models import Site, User
from andon.accounts.testing import TESTS, SiteFactory
from andon.modules.production import queries, services
from andon.modules.production.models import Output, Scrap, Stop
from andon.organization.testing import ItemFactory, LineFactory

MONDAY = date(2026, 5, 4)


@pytest.fixture
def made(site: Site, line: Any) -> Any:
    """Record rows of one model; a row is (days after Monday, value)."""

    def record(model: Any, value: str, rows: Iterable[tuple[int, Any]], **more: Any) -> None:
        about = {"site": site, "line": line, **more}
        facts = [
            model(day=MONDAY + timedelta(days=days), **{value: amount}, **about)
            for days, amount in rows
        ]
        services.record(facts, site=about["site"], by=TESTS)

    return record


def _weeks(**options: Any) -> list[queries.PeriodRatio]:
    return queries.scrap_by_period(None, since=MONDAY, until=MONDAY + timedelta(days=20), **options)


def _said(ratio: queries.PeriodRatio) -> tuple[Any, ...]:
    return ratio.numerator, ratio.denominator, ratio.value


def test_weeks_begin_on_monday_and_keep_numerator_and_denominator(made: Any) -> None:
    burr = services.add_cause("scrap", "Burr", by=TESTS)
    made(Output, "produced", [(0, 100), (6, 60), (7, 50)])
    made(Scrap, "quantity", [(0, 3), (6, 1), (7, 2)], cause=burr)

    first, second, third = _weeks()

    assert (first.start, first.end) == (MONDAY, MONDAY + timedelta(days=6))
    assert _said(first) == (4, 160, Decimal("0.025"))
    assert _said(second) == (2, 50, Decimal("0.04"))
    assert _said(third) == (None, None, None)


def test_output_without_scrap_is_zero_and_scrap_without_output_is_no_data(made: Any) -> None:
    burr = services.add_cause("scrap", "Burr", by=TESTS)
    made(Output, "produced", [(0, 100)])
    made(Scrap, "quantity", [(7, 2)], cause=burr)

    first, second, _third = _weeks()

    assert _said(first) == (0, 100, 0)
    assert first.numerator_rows == 0
    assert _said(second) == (2, None, None)


def test_downtime_is_lost_per_planned_and_unplanned_output_does_not_count(made: Any) -> None:
    jam = services.add_cause("stop", "Jam", by=TESTS)
    made(Output, "produced", [(0, 100)], planned_minutes=Decimal(480))
    made(Output, "produced", [(1, 100)])
    made(Stop, "minutes", [(0, 24), (1, 24)], cause=jam)

    (week,) = queries.downtime_by_period(None, since=MONDAY, until=MONDAY + timedelta(days=6))

    assert _said(week) == (48, 480, Decimal("0.1"))


def test_a_scope_narrows_to_line_item_and_cause(made: Any, site: Site) -> None:
    other, item = LineFactory.create(site=site), ItemFactory.create()
    burr = services.add_cause("scrap", "Burr", by=TESTS)
    crack = services.add_cause("scrap", "Crack", by=TESTS)
    made(Output, "produced", [(0, 100)])
    made(Output, "produced", [(0, 10)], line=other, item=item)
    made(Scrap, "quantity", [(0, 5)], cause=burr)
    made(Scrap, "quantity", [(0, 1)], cause=crack, line=other, item=item)

    assert _weeks()[0].denominator == 110
    assert _weeks(scope=queries.Scope(line=other.pk))[0].denominator == 10
    assert _weeks(scope=queries.Scope(item=item.pk))[0].numerator == 1
    assert _weeks(causes=[burr.pk])[0].numerator == 5


def test_AZ2_people_see_the_facts_of_their_sites_only(
    made: Any, engineer: User, manager: User
) -> None:
    elsewhere = SiteFactory.create()
    made(Output, "produced", [(0, 100)])
    made(Output, "produced", [(0, 7)], site=elsewhere, line=LineFactory.create(site=elsewhere))

    def total(person: User) -> Decimal | None:
        weeks = queries.output_by_period(person, since=MONDAY, until=MONDAY)
        return weeks[0].numerator

    assert total(engineer) == Decimal(100)
    assert total(manager) == Decimal(107)


def test_corrected_and_undone_facts_do_not_count(made: Any, site: Site, engineer: User) -> None:
    made(Output, "produced", [(0, 100)])
    made(Output, "produced", [(0, 90)])
    assert _weeks()[0].denominator == 90

    services.undo(Output.objects.current().get().batch, by=engineer, reason="wrong count")

    assert _weeks()[0].denominator == 100


@pytest.mark.parametrize(
    ("day", "period", "start", "end"),
    [
        (date(2026, 1, 1), "week", date(2025, 12, 29), date(2026, 1, 4)),
        (date(2024, 2, 29), "month", date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 12, 31), "month", date(2026, 12, 1), date(2026, 12, 31)),
        (date(2026, 5, 5), "day", date(2026, 5, 5), date(2026, 5, 5)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(
    day: date, period: str, start: date, end: date
) -> None:
    assert queries.period_start(day, period) == start
    assert queries.period_end(start, period) == end
