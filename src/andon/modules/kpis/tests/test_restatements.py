"""What a published value was before, when it changed, by whom and why, is kept and shown."""

from datetime import timedelta

from andon.modules.kpis import queries, services
from andon.modules.kpis.models import Formula, Observation
from andon.modules.production.models import ImportBatch
from andon.modules.production.services import undo

from .factories import MONDAY, a_kpi, a_line, a_week, typed

NEXT_MONDAY = MONDAY + timedelta(days=7)


def a_scrap_rate(manager, site):
    line = a_line(site)
    kpi = a_kpi(manager, site, code="SCRAP", formula=Formula.SCRAP, unit="%")
    a_week(line, manager, MONDAY, made=200, scrapped=16)
    services.refresh(kpi, by=manager, day=NEXT_MONDAY)
    return kpi, line


def test_nothing_is_restated_at_first(manager, site, django_assert_num_queries):
    kpi, _line = a_scrap_rate(manager, site)

    with django_assert_num_queries(1):
        assert queries.restatements(kpi) == []


def test_changed_facts_are_restated_with_both_values_the_batch_and_the_reason(manager, site):
    kpi, line = a_scrap_rate(manager, site)
    a_week(line, manager, MONDAY, made=200, scrapped=20)
    cause = ImportBatch.objects.filter(model="production.scrap").latest("pk")
    services.restate(kpi, MONDAY, by=manager, reason="late count", day=NEXT_MONDAY)

    (one,) = queries.restatements(kpi)

    assert (one.label, one.was, one.now) == ("2026-W02", "8.00 %", "10.00 %")
    assert (one.by, one.why) == (str(manager), "Restated from changed facts: late count")
    assert f"Batch {cause.pk}" in one.causes[0]
    assert one.batch.model == "kpis.observation"


def test_an_undone_batch_is_a_restatement_back_with_who_undid_it(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(4, 100)])
    again = {"by": manager, "on": MONDAY, "numerator": 9, "denominator": 100}
    services.observe(kpi, **again, reason="counted twice", day=NEXT_MONDAY)
    undo(ImportBatch.objects.latest("pk"), by=manager, reason="was right at first")

    newest, first = queries.restatements(kpi)

    assert (first.was, first.now, first.why) == ("4.00 %", "9.00 %", "Corrected: counted twice")
    assert (newest.was, newest.now) == ("9.00 %", "4.00 %")
    assert (newest.by, newest.why) == (str(manager), "Undone: was right at first")


def test_a_value_that_was_undone_altogether_became_no_data(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(4, 100)])
    undo(ImportBatch.objects.latest("pk"), by=manager, reason="wrong KPI")

    (one,) = queries.restatements(kpi)

    assert (one.was, one.now) == ("4.00 %", "No data")


def test_a_later_row_of_the_same_period_restates_the_sum(manager, site):
    kpi = a_kpi(manager, site)
    for sequence, top in enumerate((4, 8)):
        row = Observation(kpi=kpi, day=MONDAY, sequence=sequence, numerator=top, denominator=100)
        services.record_rows(kpi, [row], by=manager, source="imported")

    found = queries.restatements(kpi)

    assert [(one.was, one.now) for one in found] == [("4.00 %", "6.00 %")]
    assert found[0].why.startswith("Late import")


def test_a_restated_value_is_marked_on_the_chart_and_listed_on_the_page(client, manager, site):
    kpi, line = a_scrap_rate(manager, site)
    a_week(line, manager, MONDAY, made=200, scrapped=20)
    services.restate(kpi, MONDAY, by=manager, reason="late count", day=NEXT_MONDAY)
    client.force_login(manager)

    drawn = queries.chart(kpi, viewer=manager)
    page = client.get("/kpis/board/SCRAP/").content.decode()

    assert "Restated: 8.00 % became 10.00 %." in drawn.drawing.rows[0][-1]
    listed = page[page.index('id="restated"') :]
    assert "8.00 %" in listed
    assert "late count" in listed
