"""Texts of cells: put together, cut, and carried on in comments."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _

from andon.accounts.names import INVISIBLE, one_line

COMMENT = 4000
_PARTS = re.compile(r"[,;\n/|&]+|\s{2,}")


def line(text: str) -> str:
    """Return ``text`` on one line, without characters that nobody sees."""
    seen = "".join(c for c in " ".join(text.split()) if unicodedata.category(c) not in INVISIBLE)
    return one_line(seen)


def put_together(pairs: Sequence[tuple[str, str]], *, lines: bool) -> str:
    """Return several cells as one text; each with its heading if there are lines for it."""
    if lines:
        return "\n".join(f"{heading}: {text}" for heading, text in pairs)
    return " · ".join(text for _heading, text in pairs)


def shortened(text: str, most: int) -> str:
    """Return ``text`` cut at a word, with a mark that there was more."""
    return f"{_at_a_word(text, most - 1)}…"


def cut(text: str, most: int) -> tuple[str, str]:
    """Return the part that fits, with a mark, and the rest."""
    kept = _at_a_word(text, most - 2)
    return f"{kept} …", text[len(kept) :].lstrip()


def _at_a_word(text: str, most: int) -> str:
    kept = text[:most]
    at = max(kept.rfind(" "), kept.rfind("\n"))
    return (kept[:at] if at > most // 2 else kept).rstrip()


def continued(label: str, rest: str) -> list[str]:
    """Return the rest of a long text as comments."""
    head = _("%s, continued:") % label + "\n"
    return [head + part for part in _parted(rest, COMMENT - len(head) - 4)]


def noted(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return cells of columns without a field as comments."""
    return _parted("\n".join(f"{heading}: {text}" for heading, text in pairs), COMMENT - 4)


def _parted(text: str, most: int) -> list[str]:
    parts = []
    while len(text) > most:
        kept, text = cut(text, most)
        parts.append(kept)
    return [*parts, text] if text else parts


def numbers_in(text: str) -> list[str]:
    """Return the numbers a cell names, such as “17, 23; 31”."""
    return [part.strip() for part in _PARTS.split(text) if part.strip()]
