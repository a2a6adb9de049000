"""Rows as CSV or workbook, with cells that no spreadsheet takes for a formula (EX2)."""

import csv
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO, Any, Protocol, cast

from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

LINES = 200
# Excel shows no more than 15 digits of a number and cuts a longer text without a word.
LONGEST_NUMBER, LONGEST_TEXT = 10**15, 32_000
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What stands before a cell and is not seen: blanks of any sort, and marks of direction or joining.
_UNSEEN = r"[\s\x00-\x20\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
_FORMULA = re.compile(rf"[\t\r]|{_UNSEEN}[=+@＝＋＠﹢﹦﹫\-－﹣]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
# A program that takes another character for the one between cells, or a quoted line end for the
# end of a row, begins a cell here.
_INNER = re.compile(rf"([;\t\r\n|]{_UNSEEN})([=+@＝＋＠﹢﹦﹫]|[\-－﹣](?=\S))")


class Column(Protocol):
    """A heading and how a row answers it."""

    @property
    def label(self) -> object: ...

    @property
    def value(self) -> Callable[[Any], object]: ...


def inert(value: object) -> object:
    """Return ``value`` as a cell that is shown and never evaluated; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return value
    text = str(value)
    if _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if _FORMULA.match(text) else text


def inert_in_csv(value: object) -> object:
    """Return ``value`` as `inert` does, however a spreadsheet cuts the line into cells."""
    cell = inert(value)
    return _INNER.sub(r"\1'\2", cell) if isinstance(cell, str) else cell


class _Line:
    """A file-like that hands back what was written to it."""

    def write(self, line: str) -> str:
        return line


def csv_of(
    records: Iterable[Any], columns: Sequence[Column], *, name: str
) -> StreamingHttpResponse:
    """Stream ``records`` as CSV with a byte-order mark, as office spreadsheets expect it."""
    writer = csv.writer(_Line())
    values = [column.value for column in columns]

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield writer.writerow([inert_in_csv(column.label) for column in columns])
        for record in records:
            yield writer.writerow([inert_in_csv(value(record)) for value in values])

    answer = StreamingHttpResponse(_gathered(lines()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _gathered(lines: Iterator[str]) -> Iterator[str]:
    """Join lines to parts worth a packet."""
    part: list[str] = []
    for line in lines:
        part.append(line)
        if len(part) == LINES:
            yield "".join(part)
            part = []
    yield "".join(part)


def xlsx_of(
    records: Iterable[Any],
    columns: Sequence[Column],
    *,
    name: str,
    about: Sequence[tuple[str, str]],
) -> FileResponse:
    """Return ``records`` as a workbook: typed cells, a fixed heading, a second sheet ``about`` it.

    Rows go to the disk as they are written, so memory does not grow with them.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415  (only who exports waits for it)

    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    _fill(book, records, columns)
    sheet = book.add_worksheet(_("About this list")[:31])
    sheet.set_column(0, 1, 40)
    for row, pair in enumerate(about):
        for place, text in enumerate(pair):
            sheet.write_string(row, place, str(inert(text))[:LONGEST_TEXT])
    book.close()
    file.seek(0)
    return FileResponse(
        cast("IO[bytes]", file), as_attachment=True, filename=f"{name}.xlsx", content_type=WORKBOOK
    )


def _fill(book: Any, records: Iterable[Any], columns: Sequence[Column]) -> None:
    sheet = book.add_worksheet(_("List")[:31])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 18)
    bold = book.add_format({"bold": True})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, str(inert(column.label)), bold)
    values = [(place, column.value) for place, column in enumerate(columns)]
    row = 0
    for row, record in enumerate(records, start=1):
        for place, value in values:
            _write(sheet, row, place, value(record))
    sheet.autofilter(0, 0, row, len(columns) - 1)


def _write(sheet: Any, row: int, place: int, value: object) -> None:
    """Write one cell by its type; text is text, whatever it looks like."""
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, place, value.astimezone(UTC).replace(tzinfo=None))
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value)
    elif isinstance(value, (int, float, Decimal)) and _is_plain(value):
        sheet.write_number(row, place, value)
    else:
        sheet.write_string(row, place, str(inert(value))[:LONGEST_TEXT])


def _is_plain(number: float | Decimal) -> bool:
    """Whether a workbook keeps ``number`` whole; not a number, infinity and yes or no are text."""
    return not isinstance(number, bool) and abs(float(number)) < LONGEST_NUMBER
