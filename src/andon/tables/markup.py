"""HTML: its largest table, or blocks of text under labels that come again and again.

Only text is taken; nothing is fetched, run or kept as markup.
"""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from andon.tables.model import Cell, Grid, Question, Trouble

_SKIPPED = frozenset({"script", "style", "head", "noscript", "template", "svg"})
_BLOCKS = frozenset(
    {"p", "div", "li", "ul", "ol", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr",
     "table", "dt", "dd", "section", "article", "body"}
)  # fmt: skip
_BOLD = frozenset({"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "dt"})
_MANY = 3
Block = tuple[int, str, bool]
Rows = list[tuple[int, list[Cell]]]


def is_markup(text: str, suffix: str) -> bool:
    """Whether the text is an HTML page or a piece of one."""
    start = text[:2000].lstrip("\ufeff \t\r\n").lower()
    named = suffix in {".htm", ".html"} and start.startswith("<")
    return named or start.startswith(("<!doctype html", "<html", "<table"))


def read_markup(text: str, block: int | None) -> Grid:
    """Return the table of a page, or its labelled blocks as rows."""
    page = _Page()
    page.feed(text)
    page.close()
    page.end_block()
    tables = [rows for rows in page.tables if len(rows) > 1 and len(rows[0][1]) > 1]
    if tables:
        return Grid(rows=_chosen(tables, block), is_chosen=True)
    grid = _labelled(page.blocks)
    if grid is None:
        raise Trouble(_("The page holds no table, and no labels that come again and again."))
    return grid


def _chosen(tables: list[Rows], block: int | None) -> Rows:
    if len(tables) > 1 and block is None:
        raise Question(
            _("The page has %d tables. Which one holds the data?") % len(tables),
            name="block",
            options=[
                (str(at), _("table %(at)d: %(rows)d rows") % {"at": at, "rows": len(rows)})
                for at, rows in enumerate(tables, start=1)
            ],
        )
    at = (block or 1) - 1
    if not 0 <= at < len(tables):
        raise Trouble(_("There is no table %(at)d; the page has %(n)d.")
                      % {"at": at + 1, "n": len(tables)})  # fmt: skip
    return tables[at]


class _Page(HTMLParser):
    """The text of a page as blocks, each bold or not, and its tables as rows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.tables: list[Rows] = []
        self._open: list[Rows] = []
        self._cell: list[str] | None = None
        self._skipping = 0
        self._bold = 0
        self._texts: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SKIPPED:
            self._skipping += 1
        if tag in _BLOCKS:
            self.end_block()
        if tag in _BOLD:
            self._bold += 1
        if tag == "table":
            self._open.append([])
        elif tag == "tr" and self._open:
            self._open[-1].append((self.getpos()[0], []))
        elif tag in {"td", "th"} and self._open and self._open[-1]:
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        if tag in _BLOCKS:
            self.end_block()
        if tag in _BOLD:
            self._bold = max(0, self._bold - 1)
        if tag in {"td", "th"} and self._cell is not None and self._open and self._open[-1]:
            self._open[-1][-1][1].append(_plain("".join(self._cell)))
            self._cell = None
        elif tag == "table" and self._open:
            self.tables.append([row for row in self._open.pop() if row[1]])

    def handle_data(self, data: str) -> None:
        if self._skipping:
            return
        if self._cell is not None:
            self._cell.append(data)
        if data.strip():
            self._texts.append((data, self._bold > 0))

    def end_block(self) -> None:
        """Keep the text so far as one block."""
        text = _plain("".join(text for text, _bold in self._texts))
        if text:
            bold = all(bold for _text, bold in self._texts)
            self.blocks.append((self.getpos()[0], text, bold))
        self._texts = []


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def _labelled(blocks: list[Block]) -> Grid | None:
    """Make a row of the blocks from one first label to the next; other bold text is a section."""
    bold = [text.rstrip(": ") for _line, text, is_bold in blocks if is_bold]
    labels = [text for text, times in Counter(bold).items() if times >= _MANY and _speaks(text)]
    if len(labels) < 2:  # noqa: PLR2004 - one label is a list, not a table
        return None
    rows: list[tuple[int, dict[str, list[str]]]] = []
    section, label = "", ""
    for line, text, is_bold in blocks:
        known = _label(text, labels) if is_bold else ""
        if known:
            label = known
            if known == labels[0]:
                rows.append((line, {_("Section"): [section]} if section else {}))
        elif is_bold and _speaks(text):
            section, label = text, ""
        elif label and rows:
            rows[-1][1].setdefault(label, []).append(text)
    heading = [_("Section"), *labels]
    return Grid(
        rows=[(n, ["\n".join(row.get(name, ())) or None for name in heading]) for n, row in rows],
        heading=heading,
        is_chosen=True,
        notes=[_("The page has no table; each “%s” begins a row.") % labels[0]],
    )


def _label(text: str, labels: list[str]) -> str:
    """Return the label that a bold text is, or begins with."""
    for label in sorted(labels, key=len, reverse=True):
        if text.rstrip(": ") == label or text.startswith((f"{label} ", f"{label}:")):
            return label
    return ""


def _speaks(text: str) -> bool:
    return any(letter.isalpha() for letter in text)
