"""A paper whose parts come in an order that somebody chose, such as the 8D form of a customer."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from andon.stats.drawing.figure import Figure
from andon.ui.drawing import svg_of

from . import pressed

TEMPLATE = Path(__file__).with_name("sheet.typ")
NOTHING = "–"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part under its own heading: facts, sentences, a table, a drawing; what is empty is left.

    ``svg`` is a drawing of our own, ``alt`` what it shows in words; ``figure`` is a chart.
    """

    title: str
    facts: Sequence[tuple[str, str]] = ()
    sentences: Sequence[str] = ()
    points: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    svg: str = ""
    alt: str = ""
    figure: Figure | None = None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The whole paper; ``logo`` is a PNG in base64, ``form`` names the form and its edition."""

    title: str
    heading: str
    number: str
    organisation: str
    author: str
    language: str
    form: str
    parts: Sequence[Part]
    text: str = ""
    logo: str = ""
    compact: bool = False


def sheet_pdf(sheet: Sheet) -> bytes:
    """Return ``sheet`` as a tagged PDF; raises `Unprintable` beyond the limits of the press."""
    data = {
        "title": sheet.title,
        "heading": sheet.heading,
        "number": sheet.number,
        "organisation": sheet.organisation,
        "author": sheet.author,
        "language": sheet.language.split("-")[0],
        "form": sheet.form,
        "text": sheet.text,
        "logo": list(base64.b64decode(sheet.logo)) if sheet.logo else [],
        "compact": sheet.compact,
        "parts": [_told(part) for part in sheet.parts],
    }
    return pressed(TEMPLATE, data)


def _told(part: Part) -> dict[str, object]:
    drawn = svg_of(part.figure) if part.figure else part.svg.replace("currentColor", "#1f2937")
    return {
        "title": str(part.title),
        "facts": [[str(name), _cell(value)] for name, value in part.facts],
        "sentences": [str(one) for one in part.sentences],
        "points": [str(one) for one in part.points],
        "columns": [str(one) for one in part.columns],
        "rows": [[_cell(cell) for cell in row] for row in part.rows],
        "svg": drawn,
        "alt": part.figure.caption if part.figure else part.alt,
    }


def _cell(value: object) -> str:
    return NOTHING if value in (None, "") else str(value)
