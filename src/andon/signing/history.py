"""A record as its trail tells it: what it said when it was signed, and what it should say now."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from andon.trail.models import AuditEntry
from andon.trail.sealing import RECORDS, entry_hash

from .content import Content

SIGNATURE = "signing.signature"
# An upgrade seals rows anew without changing what they say.
NO_CHANGE = "rebaselined"


@dataclass
class Moment:
    """The entry of one signature: what it says, and the content as it was just before."""

    seq: int
    at: str
    row: dict[str, Any]
    content: Content


@dataclass
class History:
    """All entries of one number, replayed over the models that are content."""

    models: frozenset[str]
    content: Content = field(default_factory=dict)
    moments: dict[int, Moment] = field(default_factory=dict)
    altered: list[int] = field(default_factory=list)
    # Time of each transaction that changed content, with its last entry.
    changes: list[tuple[int, str]] = field(default_factory=list)

    def went_on_after(self, moment: Moment) -> bool:
        """Whether a later transaction changed the content."""
        return any(seq > moment.seq and at != moment.at for seq, at in self.changes)

    def tell(self, seq: int, model: str, object_id: str, payload: dict[str, Any]) -> None:
        before, after = payload.get("before", {}), payload.get("after", {})
        if model == SIGNATURE and "state" in payload and not before:
            kept = {name: dict(found) for name, found in self.content.items() if found}
            self.moments[int(object_id)] = Moment(seq, payload["at"], after, kept)
        if model not in self.models or not (before or after or "state" in payload):
            return
        objects = self.content.setdefault(model, {})
        if "state" not in payload:
            objects.pop(object_id, None)
        else:
            objects[object_id] = {**objects.get(object_id, {}), **after} if before else after
        if payload["action"] != NO_CHANGE:
            self.changes.append((seq, payload["at"]))


def history_of(number: str, models: frozenset[str]) -> History:
    """Return the story of the record ``number``; entries that cannot be read are named."""
    told = History(models)
    for seq, model, object_id, payload in _entries(number, told):
        try:
            told.tell(seq, model, object_id, payload)
        except (ValueError, TypeError, LookupError, AttributeError):
            told.altered.append(seq)
    told.content = {model: objects for model, objects in told.content.items() if objects}
    return told


def _entries(number: str, told: History) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    rows = AuditEntry.objects.filter(number=number, stream=RECORDS).order_by("seq")
    columns = ("seq", "prev_hash", "entry_hash", "payload", "model", "object_id")
    for seq, before, digest, text, model, object_id in rows.values_list(*columns):
        if entry_hash(RECORDS, before, text) != digest:
            told.altered.append(seq)
        try:
            payload = json.loads(text)
        except ValueError:
            told.altered.append(seq)
            continue
        yield seq, model, object_id, payload
