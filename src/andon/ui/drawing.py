"""The same figures as SVG where there is no browser: for PDF, and for pages without JavaScript."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, cast

from andon.stats.drawing.figure import Figure

from .assets import DIST, manifest

# The light half of frontend/src/theme.css; a test keeps the two equal.
PAPER = {
    "ink": "#1f2937",
    "muted": "#5f6b7a",
    "grid": "#e2e6eb",
    "data": "#1d5fb8",
    "limit": "#6b4fa0",
    "target": "#1b7a36",
    "spec": "#8a5a00",
    "signal": "#c92a2a",
    "note": "#8a5a00",
    "surface": "#ffffff",
}
FONT = "Libertinus Serif, serif"
# The longest that a drawing may take, and what the engine may hold: an option is never trusted.
SECONDS = 10
BYTES = 256 * 1024 * 1024
# What neither XML nor a page can hold: control characters and halves of characters.
UNWRITABLE = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def svg_of(figure: Figure, *, width: int = 760, height: int = 360) -> str:
    """Return ``figure`` drawn in the colours of paper, as one SVG of this size in pixels.

    The option is drawn by the library that draws it in the browser, in an engine that has neither
    network nor files. The first drawing of a process takes about a tenth of a second longer.
    """
    option = json.dumps(figure.option, allow_nan=False)
    answer = _thread().submit(_draw, option, width, height).result()
    return UNWRITABLE.sub("\ufffd", json.loads(answer))


@cache
def _thread() -> ThreadPoolExecutor:
    """Return the one thread that owns the engine, which must not be shared between threads."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")


@cache
def _engine() -> Any:
    from quickjs import Context  # noqa: PLC0415  (7 MB that most workers never need)

    engine = Context()
    engine.set_memory_limit(BYTES)
    engine.eval("globalThis.setTimeout = () => 0; globalThis.clearTimeout = () => {};")
    engine.eval((DIST / manifest()["charts-ssr.js"]).read_text(encoding="utf-8"))
    return engine


def _draw(option: str, width: int, height: int) -> str:
    engine = _engine()
    engine.set_time_limit(SECONDS)
    draw = engine.get("draw")
    return cast("str", draw(option, width, height, json.dumps(PAPER), FONT))
