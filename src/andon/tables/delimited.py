"""Tables with a separator between the cells: comma, semicolon, tab or bar."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from andon.tables.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from andon.tables.model import Cell, Grid, Trouble

_BY_NAME = {".tsv": "\t", ".tab": "\t", ".psv": "|", ".ssv": ";"}
_CANDIDATES = ("\t", ";", "|", ",")
_SAMPLE_LINES = 300


def names() -> dict[str, str]:
    """Say what each separator is called in a sentence."""
    return {
        "\t": _("tab"),
        ";": _("semicolon"),
        "|": _("bar"),
        ",": _("comma"),
        " ": _("blanks"),
    }


def find_separator(text: str, suffix: str) -> str | None:
    """Return the separator that cuts most lines into the same number of cells, or None."""
    sample = "\n".join(text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES])
    scores = {candidate: _score(sample, candidate) for candidate in _CANDIDATES}
    named = _BY_NAME.get(suffix)
    if named and scores[named] > 0:
        return named
    best = max(_CANDIDATES, key=lambda candidate: scores[candidate])
    return best if scores[best] > 0 else None


def _score(sample: str, separator: str) -> float:
    """Share of lines with the commonest number of cells, if that is more than one."""
    widths = [len(cells) for _, cells in _records(sample, separator, strict=False) if any(cells)]
    if not widths:
        return 0.0
    width, hits = Counter(widths).most_common(1)[0]
    if width < 2:  # noqa: PLR2004 - one cell a line means the separator does not occur
        wide = [found for found in widths if found > 1]
        if len(wide) < len(widths) * 0.3:
            return 0.0
        width, hits = Counter(wide).most_common(1)[0]
    return hits / len(widths) + min(width, 50) / 1000


def read_delimited(text: str, separator: str) -> Grid:
    """Cut ``text`` at ``separator``; quoted cells may hold separators and line breaks."""
    notes: list[str] = []
    try:
        rows = list(_records(text, separator, strict=True))
    except Trouble:
        if '\\"' not in text:
            raise
        rows = list(_records(text, separator, strict=True, escape="\\"))
        notes.append(
            _('Quote marks inside cells are written both \\" and ""; both were read as one mark.')
        )
    rows = _without_comments(rows, notes)
    return Grid(rows=[(row, list(cells)) for row, cells in rows], notes=notes, separator=separator)


def _records(
    text: str, separator: str, *, strict: bool, escape: str | None = None
) -> Iterable[tuple[int, list[Cell]]]:
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        skipinitialspace=separator != "\t",
        strict=strict,
        escapechar=escape,
    )
    start, total = 1, 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _broken(start, str(error)) from None
        total += len(cells)
        if start > MAX_ROWS + 100 or len(cells) > MAX_COLUMNS or total > MAX_CELLS:
            raise _too_big(start)
        yield start, [cell.strip() for cell in cells]
        start = reader.line_num + 1


def _too_big(row: int) -> Trouble:
    return Trouble(
        _("Row %(row)d: the file has more than %(rows)d rows or %(columns)d columns. Split it.")
        % {"row": row, "rows": MAX_ROWS, "columns": MAX_COLUMNS},
        row=row,
    )


def _broken(row: int, error: str) -> Trouble:
    if "end of data" in error:
        sentence = _("Row %(row)d opens a quote mark that is never closed.")
    elif "field larger" in error:
        sentence = _("Row %(row)d has a cell longer than 131,072 characters.")
    else:
        sentence = _(
            "Row %(row)d: after the closing quote mark of a cell comes something else than the"
            ' separator. Quote marks inside a cell are written "".'
        )
    return Trouble(sentence % {"row": row}, row=row)


def _without_comments(
    rows: list[tuple[int, list[Cell]]], notes: list[str]
) -> list[tuple[int, list[Cell]]]:
    """Leave out lines that begin with # and do not have the shape of the others."""
    marked = [
        index for index, (_row, cells) in enumerate(rows) if cells and str(cells[0]).startswith("#")
    ]
    if not marked:
        return rows
    usual = Counter(len(cells) for _row, cells in rows if len(cells) > 1)
    width = usual.most_common(1)[0][0] if usual else 0
    dropped = {index for index in marked if len(rows[index][1]) != width}
    if dropped:
        listed = ", ".join(str(rows[index][0]) for index in sorted(dropped)[:10])
        notes.append(_("Comment lines were left out: row %(rows)s.") % {"rows": listed})
    return [row for index, row in enumerate(rows) if index not in dropped]
