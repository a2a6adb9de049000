"""The tree of causes as a fishbone: one SVG for page and paper, and the same as a list."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.html import escape
from django.utils.translation import gettext as _

from andon.modules.actions.models import CauseBranch, CauseState, CorrectiveAction

from . import Branch, tree

WIDTH, COLUMNS, LINE, LETTERS = 960, 4, 17, 30
HEAD, GAP, SMALL = 150, 26, 12
INDENT = 12
STEP = (WIDTH - HEAD) / COLUMNS


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


def svg(action: CorrectiveAction) -> str:
    """Return the fishbone; verified causes are bold, refuted ones struck out."""
    drawn = [(bone, list(_lines(bone.causes))) for bone in bones(action)]
    upper, lower = drawn[:COLUMNS], drawn[COLUMNS : 2 * COLUMNS]
    heights = [
        max([len(lines) for _bone, lines in row] + [2]) * LINE + 40 for row in (upper, lower)
    ]
    spine, height = heights[0], sum(heights)
    parts = [_spine(action, spine)]
    for row, side in ((upper, -1), (lower, 1)):
        for at, (bone, lines) in enumerate(row):
            reach = heights[0] if side < 0 else heights[1]
            parts.append(_bone(bone, lines, at * STEP, spine, side * reach))
    name = escape(_("Fishbone of the causes of: %s") % action.title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' height="{height}" role="img" aria-label="{name}" font-family="Libertinus Serif,'
        f' system-ui, sans-serif" font-size="13" fill="currentColor">{"".join(parts)}</svg>'
    )


def _spine(action: CorrectiveAction, y: int) -> str:
    words = textwrap.wrap(action.title, 18)[:6]
    top = y - LINE * (len(words) - 1) / 2 + 4
    head = "".join(
        f'<text x="{WIDTH - HEAD + 14}" y="{top + at * LINE:g}" font-weight="bold">'
        f"{escape(line)}</text>"
        for at, line in enumerate(words)
    )
    line = _line(0, y, WIDTH - HEAD, y, 2.5)
    tip = WIDTH - HEAD
    arrow = f'<path d="M{tip} {y - 7} L{tip + 9} {y} L{tip} {y + 7} Z"/>'
    return line + arrow + head


def _bone(bone: Bone, lines: list[_Text], x: float, spine: float, reach: int) -> str:
    """Draw one bone up (``reach`` below 0) or down, with its causes beside it."""
    up = reach < 0
    end = spine + reach + (14 if up else -14)
    parts = [
        _line(x + 8, end + (8 if up else -8), x + STEP, spine, 1.5),
        _label(bone.label, x + 4, end if up else end + 6),
    ]
    first = end + GAP if up else spine + GAP
    for at, text in enumerate(lines):
        y = first + at * LINE
        share = (y - end) / (spine - end)
        parts.append(_words(text, x + 16 + share * SMALL + text.indent, y))
    return "".join(parts)


def _label(text: str, x: float, y: float) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-weight="bold">{escape(text)}</text>'


def _words(text: _Text, x: float, y: float) -> str:
    looks = {
        CauseState.VERIFIED: ' font-weight="bold"',
        CauseState.REFUTED: ' text-decoration="line-through"',
    }
    look = looks.get(CauseState(text.state), "")
    return f'<text x="{x:g}" y="{y:g}"{look}>{escape(text.words)}</text>'


def _line(x: float, y: float, to_x: float, to_y: float, width: float) -> str:
    return (
        f'<line x1="{x:g}" y1="{y:g}" x2="{to_x:g}" y2="{to_y:g}" stroke="currentColor"'
        f' stroke-width="{width:g}" stroke-opacity="0.6"/>'
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
