"""Pictures of the main pages: serves a fresh demo, signs in, and saves what a browser shows.

``python -m tools.screenshots [NAME ...] [--port N] [--to FOLDER] [--whole]``; each page is taken
1280 and 360 pixels wide, in light and dark. Needs Chromium (``apt install chromium``).
"""

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal, TypeAlias

from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from tools.environment import ROOT
from tools.said import Stop, say

Scheme: TypeAlias = Literal["light", "dark"]
SIZES = ((1280, 900), (360, 740))
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
# What a chart needs to draw itself, in ms.
SETTLED = 400
COLOURS = 128


@dataclass(frozen=True)
class Shot:
    """One page: who looks at it and where it is; then the row to follow, the part to show."""

    name: str
    who: str
    address: str
    follow: str = ""
    part: str = ""


SHOTS = (
    Shot("home", "ana", "/"),
    Shot("work", "ines", "/work"),
    Shot("kpis", "pedro", "/kpis/board/"),
    Shot("kpi", "pedro", "/kpis/board/SCRAP-PRS2/"),
    Shot("wall", "ana", "/kpis/wall/ABC1/?hold=1"),
    Shot("production", "pedro", "/production/"),
    Shot("nonconformities", "ines", "/nonconformities/"),
    Shot("nonconformity", "ines", "/nonconformities/?q=Burrs+seat+rail", "Burrs of 0.16"),
    Shot("clusters", "ines", "/nonconformities/clusters/"),
    Shot("report", "olga", "/nonconformities/new/"),
    Shot("action", "ana", "/actions/?q=Burrs", "Burrs and high scrap", "#effect"),
    Shot("import", "ana", "/import/"),
    Shot("clauses", "martin", "/clauses/"),
    Shot("workbench", "ines", "/analyses/new/?kpi=SCRAP-PRS2"),
    Shot("analysis", "ines", "/analyses/?q=Seat+width", "Seat width after the new die"),
)


def main() -> None:
    """Take every picture."""
    options = _options()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise Stop("There is no Chromium here: apt install chromium.")
    options.to.mkdir(parents=True, exist_ok=True)
    with _served(options.port) as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--headless=new"]
        )
        camera = _Camera(browser, address, password)
        for shot in SHOTS:
            if options.names and shot.name not in options.names:
                continue
            camera.take(shot, to=options.to, whole=options.whole)
        browser.close()


def _options() -> argparse.Namespace:
    asked = argparse.ArgumentParser(
        prog="tools.screenshots", description=(__doc__ or "").splitlines()[0]
    )
    asked.add_argument("names", nargs="*", metavar="NAME", help="only these pages (default: all)")
    asked.add_argument("--port", type=int, default=8765, help="default: 8765")
    asked.add_argument("--to", type=Path, default=ROOT / "docs" / "images", help="where they go")
    asked.add_argument("--whole", action="store_true", help="the whole page, not one screen")
    return asked.parse_args()


@contextmanager
def _served(port: int) -> Iterator[tuple[str, str]]:
    """Serve a demo of its own, and end it afterwards; yields its address and password."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "andon.cli", "demo", "--no-browser"]
        server = subprocess.Popen(
            [*command, "--port", str(port), "--data", folder],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield f"http://127.0.0.1:{port}", _password(server)
        finally:
            server.terminate()
            server.wait()


def _password(server: "subprocess.Popen[str]") -> str:
    """Return the password that the demo says once it is ready."""
    found = ""
    for line in server.stdout or ():
        if "password is always:" in line:
            found = line.rsplit(":", 1)[1].strip()
        if found and "Stop with" in line:
            return found
    raise Stop("The demo did not start.")


class _Camera:
    """A browser that signs everybody in once."""

    def __init__(self, browser: Browser, address: str, password: str) -> None:
        self.browser = browser
        self.address = address
        self.password = password
        self.signed_in: dict[str, StorageState] = {}

    def take(self, shot: Shot, *, to: Path, whole: bool) -> None:
        """Save the four pictures of a page."""
        for (width, height), scheme in product(SIZES, SCHEMES):
            context = self.browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                locale="en-GB",
                reduced_motion="reduce",
                storage_state=self._state(shot.who),
            )
            page = context.new_page()
            page.goto(self.address + shot.address)
            if shot.follow:
                row = page.get_by_role("row").filter(has_text=shot.follow)
                row.get_by_role("link").first.click()
            page.wait_for_load_state("networkidle")
            self._draw(page, shot)
            picture = to / f"{shot.name}-{width}-{scheme}.png"
            _save(page.screenshot(full_page=whole), picture)
            say(f"{picture.name}: {page.title()}")
            context.close()

    def _draw(self, page: Page, shot: Shot) -> None:
        """Let the charts draw themselves, which they do when they come into sight."""
        for chart in page.locator("[data-chart]").all():
            chart.scroll_into_view_if_needed()
            page.wait_for_timeout(SETTLED)
        page.evaluate("scrollTo(0, 0)")
        if shot.part:
            page.locator(shot.part).first.evaluate("part => part.scrollIntoView()")
        page.wait_for_timeout(SETTLED)

    def _state(self, who: str) -> "StorageState":
        if who not in self.signed_in:
            context = self.browser.new_context(locale="en-GB")
            page = context.new_page()
            page.goto(f"{self.address}/sign-in/")
            page.locator("[name=login]").fill(who)
            page.locator("[name=password]").fill(self.password)
            page.locator("form [type=submit]").first.click()
            page.wait_for_load_state("networkidle")
            self.signed_in[who] = context.storage_state()
            context.close()
        return self.signed_in[who]


def _save(data: bytes, picture: Path) -> None:
    """Keep few colours: a picture of a page needs no more, and is a fifth of the size."""
    with Image.open(io.BytesIO(data)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
            picture, "PNG", optimize=True
        )


if __name__ == "__main__":
    main()
