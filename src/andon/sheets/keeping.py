"""How answers are checked and kept, brought to a newer form, and demanded by a step."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.records import files
from andon.records.changing import changing
from andon.records.models import Record
from andon.records.workflow import Refused, Transition

from . import asking, design, reading
from .design import Question, Type
from .models import Answer, FormDesign, Sheet

Use = FormDesign.Use
SEARCHED = {Type.TEXT, Type.LONG, *design.CHOOSING}
NOTHING: tuple[Any, ...] = (None, "", [])


# -- checking and keeping ---------------------------------------------------------------------


def needed_now(question: Question, record: Record) -> bool:
    """Whether a record in its present state must have answered ``question``."""
    ordinary = record.life.progress()
    wanted = question.required_from
    here = record.state or record.life.initial
    if wanted not in ordinary or here not in ordinary:
        return False
    return ordinary.index(wanted) <= ordinary.index(here)


def cleaned(
    questions: Iterable[Question], given: Mapping[str, Any], *, by: User, record: Record
) -> dict[str, Any]:
    """Return the values in ``given``, each as its question holds it.

    Raises ``ValidationError`` that names each field that is unknown or unacceptable.
    """
    known = {q.key: q for q in questions}
    wrong: dict[str, Any] = {}
    found = {}
    for key, value in given.items():
        if key not in known:
            sentence = _("There is no such field here. There are: %s.")
            wrong[f"custom.{key[:40]}"] = [sentence % (", ".join(known) or "–")]
            continue
        question = known[key]
        field = asking.field_of(question, viewer=by, required=needed_now(question, record))
        try:
            found[key] = field.clean(value)
        except ValidationError as error:
            wrong[f"custom.{key}"] = error.messages
    if wrong:
        raise ValidationError(wrong)
    return found


Opening = list[tuple[FormDesign, dict[str, Any]]]


def opening(record: Record, *, by: User) -> Opening:
    """Check what a new record answers: (design in force, values) of each form that applies.

    What comes from a person or a program must be complete; what the system raises by itself
    takes the defaults, and a step asks for the rest.
    """
    designs = reading.applying(record, Use.FIELDS)
    given = record.custom
    if not designs and not given:
        return []
    asked = {one.pk: reading.content(one.in_force).live for one in designs}
    defaults = {q.key: q.default for live in asked.values() for q in live if q.default}
    every = [q for live in asked.values() for q in live]
    needed = {q.key: None for q in every if needed_now(q, record)} if given is not None else {}
    values = cleaned(every, {**needed, **defaults, **(given or {})}, by=by, record=record)
    record.own_words = _found_words(every, values)
    return [
        (one, {q.key: values[q.key] for q in asked[one.pk] if q.key in values}) for one in designs
    ]


def begin(record: Record, opened: Opening, *, by: User) -> None:
    """Give a new record its sheets, with the versions in force."""
    for one, answers in opened:
        sheet = Sheet.objects.create(record_id=record.pk, design=one, version=one.in_force)
        sheet.__dict__["given"] = []
        known = reading.content(one.in_force)
        for key, value in answers.items():
            keep(sheet, known[key], value, record=record, by=by)


def change(record: Record, given: Mapping[str, Any], *, by: User) -> None:
    """Keep changed answers of ``record``, which is locked and about to be stored."""
    asked = {q.key: (sheet, q) for sheet, q in reading.asked_of(record)}
    values = cleaned([q for _s, q in asked.values()], given, by=by, record=record)
    for key, value in values.items():
        keep(*asked[key], value, record=record, by=by)
    found = [(sheet, q) for sheet, q in asked.values() if q.type in SEARCHED]
    words = (asking.words_of(q, reading.rows_for(sheet, q.key)) for sheet, q in found)
    record.own_words = " ".join(filter(None, words))


def keep(sheet: Sheet, question: Question, value: Any, *, record: Record, by: User) -> None:
    """Store one answer; a row that is no longer needed is emptied, never deleted."""
    if isinstance(value, UploadedFile):
        value = files.attach(record, value, by=by, caption=question.label)
    wanted = asking.rows_of(question, value)
    kept = reading.rows_for(sheet, question.key)
    for place, columns in enumerate([*wanted, *({} for _row in kept[len(wanted) :])]):
        row = kept[place] if place < len(kept) else _new_row(sheet, question, place)
        _fill(row, columns)
        row.save()


def _new_row(sheet: Sheet, question: Question, place: int) -> Answer:
    is_field = sheet.design.use == Use.FIELDS
    row = Answer(
        record_id=sheet.record_id,
        sheet=sheet,
        kind=sheet.design.kind if is_field else "",
        key=question.key,
        place=place,
    )
    sheet.__dict__["given"].append(row)
    return row


def _fill(row: Answer, columns: Mapping[str, Any]) -> None:
    for name in ("text", "words", "judged"):
        setattr(row, name, columns.get(name, ""))
    for name in ("number", "day", "person", "file"):
        setattr(row, name, columns.get(name))


def _found_words(questions: Iterable[Question], values: Mapping[str, Any]) -> str:
    found = [values.get(q.key) for q in questions if q.type in SEARCHED]
    words = (" ".join(each) if isinstance(each, list) else each for each in found)
    return " ".join(filter(None, words))


def differences(record: Record, given: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """List (label, typed, stored) of the answers in ``given`` that ``record`` has otherwise."""
    asked = {
        q.key: (q, asking.words_of(q, reading.rows_for(s, q.key)))
        for s, q in reading.asked_of(record)
    }
    pairs = [(*asked[key], value) for key, value in given.items() if key in asked]
    return [
        (q.label, typed, stored) for q, stored, value in pairs if (typed := _typed(value)) != stored
    ]


def _typed(value: Any) -> str:
    parts = value if isinstance(value, list | tuple) else [value]
    return ", ".join(str(part) for part in parts if part not in NOTHING)


# -- a newer form for an older record ---------------------------------------------------------


def newer(record: Record) -> list[FormDesign]:
    """Return the forms in force that ``record`` does not answer in their present version."""
    if record.is_final:
        return []
    have = {sheet.design_id: sheet.version_id for sheet in reading.sheets_of(record)}
    return [
        one for one in reading.applying(record, Use.FIELDS) if have.get(one.pk) != one.current_id
    ]


def bring(record: Record, *, by: User, version: int | None) -> Record:
    """Bring ``record`` to the forms in force; answers stay, and the trail keeps the step."""
    with changing(
        record,
        by=by,
        permission=record.edit_permission,
        reason=_("brought to the new form"),
        version=version,
    ) as fresh:
        have = {sheet.design_id: sheet for sheet in reading.sheets_of(fresh)}
        if not (wanted := newer(fresh)):
            raise Refused(_("This record answers the forms in force already."))
        for one in wanted:
            sheet = have.get(one.pk) or Sheet(record_id=fresh.pk, design=one)
            sheet.version = one.in_force
            sheet.save()
        fresh.__dict__.pop("_sheets", None)
    return fresh


# -- what a step demands ---------------------------------------------------------------------


def missing(record: Record, step: Transition) -> list[Refused]:
    """List the required answers and the checklists that hold ``step`` back."""
    if step.target == record.life.void or not reading.designs_of(record.kind):
        return []
    return [*_unanswered(record, step), *_unsigned(record, step)]


def _unanswered(record: Record, step: Transition) -> list[Refused]:
    ordinary = record.life.progress()
    reached = set(ordinary[: ordinary.index(step.target) + 1]) if step.target in ordinary else set()
    in_use = {one.pk for one in reading.designs_of(record.kind) if one.is_active}
    edit = reverse(f"{record.kind}:edit", args=[record.number])
    return [
        Refused(_("“%s” is still empty.") % q.label, fix=f"{edit}#id_{q.name}")
        for sheet, q in reading.asked_of(record)
        if q.required_from in reached
        and sheet.design_id in in_use
        and all(row.is_empty for row in reading.rows_for(sheet, q.key))
    ]


def _unsigned(record: Record, step: Transition) -> list[Refused]:
    demanded = [
        one
        for one in reading.applying(record, Use.CHECKLIST)
        if reading.content(one.in_force).demanded_by == step.name
    ]
    if not demanded:
        return []
    rows = Sheet.objects.filter(record_id=record.pk, design__in=demanded)
    signed = set(rows.exclude(signed_date=None).values_list("design_id", flat=True))
    return [
        Refused(
            _("The checklist “%s” is not signed off.") % one.name, fix=checklist_url(record, one)
        )
        for one in demanded
        if one.pk not in signed
    ]


def checklist_url(record: Record, one: FormDesign) -> str:
    return reverse("checklists:fill", args=[record.number, one.key])
