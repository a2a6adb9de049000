"""Charts against an independent computation, and what happens at their edges."""

import math
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from andon.modules.kpis import queries, services
from andon.modules.kpis.models import ChartKind, Counting, Formula, Period
from andon.modules.kpis.models.judging import shown
from andon.modules.kpis.models.series import points

from .factories import MONDAY, a_kpi, typed


def p_lines(pairs):
    """Textbook formula of the p chart, without any code of Andon."""
    p = sum(top for top, _n in pairs) / sum(n for _top, n in pairs)
    half = [3 * math.sqrt(p * (1 - p) / n) for _top, n in pairs]
    return p, [max(0.0, p - h) for h in half], [min(1.0, p + h) for h in half]


def test_a_p_chart_has_the_lines_of_the_textbook_in_per_cent(manager, site):
    pairs = [(14, 125), (19, 200), (19, 188), (24, 200), (15, 200), (16, 250), (38, 390), (40, 360)]
    kpi = a_kpi(manager, site, chart=ChartKind.P)
    typed(kpi, manager, pairs)

    drawn = queries.chart(kpi, viewer=manager)

    center, lower, upper = p_lines(pairs)
    assert drawn.judgement.center == pytest.approx([100 * center] * 8)
    assert drawn.judgement.lcl == pytest.approx([100 * low for low in lower])
    assert drawn.judgement.ucl == pytest.approx([100 * high for high in upper])
    assert [float(point.value) for point in drawn.points] == pytest.approx(
        [100 * top / n for top, n in pairs]
    )


def test_individuals_have_the_lines_of_the_textbook(manager, site):
    values = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    kpi = a_kpi(manager, site, formula=Formula.VALUE, unit="mm", period=Period.SAMPLE)
    for value in values:
        services.observe(kpi, by=manager, value=Decimal(str(value)), day=MONDAY)

    drawn = queries.chart(kpi, viewer=manager)

    mean = sum(values) / len(values)
    moving = [abs(b - a) for a, b in pairwise(values)]
    half = 2.66 * sum(moving) / len(moving)
    assert drawn.center == pytest.approx(mean)
    assert drawn.ucl == pytest.approx(mean + half, rel=1e-3)
    assert drawn.lcl == pytest.approx(mean - half, rel=1e-3)
    assert [point.label for point in drawn.points] == [str(n) for n in range(1, 11)]


def test_the_chart_says_why_it_was_chosen_and_that_few_points_are_provisional(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(4, 100), (6, 120), (5, 90)])

    judged = queries.chart(kpi, viewer=manager).judgement

    assert judged.chart == "p"
    assert "scatter no more than chance" in judged.reason
    assert judged.provisional


def test_no_data_is_a_gap_and_not_zero(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(4, 100)])
    typed(kpi, manager, [(0, 100)], start=MONDAY + timedelta(weeks=2))
    typed(kpi, manager, [(0, 0)], start=MONDAY + timedelta(weeks=3))

    drawn = queries.chart(kpi, viewer=manager)

    assert [point.value for point in drawn.points] == [4, None, 0, None]
    assert drawn.drawing.rows[1][1] is None
    assert shown(kpi, None) == "No data"


def test_a_target_applies_to_the_periods_after_its_day(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(8, 100), (8, 100), (8, 100)])
    services.set_target(kpi, value=Decimal(10), from_date=date(2025, 1, 1), by=manager)
    services.set_target(
        kpi, value=Decimal(6), from_date=MONDAY + timedelta(weeks=1), by=manager, reason="harder"
    )

    assert [point.target for point in points(kpi)] == [10, 6, 6]


def test_a_new_phase_has_limits_of_its_own_and_needs_a_reason(manager, site):
    kpi = a_kpi(manager, site, chart=ChartKind.P)
    before, after = [(8, 100), (9, 100), (7, 100), (8, 100)], [(2, 100), (3, 100), (1, 100)]
    typed(kpi, manager, before + after)
    start = points(kpi)[4].key

    with pytest.raises(Exception, match="Say what changed"):
        services.set_limits(kpi, start=start, reason=" ", by=manager)
    services.set_limits(kpi, start=start, reason="new fixture", by=manager, document="WI 7")
    judged = queries.chart(kpi, viewer=manager).judgement

    assert judged.center == pytest.approx([8.0] * 4 + [2.0] * 3)
    assert judged.stages == [(4, "WI 7: new fixture")]


def test_frozen_limits_rest_on_the_points_up_to_there(manager, site):
    kpi = a_kpi(manager, site, chart=ChartKind.P)
    typed(kpi, manager, [(8, 100), (8, 100), (20, 100)])
    found = points(kpi)

    services.set_limits(
        kpi,
        start=found[0].key,
        frozen=found[1].key,
        reason="stable weeks",
        by=manager,
        document="Study 3",
    )

    assert queries.chart(kpi, viewer=manager).judgement.center == pytest.approx([8.0] * 3)


def test_a_point_left_out_of_the_limits_stays_on_the_chart(manager, site):
    kpi = a_kpi(manager, site, chart=ChartKind.P)
    typed(kpi, manager, [(8, 100), (8, 100), (30, 100)])

    services.note(
        kpi, points(kpi)[2].key, "wrong gauge, replaced", by=manager, leaves_out=True, day=MONDAY
    )
    drawn = queries.chart(kpi, viewer=manager)

    assert drawn.judgement.center == pytest.approx([8.0] * 3)
    assert drawn.drawing.rows[2][1] == 30
    assert "wrong gauge" in drawn.drawing.rows[2][-1]


def test_impossible_proportions_draw_the_points_without_limits(manager, site):
    kpi = a_kpi(manager, site, counting=Counting.MEASURED, chart=ChartKind.P)
    typed(kpi, manager, [(8, 100), (120, 100)])

    drawn = queries.chart(kpi, viewer=manager)

    assert drawn.judgement.center == [None, None]
    assert "cannot have limits" in drawn.judgement.warnings[0]


def test_an_old_stray_point_does_not_stretch_the_chart_over_a_century(manager, site):
    kpi = a_kpi(manager, site, period=Period.DAY)
    typed(kpi, manager, [(1, 10)], start=date(1905, 7, 12))
    typed(kpi, manager, [(1, 10)], start=date(2026, 1, 5))

    assert len(points(kpi)) == 400


def test_a_chart_costs_the_same_queries_for_many_points_as_for_few(
    manager, site, django_assert_max_num_queries
):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(4, 100), (6, 120)] * 6)

    with django_assert_max_num_queries(6):
        queries.chart(kpi, viewer=manager)


def test_the_window_gives_what_effectiveness_needs(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(8, 100), (6, 100), (4, 200)])

    found = queries.window(kpi, since=MONDAY + timedelta(days=9), until=MONDAY + timedelta(days=20))

    assert (found.kind, found.direction) == ("proportion", "lower")
    assert found.periods.numerators == [6, 4]
    assert found.exposure == 300
    assert float(found.level) == pytest.approx(10 / 3)
