"""A custom field is added and used without restart: define, publish, form, filter, export, API."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.trail.verify import verify
from tests.browsing import a_browser, needs_chromium, too_wide, violations

pytestmark = [pytest.mark.browser, pytest.mark.journey, needs_chromium]


@pytest.fixture
def plant(committed_server: str, tmp_path: Path) -> Iterator[str]:
    """A plant with one site and its quality manager; yields its address."""
    with override_settings(FILES=tmp_path / "files"):
        SiteFactory.create(code="ABC1")
        a_person(Role.MANAGER, username="ana", display_name="Ana Silva")
        yield committed_server
        assert verify().findings == []


@pytest.fixture
def office(plant: str) -> Iterator[Page]:
    """A browser in which the quality manager is signed in."""
    with a_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800}, accept_downloads=True)
        page.goto(plant)
        page.get_by_label("Username").fill("ana")
        page.get_by_label("Password").fill(PASSWORD)
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in").click()
        yield page


def test_a_custom_field_is_defined_published_and_used_everywhere_without_restart(
    office: Page, plant: str
):
    define(office, plant)
    publish(office)
    number = report(office, plant)
    find(office, plant, number)
    take_out(office, number)
    ask_the_api(office, plant, number)


def define(office: Page, plant: str) -> None:
    office.goto(f"{plant}/setup/forms/")
    office.get_by_role("link", name="Begin the first form").click()
    office.get_by_label("Name").fill("Paint shop")
    office.get_by_label("Kind of record").select_option(label="Nonconformity")
    office.get_by_role("button", name="Save").click()
    office.get_by_role("link", name="Add the first question").click()
    office.get_by_label("Label").fill("Colour")
    office.get_by_label("Type").select_option(label="One choice")
    office.get_by_label("Choices", exact=True).fill("red\ngreen")
    office.get_by_label("Show and filter in the list").check()
    with office.expect_navigation():
        office.get_by_role("button", name="Save").click()
    assert violations(office) == []


def publish(office: Page) -> None:
    office.get_by_role("link", name="Preview").click()
    expect(office.get_by_label("Colour")).to_be_visible()
    office.get_by_role("link", name="Back to the form").click()
    office.get_by_role("link", name="Publish").click()
    office.get_by_label("What changes, and why").fill("The customer asks for the colour")
    office.get_by_role("button", name="Save").click()
    expect(office.get_by_text("Version 1 is in force")).to_be_visible()


def report(office: Page, plant: str) -> str:
    """Report one red nonconformity and one without a colour; return the number of the red one."""
    for title, colour in (("Run in the paint", "red"), ("Scratch", "")):
        office.goto(f"{plant}/nonconformities/new/")
        office.get_by_label("What is wrong?").fill(title)
        office.get_by_label("Colour").select_option(value=colour)
        with office.expect_navigation():
            office.get_by_role("button", name="Report").click()
    office.goto(f"{plant}/nonconformities/?q=run")
    office.get_by_role("link", name="NC-ABC1-").first.click()
    expect(office.locator("#own").get_by_text("red")).to_be_visible()
    assert violations(office) == []
    return office.url.rstrip("/").rsplit("/", 1)[-1]


def find(office: Page, plant: str, number: str) -> None:
    office.goto(f"{plant}/nonconformities/")
    office.get_by_label("Colour").first.select_option(label="red")
    office.get_by_role("button", name="Show").first.click()
    expect(office.get_by_role("link", name="NC-ABC1-")).to_have_text([number])
    assert too_wide(office) == []


def take_out(office: Page, number: str) -> None:
    with office.expect_download() as started:
        office.get_by_role("link", name="CSV").click()
    with started.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Number"], row["Colour"]) for row in rows] == [(number, "red")]


def ask_the_api(office: Page, plant: str, number: str) -> None:
    answer = office.request.get(f"{plant}/api/v1/nonconformities/{number}/")
    assert answer.json()["custom"] == {"colour": "red"}
