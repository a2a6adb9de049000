"""JSON lines, or one list of objects: the names in the objects are the headings."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from andon.tables.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from andon.tables.model import Cell, Grid, Trouble


def is_json(text: str) -> bool:
    """Whether the text begins as an object or a list of objects."""
    start = text.lstrip("\ufeff \t\r\n")
    return start.startswith("{") or (start.startswith("[") and start[1:].lstrip().startswith("{"))


def read_json(text: str) -> Grid:
    """Return the objects as rows; an object inside an object becomes text."""
    # Each costs before it can be counted.
    if text.count("{") + text.count("[") > 2 * MAX_ROWS or text.count(",") > MAX_CELLS:
        raise _too_big()
    objects = _listed(text) if text.lstrip("\ufeff \t\r\n").startswith("[") else _lines(text)
    heading = list(dict.fromkeys(name for _number, found in objects for name in found))
    if len(heading) > MAX_COLUMNS or len(objects) > MAX_ROWS:
        raise _too_big()
    rows = [(number, [_cell(found.get(name)) for name in heading]) for number, found in objects]
    return Grid(rows=rows, heading=[str(name) for name in heading])


def _too_big() -> Trouble:
    return Trouble(
        _("The file has more than %(rows)d rows or %(columns)d columns. Split it.")
        % {"rows": MAX_ROWS, "columns": MAX_COLUMNS}
    )


def _lines(text: str) -> list[tuple[int, dict[str, Any]]]:
    lines = enumerate(text.lstrip("\ufeff").split("\n"), start=1)
    return [(number, _object(line, number)) for number, line in lines if line.strip()]


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Trouble(
            _("Row %(row)d is no JSON object: %(error)s.")
            % {"row": number, "error": getattr(error, "msg", _("nested too deeply"))},
            row=number,
        ) from None
    return _checked(found, number)


def _checked(found: object, number: int) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Trouble(_("Row %d is no JSON object with names and values.") % number, row=number)
    return found


def _listed(text: str) -> list[tuple[int, dict[str, Any]]]:
    try:
        found = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        sentence = _("The file is no JSON: %s.") % getattr(error, "msg", _("nested too deeply"))
        raise Trouble(sentence, row=getattr(error, "lineno", None)) from None
    return [(number, _checked(each, number)) for number, each in enumerate(found, start=1)]


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | bool | int | float):
        return value.strip() if isinstance(value, str) else value
    return json.dumps(value, ensure_ascii=False)
