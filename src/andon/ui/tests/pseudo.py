"""A language in which every sentence of ours stands in brackets, made on the fly.

What a page shows without brackets was not given to the translators.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from django.test import override_settings
from django.utils import translation
from django.utils.translation.template import templatize

SOURCES = Path(__file__).resolve().parents[2]
#: Esperanto lends its code: Django must know a language to speak it.
LANGUAGE = "eo"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
SILENT = {"script", "style", "svg", "code", "pre", "time"}


@cache
def catalog() -> bytes:
    """Return a compiled catalogue of every sentence in the sources and templates."""
    pseudo = Catalog(locale=LANGUAGE)
    for message, context in _messages():
        if isinstance(message, str):
            pseudo.add(message, f"⟦{message}⟧", context=context)
        else:
            pseudo.add(message, [f"⟦{form}⟧" for form in message], context=context)
    compiled = BytesIO()
    write_mo(compiled, pseudo)
    return compiled.getvalue()


def _messages() -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    for path in sorted(SOURCES.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "tests" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Left flush, because to Python an indented line would be a block.
            lines = templatize(text, origin=str(path)).splitlines()
            text = "\n".join(line.strip() for line in lines)
        for _line, message, _notes, context in extract(
            "python", BytesIO(text.encode()), keywords=KEYWORDS
        ):
            if message and all([message] if isinstance(message, str) else message):
                yield message, context


@contextmanager
def pseudo_locale(folder: Path) -> Iterator[None]:
    """Speak the bracketed language; the catalogue is put into ``folder``."""
    home = folder / LANGUAGE / "LC_MESSAGES"
    home.mkdir(parents=True, exist_ok=True)
    (home / "django.mo").write_bytes(catalog())
    languages = [("en", "English"), (LANGUAGE, "Pseudo")]
    with (
        override_settings(LOCALE_PATHS=[folder], LANGUAGES=languages),
        translation.override(LANGUAGE, deactivate=True),
    ):
        yield


class _Words(HTMLParser):
    """Collects what a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        said = {"aria-label", "alt", "placeholder", "title"}
        self.found += [value for name, value in attrs if name in said and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent and any(each.isalpha() for each in data):
            self.found.append(data.strip())


def untranslated(page: str, *, data: tuple[str, ...] = ()) -> list[str]:
    """Return the words of ``page`` outside brackets, but for names and data."""
    words = _Words()
    words.feed(page)
    return [each for each in words.found if "⟦" not in each and each not in data]


@pytest.fixture
def pseudo(tmp_path: Path) -> Iterator[None]:
    """Run the test in the bracketed language."""
    with pseudo_locale(tmp_path):
        yield
