"""A real browser for tests: Chromium of the system, and what it must never show."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")

# What the theme can change; everything else is the same in light and in dark.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Start Chromium. While it runs, this thread can ask no database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--headless=new"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a whole file of tests, on a database that stands as long."""
    with a_browser() as browser:
        yield browser


def violations(page: Page, options: dict[str, Any] | None = None) -> list[tuple[str, list[str]]]:
    """Return the rules of axe that the page breaks, each with what breaks it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "options => axe.run(options).then((found) => found.violations)",
        {"resultTypes": ["violations"], **(options or {})},
    )
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def too_wide(page: Page) -> list[str]:
    """Return what reaches beyond the window, when the document can be scrolled sideways."""
    return list(page.evaluate(_TOO_WIDE))


class Overheard:
    """What a page complains of, and whom it asks."""

    def __init__(self, address: str, page: Page) -> None:
        self.address = address
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def forget(self) -> None:
        self.said.clear()
        self.asked.clear()

    @property
    def strangers(self) -> list[str]:
        """The requests that went to another host."""
        ours = (self.address, "data:", "blob:")
        return [url for url in self.asked if not url.startswith(ours)]


_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > width + 1)
    .filter((each) => !each.closest(".table-responsive"))
    .map((each) => each.outerHTML.slice(0, 160))
    .slice(0, 5)
    .concat([`${document.documentElement.scrollWidth} px`]);
}"""
