"""What leaves a list or a record as file: inert, typed, within a person's sight (EX2, EX3)."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.tests.factories import ready_to_decide, reported
from andon.organization import clock
from andon.records import files, list_views, printing
from andon.records import services as records
from andon.ui.tests.test_paper import plain, reads_text, text_of

pytestmark = pytest.mark.django_db

PAYLOADS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "   @A1", "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://x","y")', "=IMPORTXML(A1,B2)", "=WEBSERVICE(A1)", "=DDE(A1;B1)",
    "+cmd|A!A0", "-2+3+cmd|' /C calc'!A0", "@a", "＝1+1", "＋1", "－1", "＠a", "=\u200b1", "= 1",
    "=", "+", "-",
       "@", "=A1:A9", "=1;=2", '="a"&"b"', "=TRUE()",
]  # fmt: skip
HOSTILE = [
    '#image("/etc/passwd")', '#read("/etc/passwd")', '#eval("1+1")', '#import "@preview/x:1"',
    "$ x^2 $", "*bold* _under_", "= Heading", "<label> @ref", "\\u{41}", '#link("http://x")[y]',
    "`raw`", "// comment", "/* a */", "#set page(width: 1pt)", "#panic()", "#while true {}", "[x]",
    "~ -- ---", "{1}",
    "<script>alert(1)</script>", "<svg onload=x>", "&amp;", "%s %d {0}", "{{ x }}",
    "#sys.inputs", '"quote', "'apostrophe", "\\", "#", "]",
]  # fmt: skip


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create(code="ABC1")
    return site


@pytest.fixture
def manager(site: Site) -> User:
    return a_person(Role.MANAGER, site)


@pytest.fixture
def page(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def taken(page: Client, path: str) -> bytes:
    answer = page.get(path)
    assert answer.status_code == 200, path
    return b"".join(answer) if answer.streaming else answer.content


def sheets(page: Client, query: str = "") -> Any:
    return openpyxl.load_workbook(io.BytesIO(taken(page, f"/nonconformities/export.xlsx{query}")))


def test_EX2_no_formula_leaves_a_list_as_csv_or_workbook(
    page: Client, manager: User, site: Site
) -> None:
    for payload in PAYLOADS:
        reported(manager, site, title=payload)

    text = taken(page, "/nonconformities/export.csv").decode()
    lines = list(csv.reader(io.StringIO(text, newline="")))[1:]
    titles = [row[1] for row in sheets(page).worksheets[0].iter_rows(min_row=2)]

    assert {cell.data_type for cell in titles} == {"s"}
    assert all(str(cell.value).startswith("'") for cell in titles)
    assert [line[1][:1] for line in lines] == ["'"] * len(PAYLOADS)


def test_EX2_a_formula_in_a_filter_is_text_on_the_second_sheet(
    page: Client, manager: User, site: Site
) -> None:
    reported(manager, site)

    about = sheets(page, "?q=%3D1%2B1").worksheets[1]

    assert {cell.data_type for row in about.iter_rows() for cell in row} == {"s"}


def test_a_workbook_types_its_cells_and_says_who_filtered_what_and_when(
    page: Client, manager: User, site: Site
) -> None:
    reported(manager, site, due_date=date(2026, 6, 1))

    book = sheets(page, "?state=open")
    first, about = book.worksheets

    head = [cell.value for cell in first[1]]
    assert (first.freeze_panes, first.auto_filter.ref[:2]) == ("A2", "A1")
    assert first[2][head.index("Due")].is_date
    told = {row[0].value: row[1].value for row in about.iter_rows()}
    assert (told["By"], told["Filter"]) == (str(manager), "State: Open")
    assert "UTC" in told["Exported"]


def test_a_list_on_paper_says_when_it_is_cut(
    page: Client, manager: User, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "LONGEST_LIST", 2)
    rows = [reported(manager, site) for _n in range(3)]

    report = printing.list_report(rows, [], title="t", about=[("By", "a"), ("At", "b")])

    assert "first 2 records only" in report.sentences[0]
    assert len(report.tables[0].rows) == 2


def test_a_workbook_beyond_its_bound_is_refused_with_the_way_out(
    page: Client, manager: User, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_views, "LARGEST_WORKBOOK", 0)
    reported(manager, site)

    answer = page.get("/nonconformities/export.xlsx")

    assert answer.status_code == 409
    assert "export it as CSV" in answer.content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_AZ3_an_export_holds_what_its_person_may_see_and_no_more(
    client: Client, manager: User, site: Site, form: str
) -> None:
    mine = reported(manager, site, title="In sight")
    reported(manager, site, title="Kept to few", restricted=True)
    other = SiteFactory.create()
    reported(a_person(Role.MANAGER, other), other, title="Of another site")
    client.force_login(a_person(Role.QUALITY, site))

    content = taken(client, f"/nonconformities/export.{form}")
    if form == "xlsx":
        rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(min_row=2)
        found = [row[0].value for row in rows]
    else:
        found = [line.split(",")[0] for line in content.decode().splitlines()[1:]]

    assert found == [mine.number]


def test_an_export_holds_the_chosen_columns_in_the_order_of_the_list(
    page: Client, manager: User, site: Site
) -> None:
    late = reported(manager, site, due_date=date(2027, 1, 1))
    soon = reported(manager, site, due_date=date(2026, 12, 24))
    never = reported(manager, site)

    lines = taken(page, "/nonconformities/export.csv?col=due&order=due").decode().splitlines()

    assert lines[0].lstrip("\ufeff") == "Number,Due"
    in_order = [soon.number, late.number, never.number]
    assert [line.split(",")[0] for line in lines[1:]] == in_order


def test_pages_in_the_order_of_due_dates_follow_each_other_without_gap(
    page: Client, manager: User, site: Site
) -> None:
    days = [date(2026, 12, 1 + n % 3) if n % 4 else None for n in range(60)]
    made = [reported(manager, site, due_date=day) for day in days]
    far = date.max
    wanted = [r.number for r in sorted(made, key=lambda r: (r.due_date or far, r.pk))]

    found, query = [], "order=due"
    while query:
        shown = page.get(f"/nonconformities/?{query}").context["page"]
        found += [row.number for row in shown.rows]
        query = shown.older

    assert found == wanted


@reads_text
def test_a_record_on_paper_tells_all_of_it_and_no_record_out_of_sight(
    page: Client, client: Client, manager: User, site: Site
) -> None:
    record = ready_to_decide(manager, site)
    hidden = reported(manager, site, title="Kept to few", restricted=True)
    records.link(record, "related", hidden, by=manager)
    records.comment(record, "Seen at the press", by=manager)
    reader = a_person(Role.QUALITY, site)

    client.force_login(manager)
    whole = plain(text_of(taken(page, record.get_absolute_url() + "record.pdf")))
    client.force_login(reader)
    theirs = plain(text_of(taken(page, record.get_absolute_url() + "record.pdf")))

    for said in (record.number, "Seen at the press", "Stock", "Printed", str(manager), "History"):
        assert plain(said) in whole
    assert hidden.number in whole
    assert hidden.number not in theirs
    assert client.get(hidden.get_absolute_url() + "record.pdf").status_code == 404


@reads_text
def test_EX3_markup_in_a_record_is_text_on_paper(page: Client, manager: User, site: Site) -> None:
    record = reported(manager, site, title="All of it", description="\n".join(HOSTILE))
    for text in HOSTILE:
        records.comment(record, text, by=manager)
        reported(manager, site, title=text)

    paper = plain(text_of(taken(page, record.get_absolute_url() + "record.pdf")))
    listed = plain(text_of(taken(page, "/nonconformities/export.pdf")))

    assert [text for text in HOSTILE if plain(text) not in paper or plain(text) not in listed] == []


def test_a_file_is_named_on_paper_with_its_hash(
    manager: User, site: Site, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    record = reported(manager, site)
    kept = files.attach(record, SimpleUploadedFile("log.txt", b"seen"), by=manager)

    report = printing.record_report(record, viewer=manager, address="http://x/r/1/", at=clock.now())

    cells = {str(cell) for table in report.tables for row in table.rows for cell in row}
    assert {kept.sha256, "log.txt"} <= cells
    assert "<svg" in report.code
