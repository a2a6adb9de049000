"""Which column is what and which word means what: proposed, remembered by source, corrected.

A mapping is plain data: {"fields": {name: {"columns": [...], "constant": text}}, "values":
{name: {word: value}}, "orders": {column: "dmy" or "mdy"}, "decimal": "," or ".", "link": kind of
link, "rest": whether columns without a field are kept as a comment}.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from andon.accounts.models import Site, User
from andon.organization import clock
from andon.portal.desk.fields import Field, Sort, Target
from andon.portal.desk.models import Intake, Source
from andon.portal.desk.values import choices_of, plain
from andon.records.links import LINK_KINDS
from andon.tables import Question, Trouble

Mapping = dict[str, Any]


def headings_hash(columns: Iterable[str]) -> str:
    """Return what files with the same headings have in common."""
    return hashlib.sha256(json.dumps(list(columns)).encode()).hexdigest()


def propose(target: Target, columns: Sequence[str], hints: Sequence[dict[str, Any]]) -> Mapping:
    """Propose a column for each field: those of its name first, then those with a word of it."""
    rules: dict[str, Any] = {}
    taken: set[str] = set()
    named = [plain(column) for column in columns]
    for fits in (_is_named, _is_about):
        for field in target.fields:
            if field.name in rules:
                continue
            for column, name, hint in zip(columns, named, hints, strict=True):
                sure = _is_its_own(field, name) or _knows_a_word(field, hint)
                if column not in taken and fits(field, name) and _could_be(field, hint) and sure:
                    rules[field.name] = {"columns": [column]}
                    taken.add(column)
                    break
    _share(target, rules)
    return {"fields": rules, "values": {}, "orders": {}, "link": "related", "rest": False}


def _is_named(field: Field, name: str) -> bool:
    return _is_its_own(field, name) or name in {plain(word) for word in field.synonyms}


def _is_its_own(field: Field, name: str) -> bool:
    return name in {plain(field.name), plain(str(field.label))}


def _is_about(field: Field, name: str) -> bool:
    """Whether a heading holds a word of the field of more than three letters."""
    words = name.split()
    return any(word in words for word in map(plain, field.synonyms) if len(word) > 3)  # noqa: PLR2004


def _could_be(field: Field, hint: dict[str, Any]) -> bool:
    if not hint["filled"]:
        return False
    if field.sort is Sort.DAY:
        return bool(hint["kind"] == "date" or hint["days"] or hint["serials"])
    if field.sort is Sort.NUMBER:
        return bool(hint["kind"] == "number")
    return bool(hint["kind"] != "date" or field.sort is Sort.CLOCK)


def _knows_a_word(field: Field, hint: dict[str, Any]) -> bool:
    """Whether a column whose heading is a synonym says something the field can be."""
    if field.sort not in {Sort.CHOICE, Sort.YESNO}:
        return True
    words = choices_of(field)
    return any(words.find(text) is not None for text in hint["words"])


def _share(target: Target, rules: dict[str, Any]) -> None:
    """A title may be cut, so its whole text goes to the long field as well, and the other way."""
    if not target.is_record:
        return
    long = next((f for f in target.fields if f.sort is Sort.LONG), None)
    if long is None:
        return
    if "title" in rules and long.name not in rules:
        rules[long.name] = {"columns": list(rules["title"]["columns"])}
    elif "title" in rules:
        both = [*rules["title"]["columns"], *rules[long.name]["columns"]]
        rules[long.name] = {"columns": list(dict.fromkeys(both))}
    elif long.name in rules:
        rules["title"] = {"columns": list(rules[long.name]["columns"][:1])}


def recall(target: Target, site: Site, columns: Sequence[str], source: str) -> Source | None:
    """Return what is known of files with these headings, best of a source of the same name."""
    known = Source.objects.filter(
        site=site, target=target.name, headings_sha256=headings_hash(columns)
    ).order_by("-used_at")
    return known.filter(name=source).first() or known.first() if source else known.first()


def remember(intake: Intake, by: User) -> Source:
    """Keep what led to a publication."""
    found, _made = Source.objects.update_or_create(
        site=intake.site,
        target=intake.target,
        name=intake.source or intake.file_name[:80],
        headings_sha256=headings_hash(intake.columns),
        defaults={
            "columns": intake.columns,
            "mapping": intake.mapping,
            "used_at": clock.now(),
            "by": by,
        },
    )
    return found


def merged(proposed: Mapping, said: Mapping) -> Mapping:
    """Return the proposal with what a person said on top."""
    rules = {**proposed.get("fields", {}), **said.get("fields", {})}
    values = {name: {**known} for name, known in proposed.get("values", {}).items()}
    for name, words in said.get("values", {}).items():
        values.setdefault(name, {}).update(words)
    return {**proposed, **said, "fields": rules, "values": values}


def check(target: Target, columns: Sequence[str], mapping: Mapping) -> Mapping:
    """Return the mapping if it can be used; raise `Trouble` naming the first thing in the way."""
    rules = mapping.get("fields", {})
    for name, rule in rules.items():
        if target.field(name) is None:
            raise _no_field(target, name)
        for column in rule.get("columns", ()):
            if column not in columns:
                raise Trouble(
                    _("The file has no column “%(column)s”; it has %(columns)s.")
                    % {"column": column, "columns": ", ".join(columns)},
                    column=name,
                )
    for field in target.fields:
        if field.required and not is_said(rules.get(field.name)):
            raise Trouble(
                _("Say where “%(field)s” comes from: a column, or one value for all rows.")
                % {"field": field.label},
                column=field.name,
            )
    if mapping.get("link", "related") not in LINK_KINDS:
        raise Trouble(_("There is no link called “%s”.") % mapping["link"], column="link")
    return mapping


def _no_field(target: Target, name: str) -> Trouble:
    return Trouble(
        _("There is no field “%(name)s”; %(target)s has %(fields)s.")
        % {
            "name": name,
            "target": target.label,
            "fields": ", ".join(field.name for field in target.fields),
        }
    )


def is_said(rule: dict[str, Any] | None) -> bool:
    """Whether a rule names a column or a value."""
    return bool(rule and (rule.get("columns") or str(rule.get("constant") or "").strip()))


def ask_order(intake: Intake, target: Target, mapping: Mapping) -> None:
    """Ask what the cells leave open: 3/4 is a day in March or April."""
    for name, rule in mapping["fields"].items():
        field = target.field(name)
        for column in rule.get("columns", ())[:1]:
            hint = intake.hints[intake.columns.index(column)]
            if (
                field
                and field.sort is Sort.DAY
                and _is_open(hint)
                and not mapping["orders"].get(column)
            ):
                raise Question(
                    _("Some days in “%s” can be read both ways. Which comes first, day or month?")
                    % column,
                    name="order",
                    options=[("dmy", _("Day first")), ("mdy", _("Month first"))],
                    column=name,
                )
            number = field and field.sort is Sort.NUMBER and hint["decimal_unsure"]
            if number and not mapping.get("decimal"):
                raise Question(
                    _("In “%s” the comma may part thousands or decimals. Which is it?") % column,
                    name="decimal",
                    options=[
                        (",", _("1,234 is a little more than one")),
                        (".", _("1,234 is over a thousand")),
                    ],
                    column=name,
                )


def _is_open(hint: dict[str, Any]) -> bool:
    return any(known["unsure"] for known in hint["days"].values())
