"""An operator at a phone: see, photograph, say, done (the sixty seconds of design.md 2)."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.test import override_settings
from PIL import Image
from playwright.sync_api import Page, expect

from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.organization.testing import ItemFactory, LineFactory
from andon.trail.verify import verify
from tests.browsing import a_browser, needs_chromium, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.journey, needs_chromium]

PHONE = {"width": 360, "height": 740}
MOST_INTERACTIONS = 7


@pytest.fixture
def plant(committed_server: str, tmp_path: Path) -> Iterator[str]:
    """A plant with one site, one line, one item and one operator; yields its address."""
    with override_settings(FILES=tmp_path / "files"):
        site = SiteFactory.create(code="ABC1")
        LineFactory.create(site=site, code="PRS-2", name="Press line 2")
        ItemFactory.create(number="23-4410")
        a_person(Role.CONTRIBUTOR, site, username="olga", display_name="Olga Nowak")
        yield committed_server
        assert verify().findings == []


class Thumb:
    """Taps and types, and counts how often."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.used = 0

    def tap(self, name: str, role: str = "link") -> None:
        self.used += 1
        self.page.get_by_role(role, name=name).click()  # type: ignore[arg-type]

    def say(self, label: str, words: str) -> None:
        self.used += 1
        self.page.get_by_label(label).fill(words)

    def choose(self, label: str, option: str) -> None:
        self.used += 1
        self.page.get_by_label(label).select_option(label=option)

    def photograph(self, label: str) -> None:
        self.used += 1
        photo = BytesIO()
        Image.new("RGB", (1200, 900), "firebrick").save(photo, "PNG")
        self.page.get_by_label(label).set_input_files(
            {"name": "burr.png", "mimeType": "image/png", "buffer": photo.getvalue()}
        )


@pytest.fixture(params=[True, False], ids=["with javascript", "without javascript"])
def phone(request: pytest.FixtureRequest, plant: str) -> Iterator[Page]:
    """A phone on which the operator is signed in."""
    with a_browser() as browser:
        page = browser.new_page(viewport=PHONE, java_script_enabled=request.param, is_mobile=True)
        page.goto(plant)
        page.get_by_label("Username").fill("olga")
        page.get_by_label("Password").fill(PASSWORD)
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in").click()
        yield page


def test_an_operator_reports_a_nonconformity_with_a_photo_in_seven_interactions(phone: Page):
    thumb = Thumb(phone)

    thumb.tap("Report a nonconformity")
    thumb.say("What is wrong?", "Burr above 0.10 mm on the seat rail")
    thumb.photograph("Photo")
    thumb.say("Item", "23-4410")
    thumb.say("How many are suspect?", "40")
    thumb.choose("Line", "PRS-2 · Press line 2")
    assert too_wide(phone) == []
    thumb.tap("Report", "button")

    assert thumb.used <= MOST_INTERACTIONS
    heading = phone.get_by_role("heading", level=1)
    expect(heading).to_have_text("Burr above 0.10 mm on the seat rail")
    assert "NC-ABC1-" in phone.url
    shown(phone)
    assert too_wide(phone) == []


def shown(phone: Page) -> None:
    """The photo is there to see, drawn anew from what was sent."""
    photo = phone.locator("#files img")
    photo.scroll_into_view_if_needed()
    photo.evaluate("each => each.decode()")
    assert photo.evaluate("each => each.naturalWidth") == 1200
