"""A messy log of nonconformities, as a quality department keeps it: brought in and repaired."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.organization.testing import ItemFactory
from andon.records.models import Link
from andon.trail.verify import verify
from tests.browsing import a_browser, needs_chromium, too_wide, violations

pytestmark = [pytest.mark.browser, pytest.mark.journey, needs_chromium]

HEADINGS = (
    "NCR No.",
    "Date",
    "Closed on",
    "Problem",
    "Severity",
    "Responsible",
    "Part",
    "Qty",
    "See",
)
ROWS = (
    (101, date(2024, 3, 5), date(2024, 3, 20), "Burr on the seat rail", "Minor",
     "Ana Silva", "23-4410", 40, None),
    (102, "07.04.2024", None, "Wrong label on the carton", "Majr", "Inés Romero",
     "23-4410", 12, 101),
    (103, "05/28/2024", "2 June 2024", "Dent in the housing", "Critical", "J. Miller", "55-1000", 3,
     "101; 102"),
    (102, "some day", None, "Wrong label again", "Major", "Ana Silva", "23-4410", 5, None),
)  # fmt: skip


def log() -> bytes:
    """Return a workbook with merged title rows, three ways to write a day, and a total."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Nonconformities 2024, plant ABC1"])
    sheet.merge_cells("A1:I1")
    sheet.append(["kept by the quality department"])
    sheet.merge_cells("A2:I2")
    sheet.append([])
    for row in (HEADINGS, *ROWS, ("TOTAL", None, None, None, None, None, None, 60, None)):
        sheet.append(list(row))
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


@pytest.fixture
def plant(committed_server: str, tmp_path: Path) -> Iterator[str]:
    """A plant with its quality people and one item; yields its address."""
    with override_settings(FILES=tmp_path / "files"):
        site = SiteFactory.create(code="ABC1")
        ItemFactory.create(number="23-4410")
        a_person(Role.MANAGER, None, username="ana", display_name="Ana Silva")
        a_person(Role.QUALITY, site, username="ines", display_name="Inés Romero")
        yield committed_server
        assert verify().findings == []


def test_a_messy_log_is_brought_in_repaired_and_taken_back_in_the_browser(plant: str):
    with a_browser() as browser:
        desk = browser.new_page(viewport={"width": 1280, "height": 900})
        desk.goto(plant)
        desk.get_by_label("Username").fill("ana")
        desk.get_by_label("Password").fill(PASSWORD)
        with desk.expect_navigation():
            desk.get_by_role("button", name="Sign in").click()
        desk.goto(f"{plant}/import/")
        upload(desk)
        explain_words(desk)
        repair(desk)
        publish_and_undo(desk)

    found = {
        each.old_number: each for each in Nonconformity.objects.select_related("owner", "item")
    }
    assert {old: each.opened_date for old, each in found.items()} == {
        "101": date(2024, 3, 5), "102": date(2024, 4, 7), "103": date(2024, 5, 28),
        "104": date(2024, 6, 30),
    }  # fmt: skip
    assert found["103"].closed_date == date(2024, 6, 2)
    assert (found["102"].severity, found["102"].owner.display_name) == ("major", "Inés Romero")
    assert found["103"].item.number == "55-1000"
    assert {(link.record.old_number, link.target.old_number) for link in Link.objects.all()} == {
        ("102", "101"), ("103", "101"), ("103", "102"),
    }  # fmt: skip
    assert {each.state for each in found.values()} == {"void"}


def upload(desk: Page) -> None:
    """Title rows and total are found; every column is where it belongs."""
    desk.get_by_role("link", name="Import a file").first.click()
    desk.get_by_label("Source").fill("NC log of plant 1")
    desk.get_by_label("File", exact=True).set_input_files(
        {"name": "log.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": log()}
    )
    desk.get_by_role("button", name="Upload and read").click()
    desk.get_by_role("button", name="Check the rows").click()


def explain_words(desk: Page) -> None:
    """A misspelt severity (guessed), a person nobody knows (chosen), an item (made)."""
    desk.get_by_role("heading", name="Words not known yet").wait_for()
    expect(desk.get_by_label("“Majr” (1 times)")).to_have_value("major")
    desk.get_by_label("“J. Miller” (1 times)").select_option(label="Ana Silva")
    desk.get_by_label("“55-1000” (1 times)").select_option(label="new: make it")
    assert violations(desk) == []
    desk.get_by_role("button", name="Keep the meanings and check again").click()


def repair(desk: Page) -> None:
    """One row is left: a number that is there twice, and a day that is none."""
    cell = desk.get_by_label("Date, row 8")
    cell.wait_for()
    expect(desk.get_by_text("“some day” is no day")).to_have_count(1)
    expect(desk.get_by_text("Row 6 says the same number.")).to_have_count(1)
    cell.fill("2024-06-30")
    desk.get_by_label("NCR No., row 8").fill("104")
    desk.get_by_role("button", name="Keep and check again").click()
    desk.get_by_text("No row is in the way.").wait_for()


def publish_and_undo(desk: Page) -> None:
    """On a phone too; and all of it can be taken back."""
    desk.set_viewport_size({"width": 360, "height": 740})
    assert too_wide(desk) == []
    desk.get_by_role("button", name="Publish").click()
    desk.get_by_text("4 rows came in").wait_for()
    desk.get_by_label("Reason").fill("The wrong year")
    desk.get_by_role("button", name="Undo the whole import").click()
    desk.get_by_text("This import was undone: The wrong year").wait_for()
