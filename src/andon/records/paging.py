"""The pages of a list: keyset, an order that an index serves, and a capped count."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import GreaterThan, LessThan
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .listing import RecordFilters, key_of
from .models import Record
from .reading import Shared

PAGE = 25
COUNTED = 1000
ORDERS = {"newest": _("Newest first"), "oldest": _("Oldest first"), "due": _("Due first")}
# What does not belong to a filter: the place in the list, and the view that it came from.
APART = {"after", "view"}

_COLUMNS = {"id": "records_record.id", "due_date": "records_record.due_date"}


@dataclass(frozen=True)
class Listing:
    """One page of a list: its rows, how many there are at least, and where to go on."""

    rows: Sequence[Record]
    count: int
    count_is_capped: bool
    older: str
    newest: str
    filtered: bool
    form: Any = field(default=None)

    @property
    def count_text(self) -> str:
        return f"{COUNTED:,}+" if self.count_is_capped else f"{self.count:,}"


def page_of(
    rows: QuerySet[Any], query: QueryDict, applied: RecordFilters, *, related: Sequence[str] = ()
) -> Listing:
    """Cut the page after the record ``after`` (keyset: page 3,000 costs as much as page 1)."""
    after = query.get("after", "")
    found = _cut(rows, order_of(query), after, related)
    shown = found[:PAGE]
    count = rows.order_by().values("pk")[: COUNTED + 1].count()
    kept = {k: [v for v in query.getlist(k) if v] for k in query if k != "after"}
    last = _place(shown[-1], order_of(query)) if len(found) > PAGE else ""
    return Listing(
        rows=shown,
        count=min(count, COUNTED),
        count_is_capped=count > COUNTED,
        older=urlencode({**kept, "after": last}, doseq=True) if last else "",
        newest=urlencode(kept, doseq=True) if after else "",
        filtered=any(kept[name] for name in kept if name in applied.filters),
        form=applied.form,
    )


def order_of(query: QueryDict) -> str:
    """Return the order asked for; an unknown one is the newest first."""
    return order if (order := query.get("order", "")) in ORDERS else "newest"


def ordered(rows: QuerySet[Any], order: str) -> QuerySet[Any]:
    """Put ``rows`` in the order of their shell, so that both databases walk an index by kind."""
    if order == "due":
        return rows.order_by(_shell("due_date").asc(nulls_last=True), _shell("id"))
    return rows.order_by(_shell("id") if order == "oldest" else _shell("id").desc())


def newest(
    rows: QuerySet[Any], *, below: int | None, most: int, related: Sequence[str] = ()
) -> list[Any]:
    """Return the ``most`` newest of ``rows`` whose id is below ``below``."""
    if below is not None:
        rows = rows.filter(LessThan(_shell("id"), below))
    return _read(rows, _keys(ordered(rows, "newest"), most), related)


def _shell(column: str) -> RawSQL:
    return RawSQL(_COLUMNS[column], ())  # noqa: S611  (a column of ours)


def _cut(rows: QuerySet[Any], order: str, after: str, related: Sequence[str]) -> list[Any]:
    """Return the rows of the page after ``after`` and one more, if there is one."""
    day, _dot, typed = after.rpartition(".")
    key = key_of(typed)
    if order == "due":
        return _read(rows, _due_keys(rows, day, key), related)
    if order == "oldest":
        rest = rows if key is None else rows.filter(GreaterThan(_shell("id"), key))
        return _read(rows, _keys(ordered(rest, order), PAGE + 1), related)
    return newest(rows, below=key, most=PAGE + 1, related=related)


def _due_keys(rows: QuerySet[Any], day: str, key: int | None) -> list[int]:
    """Return the ids that follow in the order of due dates; those without a date come last."""
    dated, open_end = rows.filter(due_date__isnull=False), rows.filter(due_date=None)
    found: list[int] = []
    if key is None or _is_day(day):
        if key is not None:
            same = dated.filter(GreaterThan(_shell("id"), key), due_date=day)
            found = _keys(ordered(same, "oldest"), PAGE + 1)
            dated = dated.filter(due_date__gt=day)
        in_order = dated.order_by(_shell("due_date"), _shell("id"))
        found += _keys(in_order, PAGE + 1 - len(found))
        key = None
    if key is not None:
        open_end = open_end.filter(GreaterThan(_shell("id"), key))
    return found + _keys(ordered(open_end, "oldest"), PAGE + 1 - len(found))


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _place(record: Record, order: str) -> str:
    return f"{record.due_date or ''}.{record.pk}" if order == "due" else str(record.pk)


def _keys(rows: QuerySet[Any], most: int) -> list[int]:
    """Return the first ids of ``rows``, without further joins: only so is an index walked."""
    return list(rows.values_list("pk", flat=True)[:most]) if most > 0 else []


def _read(rows: QuerySet[Any], ids: Sequence[int], related: Sequence[str]) -> list[Any]:
    if not ids:
        return []
    shared = Shared(rows.model, ("site", "owner", *related))
    found = rows.model._default_manager.filter(pk__in=ids).select_related(*shared.nested)
    place = {pk: nth for nth, pk in enumerate(ids)}
    return sorted(shared.given_to(list(found)), key=lambda record: place[record.pk])
