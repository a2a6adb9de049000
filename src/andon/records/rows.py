"""The rows of a list as HTML, drawn here because a template takes five times as long.

Everything that comes from a record or a column passes ``escape``; nothing else is written.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from html import escape
from typing import Any

from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from andon.ui.templatetags.ui import due_date, icon, state_badge

from .listing import Column
from .models import Record


def rows_html(
    records: Sequence[Record], columns: Sequence[Column], *, day: date, choosing: bool
) -> SafeString:
    """Return one table row for each of ``records``, with a box to tick when ``choosing``."""
    pen = _Pen(day, under_title={column.name for column in columns if column.wide_only})
    drawn = []
    for record in records:
        cells = "".join([pen.cell(record, column) for column in columns])
        drawn.append(f"<tr>{_box(record) if choosing else ''}{cells}</tr>")
    return SafeString("\n".join(drawn))


def ticks(offered: Sequence[Column], shown: Sequence[Column]) -> SafeString:
    """Return a box to tick for each column that can be shown."""
    names = {column.name for column in shown}
    return SafeString(
        "".join(
            '<div class="col-6 col-md-3 col-xl-2"><label class="form-check mb-0">'
            f'<input type="checkbox" class="form-check-input" name="col"'
            f' value="{escape(column.name)}"{" checked" if column.name in names else ""}>'
            f'<span class="form-check-label">{escape(str(column.label))}</span></label></div>'
            for column in offered
        )
    )


def hidden(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """Return what a form hands on unseen."""
    return SafeString(
        "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in pairs
        )
    )


def _box(record: Record) -> str:
    return (
        '<td class="w-1"><input type="checkbox" class="form-check-input" name="record" form="bulk"'
        f' value="{record.pk}" aria-label="{escape(_("Choose %s") % record.number)}"></td>'
    )


class _Pen:
    """Draws cells as they are seen on one day; a badge or date that comes again is kept."""

    def __init__(self, day: date, *, under_title: set[str]) -> None:
        self.day, self.under_title = day, under_title
        self.drawn: dict[tuple[object, ...], str] = {}
        self.special: dict[str, Callable[[Any], str]] = {
            "number": self._number,
            "title": self._title,
            "state": lambda record: _wide(self._state(record)),
            "due": lambda record: _wide(self._due(record)),
        }

    def cell(self, record: Record, column: Column) -> str:
        if column.name in self.special:
            return self.special[column.name](record)
        value = column.value(record)
        text = "–" if value is None or value == "" else str(localize(value))
        return f"<td{'' if ' ' in text else _WHOLE}>{escape(text)}</td>"

    def _number(self, record: Record) -> str:
        return (
            '<th scope="row" class="text-nowrap fw-normal">'
            f'<a href="{escape(record.get_absolute_url())}">{escape(record.number)}</a></th>'
        )

    def _title(self, record: Record) -> str:
        lock = ""
        if record.restricted:
            lock = f' {icon("lock")}<span class="visually-hidden">{escape(_("restricted"))}</span>'
        state = self._state(record) if "state" in self.under_title else ""
        due = self._due(record) if "due" in self.under_title else ""
        below = f'<div class="d-md-none">{state} {due}</div>'
        return f"<td>{escape(record.title)}{lock}{below}</td>"

    def _state(self, record: Record) -> str:
        key = ("state", record.state)
        if key not in self.drawn:
            self.drawn[key] = state_badge(record.state_label, record.state_tone)
        return self.drawn[key]

    def _due(self, record: Record) -> str:
        key = ("due", record.due_date, record.is_final)
        if key not in self.drawn:
            self.drawn[key] = due_date(record.due_date, self.day, record.is_final)
        return self.drawn[key]


_WHOLE = ' class="text-nowrap"'


def _wide(drawn: str) -> str:
    return f'<td class="d-none d-md-table-cell">{drawn}</td>'
