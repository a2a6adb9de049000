"""Complaints that are alike become one corrective action, and that an 8D in the customer's form."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page

from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.modules.nonconformities.models import FoundAt
from andon.modules.nonconformities.tests.factories import a_code, reported
from andon.organization.testing import ItemFactory, LineFactory, PartyFactory
from andon.trail.verify import verify
from tests.browsing import Overheard, a_browser, needs_chromium, too_wide, violations

pytestmark = [pytest.mark.browser, pytest.mark.journey, needs_chromium]
PDFTOTEXT = shutil.which("pdftotext")
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}


@dataclass(frozen=True)
class Plant:
    """The address of a house, and the numbers of the complaints in it."""

    address: str
    cases: tuple[str, ...]


@pytest.fixture
def plant(committed_server: str, tmp_path: Path) -> Iterator[Plant]:
    """Three complaints of one customer about one defect, on two lines, and one that is another."""
    with override_settings(FILES=tmp_path / "files"):
        site = SiteFactory.create(code="ABC1")
        ines = a_person(Role.QUALITY, site, username="ines", display_name="Inés Romero")
        customer = PartyFactory.create(code="C-ELMOT", name="Elmot Drives", is_customer=True)
        defect, item = a_code(ines, code="DIA"), ItemFactory.create(number="41-1180")
        lines = [LineFactory.create(site=site, code=f"TRN-{n}") for n in (1, 2)]
        cases = [
            reported(
                ines, site, title=f"Shaft too thick, box {n}", item=item, defect=defect,
                party=customer, line=lines[n % 2], found_at=FoundAt.CUSTOMER, lot=f"H-{n}",
            )
            for n in range(3)
        ]  # fmt: skip
        yield Plant(committed_server, tuple(case.number for case in cases))
        assert verify().findings == []


def signed_in(plant: Plant, size: str, *, javascript: bool) -> Iterator[Page]:
    with a_browser() as browser:
        page = browser.new_page(
            viewport=SIZES[size],  # type: ignore[arg-type]
            java_script_enabled=javascript, is_mobile=size == "phone", accept_downloads=True,
        )  # fmt: skip
        page.goto(plant.address)
        page.get_by_label("Username").fill("ines")
        page.get_by_label("Password").fill(PASSWORD)
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in").click()
        yield page


@pytest.fixture(params=[("desk", True), ("phone", False)], ids=["desk", "phone without javascript"])
def way(request: pytest.FixtureRequest) -> tuple[str, bool]:
    """The size of the window, and whether there is JavaScript."""
    size, javascript = request.param
    return size, javascript


@pytest.fixture
def page(way: tuple[str, bool], plant: Plant) -> Iterator[Page]:
    yield from signed_in(plant, way[0], javascript=way[1])


def text_of(pdf: bytes) -> str:
    if not PDFTOTEXT:
        pytest.skip("no pdftotext on this machine")
    done = subprocess.run(
        [PDFTOTEXT, "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return re.sub(r"[\s\u200b]+", " ", done.stdout.decode())


def saved(page: Page) -> None:
    """Press the button of a small form, and see that nothing was refused."""
    with page.expect_navigation():
        page.locator("form.card button[type=submit]").click()
    assert not page.locator("#errors").count(), page.locator("#errors").inner_text()


def opened(page: Page, plant: Plant) -> str:
    """Open one corrective action over the cluster, and return its address."""
    page.goto(f"{plant.address}/nonconformities/clusters/")
    page.get_by_role("button", name="Raise one corrective action").first.click()
    page.get_by_label("What has to stop?").fill("Shafts above 18 h6 at Elmot")
    page.get_by_label("problem", exact=False).first.fill("Three boxes in three weeks.")
    saved(page)
    page.wait_for_url(re.compile(r"/actions/CA-[^/]+/$"))
    return page.url


def _follow(page: Page, words: str, of: str) -> None:
    """Follow a link that says hidden what it is about."""
    page.get_by_role("link", name=re.compile(f"{words}.*{of}")).first.click()


def analysed(page: Page, record: str) -> None:
    """Lay a cause on the fishbone, ask why once more in the chains, verify what was found."""
    page.goto(f"{record}tree/?view=fishbone")
    _follow(page, "Add a cause", "Measurement")
    page.get_by_label("cause", exact=False).first.fill("Shafts are measured warm")
    saved(page)
    assert "view=fishbone" in page.url
    page.goto(f"{record}tree/?view=whys")
    _follow(page, "Ask why again", "Shafts are measured warm")
    page.get_by_label("cause", exact=False).first.fill("The gauge stands at the machine")
    saved(page)
    assert "The gauge stands at the machine" in page.locator("ol").last.inner_text()
    _follow(page, "Verify or refute", "The gauge stands at the machine")
    page.get_by_label("How you know").fill("Gauge moved for a week: none too thick")
    saved(page)


def told(page: Page, record: str) -> None:
    """Say what the customer asks, who is in the team, and what it is not."""
    page.goto(f"{record}team/")
    page.get_by_label("name from outside", exact=False).fill("Jana Weiss, Elmot")
    saved(page)
    page.goto(f"{record}contrasts/")
    page.get_by_label("When: is", exact=True).fill("Early shift")
    saved(page)
    page.goto(f"{record}report/")
    page.get_by_label("complaint number", exact=False).fill("ELM-88213")
    page.get_by_label("closing words", exact=False).fill("We thank Jana Weiss.")
    saved(page)


def test_clusters_of_complaints_become_one_corrective_action_and_its_8d(
    page: Page, plant: Plant, way: tuple[str, bool]
) -> None:
    heard = Overheard(plant.address, page)
    record = opened(page, plant)
    for number in plant.cases:
        assert number in page.locator("#cases").inner_text()
    analysed(page, record)
    told(page, record)

    for place in ("", "tree/?view=fishbone", "tree/?view=whys", "across/", "timeline/",
                  "8d/?form=AUTO-8D"):  # fmt: skip
        page.goto(record + place)
        assert too_wide(page) == [], place
        # axe is a program of the page: it runs where there is JavaScript.
        assert not way[1] or violations(page) == [], place
        _looked_at(page, place)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()

    text = text_of(Path(download.value.path()).read_bytes())
    for said in (*plant.cases, "Automotive 8D, version 1", "ELM-88213", "Jana Weiss, Elmot",
                 "D4 Root cause: occurrence", "The gauge stands at the machine", "Early shift",
                 "Shafts above 18 h6 at Elmot", "We thank Jana Weiss."):  # fmt: skip
        assert said in text, said
    assert heard.strangers == []


def _looked_at(page: Page, place: str) -> None:
    if folder := os.environ.get("SHOTS"):
        name = re.sub(r"\W+", "-", place) or "record"
        width = page.evaluate("innerWidth")
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
