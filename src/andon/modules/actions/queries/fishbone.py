"""The tree of causes as a fishbone: one SVG for page and paper, and the same as a list."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from andon.modules.actions.models import CauseBranch, CauseState, CorrectiveAction

from . import Branch, tree

WIDTH, COLUMNS, LINE, LETTERS = 960, 4, 17, 30
HEAD, GAP, SMALL = 150, 26, 12
INDENT = 12
STEP = (WIDTH - HEAD) / COLUMNS
BOLD, STRUCK = "bold", "struck"
LOOKS = {CauseState.VERIFIED.value: BOLD, CauseState.REFUTED.value: STRUCK}


@dataclass
class Bone:
    """One branch of the fishbone with the causes that lie on it."""

    key: str
    label: str
    causes: list[Branch] = field(default_factory=list)


def bones(action: CorrectiveAction) -> list[Bone]:
    """Return the seven branches, each with its causes; what lies on none comes last."""
    found = {key: Bone(key, str(label)) for key, label in CauseBranch.choices}
    loose = Bone("", _("Not placed yet"))
    for root in tree(action):
        found.get(root.cause.branch, loose).causes.append(root)
    return [*found.values(), *([loose] if loose.causes else [])]


@dataclass(frozen=True)
class _Text:
    words: str
    indent: int
    state: str


def _lines(branches: list[Branch], depth: int = 0) -> Iterator[_Text]:
    """Yield the causes of one bone line by line, those that lie deeper indented."""
    for branch in branches:
        width = max(12, LETTERS - 2 * depth)
        for at, words in enumerate(textwrap.wrap(branch.cause.text, width) or [""]):
            mark = "– " if at == 0 else "  "
            yield _Text(mark + words, depth * INDENT + (0 if at == 0 else 8), branch.cause.state)
        yield from _lines(branch.deeper, depth + 1)


def svg(action: CorrectiveAction) -> SafeString:
    """Return the fishbone; verified causes are bold, refuted ones struck out."""
    drawn = [(bone, list(_lines(bone.causes))) for bone in bones(action)]
    rows = drawn[:COLUMNS], drawn[COLUMNS : 2 * COLUMNS]
    heights = [max([len(lines) for _bone, lines in row] + [2]) * LINE + 40 for row in rows]
    spine = heights[0]
    parts = [_spine(action, spine)]
    for row, reach in zip(rows, (-heights[0], heights[1]), strict=True):
        for at, (bone, lines) in enumerate(row):
            parts.append(_bone(bone, lines, at * STEP, spine, reach))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}"'
        ' role="img" aria-label="{2}" font-family="Libertinus Serif, system-ui, sans-serif"'
        ' font-size="13" fill="currentColor">{3}</svg>',
        WIDTH,
        sum(heights),
        _("Fishbone of the causes of: %s") % action.title,
        _together(parts),
    )


def _together(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _spine(action: CorrectiveAction, y: int) -> SafeString:
    tip = WIDTH - HEAD
    said = textwrap.wrap(action.title, 15)[:7]
    top = y - LINE * (len(said) - 1) / 2 + 4
    head = [_words(text, tip + 14, top + at * LINE, BOLD) for at, text in enumerate(said)]
    arrow = format_html('<path d="M{0} {1} L{2} {3} L{0} {4} Z"/>', tip, y - 7, tip + 9, y, y + 7)
    return _together([_line((0, y), (tip, y), 2.5), arrow, *head])


def _bone(bone: Bone, lines: list[_Text], x: float, spine: float, reach: int) -> SafeString:
    """Draw one bone up (``reach`` below 0) or down, with its causes beside it."""
    up = reach < 0
    end = spine + reach + (14 if up else -14)
    parts = [
        _line((x + 8, end + (8 if up else -8)), (x + STEP, spine), 1.5),
        _words(bone.label, x + 4, end if up else end + 6, BOLD),
    ]
    first = end + GAP if up else spine + GAP
    for at, text in enumerate(lines):
        y = first + at * LINE
        share = (y - end) / (spine - end)
        look = LOOKS.get(text.state, "")
        parts.append(_words(text.words, x + 16 + share * SMALL + text.indent, y, look))
    return _together(parts)


def _words(text: str, x: float, y: float, look: str = "") -> SafeString:
    """Return a line of text; ``look`` is the weight, or a line through it."""
    bold = "bold" if look == BOLD else "normal"
    through = "line-through" if look == STRUCK else "none"
    return format_html(
        '<text x="{}" y="{}" font-weight="{}" text-decoration="{}">{}</text>',
        f"{x:g}", f"{y:g}", bold, through, text,
    )  # fmt: skip


def _line(start: tuple[float, float], end: tuple[float, float], width: float) -> SafeString:
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="currentColor" stroke-width="{}"'
        ' stroke-opacity="0.6"/>',
        *(f"{number:g}" for number in (*start, *end, width)),
    )


# -- the same tree as chains of why --------------------------------------------------------------


def chains(action: CorrectiveAction) -> list[list[Branch]]:
    """Return one chain for each cause that nothing lies behind, from the first why to it."""
    found: list[list[Branch]] = []

    def follow(branch: Branch, above: list[Branch]) -> None:
        chain = [*above, branch]
        if not branch.deeper:
            found.append(chain)
        for deeper in branch.deeper:
            follow(deeper, chain)

    for root in tree(action):
        follow(root, [])
    return found
