"""Whatever leaves as CSV or workbook runs nowhere, and who took it is told (EX2)."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse

from andon.accounts.models import Site, User
from andon.accounts.policy import routes
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.actions.tests.factories import opened
from andon.modules.analyses.tests.factories import an_analysis
from andon.modules.improvements.tests.factories import proposed
from andon.modules.kpis.tests.factories import a_kpi, a_signal
from andon.modules.nonconformities import services as ncs
from andon.modules.nonconformities.tests.factories import reported
from andon.modules.production.imports import arrivals
from andon.portal.designer.testing import THICKNESS, published
from andon.portal.desk import jobs, reading
from andon.portal.desk.models import Intake
from andon.records import files
from andon.records.models import Record
from andon.store import exporting
from andon.trail.models import AuditEntry
from andon.ui import paper, sheets
from andon.ui.paper import sheet as paper_sheet

pytestmark = pytest.mark.django_db

# What a spreadsheet would run: as it is, behind what is not seen, in other widths, by other cuts.
FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "+cmd|'/C calc'!A0",
    "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")',
    "=IMPORTXML(A1,B2)", '=WEBSERVICE("http://x")', '=DDE("a";"b";"c")', "=A1:A9", "=",
    "+", "-", "@", " =1+1", "  \u00a0=1+1", "\u3000=1+1", "\u200b=1+1", "\ufeff=1+1", "\u202e=1+1",
    "＝1+1", "＋1+1", "－1+1", "＠SUM(A1)", "﹦1+1", '="a"&"b"', '=1+1";=1+1', "x;=1+1",
    "x|=cmd|'/C calc'!A0", "x; -cmd|'/C calc'!A0", "x;＝1+1", "a,=1+1", "+49 170 1234",
]  # fmt: skip
BEHIND = ["\t=1+1", "\r=1+1", "\n=1+1", "x\n=1+1", "x\r\n@SUM(A1)", "x\t=1+1", "x\n\n -cmd|x"]
PLAIN = [
    "5",
    "-5",
    "+5",
    "-1.5",
    "-1,5",
    "words",
    "a-b",
    "a=b",
    "5 - 3",
    "a point\n- another",
    "",
]
DAY = date(2026, 6, 1)
# A pack is told by its service, with its records; the proof holds no record.
TOLD_ELSEWHERE = {"packs:make", "packs:paper"}
STARTS = tuple("=+-@\t\r＝＋－＠﹢﹦﹫﹣")
UNSEEN = " \t\r\n\u00a0\u3000\u200b\ufeff\u202e"
KINDS: dict[str, Callable[..., Record]] = {
    "nonconformities": reported,
    "actions": opened,
    "improvements": proposed,
    "analyses": an_analysis,
    "kpis": a_signal,
}


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


def runs(cell: str) -> bool:
    """Whether a spreadsheet would run ``cell``; a plain number is no formula."""
    seen = cell.lstrip(UNSEEN)
    return seen.startswith(STARTS) and not re.fullmatch(r"[+-]\d+([.,]\d+)?", seen)


def cuts(text: str) -> list[str]:
    """Cut a CSV file into cells as programs do: by commas, by semicolons, by tabs, by bars."""
    cells = []
    for separator in ",;\t|":
        rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator)
        cells += [cell for row in rows for cell in row]
    return cells


def taken(page: Client, path: str) -> bytes:
    answer = page.get(path)
    assert answer.status_code == 200, path
    return b"".join(answer) if answer.streaming else answer.content


@pytest.mark.parametrize("payload", [*FORMULAS, *BEHIND])
def test_EX2_a_formula_is_shown_and_not_run(payload: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerow(["1", sheets.inert_in_csv(payload), "2"])

    assert not runs(str(sheets.inert(payload)))
    assert [cell for cell in cuts(out.getvalue()) if runs(cell)] == []


@pytest.mark.parametrize("text", PLAIN)
def test_EX2_words_and_numbers_stay_as_they_are(text: str) -> None:
    assert sheets.inert(text) == sheets.inert_in_csv(text) == text


@pytest.mark.parametrize("number", [5, -5, -1.5, Decimal("-0.25"), 0])
def test_EX2_numbers_stay_numbers(number: Any) -> None:
    assert sheets.inert_in_csv(number) is number


@pytest.mark.parametrize("kind", KINDS)
def test_EX2_no_formula_leaves_a_list_of_any_kind(
    kind: str, page: Client, manager: User, site: Site
) -> None:
    for payload in FORMULAS:
        KINDS[kind](manager, site, title=payload)

    text = taken(page, f"/{kind}/export.csv").decode()
    book = openpyxl.load_workbook(io.BytesIO(taken(page, f"/{kind}/export.xlsx")))

    assert [cell for cell in cuts(text) if runs(cell)] == []
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert [cell.value for cell in cells if cell.data_type == "s" and runs(cell.value)] == []
    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert len(lines) == len(FORMULAS) + 1


def test_EX2_no_formula_leaves_the_list_of_holds(page: Client, manager: User, site: Site) -> None:
    for payload in FORMULAS:
        record = reported(manager, site, title=payload, lot=payload[:30])
        ncs.contain(record, by=manager, place=payload, quantity=Decimal(3), action=payload)

    text = taken(page, "/nonconformities/holds/?format=csv").decode()

    assert text.count("\n") > len(FORMULAS)
    assert [cell for cell in cuts(text) if runs(cell)] == []


def an_intake(manager: User, site: Site) -> Intake:
    """Read a file whose headings and cells are formulas, as far as the desk goes alone."""
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(["Problem", "=1+1", "@x"])
    writer.writerows([payload, "x", "y"] for payload in FORMULAS)
    intake = reading.start(
        rows.getvalue().encode(), file_name="log.csv", target="nonconformities",
        site=site, by=manager, day=DAY,
    )  # fmt: skip
    return jobs.advance(intake, by=manager)


def test_EX2_no_formula_leaves_the_rows_of_an_import(
    page: Client, manager: User, site: Site
) -> None:
    intake = an_intake(manager, site)

    text = taken(page, f"/import/{intake.pk}/rows.csv?show=all").decode()

    assert text.count("\n") > len(FORMULAS)
    assert [cell for cell in cuts(text) if runs(cell)] == []


@pytest.mark.parametrize("how", ["inert_in_csv", "inert"])
def test_EX2_broken_twin_without_the_apostrophe_formulas_leave(
    page: Client, manager: User, site: Site, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    reported(manager, site, title="=1+1")
    monkeypatch.setattr(sheets, how, lambda value: value)

    if how == "inert_in_csv":
        cells = cuts(taken(page, "/nonconformities/export.csv").decode())
    else:
        data = taken(page, "/nonconformities/export.xlsx")
        cells = [str(c.value) for c in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["B"]]

    assert [cell for cell in cells if runs(cell)]


# -- what is told -------------------------------------------------------------------------------


def an_arrival(manager: User, site: Site) -> Any:
    told = arrivals.told("“many” is not a number.", row=2, field="Quantity")
    return arrivals.keep(
        b"Date;Line;Quantity\n2026-03-02;P1;many\n", told, by=manager, site=site,
        target="output", source="folder", name="shift.csv",
    )  # fmt: skip


def number(make: Callable[..., Record]) -> Callable[[User, Site], dict[str, Any]]:
    return lambda manager, site: {"number": make(manager, site).number}


EXAMPLES: dict[str, Callable[[User, Site], dict[str, Any]]] = {
    **{f"{kind}:paper": number(make) for kind, make in KINDS.items()},
    **{f"{kind}:{form}": lambda _m, _s: {}
       for kind in KINDS for form in ("export", "export-xlsx", "export-pdf")},
    "analyses:pdf": number(an_analysis),
    "actions:pdf": number(opened),
    "kpis:report": lambda manager, site: {"code": a_kpi(manager, site).code},
    "desk:download": lambda manager, site: {"pk": an_intake(manager, site).pk},
    "designer:export": lambda manager, site: {
        "pk": published(manager, THICKNESS, site=site).pk, "ending": "json"},
    "nonconformities:holds": lambda _m, _s: {},
    "proof:export": lambda _m, _s: {},
    "production:arrival-content": lambda manager, site: {"pk": an_arrival(manager, site).pk},
}  # fmt: skip
QUERIES = {"nonconformities:holds": "?format=csv"}
# Look like an export by their address, and are none.
NO_EXPORTS = {"sheets:bring"}


def told() -> list[dict[str, Any]]:
    entries = AuditEntry.objects.filter(stream="security", action="exported").order_by("seq")
    return [json.loads(entry.payload) for entry in entries]


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set no paper: what leaves is told all the same."""
    for module in (paper, paper_sheet):
        monkeypatch.setattr(module, "pressed", lambda *_args: b"%PDF-1.7")


def test_EX2_every_export_there_is_has_an_example_here() -> None:
    looks_so = re.compile(r"export|download|\.(csv|xlsx|pdf|json|yaml|zip)$")
    found = {
        route.name
        for route in routes(get_resolver().url_patterns)
        if looks_so.search(f"{route.name}/{route.path}") and not route.path.startswith("api/")
    }

    without = found - NO_EXPORTS - EXAMPLES.keys() - TOLD_ELSEWHERE
    assert not without, "Give each new export an example here."


@pytest.mark.usefixtures("pressed")
@pytest.mark.parametrize("route", EXAMPLES)
def test_EX2_who_took_what_and_how_much_is_told(
    route: str, page: Client, manager: User, site: Site
) -> None:
    which = EXAMPLES[route](manager, site)

    taken(page, reverse(route, kwargs=which) + QUERIES.get(route, ""))

    (entry,) = told()
    assert entry["actor"]["id"] == str(manager.pk)
    detail = entry["content"]["detail"] if "content" in entry else entry["detail"]
    assert detail["route"] == route
    assert detail["form"]
    assert detail["rows"] >= 0
    assert which.get("number", "") in json.dumps(entry)


def test_EX2_the_filter_is_told_with_the_count_but_not_the_words_of_a_search(
    page: Client, manager: User, site: Site
) -> None:
    for title in ("Bore of Miller", "Burr"):
        reported(manager, site, title=title)

    taken(page, "/nonconformities/export.csv?q=Miller&state=open&col=number")

    payload = json.dumps(told()[0])
    assert "state=open" in payload
    assert "Miller" not in payload
    assert '"rows": 1' in payload


def test_EX2_what_cannot_be_told_does_not_leave(
    page: Client, manager: User, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_args: Any, **_options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(exporting, "tell", silent)
    page.raise_request_exception = False

    assert page.get("/nonconformities/export.csv").status_code == 500


def test_EX2_a_page_a_refusal_and_a_stored_file_are_no_exports(
    page: Client, manager: User, site: Site, settings: Any, tmp_path: Any
) -> None:
    settings.FILES = tmp_path
    record = reported(manager, site)
    kept = files.attach(record, SimpleUploadedFile("a.txt", b"words"), by=manager)

    page.get("/nonconformities/")
    page.get(kept.get_absolute_url())
    page.head("/nonconformities/export.csv")
    page.get("/nonconformities/NC-ABC1-1999-0001/record.pdf")
    Client().get("/nonconformities/export.csv")

    assert told() == []
