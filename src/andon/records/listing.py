"""The one list page: filters, search, keyset paging and a capped count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters as filters
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import LessThan
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User

from .models import Record
from .querysets import RecordQuerySet

PAGE = 25
COUNTED = 1000
# Digits; what is longer is no key of a database.
LONGEST_KEY = 18


def key_of(typed: str) -> int | None:
    """Return the key of a row that ``typed`` names, or None; any text is safe to ask about."""
    fits = typed.isascii() and typed.isdigit() and len(typed) < LONGEST_KEY
    return int(typed) if fits else None


def str_of(name: str) -> Callable[[Any], str]:
    """Return a column's value that is a related row, in its words."""
    return lambda record: str(getattr(record, name) or "")


@dataclass(frozen=True)
class Column:
    """One column of a list or an export: its heading and how a record answers it."""

    name: str
    label: str | Promise
    value: Callable[[Any], object]


SHELL = (
    Column("number", _("Number"), lambda record: record.number),
    Column("title", _("Title"), lambda record: record.title),
    Column("state", _("State"), lambda record: record.state_label),
    Column("site", _("Site"), lambda record: record.site.code),
    Column("owner", _("Owner"), str_of("owner")),
    Column("process", _("Process"), str_of("process")),
    Column("opened", _("Opened"), lambda record: record.opened_date),
    Column("due", _("Due"), lambda record: record.due_date),
    Column("closed", _("Closed"), lambda record: record.closed_date),
)


class RecordFilters(filters.FilterSet):
    """Filters that every kind has; a kind adds its own by subclassing."""

    q = filters.CharFilter(label=_("Search"), method="by_words")
    state = filters.ChoiceFilter(label=_("State"), method="by_state", empty_label=_("Any state"))
    site = filters.ChoiceFilter(label=_("Site"), field_name="site_id", empty_label=_("Any site"))
    owner = filters.ChoiceFilter(
        label=_("Owner"), choices=[("me", _("Mine"))], method="by_owner", empty_label=_("Anybody")
    )
    due = filters.ChoiceFilter(
        label=_("Due"),
        choices=[("overdue", _("Overdue"))],
        method="by_due",
        empty_label=_("Any date"),
    )

    class Meta:
        fields: ClassVar[list[str]] = []

    def __init__(
        self, data: QueryDict | None, queryset: QuerySet[Any], *, viewer: User, day: date
    ) -> None:
        super().__init__(data, queryset)
        self.viewer, self.day = viewer, day
        model: type[Record] = queryset.model
        states = model.workflow.states.choices
        self.filters["state"].extra["choices"] = [
            ("open", _("Open")),
            ("closed", _("Closed")),
            *states,
        ]
        scope = viewer.site_scope()
        sites = Site.objects.order_by("code").values_list("pk", "code")
        self.filters["site"].extra["choices"] = [
            (pk, code) for pk, code in sites if scope is None or pk in scope
        ]

    def by_words(self, rows: RecordQuerySet[Any], _name: str, typed: str) -> RecordQuerySet[Any]:
        return rows.found(typed, viewer=self.viewer)

    def by_state(self, rows: RecordQuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        if value in ("open", "closed"):
            return rows.filter(closed_date__isnull=value == "open")
        return rows.filter(state=value)

    def by_owner(self, rows: RecordQuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return rows.filter(owner_id=self.viewer.pk)

    def by_due(self, rows: RecordQuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return rows.overdue(self.day)


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


def filtered(
    rows: RecordQuerySet[Any], query: QueryDict, *, viewer: User, day: date, by: type[RecordFilters]
) -> tuple[QuerySet[Any], RecordFilters]:
    """Apply the filters in ``query``; what is not a choice is left out, and the form says so."""
    applied = by(query or None, rows, viewer=viewer, day=day)
    return applied.qs, applied


def page_of(
    rows: QuerySet[Any], query: QueryDict, applied: RecordFilters, *, related: Sequence[str] = ()
) -> Listing:
    """Cut the page after the record ``after`` (keyset: page 3,000 costs as much as page 1)."""
    after = key_of(query.get("after", ""))
    found = newest(rows, below=after, most=PAGE + 1, related=related)
    shown = found[:PAGE]
    count = rows.order_by().values("pk")[: COUNTED + 1].count()
    kept = {k: v for k, v in query.items() if k != "after" and v}
    older = urlencode({**kept, "after": shown[-1].pk}) if len(found) > PAGE else ""
    return Listing(
        rows=shown,
        count=min(count, COUNTED),
        count_is_capped=count > COUNTED,
        older=older,
        newest=urlencode(kept) if after is not None else "",
        filtered=bool(kept),
        form=applied.form,
    )


def newest(
    rows: QuerySet[Any], *, below: int | None, most: int, related: Sequence[str] = ()
) -> list[Any]:
    """Return the ``most`` newest of ``rows`` whose id is below ``below``.

    The ids come first, in the order of the shell's own id and without further joins: only so do
    both databases walk the index by kind instead of sorting the table.
    """
    shell_id = RawSQL("records_record.id", ())
    keys = rows.order_by(shell_id.desc())
    if below is not None:
        keys = keys.filter(LessThan(shell_id, below))
    ids = list(keys.values_list("pk", flat=True)[:most])
    found = rows.model._default_manager.filter(pk__in=ids) if ids else rows.none()
    shown = found.select_related("site", "owner", *related)
    return sorted(shown, key=lambda record: -record.pk)
