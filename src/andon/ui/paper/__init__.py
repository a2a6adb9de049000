"""Reports as PDF, set by Typst from one template; what is shown there is on a page, too."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from andon.stats.drawing.figure import Figure
from andon.ui.drawing import UNWRITABLE, svg_of

TEMPLATE = Path(__file__).with_name("report.typ")
_SCRIPT = Path(__file__).with_name("press.py")
SECONDS = 30
# All the press gets of the environment: no secret, and a way out that leads nowhere. One thread,
# because each reserves memory that counts although it is not used.
_NOWHERE = "http://127.0.0.1:9"
_WAYS_OUT = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
ENVIRONMENT = {
    "RAYON_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    **dict.fromkeys(_WAYS_OUT, _NOWHERE),
}
LIMITS = {"memory": 512 * 1024 * 1024, "seconds": SECONDS}


class Unprintable(Exception):
    """A report that cannot be set; the sentence is for the user."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A table of a report under its title; cells are plain text."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything a report holds; texts are plain, nothing in them is taken as markup."""

    title: str
    number: str = ""
    organisation: str = ""
    author: str = ""
    footer: str = ""
    facts: Sequence[tuple[str, str]] = ()
    sentences: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Section] = field(default=())
    landscape: bool = False
    # The drawing of a QR code, as SVG, beside the facts.
    code: str = ""
    code_mm: int = 22


def pdf_of(report: Report) -> bytes:
    """Return ``report`` as a tagged PDF; the same report gives the same bytes.

    Raises `Unprintable` when it does not fit the limits on time and memory.
    """
    data = {
        "title": report.title,
        "number": report.number,
        "organisation": report.organisation,
        "author": report.author,
        "footer": report.footer,
        "landscape": report.landscape,
        "code": report.code,
        "code_mm": report.code_mm,
        "language": (get_language() or "en").split("-")[0],
        "facts": [[str(name), str(value)] for name, value in report.facts],
        "sentences": [str(sentence) for sentence in report.sentences],
        "figures": [{"svg": svg_of(one), "caption": one.caption} for one in report.figures],
        "tables": [
            {
                "title": part.title,
                "columns": [str(name) for name in part.columns],
                "rows": [["–" if c is None else str(c) for c in row] for row in part.rows],
            }
            for part in report.tables
        ],
    }
    return pressed(TEMPLATE, data)


def _system() -> dict[str, str]:
    """Return what Windows needs to start any process; nothing elsewhere."""
    return {k: v for k in ("SYSTEMROOT", "TEMP", "TMP") if (v := os.environ.get(k))}


def pressed(template: Path, data: Mapping[str, Any]) -> bytes:
    """Return ``data`` set by ``template``; raises `Unprintable` beyond time and memory."""
    sent = UNWRITABLE.sub("\ufffd", json.dumps(data, ensure_ascii=False))
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_SCRIPT), json.dumps(LIMITS), str(template)],
            input=sent.encode(), env=ENVIRONMENT | _system(),
            capture_output=True, timeout=SECONDS, check=True,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Unprintable(
            _("This report could not be printed. Take fewer values, or print the page.")
        ) from error
    return done.stdout
