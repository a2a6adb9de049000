"""A quality engineer at the Workbench: values in, a sentence and a chart out, kept as evidence."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.modules.nonconformities.tests.factories import reported
from andon.trail.verify import verify
from tests.browsing import (
    COLOURS,
    Overheard,
    a_browser,
    needs_chromium,
    too_wide,
    violations,
)

pytestmark = [pytest.mark.browser, pytest.mark.journey, needs_chromium]

BORES = [
    10.02, 9.98, 10.01, 9.97, 10.03, 10.00, 9.99, 10.02, 9.96, 10.01, 10.00, 10.04, 9.98, 10.00,
    9.99, 10.01, 10.02, 9.97, 10.00, 9.99, 10.03, 9.98, 10.01, 10.00, 9.99, 10.02, 9.97, 10.01,
]  # fmt: skip
PASTED = "Bore, mm\n" + "\n".join(f"{value:.2f}" for value in BORES)
BENCH = "/analyses/new/"
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}


class Plant:
    """The address of a house, and the number of a nonconformity in it."""

    def __init__(self, address: str, case: str) -> None:
        self.address, self.case = address, case


@pytest.fixture
def plant(committed_server: str, tmp_path: Path) -> Iterator[Plant]:
    """One site, a quality engineer, and one nonconformity that asks for evidence."""
    with override_settings(FILES=tmp_path / "files"):
        site = SiteFactory.create(code="ABC1")
        ines = a_person(Role.QUALITY, site, username="ines", display_name="Inés Romero")
        yield Plant(committed_server, reported(ines, site, title="Bore too wide").number)
        assert verify().findings == []


@pytest.fixture(params=[True, False], ids=["with javascript", "without javascript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def at_the_desk(plant: Plant, javascript: bool, size: str = "desk") -> Iterator[Page]:
    """A browser in which the quality engineer is signed in."""
    with a_browser() as browser:
        page = browser.new_page(
            viewport=SIZES[size],  # type: ignore[arg-type]
            java_script_enabled=javascript, is_mobile=size == "phone", accept_downloads=True,
        )  # fmt: skip
        page.goto(plant.address)
        page.get_by_label("Username").fill("ines")
        page.get_by_label("Password").fill(PASSWORD)
        pressed(page, "Sign in")
        yield page


@pytest.fixture
def desk(plant: Plant, javascript: bool) -> Iterator[Page]:
    yield from at_the_desk(plant, javascript)


def pressed(page: Page, name: str) -> None:
    """Press a button, and wait until what came of it has arrived."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def computed(page: Page, address: str) -> None:
    """Paste the bores, choose capability, and give its limits."""
    page.goto(address)
    page.get_by_label("Values", exact=True).fill(PASTED)
    pressed(page, "Look at them")
    page.get_by_label("Method").select_option("capability")
    pressed(page, "Compute")
    assert "give lsl, usl or both" in page.locator("#errors").inner_text()
    page.get_by_label("Lower specification limit").fill("9.85")
    page.get_by_label("Upper specification limit").fill("10.15")
    pressed(page, "Compute")
    assert not page.locator("#errors").count()


def shown_in(page: Page, *, drawn: bool) -> None:
    """The outcome says how capable it is, and shows each figure, as drawing or as table."""
    outcome = page.locator("#outcome")
    assert "Cpk" in outcome.locator("p").first.inner_text()
    figures = page.locator("#outcome figure.chart")
    assert figures.count() == 3
    for at in range(figures.count()):
        figure = figures.nth(at)
        figure.scroll_into_view_if_needed()
        if drawn:
            figure.locator("[data-chart-canvas] svg text").first.wait_for()
        assert figure.locator("table").is_visible() is not drawn
    if drawn:
        figures.first.scroll_into_view_if_needed()
        texts = " ".join(figures.first.locator("svg text").all_text_contents())
        assert "Lower spec" in texts
        assert "Upper spec" in texts


def test_values_become_evidence_for_a_nonconformity(plant: Plant, desk: Page, javascript: bool):
    overheard = Overheard(plant.address, desk)
    computed(desk, f"{plant.address}{BENCH}?evidence_for={plant.case}")
    shown_in(desk, drawn=javascript)
    assert plant.case in desk.get_by_role("status").first.inner_text()
    said = desk.locator("#outcome p").first.inner_text()

    desk.get_by_label("Title").fill("Bore after the repair")
    desk.get_by_label("Where the values come from").fill("Gauge 7, 3 November")
    desk.get_by_label("Conclusion").fill("The spindle holds the bore again.")
    pressed(desk, "Keep")

    assert desk.get_by_role("heading", level=1).inner_text() == "Bore after the repair"
    assert said in desk.locator("main").inner_text()
    number = desk.url.split("#")[0].rstrip("/").split("/")[-1]
    assert number.startswith("ANA-ABC1-")
    desk.locator("main").get_by_role("link", name=plant.case).first.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Bore too wide")
    desk.locator("main").get_by_role("link", name=number).first.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Bore after the repair")
    desk.locator(".page-header").get_by_role("link", name="Issue").click()
    pressed(desk, "Issue")
    assert "Issued" in desk.locator("main").inner_text()
    # The refusal to compute without limits is a 422, of which the browser tells.
    assert [text for text in overheard.said if "422" not in text] == overheard.strangers == []


def test_the_bench_and_the_record_can_be_taken_along_as_pdf(plant: Plant, desk: Page):
    computed(desk, plant.address + BENCH)

    with desk.expect_download() as waiting:
        desk.get_by_role("button", name="PDF").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")

    desk.get_by_label("Where the values come from").fill("Gauge 7")
    pressed(desk, "Keep")
    with desk.expect_download() as waiting:
        desk.get_by_role("link", name="PDF").click()
    assert waiting.value.suggested_filename.startswith("ANA-ABC1-")
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["with javascript"])
def test_a_chart_can_be_taken_along_as_svg_png_and_csv(plant: Plant, desk: Page):
    computed(desk, plant.address + BENCH)
    shown_in(desk, drawn=True)
    figure = desk.locator("#outcome figure.chart").nth(2)
    kept = {}

    for kind in ("SVG", "PNG", "CSV"):
        with desk.expect_download() as waiting:
            figure.get_by_role("button", name=kind).click()
        kept[kind] = Path(waiting.value.path()).read_bytes()

    assert kept["SVG"].startswith(b"<svg")
    assert b"Upper limit" in kept["SVG"]
    assert kept["PNG"].startswith(b"\x89PNG")
    lines = kept["CSV"].decode("utf-8-sig").splitlines()
    assert lines[0].startswith('"Point","Bore, mm","Upper limit"')
    assert len(lines) == 1 + len(BORES)
    assert lines[1].startswith('"1","10.02"')


def test_on_a_phone_nothing_is_wider_than_the_window(plant: Plant, javascript: bool):
    for page in at_the_desk(plant, javascript, "phone"):
        page.goto(plant.address + BENCH)
        assert too_wide(page) == []
        computed(page, plant.address + BENCH)
        shown_in(page, drawn=javascript)
        assert too_wide(page) == []
        page.get_by_label("Where the values come from").fill("Gauge 7")
        page.get_by_role("button", name="Keep").click()
        assert page.get_by_role("heading", level=1).inner_text().startswith("Bore, mm ·")
        assert too_wide(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_everybody_can_use_the_bench_in_light_and_in_dark(plant: Plant, size: str):
    for page in at_the_desk(plant, javascript=True, size=size):
        page.goto(plant.address + BENCH)
        assert violations(page) == []
        computed(page, plant.address + BENCH)
        shown_in(page, drawn=True)
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
        assert violations(page, COLOURS) == []


def test_nothing_typed_is_lost_when_a_value_is_wrong(plant: Plant, desk: Page):
    computed(desk, plant.address + BENCH)
    desk.get_by_label("Where the values come from").fill("Gauge 7")
    wrong = PASTED.replace("9.96", "ten")

    desk.get_by_label("Values", exact=True).fill(wrong)
    pressed(desk, "Keep")

    assert "“ten” is not a number" in desk.locator("#errors").inner_text()
    assert desk.get_by_label("Values", exact=True).input_value() == wrong
    assert desk.get_by_label("Where the values come from").input_value() == "Gauge 7"
