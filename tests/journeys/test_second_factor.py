"""Passkeys, codes, single sign-on and a shared tablet, as people walk through them."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import override_settings
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.entry import factors_totp as totp
from andon.entry import oidc, pins
from andon.entry.factors_testing import security_events
from andon.entry.models import OutsideIdentity, Passkey, Pin
from andon.organization.testing import ItemFactory
from andon.trail.verify import verify
from tests.browsing import COLOURS, Overheard, a_browser, needs_chromium, too_wide, violations
from tests.committed import together

pytestmark = [pytest.mark.browser, pytest.mark.journey, needs_chromium]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PIN = "739154"


@pytest.fixture
def plant(committed_server: str) -> Iterator[str]:
    """A plant with its people; yields its address, by name, for passkeys need one."""
    site = SiteFactory.create(code="ABC1")
    ItemFactory.create(number="23-4410")
    a_person(Role.MANAGER, username="ana", display_name="Ana Silva", email="ana@abc.example")
    adam = a_person(Role.ADMIN, username="adam", display_name="Adam Admin")
    olga = a_person(Role.CONTRIBUTOR, site, username="olga", display_name="Olga Operator")
    pins.set_pin(olga, PIN, purpose=Pin.Purpose.TABLET, by=adam)
    yield committed_server.replace("127.0.0.1", "localhost")
    assert verify().findings == []


@pytest.fixture
def browser() -> Iterator[Browser]:
    with a_browser() as started:
        yield started


def a_page(browser: Browser, *, phone: bool = False) -> Page:
    size: Any = {"width": 360, "height": 740} if phone else {"width": 1280, "height": 800}
    return browser.new_context(viewport=size, reduced_motion="reduce").new_page()


def with_key(page: Page) -> Callable[[], Any]:
    """Give the browser an authenticator; return what takes it away."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return lambda: session.send("WebAuthn.removeVirtualAuthenticator", made)


def asked(question: Callable[[], Any]) -> Any:
    """Ask the database in another thread, for Chromium runs in this one."""
    return together(1, lambda _: question())[0]


def sign_in(page: Page, plant: str, who: str) -> None:
    page.goto(f"{plant}/sign-in/")
    page.get_by_label("Username").fill(who)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def fine(page: Page) -> None:
    assert violations(page) == []
    assert too_wide(page) == []
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    assert violations(page, COLOURS) == []
    page.evaluate("document.documentElement.dataset.bsTheme = 'light'")
    page.emulate_media(color_scheme="light")


def sign_out(page: Page, plant: str) -> None:
    page.goto(f"{plant}/sign-out/")
    page.locator("main button[type=submit]").click()


def test_AU3_a_passkey_is_added_used_beside_the_password_alone_and_to_prove_who_is_there(
    plant: str, browser: Browser
):
    page = a_page(browser)
    overheard = Overheard(plant, page)
    with_key(page)
    sign_in(page, plant, "ana")
    page.goto(f"{plant}/account/tablet-pin/")
    fine(page)
    assert overheard.said == []
    page.goto(f"{plant}/account/passkeys/new/")
    page.get_by_label("Name").fill("Work phone")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    fine(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Work phone", exact=True)).to_be_visible()
    fine(page)

    sign_out(page, plant)
    sign_in(page, plant, "ana")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    fine(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".topbar")).to_be_visible()

    sign_out(page, plant)
    page.goto(f"{plant}/sign-in/")
    page.get_by_role("link", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".topbar")).to_be_visible()

    page.goto(f"{plant}/account/")
    page.get_by_role("link", name="Rename Work phone").click()
    fine(page)
    page.get_by_label("Name").fill("Old phone")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Old phone").click()
    fine(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Finger, face or PIN of your device instead of codes")).to_be_visible()
    assert overheard.said == []
    assert overheard.strangers == []
    assert not asked(Passkey.objects.exists)
    ways = [each["detail"]["method"] for each in asked(lambda: security_events("signed in"))]
    assert ways == [["password"], ["password", "passkey"], ["passkey"]]


def test_AU3_another_authenticator_opens_nothing_and_a_code_does(plant: str, browser: Browser):
    page = a_page(browser, phone=True)
    take_away = with_key(page)
    sign_in(page, plant, "ana")
    page.goto(f"{plant}/account/passkeys/new/")
    page.get_by_label("Name").fill("Key")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Make the passkey").click()
    code = page.locator("main code").first.inner_text()
    take_away()
    with_key(page)

    sign_out(page, plant)
    sign_in(page, plant, "ana")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Your device gave no passkey")).to_be_visible()
    fine(page)
    page.get_by_label("Code").fill("no-such-code")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#errors")).to_be_visible()
    fine(page)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".topbar")).to_be_visible()


def test_AU3_who_must_adds_an_app_before_anything_else(plant: str, browser: Browser):
    admin, page = a_page(browser), a_page(browser, phone=True)
    sign_in(admin, plant, "adam")
    admin.goto(f"{plant}/setup/sign-in-rules/")
    admin.get_by_label("The roles chosen here").check()
    admin.get_by_label("Quality manager").check()
    admin.get_by_role("button", name="Save").click()
    sign_in(page, plant, "ana")
    expect(page.get_by_role("status")).to_contain_text("Your role asks for a second factor")
    fine(page)
    page.get_by_role("link", name="Add an app").click()
    fine(page)
    secret = page.locator("main code").inner_text().replace(" ", "")
    page.get_by_label("Your password").fill(PASSWORD)
    now = page.evaluate("Date.now() / 1000")
    page.get_by_label("Code that the app shows now").fill(totp.code_at(secret, totp.step_at(now)))
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    fine(page)
    page.goto(f"{plant}/nonconformities/")
    expect(page).to_have_url(re.compile("/nonconformities/$"))


# The library of that provider warns of its own next version.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_SE3_single_sign_on_leads_there_and_back_past_the_content_policy(
    plant: str, browser: Browser
):
    oidc.forget()
    page = a_page(browser)
    overheard = Overheard(plant, page)
    with run_server_in_thread() as server:
        issuer = f"http://localhost:{server.server_port}"
        named = {"issuer": issuer, "client_id": "andon", "client_secret": "x", "name": "ABC Group"}
        with override_settings(SINGLE_SIGN_ON=named):
            page.goto(f"{plant}/sign-in/")
            fine(page)
            page.get_by_role("link", name="Sign in with ABC Group").click()
            page.locator("input[name=sub]").fill("sub-of-ana")
            page.locator(
                "button[type=submit]", has_text=re.compile("authorize", re.IGNORECASE)
            ).first.click()
            expect(page.get_by_text("there is no account for you here")).to_be_visible()
            fine(page)
            subject = page.locator("main code").inner_text()
            admin = a_page(browser)
            sign_in(admin, plant, "adam")
            admin.goto(f"{plant}/setup/people/")
            admin.get_by_role("link", name="Ana Silva").click()
            admin.get_by_role("link", name="Single sign-on").click()
            fine(admin)
            admin.get_by_label("Id at the sign-in of the company").fill(subject)
            admin.get_by_role("button", name="Save").click()
            expect(admin.get_by_role("heading", name="Ana Silva")).to_be_visible()

            page.get_by_role("link", name="Sign in with ABC Group").click()
            page.locator("input[name=sub]").fill("sub-of-ana")
            page.locator(
                "button[type=submit]", has_text=re.compile("authorize", re.IGNORECASE)
            ).first.click()
            expect(page.locator(".topbar")).to_be_visible()
    assert [each for each in overheard.said if "Content Security" in each] == []
    assert asked(lambda: OutsideIdentity.objects.get().user.username) == "ana"


def test_an_operator_reports_at_a_shared_tablet_and_the_next_one_finds_the_first_page(
    plant: str, browser: Browser
):
    page = a_page(browser, phone=True)
    sign_in(page, plant, "adam")
    page.goto(f"{plant}/setup/tablets/new/")
    page.get_by_label("Name").fill("Press 3")
    page.get_by_label("Site").select_option(index=1)
    page.get_by_label("Seconds until it forgets").fill("30")
    page.get_by_role("button", name="Make it a tablet").click()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    fine(page)
    page.get_by_role("link", name="Olga Operator").click()
    fine(page)
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Done, Olga Operator")).to_be_visible()
    fine(page)
    page.goto(f"{plant}/nonconformities/new/")
    page.get_by_label("What is wrong?").fill("Burr on the flange")
    page.get_by_label("Item").fill("23-4410")
    page.get_by_label("How many are suspect?").fill("40")
    page.get_by_role("button", name="Report").click()
    expect(page.locator("h1")).to_contain_text("Burr on the flange")
    page.get_by_role("button", name="Done, Olga Operator").click()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    page.goto(f"{plant}/nonconformities/")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_SE1_a_tablet_goes_back_by_itself(plant: str, browser: Browser):
    page = a_page(browser)
    page.clock.install()
    sign_in(page, plant, "adam")
    page.goto(f"{plant}/setup/tablets/new/")
    page.get_by_label("Name").fill("Press 3")
    page.get_by_label("Site").select_option(index=1)
    page.get_by_role("button", name="Make it a tablet").click()
    page.get_by_role("link", name="Olga Operator").click()
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Done, Olga Operator")).to_be_visible()

    page.clock.fast_forward(110_000)
    expect(page.get_by_role("button", name="Done, Olga Operator")).to_be_visible()
    page.clock.fast_forward(15_000)

    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
