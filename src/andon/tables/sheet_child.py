"""Reads one workbook in a process of its own, with limits on time and memory (UP1, EX1).

Started by path, not as part of the package, so that it imports neither Django nor Andon.
It never evaluates a formula: python-calamine returns the values stored in the file.
In: limits and the file's path as arguments. Out: one JSON object on stdout.
"""

import contextlib
import json
import sys
import zipfile
from datetime import date, time, timedelta
from typing import Any

with contextlib.suppress(ImportError):  # not on Windows, where only the time limit holds
    import resource


def main() -> None:
    """Read limits and path from the arguments and write what was found."""
    limits = json.loads(sys.argv[1])
    _limit(limits)
    try:
        answer = _read(sys.argv[2], limits)
    except MemoryError:
        answer = {"error": "memory"}
    except Exception as error:  # noqa: BLE001 - whatever a parser does with a hostile file
        answer = {"error": type(error).__name__, "text": str(error)[:300]}
    json.dump(answer, sys.stdout, ensure_ascii=True, separators=(",", ":"))


def _limit(limits: dict[str, Any]) -> None:
    if "resource" not in globals():
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _read(path: str, limits: dict[str, Any]) -> dict[str, Any]:
    if zipfile.is_zipfile(path) and (refusal := _packed(path, limits)):
        return {"error": refusal}
    # Imported here: the memory limit must stand before the library allocates.
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    workbook = CalamineWorkbook.from_path(path)
    sheets = []
    cells = text = 0
    for meta in workbook.sheets_metadata:
        if not str(meta.typ).endswith(".WorkSheet"):
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        area = sheet.total_height * sheet.total_width
        if cells + area > limits["cells"]:
            return {"error": "cells", "text": meta.name}
        rows = sheet.to_python(skip_empty_area=False)
        cells += sum(len(row) for row in rows)
        if cells > limits["cells"] or len(rows) > limits["rows"] + 1000:
            return {"error": "cells", "text": meta.name}
        text += _text_in(rows, limits["characters"])
        if text > limits["text"]:
            return {"error": "cells", "text": meta.name}
        sheets.append(_sheet(meta, sheet, rows))
    return {"sheets": sheets}


def _text_in(rows: list[list[Any]], longest: int) -> int:
    """Count the characters in all cells; one cell that is too long is too much for all."""
    lengths = [len(cell) for row in rows for cell in row if isinstance(cell, str)]
    if lengths and max(lengths) > longest:
        raise MemoryError
    return sum(lengths)


def _sheet(meta: Any, sheet: Any, rows: list[list[Any]]) -> dict[str, Any]:
    return {
        "name": meta.name,
        "hidden": not str(meta.visible).endswith(".Visible"),
        "merges": list(sheet.merged_cell_ranges or ()),
        "rows": [[_cell(value) for value in row] for row in rows],
    }


def _cell(value: Any) -> Any:
    """JSON has no dates: those become [kind, text]."""
    if isinstance(value, (str, bool, int, float)) or value is None:
        return None if value == "" else value
    if isinstance(value, (date, time)):  # a datetime is a date
        return [type(value).__name__, value.isoformat()]
    if isinstance(value, timedelta):
        return ["seconds", value.total_seconds()]
    return str(value)


def _packed(path: str, limits: dict[str, Any]) -> str:
    """Unpack every member to nowhere and count: headers can lie about the size."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > limits["members"]:
            return "members"
        left = limits["unpacked"]
        for member in members:
            if member.flag_bits & 1:
                return "PasswordError"
            with archive.open(member) as stream:
                while chunk := stream.read(1 << 20):
                    left -= len(chunk)
                    if left < 0:
                        return "unpacked"
    return ""


if __name__ == "__main__":
    main()
