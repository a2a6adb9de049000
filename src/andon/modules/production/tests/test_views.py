"""The pages of production, walked as people walk them."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from andon import tables
from andon.accounts.models import Site, User
from andon.accounts.testing import TESTS, SiteFactory
from andon.modules.production import services
from andon.modules.production.imports import import_file
from andon.modules.production.models import ImportBatch, ImportJob, Output, Scrap, Stop
from andon.organization.models import Line
from andon.organization.testing import LineFactory

HEADING = "Date;Machine;Defect;Qty\n"


@pytest.fixture(autouse=True)
def on_the_day(today: date) -> Any:
    with time_machine.travel(f"{today}T10:00:00Z", tick=True):
        yield


def _upload(client: Client, site: Site, content: str, target: str = "scrap") -> ImportJob:
    file = SimpleUploadedFile("facts.csv", content.encode(), content_type="text/csv")
    answer = client.post(
        reverse("production:import-new"), {"target": target, "site": site.pk, "file": file}
    )
    assert answer.status_code == 303, answer.context["form"].errors
    return _work(client, ImportJob.objects.latest("pk"))


def _work(client: Client, job: ImportJob) -> ImportJob:
    """Press "Go on" until the import waits for somebody."""
    job.refresh_from_db()
    while job.is_working:
        assert b"Go on" in client.get(job.get_absolute_url()).content
        client.post(reverse("production:import-step", args=[job.pk]))
        job.refresh_from_db()
    return job


def _do(client: Client, job: ImportJob, name: str, **data: Any) -> ImportJob:
    answer = client.post(reverse(f"production:import-{name}", args=[job.pk]), data)
    assert answer.status_code == 303, answer.content.decode()[:3000]
    return _work(client, job)


def _mapped(client: Client, job: ImportJob) -> dict[str, Any]:
    """What the mapping form holds when nothing is changed in it."""
    form = client.get(job.get_absolute_url()).context["mapping_form"]
    return {name: field.initial or "" for name, field in form.fields.items() if name != "add_up"}


def test_a_file_is_imported_page_by_page(
    client: Client, site: Site, line: Line, manager: User
) -> None:
    client.force_login(manager)
    job = _upload(client, site, HEADING + "25.05.2026;P1;Burr;3\n26.05.2026;P2;Burr;1\n")
    assert job.step == "map"
    assert b"semicolon" in client.get(job.get_absolute_url()).content

    job = _do(client, job, "mapping", **_mapped(client, job))
    page = client.get(job.get_absolute_url()).content.decode()
    assert "P2 (row 3)" in page
    assert "Burr (row 2)" in page
    job = _do(client, job, "create", agreed="on")
    assert (job.step, job.new) == ("preview", 2)
    job = _do(client, job, "confirm")

    assert job.step == "done"
    assert b"2 new rows" in client.get(job.get_absolute_url()).content
    assert Scrap.objects.current().count() == 2
    assert Line.objects.filter(code="P2", site=site).exists()


def test_errors_are_shown_with_row_and_column_and_publishing_needs_a_tick(
    client: Client, site: Site, line: Line, manager: User
) -> None:
    services.add_cause("scrap", "Burr", by=TESTS)
    client.force_login(manager)
    job = _upload(client, site, HEADING + "25.05.2026;P1;Burr;3\n25.05.2026;P1;Burr;many\n")
    job = _do(client, job, "mapping", **_mapped(client, job))

    page = client.get(job.get_absolute_url()).content.decode()
    assert re.search(r"<th scope=.row.>3</th><td>Qty</td><td>“many” is not a number", page)
    refused = client.post(reverse("production:import-confirm", args=[job.pk]))
    assert refused.status_code == 409
    assert "Some rows have errors" in refused.content.decode()
    assert not Scrap.objects.exists()

    job = _do(client, job, "confirm", leave_out="on")
    assert job.step == "done"
    assert ImportBatch.objects.get().left_out == 1


def test_a_file_with_two_sheets_asks_which(
    client: Client, site: Site, line: Line, manager: User
) -> None:
    from pathlib import Path  # noqa: PLC0415

    client.force_login(manager)
    source = Path(tables.__file__).parent / "tests" / "data" / "awkward" / "t-sheets.xlsx"
    file = SimpleUploadedFile("t-sheets.xlsx", source.read_bytes())
    client.post(
        reverse("production:import-new"), {"target": "output", "site": site.pk, "file": file}
    )
    job = _work(client, ImportJob.objects.get())

    page = client.get(job.get_absolute_url()).content.decode()
    assert "3 filled sheets" in page
    job = _do(client, job, "answer", answer="Sheet3")
    assert (job.step, job.columns) == ("map", ["id", "name"])


def test_a_file_that_is_no_table_is_told_why(client: Client, site: Site, manager: User) -> None:
    client.force_login(manager)
    job = _upload(client, site, "%PDF-1.7")

    assert job.step == "failed"
    assert "of the kind PDF" in client.get(job.get_absolute_url()).content.decode()


def test_a_missing_column_and_an_open_date_order_are_asked_for_at_their_place(
    client: Client, site: Site, line: Line, manager: User
) -> None:
    services.add_cause("scrap", "Burr", by=TESTS)
    client.force_login(manager)
    job = _upload(client, site, "Date;Defect;Qty\n3/4/2026;Burr;3\n")
    data = _mapped(client, job)

    answer = client.post(reverse("production:import-mapping", args=[job.pk]), data)
    assert answer.status_code == 422
    assert "line_column" in answer.context["mapping_form"].errors
    data["line_constant"] = "P1"
    answer = client.post(reverse("production:import-mapping", args=[job.pk]), data)
    assert "order" in answer.context["mapping_form"].errors
    job = _do(client, job, "mapping", **{**data, "order": "mdy"})
    job = _do(client, job, "confirm")
    assert Scrap.objects.get().day == date(2026, 3, 4)


def test_an_import_given_up_leaves_nothing(
    client: Client, site: Site, line: Line, manager: User
) -> None:
    client.force_login(manager)
    job = _upload(client, site, HEADING + "25.05.2026;P1;Burr;3\n")

    _do(client, job, "drop")

    assert ImportJob.objects.get().step == "dropped"
    assert client.post(reverse("production:import-drop", args=[job.pk])).status_code == 409


def test_a_batch_is_undone_by_quality_with_a_reason(
    client: Client, site: Site, line: Line, engineer: User, today: date
) -> None:
    content = (HEADING + "25.05.2026;P1;Burr;3\n").encode()
    batch = import_file(
        content, target="scrap", site=site, by=TESTS, day=today, create_missing=True
    ).batch
    assert batch
    client.force_login(engineer)
    assert b"Undo this batch" in client.get(batch.get_absolute_url()).content

    assert client.post(reverse("production:undo", args=[batch.pk])).status_code == 422
    client.post(reverse("production:undo", args=[batch.pk]), {"reason": "wrong file"})

    page = client.get(batch.get_absolute_url()).content.decode()
    assert "wrong file" in page
    assert not Scrap.objects.current().exists()


def test_an_operator_records_a_shift_and_corrects_it(
    client: Client, site: Site, line: Line, operator: User, today: date
) -> None:
    burr = services.add_cause("scrap", "Burr", by=TESTS)
    jam = services.add_cause("stop", "Jam", by=TESTS)
    client.force_login(operator)
    url = f"{reverse('production:record')}?line={line.pk}&day={today}&shift=&item="
    assert b"Burr" in client.get(url).content

    first = {"produced": "100", f"scrap_{burr.pk}": "4", f"stop_{jam.pk}": "12.5"}
    assert client.post(url, first).status_code == 303
    assert client.post(url, {**first, f"scrap_{burr.pk}": "6"}).status_code == 303

    assert Output.objects.current().get().produced == 100
    assert Scrap.objects.current().get().quantity == 6
    assert Scrap.objects.count() == 2
    assert Stop.objects.current().get().minutes == Decimal("12.5")
    form = client.get(url).context["form"]
    assert form.fields[f"scrap_{burr.pk}"].initial == "6"


def test_a_shift_with_more_scrap_than_output_is_refused(
    client: Client, site: Site, line: Line, operator: User, today: date
) -> None:
    burr = services.add_cause("scrap", "Burr", by=TESTS)
    client.force_login(operator)
    url = f"{reverse('production:record')}?line={line.pk}&day={today}"

    answer = client.post(url, {"produced": "3", f"scrap_{burr.pk}": "4"})

    assert answer.status_code == 422
    assert "More was scrapped than produced" in answer.content.decode()
    assert not Output.objects.exists()


def test_empty_pages_teach(client: Client, operator: User) -> None:
    client.force_login(operator)

    for name in ("overview", "imports", "batches", "causes", "record"):
        page = client.get(reverse(f"production:{name}"))
        assert page.status_code == 200
        assert b"ISO 9001, clause" in page.content, name


def test_the_overview_sums_the_last_weeks_and_no_data_is_not_zero(
    client: Client, site: Site, line: Line, operator: User, today: date
) -> None:
    LineFactory(site=site, code="P2", name="Press 2")
    services.record([Output(site=site, line=line, day=today, produced=200)], site=site, by=TESTS)
    burr = services.add_cause("scrap", "Burr", by=TESTS)
    services.record(
        [Scrap(site=site, line=line, day=today, cause=burr, quantity=5)], site=site, by=TESTS
    )
    client.force_login(operator)

    page = client.get(reverse("production:overview"))

    rows = {row.code: row for row in page.context["rows"]}
    assert (rows["P1"].produced, rows["P1"].scrap_percent) == (200, Decimal("2.5"))
    assert (rows["P2"].produced, rows["P2"].scrap_percent) == (None, None)
    assert b"No data" in page.content


def test_facts_are_listed_page_by_page_without_gap_or_repeat(
    client: Client, site: Site, line: Line, operator: User, today: date
) -> None:
    rows = [
        Output(site=site, line=line, day=date(2026, 5, 1 + n // 5), item=None, produced=n)
        for n in range(0, 100, 5)
    ]
    lines = [LineFactory.create(site=site, code=f"M{n}") for n in range(5)]
    rows += [
        Output(site=site, line=one, day=date(2026, 5, 1 + n), produced=n)
        for one in lines
        for n in range(20)
    ]
    services.record(rows, site=site, by=TESTS)
    client.force_login(operator)
    seen: list[int] = []
    url = reverse("production:facts", args=["output"]) + "?since=2026-04-01&until=2026-06-01"
    query = ""

    while True:
        page = client.get(url + query)
        seen += [fact.pk for fact, _value in page.context["rows"]]
        if not page.context["pages"]["next"]:
            break
        query = "&" + page.context["pages"]["next"].removeprefix("?")

    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize(
    "query", ["?since=x&until=2026-99-99", "?line=abc", "?after=2026-05-01.x", "?line=9" + "9" * 30]
)
def test_facts_take_any_query_without_an_error(client: Client, operator: User, query: str) -> None:
    client.force_login(operator)

    assert client.get(reverse("production:facts", args=["scrap"]) + query).status_code == 200


def test_AZ3_what_belongs_to_another_site_is_not_there(
    client: Client, engineer: User, today: date
) -> None:
    other = SiteFactory.create()
    strange = LineFactory.create(site=other, code="STRANGE-LINE")
    batch = services.record(
        [Output(site=other, line=strange, day=today, produced=5)], site=other, by=TESTS
    )
    assert batch
    client.force_login(engineer)

    assert client.get(batch.get_absolute_url()).status_code == 404
    assert client.post(reverse("production:undo", args=[batch.pk])).status_code == 404
    facts = client.get(reverse("production:facts", args=["output"]))
    assert not facts.context["rows"]
    assert b"STRANGE-LINE" not in client.get(reverse("production:overview")).content
    url = f"{reverse('production:record')}?line={strange.pk}&day={today}"
    assert client.get(url).status_code == 422
