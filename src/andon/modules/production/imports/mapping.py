"""Which column is what: guessed from headings and content, remembered, or said by a person.

A mapping is plain data (it is stored with the import): for each field a rule with ``columns``
(joined by a hyphen if several), or ``constant``; a day may have ``start`` (the column counts
days from it); a code may have ``good`` (values whose rows are no scrap). ``add_up`` adds rows of
one key together; ``leave_out`` publishes without the rows that have errors.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from andon.accounts.models import Site
from andon.modules.production.imports.fields import Field, Kind, Target
from andon.modules.production.models import KnownMapping
from andon.tables import Trouble

Mapping = dict[str, Any]
"""{"fields": {name: rule}, "add_up": bool, "leave_out": bool}"""


def headings_hash(columns: Iterable[str]) -> str:
    """Return what files with the same headings have in common."""
    return hashlib.sha256(json.dumps(list(columns)).encode()).hexdigest()


def guess(target: Target, columns: Sequence[str], hints: Sequence[dict[str, Any]]) -> Mapping:
    """Guess a column for each field from its heading and from what its cells are."""
    taken: set[str] = set()
    rules: dict[str, Any] = {}
    for field in target.fields:
        if parts := _parts_of_day(field, columns):
            taken.update(parts)
            rules[field.name] = {"columns": parts}
            continue
        column = _best(field, columns, hints, taken)
        if column is not None:
            taken.add(column)
            rules[field.name] = {"columns": [column]}
    return {"fields": rules, "add_up": False, "leave_out": False}


def _parts_of_day(field: Field, columns: Sequence[str]) -> list[str]:
    """Return the columns year, month and day of a file that has no whole date for its rows."""
    named = {_plain(name): name for name in columns}
    wanted = ("year", "month", "day")
    if field.is_day and field.required and all(word in named for word in wanted):
        return [named[word] for word in wanted]
    return []


def _best(
    field: Field, columns: Sequence[str], hints: Sequence[dict[str, Any]], taken: set[str]
) -> str | None:
    """Return the column of the field's name, else one with a word of it, else the only kind."""
    free = [(name, hint) for name, hint in zip(columns, hints, strict=True) if name not in taken]
    words = [_plain(synonym) for synonym in field.synonyms]
    for name, hint in free:
        if _plain(name) in words and _could_be(field, hint):
            return name
    fitting = [name for name, hint in free if _is_mostly(field, hint)]
    if field.named_only:
        return None
    for name in fitting:
        if any(word in _plain(name).split() for word in words if len(word) > 2):  # noqa: PLR2004
            return name
    return fitting[0] if fitting and field.kind is Kind.DAY else None


def _could_be(field: Field, hint: dict[str, Any]) -> bool:
    """Whether at least one cell of a column fits."""
    if field.kind is Kind.DAY:
        return bool(hint["dates"] or hint["serials"])
    return bool(hint["numbers"]) if field.is_number else bool(hint["kind"] != "date")


def _is_mostly(field: Field, hint: dict[str, Any]) -> bool:
    """Whether most cells of a column fit."""
    if field.kind is Kind.DAY:
        return bool(hint["kind"] == "date" or hint["serials"])
    return bool(hint["kind"] == "number" if field.is_number else hint["kind"] != "date")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def recall(target: Target, site: Site, columns: Sequence[str]) -> KnownMapping | None:
    """Return what was used last for files with these headings: columns and answers."""
    return KnownMapping.objects.filter(
        site=site, target=target.name, headings_sha256=headings_hash(columns)
    ).first()


def remember(
    target: Target, site: Site, columns: Sequence[str], mapping: Mapping, answers: dict[str, Any]
) -> None:
    """Keep a mapping that led to a publication, and how dates and numbers were read."""
    kept = {name: answers[name] for name in ("order", "decimal") if name in answers}
    KnownMapping.objects.update_or_create(
        site=site,
        target=target.name,
        headings_sha256=headings_hash(columns),
        defaults={"mapping": mapping, "answers": kept},
    )


def check_mapping(target: Target, columns: Sequence[str], mapping: Mapping) -> Mapping:
    """Return the mapping if it can be used; raise `Trouble` naming the first field that cannot."""
    rules = mapping.get("fields", {})
    for name, rule in rules.items():
        target.field(name)
        for column in rule.get("columns", ()):
            if column not in columns:
                raise Trouble(
                    _("The file has no column “%(column)s”; it has %(columns)s.")
                    % {"column": column, "columns": ", ".join(columns)},
                    column=column,
                )
    for field in target.fields:
        if field.required and not _is_said(rules.get(field.name)):
            raise Trouble(
                _("Say where “%(field)s” comes from: a column, or one value for all rows.")
                % {"field": field.label},
                column=field.name,
            )
    return mapping


def _is_said(rule: dict[str, Any] | None) -> bool:
    return bool(rule and (rule.get("columns") or str(rule.get("constant") or "").strip()))


def merged(guessed: Mapping, said: Mapping) -> Mapping:
    """Return the guess with what a person said on top."""
    rules = {**guessed.get("fields", {})}
    for name, rule in said.get("fields", {}).items():
        rules[name] = {**rules.get(name, {}), **rule}
        if "constant" in rule:
            rules[name].pop("columns", None)
    return {**guessed, **said, "fields": rules}
