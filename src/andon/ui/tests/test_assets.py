"""The built front end: complete, small, ours alone, and current."""

import gzip
import re
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from andon.ui.assets import DIST, asset_url, manifest

ROOT = Path(__file__).resolve().parents[4]
sys.path.append(str(ROOT))
KB = 1000
TEXT = [path for path in DIST.glob("*") if path.suffix in {".css", ".js", ".svg"}]
#: Names of XML vocabularies and of the ECharts help, which no browser asks for.
NOT_ASKED = ("http://www.w3.org/", "https://echarts.apache.org/")


def wire_size(name):
    """Return what the browser loads at worst: the file as gzip."""
    return len(gzip.compress((DIST / manifest()[name]).read_bytes(), 9))


@pytest.mark.parametrize("name", ["theme.css", "app.js", "charts.js", "icons.svg", "favicon.svg"])
def test_an_asset_is_there_with_the_hash_of_its_content_in_its_name(name):
    url = asset_url(name)

    assert re.fullmatch(r"/static/andon/dist/[a-z]+-[0-9a-f]{12}\.[a-z]+", url)
    assert finders.find(url.removeprefix("/static/"))


def test_the_first_page_stays_within_its_budget_without_charts():
    htmx = Path(str(finders.find("django_htmx/htmx-2.min.js"))).stat().st_size
    assets = sum(map(wire_size, ("theme.css", "app.js", "icons.svg", "favicon.svg")))

    assert assets + htmx < 170 * KB, "30 KB are left for the page itself"


def test_charts_are_loaded_apart_and_stay_within_their_budget():
    assert wire_size("charts.js") < 251 * KB
    assert wire_size("app.js") < 5 * KB


@pytest.mark.parametrize("path", TEXT, ids=lambda path: path.name.split("-")[0] + path.suffix)
def test_no_asset_asks_another_host(path):
    text = path.read_text(encoding="utf-8")
    addresses = re.findall(r"https?://[\w./-]+", text)

    assert [each for each in addresses if not each.startswith(NOT_ASKED)] == []
    assert not re.findall(r"@import|sourceMappingURL", text)


def test_SE3_no_script_needs_eval():
    scripts = [path for path in TEXT if path.suffix == ".js"]

    for path in scripts:
        assert not re.findall(r"\beval\(|new Function\(", path.read_text(encoding="utf-8"))


@pytest.mark.django_db  # the end of a request looks after the connections there are
def test_browsers_keep_an_asset_for_ever_and_get_it_compressed():
    answer = Client().get(asset_url("theme.css"), headers={"accept-encoding": "br"})

    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    answer.close()


def test_CF1_the_licences_of_what_is_built_in_lie_beside_it():
    kept = {path.name for path in (DIST / "licences").glob("*.txt")}

    assert {"echarts.txt", "tabler.txt", "tabler-icons.txt", "zrender.txt"} <= kept


def test_what_is_built_is_what_the_sources_say():
    from hatch_build import fingerprint  # noqa: PLC0415  (at the root, not in the package)

    stamp = (DIST / "stamp.txt").read_text(encoding="utf-8").strip()
    assert stamp == fingerprint(ROOT / "frontend"), "run: python hatch_build.py"
