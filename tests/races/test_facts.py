"""Many write facts at the same moment: one row counts for each key, and nothing is lost."""

from datetime import date
from decimal import Decimal

from andon.accounts.testing import TESTS, SiteFactory
from andon.modules.production import queries, services
from andon.modules.production.imports import import_file, jobs, writing
from andon.modules.production.models import ImportBatch, ImportJob, Output, Scrap
from andon.organization.testing import LineFactory
from andon.records.workflow import Refused
from andon.trail.verify import verify
from tests.committed import together

DAY = date(2026, 6, 1)


def test_RC1_eight_corrections_of_one_fact_leave_one_that_counts(committed_db):
    site = SiteFactory.create()
    line = LineFactory.create(site=site)

    def record(number):
        fact = Output(site=site, line=line, day=DAY, produced=Decimal(100 + number))
        return services.record([fact], site=site, by=TESTS)

    batches = together(8, record)

    assert len({batch.pk for batch in batches}) == 8
    assert Output.objects.count() == 8
    assert Output.objects.current().count() == 1
    assert sorted(ImportBatch.objects.values_list("moved", flat=True)) == list(range(1, 9))
    assert verify().clean


def test_the_same_file_from_six_together_counts_once(committed_db):
    site = SiteFactory.create()
    LineFactory.create(site=site, code="P1")
    services.add_cause("scrap", "Burr", by=TESTS)
    content = "Date;Machine;Defect;Qty\n" + "".join(
        f"{day:02}.05.2026;P1;Burr;{day}\n" for day in range(1, 29)
    )

    def bring(_number):
        return import_file(
            content.encode(), target="scrap", site=site, by=TESTS, day=DAY, file_name="a.csv"
        )

    results = together(6, bring)

    assert sum(result.published for result in results) == 1
    assert Scrap.objects.current().count() == Scrap.objects.count() == 28
    assert queries.pareto_by_cause(None, "scrap", since=date(2026, 5, 1), until=date(2026, 5, 31))[
        0
    ].total == sum(range(1, 29))
    assert verify().clean


def test_one_import_worked_on_in_four_windows_is_published_once(committed_db):
    site = SiteFactory.create()
    LineFactory.create(site=site, code="P1")
    services.add_cause("scrap", "Burr", by=TESTS)
    content = b"Date;Machine;Defect;Qty\n25.05.2026;P1;Burr;3\n26.05.2026;P1;Burr;4\n"
    job = jobs.start(content, file_name="a.csv", target="scrap", site=site, by=TESTS, day=DAY)
    jobs.advance(job, by=TESTS)
    jobs.use_mapping(job, job.mapping, by=TESTS)
    while job.is_working:
        jobs.advance(job, by=TESTS)
    writing.confirm(job, by=TESTS)

    def work(_number):
        mine = ImportJob.objects.get(pk=job.pk)
        try:
            while mine.is_working:
                jobs.advance(mine, by=TESTS)
        except Refused:
            mine.refresh_from_db()
        return mine.step

    together(4, work)

    assert ImportJob.objects.get().step == "done"
    assert Scrap.objects.current().count() == Scrap.objects.count() == 2
    assert ImportBatch.objects.count() == 1
    assert verify().clean
