"""CSV of a list, streamed, with cells that no spreadsheet takes for a formula (EX2)."""

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from .listing import Column

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def inert(value: object) -> object:
    """Return ``value`` as a cell that is shown and never evaluated; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return value
    text = str(value)
    return f"'{text}" if text.strip(" ").startswith(_DANGEROUS) else text


class _Line:
    """A file-like that hands back what was written to it."""

    def write(self, line: str) -> str:
        return line


def csv_of(rows: QuerySet[Any], columns: Sequence[Column], *, name: str) -> StreamingHttpResponse:
    """Stream ``rows`` as CSV with a byte-order mark, as office spreadsheets expect it."""
    writer = csv.writer(_Line())

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield writer.writerow([str(column.label) for column in columns])
        for record in rows.iterator(chunk_size=2000):
            yield writer.writerow([inert(column.value(record)) for column in columns])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
