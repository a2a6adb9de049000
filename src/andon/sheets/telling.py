"""What happened to an answer, told in the words of its question instead of columns."""

from collections.abc import Iterable
from typing import Any

from andon.trail.models import AuditEntry, Change

from . import reading
from .models import Answer


def changes_in_words(entries: Iterable[AuditEntry]) -> dict[int, list[Change]]:
    """Return, by entry, what happened to an answer: its label, before and after in words."""
    told = {int(e.object_id): e for e in entries if e.model == "sheets.answer"}
    if not told:
        return {}
    rows = Answer.objects.filter(pk__in=told).select_related("sheet__version", "sheet__design")
    by_pk = rows.defer("sheet__version__definition").in_bulk()
    mine = [e for e in entries if e.model == "sheets.answer"]
    return {e.pk: _told(e, by_pk[int(e.object_id)]) for e in mine if int(e.object_id) in by_pk}


def _told(entry: AuditEntry, answer: Answer) -> list[Change]:
    asked = reading.content(answer.sheet.version)
    label = asked[answer.key].label if answer.key in asked else answer.key
    said = entry.content()
    before, after = (_said(said.get(part, {})) for part in ("before", "after"))
    return [Change(label, before, after)]


def _said(state: dict[str, Any]) -> str:
    """Return the value in the columns of an entry; a person or file is named by its row."""
    number = state.get("number")
    shown_number = number.rstrip("0").rstrip(".") if number and "." in number else number
    parts = (state.get("text"), state.get("words"), shown_number, state.get("day"))
    named = [f"#{state[name]}" for name in ("person", "file") if state.get(name)]
    return " ".join([*(part for part in parts if part), *named])
