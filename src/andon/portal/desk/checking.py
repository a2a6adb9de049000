"""From the cells of a row to the values of a record, with every error named by its column."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from andon.accounts.models import Site, User
from andon.portal.desk import texts
from andon.portal.desk.fields import NEW_ROW, SKIP_ROW, Field, Sort, Target
from andon.portal.desk.models import Intake
from andon.portal.desk.targets import LINK
from andon.portal.desk.values import (
    Lexicon,
    Unknown,
    Wrong,
    clock_of,
    day_of,
    folded,
    lexicons,
    number_of,
)
from andon.records.adopting import fit_to_adopt
from andon.records.models import Record
from andon.records.workflow import Refused

TITLE = 200


@dataclass(frozen=True)
class ToMake:
    """A row of a list that is made when the import is published."""

    model: type[models.Model]
    text: str
    heading: str


@dataclass
class Checked:
    """What a row says: values by field, errors by column, and what else it names."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    """What goes on in comments: the rest of long texts, and columns without a field."""
    key: str = ""
    out: str = ""


class Checker:
    """Checks rows of one import against its mapping; reads the lists it needs once."""

    def __init__(self, intake: Intake, target: Target, by: User) -> None:
        self.intake, self.target, self.by = intake, target, by
        self.site: Site = intake.site
        self.rules: dict[str, Any] = intake.mapping["fields"]
        self.taught: dict[str, dict[str, str]] = intake.mapping.get("values", {})
        self.at = {name: index for index, name in enumerate(intake.columns)}
        self.lexicons: dict[str, Lexicon] = lexicons(target, intake.site, self.rules)
        self.unknown: dict[str, Counter[str]] = {}
        used = {name for rule in self.rules.values() for name in rule.get("columns", ())}
        self.rest = [name for name in intake.columns if name not in used]

    def check(self, cells: Sequence[str]) -> Checked:
        """Return what a row says, fit to be stored when it has no errors."""
        found = self.convert(cells)
        if not found.errors and not found.out:
            self._fit(found)
        for name, text in found.unknown:
            self.unknown.setdefault(name, Counter())[text] += 1
        return found

    def convert(self, cells: Sequence[str]) -> Checked:
        """Return the values of a row, without asking whether they fit together."""
        found = Checked()
        for spec in self.target.fields:
            rule = self.rules.get(spec.name)
            if rule:
                self._take(spec, rule, cells, found)
        if self.target.is_record:
            self._entitle(found)
        if self.target.is_record and self.intake.mapping.get("rest"):
            found.more += texts.noted(self._pairs(self.rest, cells))
        found.key = self._key(found, cells)
        return found

    def _entitle(self, found: Checked) -> None:
        """Give a record without a title the beginning of its longest text, if there is one."""
        long = [n for n in found.values if (f := self.target.field(n)) and f.sort is Sort.LONG]
        if "title" not in found.values and long and not found.out:
            whole = texts.line(max((str(found.values[name]) for name in long), key=len))
            found.values["title"] = texts.shortened(whole, TITLE) if len(whole) > TITLE else whole
            found.errors.pop(self._heading("title"), None)

    def _pairs(self, names: Sequence[str], cells: Sequence[str]) -> list[tuple[str, str]]:
        return [(name, cells[self.at[name]]) for name in names if cells[self.at[name]]]

    def _take(
        self, spec: Field, rule: dict[str, Any], cells: Sequence[str], found: Checked
    ) -> None:
        columns = rule.get("columns") or ()
        heading = columns[0] if columns else str(spec.label)
        pairs = self._pairs(columns, cells)
        constant = str(rule.get("constant") or "")
        try:
            if spec.takes_several and len(columns) > 1:
                value: Any = texts.put_together(pairs, lines=spec.sort is Sort.LONG) or constant
            else:
                text = pairs[0][1] if pairs else constant
                value = self._value(spec, heading, text, found) if text else None
            if isinstance(value, str) and spec.takes_several:
                value = self._fitted(spec, value, columns, found)
        except Wrong as wrong:
            found.errors[heading] = str(wrong)
        else:
            if spec.required and value in (None, ""):
                if not found.out:
                    found.errors[heading] = _("“%s” is empty.") % spec.label
            elif value not in (None, ""):
                found.values[spec.name] = value

    def _value(self, spec: Field, heading: str, text: str, found: Checked) -> Any:
        hint = self.intake.hints[self.at[heading]] if heading in self.at else {}
        match spec.sort:
            case Sort.DAY:
                return self._day(text, hint, heading)
            case Sort.NUMBER:
                return number_of(text, hint, self.intake.mapping.get("decimal", ""))
            case Sort.CLOCK:
                return clock_of(text)
            case Sort.LINK:
                found.links = texts.numbers_in(text)
                return None
            case Sort.TEXT | Sort.LONG:
                return text
        return self._named(spec, heading, text, found)

    def _day(self, text: str, hint: dict[str, Any], heading: str) -> date:
        day = day_of(text, hint, self.intake.mapping.get("orders", {}).get(heading, ""))
        if self.target.is_record and heading in self._past() and day > self.intake.day:
            raise Wrong(_("“%s” lies in the future.") % text)
        return day

    def _past(self) -> list[str]:
        names = ("opened_date", "closed_date")
        return [c for name in names for c in self.rules.get(name, {}).get("columns", ())]

    def _named(self, spec: Field, heading: str, text: str, found: Checked) -> Any:
        """Return the value that a word names: as taught, as spelled, or nobody knows."""
        taught = self.taught.get(spec.name, {})
        words = self.lexicons[spec.name]
        value = taught[folded(text)] if folded(text) in taught else words.find(text)
        if value == SKIP_ROW:
            found.out = _("“%(word)s” in “%(column)s” is passed over.") % {
                "word": text[:60],
                "column": heading[:60],
            }
            return None
        if value == NEW_ROW and spec.model is not None:
            return ToMake(spec.model, texts.line(text), heading)
        if value is None or (value and value not in words.labels):
            found.unknown.append((spec.name, text))
            raise Unknown(
                _("“%(word)s” is not known as “%(field)s”.")
                % {"word": text[:60], "field": spec.label}
            )
        return value == "yes" if spec.sort is Sort.YESNO else value

    def _fitted(self, spec: Field, text: str, columns: Sequence[str], found: Checked) -> str:
        """Return a text that fits; what is too long goes on in a comment, or is an error."""
        model_field = None if spec.extra else self.target.model._meta.get_field(spec.name)
        most = getattr(model_field, "max_length", None)
        if spec.sort is Sort.TEXT:
            text = texts.line(text)
        if not most or len(text) <= most:
            return text
        if spec.sort is Sort.LONG and self.target.is_record:
            kept, rest = texts.cut(text, most)
            found.more = [*texts.continued(str(spec.label), rest), *found.more]
            return kept
        if spec.name == "title" and self._is_kept_whole(columns):
            return texts.shortened(text, most)
        hint = ""
        if spec.name == "title":
            hint = " " + _("Map its column to a longer field as well, then the title is cut.")
        raise Wrong(
            _("It has %(length)d characters; %(most)d are possible.")
            % {"length": len(text), "most": most}
            + hint
        )

    def _is_kept_whole(self, columns: Sequence[str]) -> bool:
        """Whether a long field holds the same columns, so that cutting the title loses nothing."""
        long = [spec.name for spec in self.target.fields if spec.sort is Sort.LONG]
        held = {column for name in long for column in self.rules.get(name, {}).get("columns", ())}
        return set(columns) <= held

    def _key(self, found: Checked, cells: Sequence[str]) -> str:
        parts = [folded(str(found.values.get(name, ""))) for name in self.target.key]
        if any(parts):
            return "|".join(parts)[:120]
        if not self.target.is_record:
            return ""
        return "=" + hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:40]

    def _fit(self, found: Checked) -> None:
        """Note what the record as a whole does not allow."""
        try:
            row = self.build(found)
            if isinstance(row, Record):
                fit_to_adopt(row, by=self.by)
            else:
                empty = [n for n, value in found.values.items() if isinstance(value, ToMake)]
                row.clean_fields(exclude=empty)
                row.clean()
        except ValidationError as error:
            told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            for name, sentences in told.items():
                found.errors[self._heading(name)] = " ".join(sentences)
        except Refused as refused:
            found.errors[self._heading(refused.fix.lstrip("#") or "closed_date")] = str(refused)

    def _heading(self, name: str) -> str:
        columns = self.rules.get(name, {}).get("columns") or ()
        spec = self.target.field(name)
        return columns[0] if columns else str(spec.label) if spec else ""

    def build(self, found: Checked, made: dict[ToMake, models.Model] | None = None) -> Any:
        """Return the unsaved row of the target for what was found."""
        values: dict[str, Any] = {}
        for name, value in found.values.items():
            spec = self.target.field(name)
            if spec is None or spec.extra or name == LINK:
                continue
            if isinstance(value, ToMake):
                if made is not None:
                    values[name] = made[value]
            elif spec.sort is Sort.ROW:
                values[name] = self.lexicons[name].rows[value]
            else:
                values[name] = value
        if self.target.is_at_site:
            values["site"] = self.site
        if self.target.is_record:
            self._complete(values)
        row = self.target.model(**values)
        for spec in self.target.fields:
            if spec.extra and spec.name in found.values:
                spec.extra.before(row, found.values[spec.name])
        return row

    def _complete(self, values: dict[str, Any]) -> None:
        """Whom nobody owns belongs to who imports; a closed record says so by its day."""
        values.setdefault("owner", self.by)
        if "state" not in values and "closed_date" in values:
            kind: Any = self.target.model
            final = [s for s in kind.workflow.final if s != kind.workflow.void]
            values["state"] = next(s for s in kind.workflow.states.values if s in final)
