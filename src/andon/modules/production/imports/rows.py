"""Rows of named values, from the API or a message, become facts at once: all of them or none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import Site, User
from andon.modules.production.imports.converting import Converter
from andon.modules.production.imports.fields import Errors, Field, Row, Target
from andon.modules.production.imports.gathering import Gathered, gather
from andon.modules.production.imports.storing import compare, write
from andon.modules.production.models import ImportBatch
from andon.modules.production.services import batches
from andon.tables.values import Reading
from andon.trail.services import SYSTEM, audited

CHUNK = 5000
_AS_SENT = Reading()
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,20})?", re.ASCII)


class Unfit(Exception):
    """Rows that cannot be facts: row, field and sentence of each trouble."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(sentence for _row, _field, sentence in errors[:3]))
        self.errors = errors

    @property
    def told(self) -> list[dict[str, Any]]:
        """The troubles as they are answered and kept."""
        return [
            {"row": row or None, "field": field, "text": sentence}
            for row, field, sentence in self.errors
        ]


@dataclass(frozen=True)
class Taken:
    """What rows did: the batch they became, None if they said nothing new."""

    batch: ImportBatch | None = None
    new: int = 0
    corrected: int = 0
    unchanged: int = 0


def read(target: Target, rows: Sequence[Mapping[str, Any]], day: date) -> tuple[list[Row], Errors]:
    """Return the values of the rows, numbered from 1, and what is wrong with the others."""
    known = {field.name: field for field in target.fields}
    used = [
        field.name
        for field in target.fields
        if field.required or any(field.name in row for row in rows)
    ]
    mapping = {"fields": {name: {"columns": [name]} for name in used}}
    converter = Converter(target, used, [_AS_SENT] * len(used), mapping, today=day)
    found = converter.convert(
        [(number, [_cell(row.get(name)) for name in used]) for number, row in enumerate(rows, 1)]
    )
    strange = [
        (number, str(name)[:40], sentence)
        for number, row in enumerate(rows, 1)
        for name, value in row.items()
        if (sentence := _strange(target, known.get(name), value))
    ]
    said = {(number, name) for number, name, _sentence in strange}
    errors = strange + [one for one in found.errors if one[:2] not in said]
    wrong = {number for number, _field, _sentence in errors}
    good = [
        (number, {name: value for name, value in values.items() if name in rows[number - 1]})
        for number, values in found.rows
        if number not in wrong
    ]
    return good, sorted(errors)


def _cell(value: Any) -> Any:
    """Texts, numbers and truths are taken; anything deeper is told as what it is."""
    return value if isinstance(value, (str, int, float, type(None))) else str(value)


def _strange(target: Target, field: Field | None, value: Any) -> str:
    """Return what is wrong with how a value was sent; a program can be told to send it plainly."""
    if field is None:
        return _unknown(target)
    if value is None or value == "":
        return ""
    if field.is_day and not (isinstance(value, str) and _DAY.fullmatch(value)):
        return _("A day is sent as 2026-05-31.")
    if field.is_number and not _is_number(value):
        return _("A number is sent as 12.5, without separators and units.")
    if isinstance(value, (dict, list)):
        return _("One value is sent here, not several.")
    return ""


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_NUMBER.fullmatch(value))
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _unknown(target: Target) -> str:
    names = ", ".join(field.name for field in target.fields)
    return _("%(target)s have no such field; there are: %(names)s.") % {
        "target": target.label,
        "names": names,
    }


def take(
    target: Target,
    rows: Sequence[Mapping[str, Any]],
    *,
    site: Site,
    by: User | SYSTEM,
    day: date,
    source: str,
    name: str = "",
    create_missing: bool = False,
) -> Taken:
    """Publish rows as one batch; raises `Unfit` with every trouble, and nothing is in."""
    values, errors = read(target, rows, day)
    if errors:
        raise Unfit(errors)
    return publish(
        target, values, site=site, by=by, source=source, name=name, create_missing=create_missing
    )


def publish(
    target: Target,
    values: list[Row],
    *,
    site: Site,
    by: User | SYSTEM,
    source: str,
    name: str = "",
    create_missing: bool = False,
) -> Taken:
    """Publish values that were read; raises `Unfit` for what shows only when seen together."""
    with audited(by, reason=gettext_lazy("facts received")):
        batches.lock(target.model, site)
        gathered = _gathered(target, site, values, by, create_missing=create_missing)
        result = _Drafted(target, site, by, source, name)
        for at in range(0, len(gathered.rows), CHUNK):
            result.add(gathered.rows[at : at + CHUNK])
        return result.taken()


def _gathered(
    target: Target, site: Site, values: list[Row], by: User | SYSTEM, *, create_missing: bool
) -> Gathered:
    found = gather(replace(target, sums=False), site, {"fields": {}}, values)
    if create_missing and not found.errors:
        for field in list(found.unknown):
            reference = target.field(field).reference
            if reference and reference.create:
                for code in found.unknown.pop(field):
                    reference.create(site, code, by)
    if errors := [*found.errors, *_not_known(target, found)]:
        raise Unfit(sorted(errors))
    return found


def _not_known(target: Target, found: Gathered) -> Errors:
    return [
        (number, name, str(reference.unknown) % {"code": code})
        for name, codes in found.unknown.items()
        if (reference := target.field(name).reference)
        for code, number in codes.items()
    ]


@dataclass
class _Drafted:
    """The batch that rows are written to; made with the first row that says something new."""

    target: Target
    site: Site
    by: User | SYSTEM
    source: str
    name: str
    batch: ImportBatch | None = None
    days: frozenset[date] = frozenset()
    new: int = 0
    corrected: int = 0
    unchanged: int = 0

    def add(self, rows: list[Row]) -> None:
        found = compare(self.target, self.site, rows)
        self.new += found.new
        self.corrected += found.corrected
        self.unchanged += found.unchanged
        if not found.plan:
            return
        if self.batch is None:
            self.batch = batches.open_batch(
                self.target.model,
                site=self.site,
                by=self.by,
                source=self.source,
                file_name=self.name[-200:],
            )
        write(self.target, self.site, self.batch, found.plan)
        field = next(f.name for f in self.target.fields if f.column == self.target.model.day_field)
        self.days |= {date.fromisoformat(values[field]) for _row, values, _old in found.plan}

    def taken(self) -> Taken:
        if self.batch is not None:
            batches.publish(
                self.batch,
                by=self.by,
                **batches.summary(sorted(self.days)),
                unchanged=self.unchanged,
            )
            if self.target.after:
                self.target.after(self.batch, self.by)
        return Taken(self.batch, self.new, self.corrected, self.unchanged)
