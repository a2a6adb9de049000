"""The whole thread, as four people walk it: from a file of numbers to two answered clauses."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.test import override_settings
from PIL import Image
from playwright.sync_api import Browser, Page

from andon.accounts import clock as instants
from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.organization import clock
from andon.organization.testing import ItemFactory, LineFactory, ProcessFactory
from andon.trail.verify import verify
from tests.browsing import Overheard, a_browser, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.journey, needs_chromium]

PEOPLE = {
    "olga": ("Olga Nowak", Role.CONTRIBUTOR),
    "pedro": ("Pedro Alves", Role.OWNER),
    "ines": ("Inés Romero", Role.QUALITY),
    "ana": ("Ana Silva", Role.MANAGER),
}
WEEKS = 26
BURRS = [58, 63, 61, 57, 60, 64, 59, 62, 56, 61, 60, 58, 63]  # of 1000 pieces a week, in calm weeks
JUMP = 118
WATCHED_DAYS = 60


class Calendar:
    """The clock of the application, which a test can let run on."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._now = instants.now

    def now(self) -> datetime:
        return self._now() + self.ahead


class Person:
    """Somebody with a browser window of their own, who clicks and types."""

    def __init__(self, browser: Browser, address: str, username: str, *, javascript: bool) -> None:
        self.address, self.javascript = address, javascript
        context = browser.new_context(java_script_enabled=javascript)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.overheard = Overheard(address, self.page)
        self.username = username
        self.sign_in()

    def sign_in(self) -> None:
        """Sign in; after weeks away again, for the session of then is over."""
        self.go("/")
        self.fill(Username=self.username, Password=PASSWORD)
        self.press("Sign in")

    def go(self, place: str) -> None:
        self.page.goto(place if "://" in place else self.address + place)

    def follow(self, name: str) -> None:
        """Click a link in the content of the page."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=name).first.click()

    def menu(self, name: str) -> None:
        """Go somewhere by the navigation, opening its group if that is closed."""
        link = self.page.locator(f"#navigation a:text-is('{name}')")
        if not link.is_visible():
            groups = self.page.locator("#navigation details")
            groups.filter(has=self.page.locator(f"a:text-is('{name}')")).locator("summary").click()
        with self.page.expect_navigation():
            link.click()

    def press(self, name: str) -> None:
        """Press a button, and read what came of it when all of it has arrived."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()
        assert not self.page.locator("#errors").count(), self.page.locator("#errors").inner_text()

    def fill(self, **typed: str) -> None:
        """Type into inputs, choose in lists; ``_`` in a name stands for a blank."""
        self.fill_in({label.replace("_", " "): value for label, value in typed.items()})

    def fill_in(self, typed: dict[str, str]) -> None:
        for label, value in typed.items():
            control = self.page.locator("main").get_by_label(label).first
            if control.evaluate("each => each.tagName") == "SELECT":
                option = control.locator("option").filter(has_text=value).first
                control.select_option(value=option.get_attribute("value"))
            else:
                control.fill(value)

    def upload(self, label: str, name: str, media: str, content: bytes) -> None:
        self.page.get_by_label(label).set_input_files(
            {"name": name, "mimeType": media, "buffer": content}
        )

    @property
    def reads(self) -> str:
        """The words of the page."""
        return self.page.locator("main").inner_text()


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    running = Calendar()
    monkeypatch.setattr(instants, "now", running.now)
    return running


@pytest.fixture
def plant(committed_server: str, tmp_path: Path) -> Iterator[tuple[str, date]]:
    """An empty house with one line and four people; yields its address and today."""
    with override_settings(FILES=tmp_path / "files"):
        site = SiteFactory.create(code="ABC1", name="Main plant")
        people: dict[str, User] = {
            username: a_person(role, site, username=username, display_name=name)
            for username, (name, role) in PEOPLE.items()
        }
        process = ProcessFactory.create(code="STA", name="Stamping", owner=people["pedro"])
        LineFactory.create(site=site, code="PRS-2", name="Press line 2", process=process)
        ItemFactory.create(number="23-4410", name="Bracket, seat rail left")
        yield committed_server, clock.today(site)


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without javascript"])
def test_four_people_walk_the_thread_and_two_clauses_are_answered(
    plant: tuple[str, date], calendar: Calendar, javascript: bool
):
    address, today = plant
    with a_browser() as browser:
        olga, pedro, ines, ana = (
            Person(browser, address, username, javascript=javascript) for username in PEOPLE
        )
        before = evidence(ana)
        import_weeks(ines, today)
        signal = see_signal(ines, today)
        case = raise_case(ines, signal)
        add_photo(olga, case)
        decide(ines, case)
        action = open_action(ines, case)
        improve(pedro, action, today)
        calendar.ahead = timedelta(days=WATCHED_DAYS + 1)
        ana.sign_in()
        judge(ana, action)
        close(ana, case)
        after = evidence(ana)
        complaints = [each for one in (olga, pedro, ines, ana) for each in one.overheard.said]
        strangers = [each for one in (olga, pedro, ines, ana) for each in one.overheard.strangers]

    assert before == {"8.7": ({"No evidence"}, set()), "10.2": ({"No evidence"}, set())}
    for clause in ("8.7", "10.2"):
        assert "Current evidence" in after[clause][0]
    assert case in after["8.7"][1]
    assert {case, action} <= after["10.2"][1]
    assert complaints == strangers == []
    assert verify().findings == []


# -- the steps, in the order they are walked ----------------------------------------------------


def evidence(person: Person) -> dict[str, tuple[set[str], set[str]]]:
    """Return how the rules of the two clauses stand, and the records they list, by clause."""
    found = {}
    for clause in ("8.7", "10.2"):
        person.menu("Clause map")
        person.go(f"{person.page.url}{clause}/")
        rules = person.page.locator("section[id^=rule-]")
        states = set(rules.locator(".badge").all_inner_texts())
        found[clause] = states, set(rules.locator("li a[href*='ABC1-']").all_inner_texts())
    return found


def import_weeks(ines: Person, today: date) -> None:
    """Bring in half a year of output and scrap, as the machine's own files say it."""
    monday = today - timedelta(days=today.weekday())
    days = [monday - timedelta(weeks=WEEKS - week, days=-2) for week in range(WEEKS)]
    burrs = [BURRS[week % len(BURRS)] for week in range(WEEKS - 1)] + [JUMP]
    import_file(ines, "Output:", "Date;Machine;Produced", [f"{day};PRS-2;1000" for day in days])
    scrap = [f"{day};PRS-2;Burr;{count}" for day, count in zip(days, burrs, strict=True)]
    import_file(ines, "Scrap:", "Date;Machine;Reason;Rejects", scrap)
    ines.follow("To production")
    assert "Press line 2" in ines.reads


def import_file(ines: Person, target: str, heading: str, rows: list[str]) -> None:
    ines.menu("Imports")
    ines.follow("Import a file")
    ines.page.get_by_role("radio", name=target).check()
    content = "\r\n".join((heading, *rows)).encode("cp1252")
    ines.upload("File", "machine.csv", "text/csv", content)
    ines.press("Upload and read")
    worked(ines)
    ines.press("Check the rows")
    worked(ines)
    if "Not known yet" in ines.reads:
        ines.page.get_by_label("Create all of these").check()
        ines.press("Create and check again")
        worked(ines)
    ines.press("Publish")
    worked(ines)
    assert f"Published: {len(rows)} new rows" in ines.reads


def worked(person: Person) -> None:
    """Wait for an import: it goes on by itself, or by its button where there is no JavaScript."""
    on = person.page.get_by_role("button", name="Go on")
    if person.javascript:
        on.wait_for(state="detached")
    while on.count():
        on.click()


def see_signal(ines: Person, today: date) -> str:
    """Define the scrap rate, compute it, and read what its chart says; return the signal."""
    ines.menu("KPIs")
    ines.follow("Choose a ready-made one")
    ines.follow("Adapt first : Scrap rate")
    since = today - timedelta(weeks=4)
    ines.fill(Owner="Pedro Alves", Reaction_plan="Stop the press and call the die setter.")
    ines.fill(Site="ABC1 · Main plant", In_use_from=since.isoformat())
    ines.press("Save")
    ines.press("Compute closed periods")
    if ines.javascript:
        ines.page.locator("#kpi-chart [data-chart-canvas] svg").wait_for()
    said = ines.page.locator("#signals").inner_text()
    assert "above the upper limit" in said
    return ines.page.locator("#signals a[href*='SIG-']").first.inner_text()


def raise_case(ines: Person, signal: str) -> str:
    """Raise a nonconformity from the signal, which is answered by it; return its number."""
    ines.follow(signal)
    ines.follow("Raise a nonconformity")
    assert signal in ines.reads
    ines.fill_in(
        {
            "What is wrong?": "Burrs above 0.10 mm on the seat rail",
            "Item": "23-4410",
            "How many are suspect?": "200",
            "Line": "PRS-2 · Press line 2",
        }
    )
    ines.press("Report")
    case = number_in(ines)
    ines.follow(signal)
    take(ines, "Answered by the record raised")
    assert "Answered" in ines.reads
    return case


def number_in(person: Person) -> str:
    """Return the number of the record whose page this is."""
    return person.page.url.split("#")[0].rstrip("/").split("/")[-1]


def take(person: Person, step: str, **typed: str) -> None:
    """Take a step of a record's life."""
    person.page.locator(".page-header").get_by_role("link", name=step).click()
    person.fill(**typed)
    person.press(step)


def open_record(person: Person, number: str) -> None:
    """Find a record by its number, as it stands on a tag."""
    search = person.page.get_by_role("search").get_by_role("searchbox").first
    search.fill(number)
    search.press("Enter")
    person.page.wait_for_url(f"**/{number}/")


def add_photo(olga: Person, case: str) -> None:
    """The operator shows what was seen, and says a word about it."""
    open_record(olga, case)
    photo = BytesIO()
    Image.new("RGB", (640, 480), "slategray").save(photo, "PNG")
    olga.upload("Photo or file", "burr.png", "image/png", photo.getvalue())
    olga.fill_in({"What it shows": "Burr at the left edge"})
    olga.press("Attach")
    olga.fill_in({"Your comment": "The die was set up again on Tuesday night."})
    olga.press("Comment")
    assert olga.page.locator("#files img").count() == 1
    assert "Tuesday night" in olga.reads


def decide(ines: Person, case: str) -> None:
    """Triage, hold, sort, decide, carry out: the ledger of the nonconformity."""
    open_record(ines, case)
    ines.page.locator("#triage").get_by_role("link", name="Triage").click()
    ines.fill(Severity="Minor", Suspect_quantity="200")
    ines.press("Save")
    ines.follow("Record containment")
    ines.fill(Where="Stock, cage 4", Quantity="200", What_was_done="Blocked and tagged")
    ines.press("Save")
    ines.follow("Record sorting")
    ines.fill(Verified_good="150", Confirmed_nonconforming="50")
    ines.press("Save")
    ines.follow("Decide a disposition")
    ines.fill(Disposition="Scrap", Quantity="50")
    ines.press("Save")
    take(ines, "Contained and decided")
    ines.page.locator("#dispositions").get_by_role("link", name="Carried out").click()
    ines.fill(Quantity_carried_out_now="50")
    ines.press("Save")


def open_action(ines: Person, case: str) -> str:
    """Decide that the cause must go, and hand it to the owner of the process."""
    open_record(ines, case)
    ines.page.locator("#action").get_by_role("link", name="Decide").click()
    ines.fill_in({"Corrective action needed": "Yes", "Why": "It may happen at every set-up."})
    ines.press("Save")
    ines.follow("Raise a corrective action")
    ines.fill_in({"What has to stop?": "Burrs after a set-up of the die", "Owner": "Pedro Alves"})
    ines.press("Open")
    return number_in(ines)


def improve(pedro: Person, action: str, today: date) -> None:
    """Problem, cause, action and check on one page; then it is done."""
    pedro.menu("My work")
    pedro.follow(action)
    pedro.follow("Plan on one page")
    soon = today + timedelta(days=7)
    pedro.fill_in(
        {
            "Problem": "Up to 12 % scrap in the week after a set-up, usually 6 %.",
            "Cause": "Worn shims let the die sit askew.",
            "How you know": "With the old shims the burr came back, with new ones it went.",
            "What is done": "Shims with a hard stop, in the set-up sheet",
            "Who does it": "Pedro Alves",
            "Due": soon.isoformat(),
        }
    )
    pedro.press("Save")
    take(pedro, "Confirm cause and plan")
    pedro.page.locator("#actions").get_by_role("link", name="Done").click()
    pedro.fill_in({"What was done, and where it shows": "Shims with a stop; set-up sheet 12."})
    pedro.press("Save")
    take(pedro, "Everything is done")
    assert "Implemented" in pedro.reads


def judge(ana: Person, action: str) -> None:
    """After the window somebody else than the owner says whether it worked."""
    open_record(ana, action)
    assert "Nothing that looks like it was reported" in ana.reads
    take(ana, "Effective: close", What_was_seen="No burr in sixty days.")
    assert "Effective" in ana.reads


def close(ana: Person, case: str) -> None:
    open_record(ana, case)
    take(ana, "Close")
    assert "Closed" in ana.reads
    ana.follow("Thread")
    assert "Nothing is missing in this thread." in ana.reads
