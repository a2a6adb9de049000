"""Values out of what was pasted or uploaded, by the readers that production uses."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from andon.modules.analyses.models.tables import ValueColumn, Values
from andon.tables import Table, Trouble, read_table
from andon.tables.values import as_number, as_text, missing, read_column

MOST_ROWS = 5_000
MOST_COLUMNS = 30


def of_text(pasted: str) -> Values:
    """Return the values in pasted text; `Trouble` says what is wrong and where."""
    text = pasted.strip("\n\r ")
    name = "values.tsv" if "\t" in text else "values.txt"
    return values_of(read_table(text.encode(), name))


def of_file(upload: "UploadedFile[Any]") -> Values:
    """Return the values in an uploaded file: CSV, text, XLSX, XLS or ODS."""
    return values_of(read_table(upload.read(), upload.name or ""))


def values_of(table: Table) -> Values:
    """Return the columns of ``table``: numbers where all cells are, else texts as they stand."""
    if len(table.rows) > MOST_ROWS or len(table.columns) > MOST_COLUMNS:
        raise Trouble(
            _("An analysis takes at most %(rows)s rows and %(columns)s columns.")
            % {"rows": f"{MOST_ROWS:,}", "columns": MOST_COLUMNS}
        )
    columns = tuple(
        _column(name, [row[at] for row in table.rows], table)
        for at, name in enumerate(_names(table.columns))
    )
    kept = tuple(column for column in columns if column.there)
    if not kept:
        raise Trouble(_("There are no values in it."))
    return Values(kept)


def _column(name: str, cells: list[object], table: Table) -> ValueColumn:
    reading = read_column(cells, separator=table.separator)  # type: ignore[arg-type]
    texts = [None if missing(cell) else as_text(cell) for cell in cells]  # type: ignore[arg-type]
    numbers = [None if missing(cell) else as_number(cell, reading) for cell in cells]  # type: ignore[arg-type]
    wrong = sum(
        number is None and text is not None for number, text in zip(numbers, texts, strict=True)
    )
    filled = sum(text is not None for text in texts)
    if wrong == 0 and reading.kind != "date":
        return ValueColumn(name, tuple(None if n is None else float(n) for n in numbers))
    if reading.kind == "number" and wrong < filled:
        row = next(
            row
            for row, number, text in zip(table.source_rows, numbers, texts, strict=True)
            if number is None and text is not None
        )
        raise Trouble(
            _("“%s” is not a number.") % texts[table.source_rows.index(row)], row=row, column=name
        )
    return ValueColumn(name, tuple(texts))


def _names(headings: list[str]) -> list[str]:
    """Return the headings, each different from the others and none empty."""
    names: list[str] = []
    for at, heading in enumerate(headings, start=1):
        name = heading.strip()[:60] or _("Column %d") % at
        while name in names:
            name = f"{name} ({at})"
        names.append(name)
    return names
