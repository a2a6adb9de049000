"""The dial goes up, one person signs, then two; an edit behind the application shows INVALID."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from andon.accounts.testing import PASSWORD
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import ready_to_decide
from andon.signing.models import Signature
from tests.audit.test_tampering import tamper
from tests.browsing import COLOURS, a_browser, needs_chromium, too_wide, violations
from tests.committed import together
from tests.signatures.scenes import Scene, a_scene

pytestmark = [pytest.mark.browser, pytest.mark.journey, needs_chromium]

# A folder for pictures, for who wants to look at the pages.
PICTURES = os.environ.get("ANDON_PICTURES", "")


@pytest.fixture
def scene(committed_server: str, tmp_path: Path) -> Iterator[tuple[str, Scene, str]]:
    """A plant with two nonconformities fit to be decided; yields its address as well."""
    with override_settings(FILES=tmp_path / "files"):
        made = a_scene()
        again = ready_to_decide(made.owner, made.site, title="Burr on the edge")
        yield committed_server, made, again.number


@pytest.fixture
def browser() -> Iterator[Browser]:
    with a_browser() as started:
        yield started


def in_the_database(act: Any) -> Any:
    """Do something in the database, which the thread of the browser cannot ask."""
    return together(1, lambda _n: act())[0]


def signed_in(browser: Browser, address: str, who: str) -> Page:
    page = browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    ).new_page()
    page.goto(f"{address}/sign-in/")
    page.get_by_label("Username").fill(who)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="My work").first).to_be_visible()
    return page


def fine(page: Page, name: str) -> None:
    """The page breaks no rule of axe in light and dark and fits a phone."""
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, COLOURS) == []
    page.emulate_media(color_scheme="light")
    picture(page, f"{name}-desk")
    page.set_viewport_size({"width": 360, "height": 740})
    assert too_wide(page) == []
    picture(page, f"{name}-phone")
    page.set_viewport_size({"width": 1280, "height": 800})


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def turn(page: Page, address: str, level: str) -> None:
    page.goto(f"{address}/setup/signatures/")
    page.locator("[name='level-nonconformities.settle']").select_option(value=level)
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("Saved.").first).to_be_visible()


def sign(page: Page) -> None:
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign: Contained and decided").click()


def test_one_signs_then_two_and_an_edit_in_the_database_shows_invalid(
    scene: tuple[str, Scene, str], browser: Browser
):
    address, made, second = scene
    first, base = made.record.number, f"{address}/nonconformities"
    ana = signed_in(browser, address, "ana")

    turn(ana, address, "1")
    fine(ana, "dial")
    ana.goto(f"{base}/{first}/do/settle/")
    expect(ana.get_by_text("I decided on this nonconformity.").first).to_be_visible()
    fine(ana, "sign")
    ana.get_by_label("Your password").fill("not my password")
    ana.get_by_role("button", name="Sign: Contained and decided").click()
    expect(ana.get_by_text("2 tries are left.")).to_be_visible()
    sign(ana)
    expect(ana.locator("#signatures").get_by_text("valid", exact=True)).to_be_visible()
    fine(ana, "signed")

    turn(ana, address, "2")
    ana.goto(f"{base}/{second}/do/settle/")
    sign(ana)
    expect(ana.get_by_text("awaits its second signature")).to_be_visible()
    fine(ana, "waits")
    bert = signed_in(browser, address, "bert")
    bert.goto(f"{address}{reverse('portal:work')}")
    bert.get_by_role("link", name=second).first.click()
    sign(bert)
    expect(bert.locator("#signatures").get_by_text("Ana Silva")).to_be_visible()
    expect(bert.locator("#signatures").get_by_text("Bert Haas")).to_be_visible()
    bert.get_by_role("link", name="What was signed").first.click()
    fine(bert, "signature")

    def edit() -> None:
        pk = Nonconformity.objects.get(number=first).pk
        tamper(("UPDATE records_record SET title = 'Bore as drawn' WHERE id = %s", [pk]))

    in_the_database(edit)
    ana.goto(f"{base}/{first}/")
    expect(ana.get_by_text("INVALID: the signature of Ana Silva")).to_be_visible()
    fine(ana, "invalid")
    assert in_the_database(Signature.objects.count) == 3
