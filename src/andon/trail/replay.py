"""The comparison of live rows with the trail: by seal, and field by field through replay (AT10)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection

from andon.trail.canonical import dumps, sha256
from andon.trail.capture import Kind, Row, State, chunks, rows, state_hash, tracked
from andon.trail.findings import Finding
from andon.trail.forgetting import ERASED, PURGED
from andon.trail.models import PersonalValue
from andon.trail.sealing import RECORDS

UNREADABLE = (DatabaseError, ValidationError, ValueError, TypeError, ArithmeticError)
_ENTRIES = (
    "SELECT object_id, seq, number, payload FROM audit_entry"
    " WHERE stream = %s AND model = %s ORDER BY object_id, seq"
)
Opened = dict[str, tuple[str, str]]


@dataclass
class Story:
    """One object as its entries tell it."""

    model: Kind
    object_id: str
    seq: int = 0
    number: str = ""
    state: State = field(default_factory=dict)
    seal: str = ""
    version: int = 0
    exists: bool = False
    erased: int = 0
    commitments: list[tuple[int, str, str]] = field(default_factory=list)
    breaks: list[Finding] = field(default_factory=list)

    def tell(self, seq: int, number: str, payload: dict[str, Any]) -> None:
        """Add what one entry says."""
        before, after = payload.get("before", {}), payload.get("after", {})
        if payload.get("action") == PURGED:
            self.seq, self.number, self.exists, self.state = seq, number, False, {}
            return
        if payload.get("action") == ERASED:
            self.erased = seq
        if not (before or after or "state" in payload):
            return
        personal = frozenset(payload.get("personal", ()))
        self.commitments += [
            (seq, name, part[name]) for part in (before, after) for name in personal & part.keys()
        ]
        known = before.keys() - personal - self.model.trail_excluded
        wrong = {name for name in known if self.state.get(name) != before[name]}
        self.seq, self.number = seq, number
        self.breaks += [
            self.finding(
                "unrecorded",
                "It was changed before this entry and no entry says so.",
                name,
                (self.state.get(name), before[name]),
            )
            for name in sorted(wrong)
        ]
        self.exists = "state" in payload
        self.state = ({**self.state, **after} if before else after) if self.exists else {}
        self.seal = payload.get("state", "")
        self.version = payload.get("state_version", 0)

    def finding(
        self, kind: str, text: str, name: str = "", values: tuple[Any, Any] = (None, None)
    ) -> Finding:
        """Return a finding placed at this object, and at the last entry told."""
        place = (RECORDS, self.seq, str(self.model._meta.label_lower), self.object_id, self.number)
        return Finding(kind, text, *place, name, *values)


def stories(model: Kind) -> Iterator[Story]:
    """Yield every object of ``model`` that has entries, replayed."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ENTRIES, [RECORDS, model._meta.label_lower])
        for object_id, entries in groupby(cursor, key=itemgetter(0)):
            story = Story(model, object_id)
            for _, seq, number, payload in entries:
                try:
                    story.tell(seq, number, json.loads(payload))
                except (ValueError, TypeError, LookupError, AttributeError):
                    continue  # the walk has named this payload
            yield story


def compare(model: Kind) -> Iterator[tuple[int, list[Finding]]]:
    """Yield, chunk by chunk, how many objects of ``model`` were compared, and the findings."""
    for chunk in chunks(stories(model)):
        live = _live(model, chunk)
        opened = _opened(chunk)
        found = []
        for story in chunk:
            found += story.breaks
            found += _check_commitments(story, opened)
            if story.seq:
                found += _check_row(story, live.get(story.object_id), opened)
        yield len(chunk), found


def unknown_rows(model: Kind, labels: Iterable[str]) -> Iterator[Finding]:
    """Yield the rows of ``model`` that no entry of one of ``labels`` ever named."""
    for pks in chunks(model._base_manager.order_by("pk").values_list("pk", flat=True).iterator()):
        unknown = {str(pk) for pk in pks} - _named(list(labels), [str(pk) for pk in pks])
        for object_id in sorted(unknown):
            text = "A row is in the table and no entry says where it came from."
            yield Finding(
                "row without event", text, model=model._meta.label_lower, object_id=object_id
            )


def _named(labels: list[str], object_ids: list[str]) -> set[str]:
    marks = [", ".join(["%s"] * len(values)) for values in (labels, object_ids)]
    sql = (
        "SELECT DISTINCT object_id FROM audit_entry"  # noqa: S608  (placeholders only)
        f" WHERE stream = %s AND model IN ({marks[0]}) AND object_id IN ({marks[1]})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [RECORDS, *labels, *object_ids])
        return {object_id for (object_id,) in cursor.fetchall()}


def _live(model: Kind, chunk: list[Story]) -> dict[str, Row | Exception]:
    """Read the rows of ``chunk``; one that cannot be read spoils no other."""
    key = model._meta.pk
    try:
        found = rows(model, [key.to_python(story.object_id) for story in chunk])
    except UNREADABLE as error:
        if len(chunk) == 1:
            return {chunk[0].object_id: error}
        middle = len(chunk) // 2
        return {**_live(model, chunk[:middle]), **_live(model, chunk[middle:])}
    return {str(pk): row for pk, row in found.items()}


def _opened(chunk: list[Story]) -> Opened:
    """Return salt and value behind the commitments and the salted seals of ``chunk``."""
    wanted = {commitment for story in chunk for _, _, commitment in story.commitments}
    wanted |= {story.seal for story in chunk if story.seal and story.model.trail_personal}
    found: Opened = {}
    for some in chunks(sorted(wanted)):
        values = PersonalValue.objects.filter(commitment__in=some)
        found |= {value.commitment: (value.salt, value.value) for value in values}
    return found


def _check_commitments(story: Story, opened: Opened) -> Iterator[Finding]:
    for seq, name, commitment in story.commitments:
        salt, value = opened.get(commitment, ("", ""))
        if seq < story.erased and not (salt or value):
            continue  # an erasure is recorded, and this was before it
        if sha256(salt, value) != commitment:
            fault = "is not the one the entry commits to" if salt else "behind the entry is gone"
            place = (RECORDS, seq, str(story.model._meta.label_lower), story.object_id)
            yield Finding("personal", f"The personal value {fault}.", *place, story.number, name)


def _check_row(story: Story, row: Row | Exception | None, opened: Opened) -> Iterator[Finding]:
    if isinstance(row, Exception):
        yield story.finding("row unreadable", f"The row cannot be read: {row}")
    elif row is None:
        if story.exists:
            yield story.finding("event without row", "The row is gone and no entry says so.")
    elif not story.exists:
        yield story.finding("row without event", "The row was deleted, and it is there again.")
    elif story.version != story.model.trail_state_version:
        text = f"The last state has version {story.version}: write a new baseline."
        yield story.finding("state version", text)
    else:
        yield from _check_state(story, row.state, opened)


def _check_state(story: Story, live: State, opened: Opened) -> Iterator[Finding]:
    salt = opened.get(story.seal, ("", ""))[0] if story.model.trail_personal else ""
    version = story.version
    if story.seal == state_hash(story.model, story.object_id, live, version=version, salt=salt):
        return
    differing = 0
    for name, _ in tracked(story.model):
        told = story.state.get(name)
        if name in story.model.trail_personal and told in opened:
            told = json.loads(opened[told][1] or "null")
        if dumps(told) != dumps(live[name]):
            differing += 1
            text = "The table does not say what the trail says."
            yield story.finding("row changed", text, name, (told, live[name]))
    if not differing:
        yield story.finding("state", "The row does not have the state that was sealed.")
