"""What differs between two contents, in words: field, was, is (SG4)."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .content import Content

MOST = 12
LONGEST = 120


class Difference(NamedTuple):
    """One field of one row that is not as it was; a row that came or went has an empty field."""

    model: str
    object_id: str
    field: str
    was: Any
    now: Any

    def __str__(self) -> str:
        row = _row(self.model, self.object_id)
        if not self.field:
            return (_("%s: new.") if self.was is None else _("%s: gone.")) % row
        words = {
            "row": row,
            "field": _field(self.model, self.field),
            "was": _short(self.was),
            "is": _short(self.now),
        }
        return _("%(row)s, %(field)s: was “%(was)s”, is “%(is)s”.") % words


def differences(was: Content, now: Content) -> Iterator[Difference]:
    """Yield what differs, row by row and field by field."""
    for model in sorted(was.keys() | now.keys()):
        old, new = was.get(model, {}), now.get(model, {})
        for pk in sorted(old.keys() | new.keys(), key=int):
            if pk not in old or pk not in new:
                yield Difference(model, pk, "", old.get(pk), new.get(pk))
            else:
                yield from _fields(model, pk, old[pk], new[pk])


def _fields(model: str, pk: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new or old[name] != new[name]:
            yield Difference(model, pk, name, old.get(name), new.get(name))


def _row(model: str, pk: str) -> str:
    try:
        words = str(apps.get_model(model)._meta.verbose_name)
    except (LookupError, ValueError):
        words = model
    return f"{capfirst(words)} {pk}"


def _field(model: str, name: str) -> str:
    try:
        return str(getattr(apps.get_model(model)._meta.get_field(name), "verbose_name", name))
    except (LookupError, ValueError, FieldDoesNotExist):
        return name


def _short(value: Any) -> str:
    text = "–" if value in (None, "") else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
