"""Every page of the application, in light and dark, on a phone and at a desk (WCAG 2.2 AA, SE3)."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import get_resolver
from playwright.sync_api import Browser, Page

from andon import demo
from andon.accounts.policy import routes
from andon.accounts.testing import a_person
from andon.organization import clock
from tests.authz.matrix import NO, ROWS
from tests.browser import background, imports, intakes, signatures
from tests.browser.places import MANAGER, NO_PAGES, PLACES, STRANGER, Place
from tests.browsing import COLOURS, Overheard, needs_chromium, too_wide, violations
from tests.committed import committed_copy, served

pytestmark = [pytest.mark.browser, needs_chromium]

PHONE: Any = {"width": 360, "height": 740}
DESK: Any = {"width": 1280, "height": 800}
FINE: dict[str, list[Any]] = {"light": [], "dark": [], "too wide": []}
NEWCOMER = "newcomer"
Windows = dict[str, tuple[Page, Overheard]]


def test_no_page_is_left_out():
    """A new route needs a place in tests/browser/places.py, or a word on why it has no page."""
    shown = {
        row.route
        for row in ROWS
        if row.methods["get"] != NO and not row.route.startswith(("api/", "api:"))
    }
    known = {route.name for route in routes(get_resolver().url_patterns)}
    visited = {place.route for place in PLACES}

    assert sorted(shown - visited - set(NO_PAGES)) == []
    assert sorted((visited | set(NO_PAGES)) - known) == []


@pytest.fixture(scope="module")
def house(
    _template: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimpleNamespace]:
    """The demo factory, served; with the address of every place in it."""
    folder = tmp_path_factory.mktemp("house")
    with (
        override_settings(FILES=folder / "files"),
        committed_copy(_template, django_db_blocker, folder),
    ):
        day = clock.today()
        factory = demo.fill(day)
        a_person(None, username=NEWCOMER, password=demo.PASSWORD)
        imports.start_all(by=factory.people["ana"], site=factory.sites["ABC1"], day=day)
        intakes.start_all(by=factory.people["ana"], site=factory.sites["ABC1"], day=day)
        ines, ana = factory.people["ines"], factory.people["ana"]
        signatures.sign_all(first=ines, second=ana, site=factory.sites["ABC1"])
        background.ask_all(by=factory.people["ana"])
        addresses = {str(place): place.address() for place in PLACES}
        with served() as address:
            yield SimpleNamespace(address=address, addresses=addresses)


@pytest.fixture(scope="module")
def windows(house: SimpleNamespace, chromium: Browser) -> Windows:
    """One window per person, who signs in once."""
    opened: Windows = {}
    for who in sorted({NEWCOMER, *(place.who for place in PLACES)}):
        page = chromium.new_context(viewport=DESK, reduced_motion="reduce").new_page()
        opened[who] = page, Overheard(house.address, page)
        if who != STRANGER:
            sign_in(page, house.address, who)
    return opened


def sign_in(page: Page, address: str, who: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.get_by_label("Username").fill(who)
    page.get_by_label("Password").fill(demo.PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()
    assert settings.SESSION_COOKIE_NAME in {each["name"] for each in page.context.cookies()}


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_SE3_a_page_is_open_to_everyone_fits_its_window_and_asks_nobody_else(
    house: SimpleNamespace, windows: Windows, place: Place
):
    page, overheard = windows[place.who]
    overheard.forget()

    answer = page.goto(house.address + house.addresses[str(place)])

    assert answer is not None
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    assert_fine(page)
    assert overheard.said == []
    assert overheard.strangers == []


ANSWERS = {
    "what is not there": (MANAGER, "/no-such-page/", 404),
    "a record that is not there": (MANAGER, "/nonconformities/NC-ABC1-1999-0001/", 404),
    "what is not allowed": ("olga", "/setup/people/", 403),
    "somebody without a role": (NEWCOMER, "/", 403),
}


@pytest.mark.parametrize(("who", "where", "status"), ANSWERS.values(), ids=ANSWERS)
def test_SE3_an_answer_that_says_no_is_a_page_like_any_other(
    house: SimpleNamespace, windows: Windows, who: str, where: str, status: int
):
    page, overheard = windows[who]
    overheard.forget()

    answer = page.goto(house.address + where)

    assert answer is not None
    assert answer.status == status
    assert page.locator("h1").count() == 1
    assert_fine(page)
    assert [each for each in overheard.said if f"status of {status}" not in each] == []
    assert overheard.strangers == []


@pytest.mark.parametrize("route", ["nonconformities:new", "actions:new", "kpis:define"])
def test_a_form_that_is_sent_back_is_a_page_like_any_other(
    house: SimpleNamespace, windows: Windows, route: str
):
    page, _overheard = windows[MANAGER]
    page.goto(house.address + house.addresses[route])

    page.locator("main form button[type=submit]").last.click()
    page.locator("#errors").wait_for()

    assert_fine(page)


def assert_fine(page: Page) -> None:
    """Nothing is wrong with the page at a desk and on a phone."""
    page.set_viewport_size(DESK)
    charts(page)
    at_desk = seen(page)
    page.set_viewport_size(PHONE)
    charts(page)
    assert {"desk": at_desk, "phone": seen(page)} == {"desk": FINE, "phone": FINE}


def seen(page: Page) -> dict[str, list[Any]]:
    """Return what is wrong with the page in the window as it is, in light and in dark."""
    page.emulate_media(color_scheme="light")
    light = violations(page)
    page.emulate_media(color_scheme="dark")
    return {"light": light, "dark": violations(page, COLOURS), "too wide": too_wide(page)}


def charts(page: Page) -> None:
    """Look at every chart, so that it is drawn."""
    for chart in page.locator("[data-chart]").all():
        chart.scroll_into_view_if_needed()
        chart.locator("[data-chart-canvas] svg").wait_for()
