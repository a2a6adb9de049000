"""Custom fields where a record is seen: form, page, list, export, history."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.accounts.models import User
from andon.records.forms import DayInput, RecordForm
from andon.records.listing import Column, RecordFilters
from andon.records.models import Attachment, Record
from andon.records.pages import RecordPages
from andon.trail.capture import chunks
from andon.ui.paper import Section

from . import asking, keeping, reading
from .design import Question, Type
from .models import Answer, FormDesign, Sheet

Use = FormDesign.Use


# -- in forms ---------------------------------------------------------------------------------


def ask_new(form: RecordForm, kind: type[Record]) -> None:
    """Add to the form of a new record the fields of its site and category."""
    if not reading.designs_of(kind.slug()):
        return
    at = {n: form[n].value() if n in form.fields else "" for n in ("site", "category")}
    designs = reading.applying_at(kind.slug(), Use.FIELDS, **at)
    ask(form, [q for one in designs for q in reading.content(one.in_force).live])


def ask_again(form: RecordForm, record: Record) -> None:
    """Add to the form of an old record the fields of its own form, with their answers."""
    asked = reading.asked_of(record)
    ask(form, [q for _sheet, q in asked])
    for sheet, question in asked:
        value = asking.value_of(question, reading.rows_for(sheet, question.key))
        field = form.fields[question.name]
        field.initial = value
        if isinstance(value, Attachment):
            field.help_text = f"{field.help_text} {_('Now: %s.') % value.name}".strip()


def ask(form: RecordForm, questions: Iterable[Question]) -> None:
    """Add a field for each of ``questions``, each section under its heading."""
    section = ""
    for question in questions:
        required = keeping.needed_now(question, form.instance)
        field = asking.field_of(question, viewer=form.viewer, required=required)
        field.section = question.section if question.section != section else ""  # type: ignore[attr-defined]
        section = question.section
        form.fields[question.name] = field


# -- on the page of a record, and on paper ----------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One answer in words."""

    question: Question
    words: str
    judged: str
    file: Attachment | None

    @property
    def heading(self) -> str:
        return self.question.label + (_(" (retired)") if self.question.retired else "")

    @property
    def verdict(self) -> str:
        if self.question.type != Type.MEASUREMENT:
            return _("failed")
        words = _("within %s") if self.judged == asking.GOOD else _("outside %s")
        return words % self.question.limits


@dataclass(frozen=True)
class ShownSheet:
    """The answers of one form, in the version that the record was made with."""

    title: str
    version: str
    answers: tuple[Shown, ...]


def shown(record: Record) -> list[ShownSheet]:
    """Return what ``record`` answers, form by form; a retired field shows while it has a value."""
    return [shown_sheet(sheet) for sheet in reading.sheets_of(record)]


def shown_sheet(sheet: Sheet) -> ShownSheet:
    """Return the answers of one sheet in words."""
    found = []
    for question in reading.content(sheet.version).questions:
        rows = reading.rows_for(sheet, question.key)
        words = asking.words_of(question, rows)
        if words or not question.retired:
            first = rows[0] if rows else Answer()
            found.append(Shown(question, words, first.judged, first.file))
    return ShownSheet(sheet.design.name, str(sheet.version.number), tuple(found))


def context(record: Record) -> dict[str, Any]:
    """Return what the page of ``record`` shows of custom fields and checklists."""
    if not reading.designs_of(record.kind):
        return {}
    return {
        "more": "sheets/_record.html",
        "own": shown(record),
        "newer_forms": keeping.newer(record),
        "checklists": checklists(record),
    }


def paper(record: Record) -> list[Section]:
    """Return the tables with which a print of ``record`` shows its answers."""
    if not reading.designs_of(record.kind):
        return []
    rows = Sheet.objects.filter(record_id=record.pk, design__use=Use.CHECKLIST).order_by("pk")
    runs = rows.select_related("version", "design").defer("version__definition")
    return [_section(sheet) for sheet in [*shown(record), *map(shown_sheet, runs)]]


def _section(sheet: ShownSheet) -> Section:
    return Section(
        title=_("%(form)s, version %(number)s") % {"form": sheet.title, "number": sheet.version},
        columns=(_("Question"), _("Answer"), _("Result")),
        rows=[(a.heading, a.words, a.verdict if a.judged else "") for a in sheet.answers],
    )


@dataclass(frozen=True)
class Checklist:
    """How far a record is with one checklist."""

    name: str
    url: str
    words: str
    tone: str
    note: str
    failed: int = 0

    @property
    def failed_words(self) -> str:
        return ngettext("%d item failed", "%d items failed", self.failed) % self.failed


def checklists(record: Record) -> list[Checklist]:
    """Return the checklists of ``record``: those in force, and those that were ever begun."""
    if not any(one.use == Use.CHECKLIST for one in reading.designs_of(record.kind)):
        return []
    rows = Sheet.objects.filter(record_id=record.pk, design__use=Use.CHECKLIST).order_by("run")
    last = {sheet.design_id: sheet for sheet in rows.select_related("design", "signed_by")}
    designs = {one.pk: one for one in reading.applying(record, Use.CHECKLIST)}
    known = {pk: sheet.design for pk, sheet in last.items()} | designs
    return [_checklist(record, one, last.get(pk)) for pk, one in known.items()]


def _checklist(record: Record, one: FormDesign, sheet: Sheet | None) -> Checklist:
    url = keeping.checklist_url(record, one)
    if sheet is None or sheet.signed_date is None:
        words = _("begun") if sheet else _("not begun")
        demanded = reading.content(one.in_force).demanded_by if one.current_id else ""
        steps = {step.name: str(step.label) for step in record.life.transitions}
        note = _("needed for “%s”") % steps[demanded] if demanded in steps else ""
        return Checklist(one.name, url, words, "wait", note)
    note = f"{sheet.signed_by} · {date_format(sheet.signed_date)}"
    return Checklist(one.name, url, _("signed off"), "good", note, sheet.failed)


# -- in lists and exports ---------------------------------------------------------------------


def _questions(kind: str) -> dict[str, Question]:
    """Return the fields in force of ``kind`` by key, whatever site and category they are for."""
    designs = [one for one in reading.designs_of(kind) if one.use == Use.FIELDS and one.is_active]
    return {q.key: q for one in designs for q in reading.content(one.in_force).live}


def on_list(pages: RecordPages[Any], viewer: User) -> RecordPages[Any]:
    """Return ``pages`` with a column for each field in force, and filters for those listed."""
    if not (asked := _questions(pages.name)):
        return pages
    columns = {q.key: _column(q) for q in asked.values()}
    listed = tuple(columns[q.key] for q in asked.values() if q.listed)
    others = tuple(columns[q.key] for q in asked.values() if not q.listed)
    own = _filters_of(pages, [q for q in asked.values() if q.listed], viewer)
    return replace(pages, columns=(*pages.columns, *listed), more_columns=others, filters=own)


def _column(question: Question) -> Column:
    def value(record: Record) -> object:
        for sheet in reading.sheets_of(record):
            if question.key in (asked := reading.content(sheet.version)):
                rows = reading.rows_for(sheet, question.key)
                said = asking.cell_of(asked[question.key], rows)
                return None if said == "" else said
        return None

    label = f"{question.label} ({question.unit})" if question.unit else question.label
    return Column(question.name, label, value)


def with_answers(records: Iterable[Any], kind: str) -> Iterator[Any]:
    """Yield ``records`` with their answers, read some hundred at a time."""
    if not reading.designs_of(kind):
        yield from records
        return
    for chunk in chunks(records):
        reading.attach(chunk, kind)
        yield from chunk


def _filters_of(
    pages: RecordPages[Any], questions: list[Question], viewer: User
) -> type[RecordFilters]:
    own: dict[str, Any] = {}
    for question in questions:
        own |= dict(_filters(question, pages.name, viewer))
    return type("OwnFilters", (pages.filters,), own) if own else pages.filters


def _filters(question: Question, kind: str, viewer: User) -> Iterator[tuple[str, Any]]:
    name, label = question.name, question.label
    found = {"method": _by(kind, question.key, "text"), "label": label, "empty_label": _("Any")}
    if question.type == Type.YES_NO:
        yield name, filters.ChoiceFilter(choices=asking.YES_NO, **found)
    elif question.choices:
        yield name, filters.ChoiceFilter(choices=[(c, c) for c in question.choices], **found)
    elif question.type == Type.PERSON:
        people = User.objects.visible_to(viewer).filter(is_active=True)
        found["method"] = _by(kind, question.key, "person")
        yield name, filters.ModelChoiceFilter(queryset=people, **found)
    elif question.type == Type.MEASUREMENT and question.limits:
        judged = [(asking.BAD, _("Outside the limits")), (asking.GOOD, _("Within the limits"))]
        found["method"] = _by(kind, question.key, "judged")
        yield name, filters.ChoiceFilter(choices=judged, **found)
    elif question.type in {Type.NUMBER, Type.MEASUREMENT, Type.DATE}:
        yield from _range(question, kind)


def _range(question: Question, kind: str) -> Iterator[tuple[str, Any]]:
    day = question.type == Type.DATE
    make = filters.DateFilter if day else filters.NumberFilter
    options = {"widget": DayInput} if day else {"max_digits": 15}
    column = "day" if day else "number"
    for end, lookup, words in (("from", "gte", _("%s from")), ("to", "lte", _("%s to"))):
        method = _by(kind, question.key, f"{column}__{lookup}")
        yield f"{question.name}_{end}", make(label=words % question.label, method=method, **options)


def _by(kind: str, key: str, lookup: str) -> Callable[..., QuerySet[Any]]:
    """Return a filter that keeps the records with such an answer, found by its index."""

    def by(rows: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        answers = Answer.objects.filter(kind=kind, key=key, **{lookup: value})
        return rows.filter(pk__in=answers.values("record_id"))

    return by
