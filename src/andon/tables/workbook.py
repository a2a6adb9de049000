"""Workbooks (XLSX, XLSM, XLS, ODS): read in a child process, one sheet chosen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from andon.tables import limits
from andon.tables.model import Cell, Grid, Merge, Question, Trouble

_CHILD = Path(__file__).with_name("sheet_child.py")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ISO_DURATION = re.compile(r"^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$")


def read_workbook(content: bytes, sheet: str | None) -> Grid:
    """Return the rows of the only filled sheet, or of the one named."""
    sheets = _ask_child(content)["sheets"]
    filled = [found for found in sheets if any(_filled(row) for row in found["rows"])]
    if not filled:
        raise Trouble(
            _("The workbook is empty: no cell of %(sheets)s holds anything.")
            % {"sheets": ", ".join(f"“{found['name']}”" for found in sheets) or _("any sheet")}
        )
    chosen = _choose(filled, sheets, sheet)
    notes = []
    if len(sheets) > 1:
        notes.append(_("Read from the sheet “%(name)s”.") % {"name": chosen["name"]})
    return Grid(
        rows=[
            (row, [_cell(value) for value in cells])
            for row, cells in enumerate(chosen["rows"], start=1)
        ],
        merges=[_merge(found) for found in chosen["merges"]],
        notes=notes,
        place=chosen["name"],
    )


def _choose(
    filled: list[dict[str, Any]], sheets: list[dict[str, Any]], wanted: str | None
) -> dict[str, Any]:
    if wanted is not None:
        for found in sheets:
            if found["name"] == wanted:
                return found
        raise Trouble(
            _("There is no sheet “%(name)s”; the workbook has %(names)s.")
            % {"name": wanted, "names": ", ".join(f"“{found['name']}”" for found in sheets)}
        )
    if len(filled) == 1:
        return filled[0]
    options = [(found["name"], _label(found)) for found in filled]
    raise Question(
        _("The workbook has %(count)d filled sheets: %(names)s. Which one holds the data?")
        % {"count": len(filled), "names": ", ".join(f"“{label}”" for _name, label in options)},
        name="sheet",
        options=options,
    )


def _label(sheet: dict[str, Any]) -> str:
    if sheet["hidden"]:
        return _("%(name)s (hidden)") % {"name": sheet["name"]}
    return str(sheet["name"])


def _filled(row: list[Any]) -> bool:
    return any(value is not None and str(value).strip() for value in row)


def _merge(found: list[list[int]]) -> Merge:
    (top, left), (bottom, right) = found
    return (top, left), (bottom, right)


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return _moment(*value)
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def _text(value: str) -> Cell:
    """Blanks around a cell mean nothing; OpenDocument durations arrive as ISO text."""
    stripped = value.strip()
    if stripped.startswith("PT") and (found := _ISO_DURATION.match(stripped)):
        hours, minutes, seconds = (float(part or 0) for part in found.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return stripped or None


def _moment(kind: str, value: Any) -> Cell:
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "datetime":
        return datetime.fromisoformat(value)
    if kind == "time":
        return time.fromisoformat(value)
    return timedelta(seconds=value)


def _ask_child(content: bytes) -> dict[str, Any]:
    bounds = {
        "memory": limits.MAX_MEMORY,
        "seconds": limits.MAX_SECONDS,
        "unpacked": limits.MAX_UNPACKED,
        "members": limits.MAX_MEMBERS,
        "cells": limits.MAX_CELLS,
        "rows": limits.MAX_ROWS,
        "characters": limits.MAX_CHARACTERS,
        "text": limits.MAX_TEXT,
    }
    if _ENCRYPTED in content:
        raise Trouble(_refusal("PasswordError", ""))
    with tempfile.NamedTemporaryFile(suffix=_suffix(content)) as kept:
        kept.write(content)
        kept.flush()
        return _run(kept.name, bounds)


def _suffix(content: bytes) -> str:
    """Return the extension by which the reader picks its parser: by content, not by name."""
    if not content.startswith(b"PK"):
        return ".xls"
    if b"opendocument" in content[:200]:
        return ".ods"
    return ".xlsb" if b"xl/workbook.bin" in content else ".xlsx"


def _run(path: str, bounds: dict[str, int]) -> dict[str, Any]:
    try:
        answer = subprocess.run(
            [sys.executable, "-I", str(_CHILD), json.dumps(bounds), path],
            capture_output=True,
            timeout=limits.MAX_WAIT,
            check=False,
        )
        result = json.loads(answer.stdout) if answer.returncode == 0 else {"error": "died"}
    except (subprocess.TimeoutExpired, ValueError):
        result = {"error": "time"}
    if "error" in result:
        raise Trouble(_refusal(result["error"], result.get("text", "")))
    return dict(result)


def _refusal(error: str, text: str) -> str:
    if error == "PasswordError" or "password" in text.lower():
        return _(
            "The workbook is protected by a password. Open it, save a copy without the password,"
            " and import the copy."
        )
    if error in {"members", "unpacked", "memory", "cells", "time", "died"}:
        return _(
            "The workbook is too big to be read safely: at most %(rows)d rows, %(cells)d cells and"
            " %(megabytes)d MB unpacked. Save only the table that is needed, or a CSV file."
        ) % {
            "rows": limits.MAX_ROWS,
            "cells": limits.MAX_CELLS,
            "megabytes": limits.MAX_UNPACKED // 1024 // 1024,
        }
    return _(
        "The workbook is damaged or not a workbook (%(error)s). Open it in its program and save"
        " it again as XLSX."
    ) % {"error": text or error}
