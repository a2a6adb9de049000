"""Which forms are in force for a record, and what it has answered; read once, kept at hand."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from andon.organization import queries
from andon.records.models import Record

from . import asking, design
from .design import Design, Question
from .models import Answer, FormDesign, FormVersion, Sheet

Use = FormDesign.Use


# -- what is in force ---------------------------------------------------------------------


def designs_of(kind: str) -> list[FormDesign]:
    """Return the published designs of a kind; asked once in a request, whatever the page needs."""
    return queries.once(("designs", kind), lambda: list(_published(kind)))


def _published(kind: str) -> Any:
    rows = FormDesign.objects.filter(kind=kind, current__isnull=False)
    return rows.select_related("current", "site").defer("current__definition").order_by("pk")


@lru_cache(maxsize=512)
def _content(_sha256: str, pk: int) -> Design:
    return design.read(FormVersion.objects.values_list("definition", flat=True).get(pk=pk))


def content(version: FormVersion) -> Design:
    """Return what ``version`` asks; kept in the process, since a published one never changes."""
    return _content(version.sha256, version.pk)


def applying_at(kind: str, use: str, *, site: Any, category: Any) -> list[FormDesign]:
    """Return the designs in use for records of ``kind`` at this site and in this category."""
    return [
        one
        for one in designs_of(kind)
        if one.use == use
        and one.is_active
        and str(one.site_id) in {"None", str(site)}
        and one.category in {"", str(category)}
    ]


def applying(record: Record, use: str) -> list[FormDesign]:
    """Return the designs in use that a record like this one answers."""
    category = getattr(record, "category", "")
    return applying_at(record.kind, use, site=record.site_id, category=category)


# -- what a record has answered -----------------------------------------------------------


def attach(records: Sequence[Record], kind: str) -> None:
    """Read the field sheets of many records at once, so that a list costs as much as one."""
    for record in records:
        record.__dict__["_sheets"] = []
    if not (records and designs_of(kind)):
        return
    by_pk = {record.pk: record for record in records}
    rows = Sheet.objects.filter(record_id__in=by_pk, design__use=Use.FIELDS)
    rows = rows.select_related("version", "design").defer("version__definition").order_by("pk")
    found = list(rows)
    answers = Answer.objects.filter(sheet__in=found).select_related("person", "file")
    grouped: dict[int, list[Answer]] = {}
    for answer in answers.order_by("place") if found else ():
        grouped.setdefault(answer.sheet_id, []).append(answer)
    for sheet in found:
        sheet.__dict__["given"] = grouped.get(sheet.pk, [])
        by_pk[sheet.record_id].__dict__["_sheets"].append(sheet)


def sheets_of(record: Record) -> list[Sheet]:
    """Return the sheets with the custom fields of ``record``, read once."""
    if "_sheets" not in record.__dict__:
        attach([record], record.kind)
    found: list[Sheet] = record.__dict__["_sheets"]
    return found


def rows_of(sheet: Sheet) -> list[Answer]:
    """Return the answer rows of ``sheet``, read once."""
    if "given" not in sheet.__dict__:
        rows = sheet.answers.select_related("person", "file").order_by("place")
        sheet.__dict__["given"] = list(rows)
    found: list[Answer] = sheet.__dict__["given"]
    return found


def rows_for(sheet: Sheet, key: str) -> list[Answer]:
    """Return the answer rows of one question, in their order."""
    return [row for row in rows_of(sheet) if row.key == key]


def asked_of(record: Record) -> list[tuple[Sheet, Question]]:
    """Return every question in use of the record's own forms, with the sheet that answers it."""
    return [(sheet, q) for sheet in sheets_of(record) for q in content(sheet.version).live]


def values(record: Record) -> dict[str, Any]:
    """Return the answers of ``record`` by key, as the API says them."""
    return {q.key: asking.data_of(q, rows_for(sheet, q.key)) for sheet, q in asked_of(record)}


# -- the runs of a checklist ------------------------------------------------------------------


def runs(record: Record, design: FormDesign) -> list[Sheet]:
    """Return all runs of ``design`` at ``record``, the newest first."""
    rows = Sheet.objects.filter(record_id=record.pk, design=design)
    rows = rows.select_related("version", "design", "signed_by").defer("version__definition")
    return list(rows.order_by("-run"))


def last_run(record: Record, design: FormDesign) -> Sheet | None:
    return next(iter(runs(record, design)), None)


def unanswered(sheet: Sheet) -> list[Question]:
    """Return the items that must be answered before the sign-off and are not."""
    return [
        q
        for q in content(sheet.version).live
        if q.required_from and all(row.is_empty for row in rows_for(sheet, q.key))
    ]


def answered(sheet: Sheet) -> int:
    """Count the items that are answered."""
    keys = {row.key for row in rows_of(sheet) if not row.is_empty}
    return len(keys)
