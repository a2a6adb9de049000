"""The rows of a list as HTML, drawn here because a template takes five times as long."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from andon.ui.templatetags.ui import due_date, icon, state_badge

from .listing import Column
from .models import Record

WIDE_ONLY = "d-none d-md-table-cell"
_TICKED = " checked"


def rows_html(
    records: Sequence[Record], columns: Sequence[Column], *, day: date, choosing: bool
) -> SafeString:
    """Return one table row for each of ``records``, with a box to tick when ``choosing``."""
    draw = _Pen(day, under_title={column.name for column in columns if column.wide_only})
    return format_html_join(
        "\n",
        "<tr>{}{}</tr>",
        (
            (
                _box(record) if choosing else "",
                format_html_join("", "{}", ((draw.cell(record, column),) for column in columns)),
            )
            for record in records
        ),
    )


def ticks(offered: Sequence[Column], shown: Sequence[Column]) -> SafeString:
    """Return a box to tick for each column that can be shown."""
    return format_html_join(
        "",
        '<div class="col-6 col-md-3 col-xl-2"><label class="form-check mb-0"><input type="checkbox"'
        ' class="form-check-input" name="col" value="{}"{}>'
        '<span class="form-check-label">{}</span></label></div>',
        ((column.name, _TICKED if column in shown else "", column.label) for column in offered),
    )


def hidden(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """Return what a form hands on unseen."""
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


def _box(record: Record) -> SafeString:
    return format_html(
        '<td class="w-1"><input type="checkbox" class="form-check-input" name="record" value="{}"'
        ' aria-label="{}"></td>',
        record.pk,
        _("Choose %s") % record.number,
    )


class _Pen:
    """Draws cells as they are seen on one day; a badge or date that comes again is kept."""

    def __init__(self, day: date, *, under_title: set[str]) -> None:
        self.day, self.under_title = day, under_title
        self.drawn: dict[tuple[object, ...], SafeString] = {}
        self.special: dict[str, Callable[[Any], SafeString]] = {
            "number": self._number,
            "title": self._title,
            "state": lambda record: self._wide(self._state(record)),
            "due": lambda record: self._wide(self._due(record)),
        }

    def cell(self, record: Record, column: Column) -> SafeString:
        if column.name in self.special:
            return self.special[column.name](record)
        value = column.value(record)
        text = "–" if value in (None, "") else str(localize(value))
        whole = "" if " " in text else "text-nowrap"
        return format_html('<td class="{}">{}</td>', whole, text)

    def _number(self, record: Record) -> SafeString:
        return format_html(
            '<th scope="row" class="text-nowrap fw-normal"><a href="{}">{}</a></th>',
            record.get_absolute_url(),
            record.number,
        )

    def _title(self, record: Record) -> SafeString:
        lock = format_html(
            ' {}<span class="visually-hidden">{}</span>', icon("lock"), _("restricted")
        )
        return format_html(
            '<td>{}{}<div class="d-md-none">{} {}</div></td>',
            record.title,
            lock if record.restricted else "",
            self._state(record) if "state" in self.under_title else "",
            self._due(record) if "due" in self.under_title else "",
        )

    def _wide(self, drawn: SafeString) -> SafeString:
        return format_html('<td class="{}">{}</td>', WIDE_ONLY, drawn)

    def _state(self, record: Record) -> SafeString:
        key = ("state", record.state)
        if key not in self.drawn:
            self.drawn[key] = state_badge(record.state_label, record.state_tone)
        return self.drawn[key]

    def _due(self, record: Record) -> SafeString:
        key = ("due", record.due_date, record.is_final)
        if key not in self.drawn:
            self.drawn[key] = due_date(record.due_date, self.day, record.is_final)
        return self.drawn[key]
