"""The 8D report: the same data in the form of the customer, as page and PDF."""

import base64
import io
import os
import re
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.actions import services
from andon.modules.actions.models import CorrectiveAction, ReportFormVersion
from andon.modules.actions.models.shipped import SECTIONS, SHIPPED, form_called, form_for
from andon.modules.actions.queries.eight_d import sheet_of
from andon.modules.actions.queries.told import Told, shown
from andon.modules.nonconformities import services as nonconformities
from andon.organization.testing import ItemFactory, PartyFactory, with_settings
from andon.records.workflow import Refused

from .factories import OPENED, case, fresh, opened, planned

pytestmark = pytest.mark.django_db
PDFTOTEXT = shutil.which("pdftotext")
reads_text = pytest.mark.skipif(
    not PDFTOTEXT and not os.environ.get("CI"), reason="no pdftotext on this machine"
)


@pytest.fixture
def record(site: Site, manager: User) -> CorrectiveAction:
    """Return an action with a bit of everything an 8D tells."""
    action = planned(manager, site, elsewhere="Line 1 looked at", system_change="Plan revision 3")
    complaint = case(
        manager, site, item=ItemFactory.create(number="10-77"), lot="L-9", suspect_quantity=40
    )
    nonconformities.contain(
        complaint,
        by=manager,
        place="Customer stock",
        quantity=Decimal(40),
        action="Blocked",
        day=OPENED,
    )
    services.take_on(action, by=manager, case=complaint)
    services.join_team(action, by=manager, user=manager, role="leader", day=OPENED)
    services.contrast(action, by=manager, rows={"what": {"is_so": "Too wide"}}, day=OPENED)
    services.ask_report(
        action, by=manager, party=PartyFactory.create(code="C-1", is_customer=True),
        complaint_number="Q-4711", customer_part="KD-1", supplier_part="10-77 B",
        received_date=OPENED, closing_words="Thank you, team.",
    )  # fmt: skip
    return fresh(action)


def text_of(pdf: bytes) -> str:
    assert PDFTOTEXT, "pdftotext is missing (package poppler-utils)"
    done = subprocess.run(
        [PDFTOTEXT, "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return re.sub(r"[\s\u200b]+", " ", done.stdout.decode())


def printed(client: Client, record: CorrectiveAction, form: str = "") -> bytes:
    answer = client.get(f"/actions/{record.number}/8d.pdf", {"form": form} if form else {})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return answer.content


def test_every_section_can_be_written_and_none_is_an_empty_box(
    record: CorrectiveAction, manager: User, site: Site
) -> None:
    empty = opened(manager, site, problem="")
    for one in (record, empty):
        form = form_called("PLAIN-8D")
        assert form is not None
        sections = [(key, str(label)) for key, label in SECTIONS.items()]
        parts = sheet_of(replace(form, sections=sections), Told(one, manager, OPENED)).parts
        assert [part.title for part in parts] == [title for _key, title in sections]
        for part in parts:
            assert part.facts or part.rows or part.points or part.sentences or part.svg, part.title


@reads_text
@pytest.mark.parametrize("code", list(SHIPPED))
def test_a_shipped_form_is_printed_with_its_headings_and_the_data(
    client: Client, record: CorrectiveAction, manager: User, code: str
) -> None:
    client.force_login(manager)
    form = form_called(code)
    assert form is not None

    text = text_of(printed(client, record, code))

    for _key, title in form.sections:
        assert title in text, title
    for said in (record.number, "Q-4711", "Customer stock", "The drill wanders", "Guide bush",
                 "Bores of bracket 10-0001 are too wide", f"{form.name}, version 1"):  # fmt: skip
        assert said in text, said


@reads_text
def test_the_automotive_form_has_part_numbers_and_the_days_of_each_d(
    client: Client, record: CorrectiveAction, manager: User
) -> None:
    client.force_login(manager)

    text = text_of(printed(client, record, "AUTO-8D"))

    for said in ("KD-1", "10-77 B", "D0", "D8", shown(OPENED), "Thank you, team.", "Machine"):
        assert said in text, said


def test_the_page_shows_the_same_parts(
    client: Client, record: CorrectiveAction, manager: User
) -> None:
    client.force_login(manager)

    page = client.get(f"/actions/{record.number}/8d/?form=AUTO-8D").content.decode()

    for said in ("D4 Cause and effect", "<svg", "Q-4711", "Automotive 8D, version 1"):
        assert said in page
    assert client.get(f"/actions/{record.number}/8d/?form=NONE").status_code == 404


def test_the_short_form_fits_on_one_page(
    client: Client, record: CorrectiveAction, manager: User
) -> None:
    client.force_login(manager)

    pdf = printed(client, record, "SHORT-4D")

    assert re.search(rb"/Type/Pages/Count (\d+)", pdf)[1] == b"1"  # type: ignore[index]


def test_what_somebody_may_not_see_is_not_in_their_paper(
    client: Client, record: CorrectiveAction, manager: User, site: Site
) -> None:
    hidden = case(manager, site, title="Secret case", restricted=True)
    services.take_on(record, by=manager, case=hidden)
    reader = a_person(Role.CONTRIBUTOR, site)

    sheet = sheet_of(form_called("PLAIN-8D"), Told(fresh(record), reader, OPENED))  # type: ignore[arg-type]

    assert "Secret case" not in str(sheet)
    assert "Bore too wide" in str(sheet)


# -- forms of our own ----------------------------------------------------------------------------


def a_logo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (900, 300), "#1d5fb8").save(out, "JPEG")
    return SimpleUploadedFile("logo.jpg", out.getvalue(), "image/jpeg")


@reads_text
def test_a_form_of_our_own_is_edited_in_versions_and_the_paper_names_its_version(
    client: Client, record: CorrectiveAction, manager: User
) -> None:
    client.force_login(manager)
    with_settings(name="ABC Components")
    typed = {"code": "KUNDE", "name": "Kundenblatt", "heading": "8D-Bericht", "language": "de",
             "shows_1": "problem", "title_1": "Was ist das Problem?",
             "shows_2": "close", "title_2": "Dank"}  # fmt: skip

    assert client.post("/actions/forms/new/", {**typed, "logo": a_logo()}).status_code == 302
    first = printed(client, record, "KUNDE")
    again = client.post("/actions/forms/KUNDE/", {**typed, "title_1": "Problem?"})

    assert again.status_code == 302
    assert "Kundenblatt, version 1" in text_of(first)
    assert "Was ist das Problem?" in text_of(first)
    assert b"/Image" in first
    second = text_of(printed(client, record, "KUNDE"))
    assert "Kundenblatt, version 2" in second
    assert "Was ist" not in second
    old, new = ReportFormVersion.objects.order_by("version")
    assert old.logo == new.logo != ""
    drawn = Image.open(io.BytesIO(base64.b64decode(new.logo)))
    assert (drawn.format, drawn.width <= 480) == ("PNG", True)


def test_a_customer_gets_the_form_chosen_for_them(
    client: Client, record: CorrectiveAction, manager: User
) -> None:
    client.force_login(manager)
    report = record.customer_report
    assert form_for(report).code == "PLAIN-8D"

    answer = client.post("/actions/forms/", {"party": report.party_id, "form_code": "SHORT-4D"})

    assert answer.status_code == 302
    assert form_for(fresh(record).customer_report).code == "SHORT-4D"
    services.ask_report(record, by=manager, form_code="AUTO-8D")
    assert form_for(fresh(record).customer_report).code == "AUTO-8D"
    assert report.party is not None
    services.choose_form(report.party, by=manager, form_code="")


def test_a_poor_form_says_what_is_wrong_with_it(client: Client, manager: User) -> None:
    client.force_login(manager)
    right: dict[str, Any] = {"by": manager, "code": "X", "name": "X", "heading": "X"}

    for sections, said in (
        ([], "between 1 and"),
        ([("nonsense", "A")], "No form can show: nonsense"),
        ([("team", " ")], "has a heading"),
    ):
        with pytest.raises(Refused, match=said):
            services.keep_form(**right, sections=sections)
    with pytest.raises(Refused, match="is shipped"):
        services.keep_form(**{**right, "code": "PLAIN-8D"}, sections=[("team", "A")])
    with pytest.raises(Refused, match="no report form"):
        services.choose_form(PartyFactory.create(), by=manager, form_code="NONE")
    page = client.post("/actions/forms/new/", {"code": "X", "name": "X", "title_3": "Alone"})
    assert page.status_code == 422
    assert "Choose what this section shows" in page.content.decode()


def test_a_logo_that_is_no_picture_is_refused(client: Client, manager: User) -> None:
    client.force_login(manager)
    logo = SimpleUploadedFile("x.png", b"<svg onload=alert(1)>", "image/png")
    typed = {"code": "X", "name": "X", "heading": "X", "language": "en", "shows_1": "team"}

    answer = client.post("/actions/forms/new/", {**typed, "logo": logo})

    assert answer.status_code == 422
    assert "no PNG, JPEG or WebP" in answer.content.decode()


def test_only_who_keeps_forms_may_keep_or_choose_them(site: Site) -> None:
    owner = a_person(Role.OWNER, site)

    with pytest.raises(PermissionDenied):
        services.keep_form(by=owner, code="X", name="X", heading="X", sections=[("team", "A")])
    with pytest.raises(PermissionDenied):
        services.choose_form(PartyFactory.create(), by=owner, form_code="AUTO-8D")


def test_what_the_customer_asks_is_kept_and_its_days_make_sense(
    client: Client, record: CorrectiveAction, manager: User
) -> None:
    client.force_login(manager)
    address = f"/actions/{record.number}/report/"

    wrong = client.post(address, {"received_date": "2026-03-02", "sent_date": "2026-03-01"})
    right = client.post(address, {"complaint_number": "Q-1", "received_date": "2026-03-02"})

    assert wrong.status_code == 422
    assert "sent after the complaint" in wrong.content.decode()
    assert right.status_code == 303
    assert fresh(record).customer_report.complaint_number == "Q-1"
