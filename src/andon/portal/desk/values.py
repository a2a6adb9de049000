"""What a cell means for a field: a day, a number, a choice, a row of a list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from andon.accounts.models import Site, User
from andon.portal.desk.fields import Field, Sort, Target
from andon.portal.desk.synonyms import FIRST, LAST, NO, VALUES, YES
from andon.portal.desk.targets import rows_of
from andon.tables.values import Reading, as_date, as_number, read_column

MARKS = ("/", "-", ".")
CLOSE = 0.75
SAMPLE = 40
_MARK = re.compile(r"^\d{1,4}([./-])\d{1,2}\1\d{1,4}\b")
_CLOCK = re.compile(r"^(\d{1,2})[:.h](\d{2})(?::\d{2})?$")
_WORDS = re.compile(r"[\W_]+")
_NAMING = ("code", "number", "name", "username", "display_name", "email")


class Wrong(Exception):
    """A cell that does not fit; the sentence says why."""


class Unknown(Wrong):
    """A cell that names something nobody knows."""


def plain(text: str) -> str:
    """Return ``text`` as it is compared: no case, no marks, no double blanks."""
    return " ".join(_WORDS.sub(" ", text.casefold()).split())


def folded(text: str) -> str:
    """Return ``text`` as values of a list are compared."""
    return " ".join(text.casefold().split())


# -- how a column writes its days and numbers -------------------------------------------


def hint_of(cells: Iterable[str], *, separator: str) -> dict[str, Any]:
    """Find out how the cells of a column are read; each way of parting a date for itself."""
    texts = list(cells)
    whole = read_column(texts, separator=separator)
    days = {}
    for mark in MARKS:
        found = [text for text in texts if (m := _MARK.match(text)) and m[1] == mark]
        if found:
            reading = read_column(found)
            days[mark] = {"order": reading.order, "unsure": reading.order_unsure}
    return {
        "decimal": whole.decimal,
        "decimal_unsure": whole.decimal_unsure,
        "serials": whole.serials,
        "kind": whole.kind,
        "days": days,
        "filled": whole.filled,
        "words": list(dict.fromkeys(text[:60] for text in texts))[:SAMPLE],
    }


def day_of(text: str, hint: dict[str, Any], order: str) -> date:
    """Return the day in ``text``; ``order`` is what a person said for the column."""
    found = _MARK.match(text)
    known = hint.get("days", {}).get(found[1] if found else "", {})
    said = known.get("order", "dmy")
    if order and (known.get("unsure") or not known):
        said = order
    day = as_date(text, Reading(order=said, serials=bool(hint.get("serials"))))
    if day is None and found:  # the other order, where this one gives no day at all
        other = "mdy" if said == "dmy" else "dmy"
        day = as_date(text, Reading(order=other))
    if day is None:
        raise Wrong(_("“%s” is no day; write it like 2026-03-31.") % text)
    return day


def number_of(text: str, hint: dict[str, Any], decimal: str) -> Decimal:
    """Return the number in ``text``."""
    sign = decimal if decimal and hint.get("decimal_unsure") else hint.get("decimal", ".")
    number = as_number(text, replace(Reading(), decimal=sign))
    if number is None:
        raise Wrong(_("“%s” is no number.") % text)
    return number


def clock_of(text: str) -> time:
    """Return the time of day in ``text``."""
    found = _CLOCK.match(text)
    try:
        return time.fromisoformat(text) if not found else time(int(found[1]), int(found[2]))
    except ValueError:
        raise Wrong(_("“%s” is no time of day; write it like 06:00.") % text) from None


# -- words that name one of several values ----------------------------------------------


@dataclass
class Lexicon:
    """The values of one field by the words that name them."""

    words: dict[str, Any]
    labels: dict[str, str]
    """What can be chosen, by the value as it is kept in a mapping."""
    rows: dict[str, models.Model]

    def find(self, text: str) -> str | None:
        """Return the value that ``text`` names exactly."""
        return self.words.get(folded(text)) or self.words.get(plain(text))

    def guess(self, text: str) -> str:
        """Return the value that ``text`` may be a misspelling of, or nothing."""
        near = get_close_matches(folded(text), list(self.words), n=1, cutoff=CLOSE)
        return str(self.words[near[0]]) if near else ""


def lexicon_of(field: Field, site: Site) -> Lexicon:
    """Return the words of ``field`` at ``site``."""
    if field.sort is Sort.ROW and field.model is not None:
        return _of_rows(field.model, site)
    return choices_of(field)


def choices_of(field: Field) -> Lexicon:
    """Return the words of a field with choices, or of yes and no."""
    choices = field.choices
    if field.sort is Sort.YESNO:
        choices = (("yes", _("yes")), ("no", _("no")))
    words: dict[str, Any] = {}
    for value, spelled in _taught(field).items():
        words |= {folded(word): value for word in spelled}
    for value, label in choices:
        words |= {folded(str(label)): value, folded(value): value, plain(str(label)): value}
    return Lexicon(words, {value: str(label) for value, label in choices}, {})


def _taught(field: Field) -> dict[str, tuple[str, ...]]:
    if field.sort is Sort.YESNO:
        return {"yes": YES, "no": NO}
    if field.name == "state":
        first, *last = [value for value, _label in field.choices]
        return {first: FIRST, **({last[0]: LAST} if last else {})}
    known = {value for value, _label in field.choices}
    return {value: words for value, words in VALUES.get(field.name, {}).items() if value in known}


def _of_rows(model: type[models.Model], site: Site) -> Lexicon:
    """Rows by code, number and name; a name that two rows share names neither."""
    columns = [n for n in _NAMING if n in {f.name for f in model._meta.concrete_fields}]
    words: dict[str, Any] = {}
    twice: set[str] = set()
    found = {str(row.pk): row for row in rows_of(model, site)}
    for key, row in found.items():
        for text in {folded(str(getattr(row, column))) for column in columns} | {folded(str(row))}:
            if text and words.setdefault(text, key) != key:
                twice.add(text)
    words = {text: key for text, key in words.items() if text not in twice}
    return Lexicon(words, {key: str(row) for key, row in found.items()}, found)


def lexicons(target: Target, site: Site, names: Iterable[str]) -> dict[str, Lexicon]:
    """Return the words of the fields called ``names``."""
    return {
        name: lexicon_of(field, site)
        for name in names
        if (field := target.field(name)) is not None and field.has_values
    }


def default_owner(by: User) -> str:
    """Return who owns what nobody owns: the person who imports."""
    return str(by.pk)
