"""Tables without separators: cells parted by blanks, as laboratories and NIST write them.

A preamble in prose, one or two heading lines, a line of dashes, then the data; or no
heading at all. A list of labels above the dashes with as many numbers below is a table too.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile
from typing import TypeAlias

from django.utils.translation import gettext as _

from andon.tables.model import Grid

_DASHES = re.compile(r"^\s*[-=_][-=_+\s]{6,}$")
_NUMBER = re.compile(r"^[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?$")
_WIDE_GAP = re.compile(r"\S+(?: \S+)*")
_HEADING_LINES = 3
_WORD = re.compile(r"\S+")

Line: TypeAlias = tuple[int, str]
Piece: TypeAlias = tuple[int, int, str]
"""First and last character position of a word or phrase, and its text."""


def has_ruler(text: str) -> bool:
    """Whether a line of dashes parts a heading from its data."""
    return any(_DASHES.match(line) for line in text.split("\n"))


def read_ruled(text: str) -> Grid | None:
    """Read the data under the last line of dashes, or None if there is no table there."""
    lines = _lines(text)
    rulers = [index for index, (_row, line) in enumerate(lines) if _DASHES.match(line)]
    ruler = rulers[0]
    body = [line for line in lines[ruler + 1 :] if line[1].strip() and not _DASHES.match(line[1])]
    above = lines[:ruler]
    if not body:
        return None
    heading = _block_before(above)
    if pairs := _labels_then_counts(above, body):
        return pairs
    cut = _cut(body)
    if cut is None:
        return None
    rows, middles = cut
    grid = Grid(rows=[(row, list(cells)) for row, cells in rows], separator=" ")
    grid.heading = _headings([line for _row, line in heading], middles)
    grid.notes.append(
        _("Cells are parted by blanks; the heading stands above the line of dashes in row %(row)d.")
        % {"row": lines[ruler][0]}
    )
    return grid


def read_blank_separated(text: str) -> Grid | None:
    """Read lines that all have the same number (two or more) of words."""
    body = [line for line in _lines(text) if line[1].strip()]
    cut = _cut(body)
    if cut is None or len(cut[1]) < 2:  # noqa: PLR2004 - one word a line is a plain list
        return None
    return Grid(
        rows=[(row, list(cells)) for row, cells in cut[0]],
        notes=[_("Cells are parted by blanks.")],
        separator=" ",
    )


def _lines(text: str) -> list[Line]:
    return [(row, line.expandtabs(8)) for row, line in enumerate(text.split("\n"), start=1)]


def _block_before(above: list[Line]) -> list[Line]:
    """Lines directly above the dashes, up to the first blank one; two if prose touches them."""
    tail = list(takewhile(lambda line: line[1].strip(), reversed(above)))
    return list(reversed(tail if len(tail) <= _HEADING_LINES else tail[:2]))


def _labels_then_counts(above: list[Line], body: list[Line]) -> Grid | None:
    """Pair a list of labels above the dashes with as many single numbers below."""
    numbers = [line.strip() for _row, line in body]
    if not all(_NUMBER.match(number) for number in numbers):
        return None
    blocks: list[list[Line]] = [[]]
    for line in above:
        if line[1].strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    labels = [block for block in blocks if block][-1:]
    if not labels or len(labels[0]) != len(numbers) or len(numbers) < 2:  # noqa: PLR2004
        return None
    rows = [
        (row, [label.strip(), number])
        for (_row, label), (row, _line), number in zip(labels[0], body, numbers, strict=True)
    ]
    return Grid(
        rows=[(row, list(cells)) for row, cells in rows],
        heading=[_("Label"), _("Count")],
        separator=" ",
        notes=[
            _("The labels stand above the line of dashes and the numbers below it, in one order.")
        ],
    )


def _cut(body: list[Line]) -> tuple[list[tuple[int, list[str]]], list[float]] | None:
    """Cut every line at blanks; if words have blanks inside, at two or more of them."""
    for pattern in (_WORD, _WIDE_GAP):
        pieces = [(row, _pieces(pattern, line)) for row, line in body]
        widths = Counter(len(found) for _row, found in pieces)
        if len(widths) == 1:
            return (
                [(row, [text for _a, _b, text in found]) for row, found in pieces],
                _middles([found for _row, found in pieces]),
            )
    return None


def _pieces(pattern: re.Pattern[str], line: str) -> list[Piece]:
    return [(found.start(), found.end(), found.group()) for found in pattern.finditer(line)]


def _middles(rows: list[list[Piece]]) -> list[float]:
    return [
        (min(piece[0] for piece in column) + max(piece[1] for piece in column)) / 2
        for column in zip(*rows, strict=True)
    ]


def _headings(lines: list[str], middles: list[float]) -> list[str]:
    """Give each phrase above the dashes to the nearest column and read them downwards."""
    words: list[list[str]] = [[] for _middle in middles]
    for line in lines:
        phrases = _pieces(_WIDE_GAP, line)
        if len(phrases) > len(middles):
            phrases = _joined(phrases, len(middles))
        for (start, end, text), column in zip(phrases, _nearest(phrases, middles), strict=True):
            del start, end
            words[column].append(text)
    return [" ".join(found) for found in words]


def _nearest(phrases: list[Piece], middles: list[float]) -> list[int]:
    """Columns of the phrases from left to right; as many phrases as columns match in order."""
    if len(phrases) == len(middles):
        return list(range(len(middles)))
    places = [(start + end) / 2 for start, end, _text in phrases]
    return [
        min((abs(middle - place), column) for column, middle in enumerate(middles))[1]
        for place in places
    ]


def _joined(phrases: list[Piece], width: int) -> list[Piece]:
    """Put surplus phrases to the last column rather than lose them."""
    head, tail = phrases[: width - 1], phrases[width - 1 :]
    return [*head, (tail[0][0], tail[-1][1], " ".join(piece[2] for piece in tail))]
