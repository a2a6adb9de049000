"""All rows become records, or none does; and a whole import can be taken back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import User
from andon.organization import clock
from andon.organization.apps import MANAGE
from andon.portal.desk import mapping as mappings
from andon.portal.desk.checking import Checked, Checker, ToMake
from andon.portal.desk.fields import Target
from andon.portal.desk.gathering import gather, named
from andon.portal.desk.models import Intake, IntakeFile, IntakeRow, Step
from andon.portal.desk.since import refuse_when_worked_on
from andon.portal.desk.targets import extras, target_named
from andon.portal.desk.values import folded, plain
from andon.portal.desk.work import keeping
from andon.records import services as records
from andon.records.models import Comment, Link, Record
from andon.trail.services import audited

Pairs = list[tuple[IntakeRow, Checked]]
_CUSTOMER = ("customer", "kunde", "client", "cliente", "operator", "airline")


def publish(intake: Intake, by: User) -> None:
    """Store every row that goes in, with what it makes and what it links to."""
    target = target_named(intake.target)
    checker = Checker(intake, target, by)
    rows = list(intake.rows.going_in().order_by("position"))
    pairs = [(row, checker.convert(row.cells)) for row in rows]
    source = intake.source or intake.file_name
    seen = _marker(target, intake)
    gather(intake, target, by)
    with keeping(intake, by) as stored, audited(by, reason=_("taken over from %s") % source):
        if _marker(target, stored) != seen:
            gather(stored, target, by)
        if stored.rows.in_the_way().exists():  # somebody was quicker with the same numbers
            stored.step = Step.LOOK
            return
        made = _make_missing(pairs, checker, by)
        objects = [checker.build(found, made) for _row, found in pairs]
        if target.is_record:
            records.adopt(objects, by=by, source=source)
            _add_extras(objects, pairs, by, stored)
            _comment(objects, pairs, by, stored)
            _link(objects, pairs, by, stored)
        else:
            _add_to_list(target, objects, by)
        stored.made = len(objects)
        stored.made_rows = {
            "rows": [each.pk for each in objects],
            "lists": [[row._meta.label_lower, row.pk] for row in made.values()],
        }
        stored.step = Step.DONE
        IntakeFile.objects.filter(intake=stored).delete()
    if intake.step == Step.DONE:
        mappings.remember(intake, by)


def _marker(target: Target, intake: Intake) -> tuple[Any, ...]:
    """Return what changes when rows of the target come in some other way."""
    rows: Any = cast("Any", target.model)._default_manager
    if target.is_at_site:
        rows = rows.filter(site=intake.site)
    return tuple(rows.aggregate(n=Count("pk"), last=Max("pk")).values())


def _add_to_list(target: Target, objects: Sequence[Any], by: User) -> None:
    _require_lists(by)
    cast("Any", target.model)._default_manager.bulk_create(objects)


def _require_lists(by: User) -> None:
    if not by.may(MANAGE):
        raise PermissionDenied(_("Only who manages the organization's lists may add to them."))


# -- rows of lists that the file names and nobody knows -----------------------------------


def _make_missing(pairs: Pairs, checker: Checker, by: User) -> dict[ToMake, models.Model]:
    wanted = {
        value: None for _row, found in pairs for value in found.values.values()
        if isinstance(value, ToMake)
    }  # fmt: skip
    if not wanted:
        return {}
    _require_lists(by)
    made: dict[ToMake, models.Model] = {}
    for model in dict.fromkeys(each.model for each in wanted):
        rows = _new_rows([each for each in wanted if each.model is model], checker, by)
        cast("Any", model)._default_manager.bulk_create(
            list({id(r): r for r in rows.values()}.values())
        )
        made |= rows
    return made


def _new_rows(wanted: list[ToMake], checker: Checker, by: User) -> dict[ToMake, Any]:
    """Return one unsaved row for each different word, with a code that is free."""
    model = wanted[0].model
    names = {field.name for field in model._meta.concrete_fields}
    column = "number" if "number" in names else "code"
    most = getattr(model._meta.get_field(column), "max_length", None) or 20
    taken = {folded(c) for c in cast("Any", model)._default_manager.values_list(column, flat=True)}
    rows: dict[ToMake, Any] = {}
    by_word: dict[str, Any] = {}
    for each in wanted:
        row = by_word.get(folded(each.text))
        if row is None:
            code = _free(each.text, most, taken, keep=column == "number")
            row = model(**{column: code}, **_filled(names, each, checker, by))
            row.full_clean(validate_unique=False, validate_constraints=False)
            by_word[folded(each.text)] = row
        rows[each] = row
    return rows


def _filled(names: set[str], each: ToMake, checker: Checker, by: User) -> dict[str, Any]:
    customer = any(word in plain(each.heading).split() for word in _CUSTOMER)
    known = {
        "name": each.text[:120],
        "site": checker.site if each.model._meta.model_name != "process" else None,
        "owner": by,
        "is_customer": customer,
        "is_supplier": not customer,
    }
    return {name: value for name, value in known.items() if name in names}


def _free(text: str, most: int, taken: set[str], *, keep: bool) -> str:
    """Return a code for ``text`` that nobody has: the text itself, or letters and digits of it."""
    base = text[:most]
    if not keep:
        letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        base = re.sub(r"[^A-Z0-9]+", "-", letters.upper()).strip("-")[:most].strip("-") or "X"
    code, count = base, 1
    while folded(code) in taken:
        count += 1
        code = f"{base[: most - len(str(count)) - 1]}-{count}"
    taken.add(folded(code))
    return code


# -- what belongs to the records ----------------------------------------------------------


def _add_extras(objects: Sequence[Any], pairs: Pairs, by: User, intake: Intake) -> None:
    for extra in extras(type(objects[0])):
        given = [
            (each, found.values[extra.name])
            for each, (_row, found) in zip(objects, pairs, strict=True)
            if extra.name in found.values
        ]
        extra.after(given, by, intake.day, intake.source or intake.file_name)


def _comment(objects: Sequence[Record], pairs: Pairs, by: User, intake: Intake) -> None:
    Comment.objects.bulk_create(
        [
            Comment(record=each, text=text, by=by, day=intake.day)
            for each, (_row, found) in zip(objects, pairs, strict=True)
            for text in found.more
        ]
    )


def _link(objects: Sequence[Record], pairs: Pairs, by: User, intake: Intake) -> None:
    """Draw the links between rows of the file, and to what was there before."""
    wanted = {folded(name) for _row, found in pairs for name in found.links}
    if not wanted:
        return
    targets = named(wanted, by)  # the records of this file are among them by now
    kind = intake.mapping.get("link", "related")
    why = (_("taken over from %s") % intake.source)[:300]
    drawn: dict[tuple[int, int], Link] = {}
    for each, (_row, found) in zip(objects, pairs, strict=True):
        for name in found.links:
            target = targets.get(folded(name))
            if target is not None and target != each.pk:
                drawn[each.pk, target] = Link(
                    record=each, target_id=target, kind=kind, why=why, made_by=by,
                    made_date=intake.day,
                )  # fmt: skip
    Link.objects.bulk_create(list(drawn.values()))


# -- taking back ----------------------------------------------------------------------------


def undo(intake: Intake, *, by: User, reason: str) -> Intake:
    """Take a whole import back: records become void, rows of lists go out of use."""
    target = target_named(intake.target)
    with keeping(intake, by) as stored, audited(by, reason=gettext_lazy("import undone")):
        refuse_when_worked_on(stored, target, reason)
        keys = stored.made_rows.get("rows", [])
        if target.is_record:
            kind = cast("type[Record]", target.model)
            day = clock.today(stored.site)
            records.retract(kind, keys, by=by, day=day, reason=reason)
        else:
            _require_lists(by)
            _out_of_use(target.model, keys)
        out_of_use(stored)
        stored.step, stored.undone_reason = Step.UNDONE, reason.strip()[:300]
    return intake


def out_of_use(intake: Intake) -> None:
    """Take the rows of lists that an import made for its records out of use."""
    for model, keys in _by_model(intake.made_rows.get("lists", [])).items():
        _out_of_use(model, keys)


def _out_of_use(model: type[models.Model], keys: Sequence[int]) -> None:
    cast("Any", model)._default_manager.filter(pk__in=list(keys)).update(is_active=False)


def _by_model(made: Iterable[Sequence[Any]]) -> dict[type[models.Model], list[int]]:
    found: dict[type[models.Model], list[int]] = {}
    for label, key in made:
        found.setdefault(apps.get_model(label), []).append(key)
    return found
