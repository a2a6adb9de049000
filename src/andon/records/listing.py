"""What a list can show and be asked: its columns, its filters and its search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import django_filters as filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User

from .models import Record
from .querysets import RecordQuerySet

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
    """One column of a list or an export: its heading and how a record answers it.

    What is ``wide_only`` stands under the title on a phone.
    """

    name: str
    label: str | Promise
    value: Callable[[Any], object]
    wide_only: bool = False


# Every kind's columns; a list shows those of `LISTED` and the kind's own unless others are chosen.
SHELL = (
    Column("number", _("Number"), lambda record: record.number),
    Column("title", _("Title"), lambda record: record.title),
    Column("state", _("State"), lambda record: record.state_label, wide_only=True),
    Column("site", _("Site"), lambda record: record.site.code),
    Column("owner", _("Owner"), str_of("owner")),
    Column("process", _("Process"), str_of("process")),
    Column("opened", _("Opened"), lambda record: record.opened_date),
    Column("due", _("Due"), lambda record: record.due_date, wide_only=True),
    Column("closed", _("Closed"), lambda record: record.closed_date),
)


LISTED_FIRST, LISTED_LAST = ("number", "title", "state"), ("owner", "due")


def chosen(
    offered: Sequence[Column], names: Sequence[str], *, otherwise: Sequence[Column]
) -> list[Column]:
    """Return the columns called ``names``, number first; without a known one, ``otherwise``."""
    found = [column for column in offered if column.name in names]
    first = [column for column in offered if column.name == "number" and column not in found]
    return [*first, *found] if found else list(otherwise)


def unknown_names(offered: Sequence[Column], names: Sequence[str]) -> list[str]:
    """Return those of ``names`` that no column of ``offered`` has any more."""
    known = {column.name for column in offered}
    return [name for name in names if name not in known]


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


def filtered(
    rows: RecordQuerySet[Any], query: QueryDict, *, viewer: User, day: date, by: type[RecordFilters]
) -> tuple[QuerySet[Any], RecordFilters]:
    """Apply the filters in ``query``; what is not a choice is left out, and the form says so."""
    applied = by(query or None, rows, viewer=viewer, day=day)
    return applied.qs, applied


def in_words(applied: RecordFilters) -> str:
    """Return the filters that hold, as a person reads them."""
    form = applied.form
    held = [
        (form[name], value) for name, value in getattr(form, "cleaned_data", {}).items() if value
    ]
    return "; ".join(f"{field.label}: {_choice(field.field, value)}" for field, value in held)


def _choice(field: Any, value: object) -> str:
    return str(dict(getattr(field, "choices", ())).get(value, value))
