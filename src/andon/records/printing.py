"""A list and one record as paper; everything on it is plain text, never markup (EX3)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

import segno
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.extras.seam import extras
from andon.organization.policy import policy
from andon.signing.validity import checked
from andon.trail.queries import timeline
from andon.ui.paper import Report, Section

from .history import told
from .listing import Column
from .models import Attachment, Comment, Extension, Link, Participant, Record, RecordPart
from .thread import links_of

# Rows of one table; a list on paper is for reading, a longer one belongs into a workbook.
LONGEST_LIST, LONGEST_PART, LONGEST_HISTORY = 500, 200, 300
INTERNAL = {"id", "record_ptr", "kind", "search_text", "record"}
SHELLS_OWN = (Attachment, Comment, Extension, Link, Participant)


def list_report(
    records: Iterable[Record],
    columns: Sequence[Column],
    *,
    title: str,
    about: Sequence[tuple[str, str]],
) -> Report:
    """Return the first records of a list on paper, with a sentence when there are more."""
    read = list(islice(records, LONGEST_LIST + 1))
    rows = [[shown(column.value(one)) for column in columns] for one in read[:LONGEST_LIST]]
    cut = _(
        "This print shows the first %d records only. Filter the list further, or export it as a"
        " workbook to have all of them."
    )
    return Report(
        title=title,
        organisation=policy().name,
        footer=_stamp(about),
        facts=about,
        sentences=[cut % LONGEST_LIST] if len(read) > LONGEST_LIST else [],
        tables=[Section(title="", columns=[str(c.label) for c in columns], rows=rows)],
        landscape=True,
    )


def record_report(
    record: Record, *, viewer: User, address: str, at: datetime, more: Sequence[Section] = ()
) -> Report:
    """Return everything about ``record`` that ``viewer`` may see on paper."""
    about = [(_("Printed"), _instant(at)), (_("By"), str(viewer)), (_("Address"), address)]
    sections = [
        *more,
        _signatures(record),
        *extras().paper(record),
        *_parts(record, viewer),
        *_dealings(record, viewer),
        _talk(record),
        _history(record),
    ]
    return Report(
        title=record.title,
        number=record.number,
        organisation=policy().name,
        footer=_stamp(about),
        facts=[*facts_of(record, viewer), *about],
        tables=[section for section in sections if section.rows],
        code=segno.make(address, error="m").svg_inline(),
    )


def content(record: Record, viewer: User) -> dict[str, Any]:
    """Return what a signature of ``record`` is about, as it is printed: facts and tables."""
    tables = [*extras().paper(record), *_parts(record, viewer), *_dealings(record, viewer)]
    return {"facts": facts_of(record, viewer), "tables": [one for one in tables if one.rows]}


def facts_of(row: models.Model, viewer: User) -> list[tuple[str, str]]:
    """Return every field of ``row`` that holds something, as heading and words."""
    return [
        (capfirst(str(field.verbose_name)), text)
        for field in _fields(type(row))
        if (text := _words(row, field, viewer))
    ]


def shown(value: object) -> str:
    """Return ``value`` as people write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return _instant(value)
    return date_format(value) if isinstance(value, date) else str(value)


def _fields(model: type[models.Model]) -> Iterator[Any]:
    unreadable = (models.JSONField, models.BinaryField)
    for field in model._meta.concrete_fields:
        if field.name not in INTERNAL and not isinstance(field, unreadable):
            yield field


def _words(row: Any, field: Any, viewer: User) -> str:
    if field.name == "state" and isinstance(row, Record):
        return row.state_label
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if not field.is_relation:
        return shown(getattr(row, field.name))
    other = field.related_model
    if issubclass(other, Record) and getattr(row, field.attname) is not None:
        # A record out of sight is not named by the record that points at it.
        seen = other._default_manager.visible_to(viewer)
        return str(seen.filter(pk=getattr(row, field.attname)).first() or "")
    return shown(getattr(row, field.name))


def _parts(record: Record, viewer: User) -> Iterator[Section]:
    """Yield one table for each sort of row that belongs to the record."""
    for relation in record._meta.related_objects:
        part = relation.related_model
        if not issubclass(part, RecordPart) or part in SHELLS_OWN or not part.on_paper:
            continue
        if relation.field.name != "record":
            continue
        people = [f.name for f in _fields(part) if f.is_relation]
        parts: Any = part._default_manager
        rows = parts.filter(record_id=record.pk).select_related(*people)
        listed = list(rows.order_by("pk")[:LONGEST_PART])
        fields = [f for f in _fields(part) if any(_words(row, f, viewer) for row in listed)]
        yield Section(
            title=capfirst(str(part._meta.verbose_name_plural)),
            columns=[capfirst(str(field.verbose_name)) for field in fields],
            rows=[[_words(row, field, viewer) for field in fields] for row in listed],
        )


def _dealings(record: Record, viewer: User) -> Iterator[Section]:
    """Yield links, files with their hashes and later due dates."""
    yield Section(
        title=_("Linked records"),
        columns=(_("Link"), _("Number"), _("Title"), _("State")),
        rows=[
            (words, r.number, r.title, r.state_label) for _l, words, r in links_of(record, viewer)
        ],
    )
    files = record.attachments.filter(withdrawn_reason="").select_related("by").order_by("pk")
    yield Section(
        title=_("Photos and files"),
        columns=(_("Name"), _("What it shows"), _("By"), _("Day"), "SHA-256"),
        rows=[(f.name, f.caption, f.by, shown(f.day), f.sha256) for f in files[:LONGEST_PART]],
    )
    later = record.extensions.select_related("by").order_by("pk")[:LONGEST_PART]
    yield Section(
        title=_("Later due dates"),
        columns=(_("From"), _("To"), _("By"), _("Reason")),
        rows=[(shown(e.from_date), shown(e.to_date), e.by, e.reason) for e in later],
    )


def _talk(record: Record) -> Section:
    said = record.comments.select_related("by").order_by("pk")[:LONGEST_PART]
    return Section(
        title=_("Comments"),
        columns=(_("Day"), _("By"), _("Comment")),
        rows=[(shown(one.day), one.by, one.text) for one in said],
    )


def _signatures(record: Record) -> Section:
    """Return the signatures with whether each holds now (SG5)."""
    return Section(
        title=_("Signatures"),
        columns=(_("Who"), _("Meaning"), _("When"), _("Revision"), _("Holds"), "SHA-256"),
        rows=[one.printed() for one in checked(record)],
    )


def _history(record: Record) -> Section:
    entries = list(timeline(record.number).order_by("-seq")[: LONGEST_HISTORY + 1])
    title = _("History, the newest first")
    if len(entries) > LONGEST_HISTORY:
        title = _("History: the newest %d entries") % LONGEST_HISTORY
    return Section(
        title=title,
        columns=("#", _("Time"), _("Who"), _("What"), _("Fields")),
        rows=[
            (
                one.entry.seq,
                _instant(one.entry.at),
                one.actor,
                f"{one.what}: {one.entry.reason or one.entry.action}",
                ", ".join(change.field for change in one.changes),
            )
            for one in told(entries[:LONGEST_HISTORY])
        ],
    )


def _instant(at: datetime) -> str:
    return f"{date_format(at, 'DATETIME_FORMAT')} UTC"


def _stamp(about: Sequence[tuple[str, str]]) -> str:
    return " · ".join(text for _label, text in about[:2])
