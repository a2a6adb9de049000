"""One audited transaction: what it gathered, and how that is sealed into the chain (AT1, AT4, AT6).

What was sealed may ask for a checkpoint (AT9) once it is committed; see `checkpoints`.
The second stream (AT11) has a head row of its own; see `security`.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db import connection
from django.utils import timezone

from andon.trail.canonical import dumps, encode, instant, sha256
from andon.trail.edge import current_edge

if TYPE_CHECKING:
    from andon.trail.models import AuditedModel

FORMAT = "andon-trail-v1"
PAYLOAD_VERSION = 1
RECORDS = "records"
SECURITY = "security"
GENESIS = "0" * 64
EVERY = 1_000  # entries, after which a checkpoint is made

_HEAD = "SELECT seq, entry_hash FROM audit_head WHERE stream = %s"
_HEAD_LOCK = " FOR UPDATE"  # SQLite: the transaction was IMMEDIATE, so it is the only writer
_MOVE_HEAD = "UPDATE audit_head SET seq = %s, entry_hash = %s WHERE stream = %s"
_INSERT_ENTRY = (
    "INSERT INTO audit_entry (stream, seq, prev_hash, entry_hash, payload, at, actor_kind,"
    " actor_id, via, action, model, object_id, number, reason, request_id)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_INSERT_PERSONAL = "INSERT INTO audit_personal (commitment, salt, value) VALUES (%s, %s, %s)"


class NotAudited(RuntimeError):
    """A write that the trail cannot record, and therefore refuses."""


@dataclass(frozen=True)
class Actor:
    """Who writes: a person or a named part of the system, by id only."""

    kind: str
    id: str


@dataclass(frozen=True, eq=False)
class Pending:
    """An entry before it is sealed.

    It waits among the connection's commit hooks (so it can be called, and does nothing):
    Django itself takes it away when any savepoint around it is rolled back.
    """

    owner: "Transaction"
    action: str
    model: str
    object_id: str
    number: str
    reason: str
    via: str
    content: dict[str, Any]
    personal: tuple[tuple[str, str, str], ...] = ()
    weighty: str = ""

    def __call__(self) -> None:
        """Do nothing."""


@dataclass(eq=False)
class Transaction:
    """The entries of one outermost `audited` block."""

    actor: Actor
    reason: str
    via: str
    stream: str = RECORDS
    edge: Any = field(default_factory=current_edge)
    beside: "Transaction | None" = None
    weighty: str = ""
    """Why a checkpoint is due once this is committed; known when it is sealed."""

    def event(
        self, action: str, subject: "AuditedModel", *, detail: dict[str, Any] | None = None
    ) -> None:
        """Record that something happened to ``subject`` that changes no row of it."""
        self.add(
            action,
            model=subject.trail_label(),
            object_id=str(subject.pk),
            number=subject.trail_number(),
            content={"detail": encode(detail or {})},
        )

    def add(
        self,
        action: str,
        *,
        model: str,
        object_id: str,
        number: str,
        content: dict[str, Any],
        personal: tuple[tuple[str, str, str], ...] = (),
        weighty: str = "",
    ) -> None:
        """Gather one entry; ``content`` is encoded already."""
        about = (action, model, object_id, number, self.reason, self.via)
        connection.on_commit(Pending(self, *about, content, personal, weighty))

    def seal(self) -> None:
        """Put what survived into the chain, under the lock of the head row; the last write."""
        hooks = connection.run_on_commit
        entries = [cast("Pending", hook[1]) for hook in hooks if self._owns(hook[1])]
        connection.run_on_commit = [hook for hook in hooks if not self._owns(hook[1])]
        if entries:
            self.append(entries)
        if self.beside is not None:
            self.beside.seal()
            self.weighty = self.weighty or self.beside.weighty

    def _owns(self, hook: Any) -> bool:
        return isinstance(hook, Pending) and hook.owner is self

    def append(self, entries: Sequence[Pending]) -> None:
        """Seal ``entries`` as the next ones of the stream; the head row is locked until the end."""
        with connection.cursor() as cursor:
            lock = _HEAD_LOCK if connection.features.has_select_for_update else ""
            cursor.execute(_HEAD + lock, [self.stream])
            head = cursor.fetchone()
            if head is None:
                raise NotAudited(f"The head row of the stream {self.stream} is missing.")
            seq, last = head
            now = timezone.now()
            rows = []
            for seq, entry in enumerate(entries, start=seq + 1):  # noqa: B020  (goes on from it)
                row = self._row(entry, seq, last, now)
                last = row[3]
                rows.append(row)
            personal: list[tuple[Any, ...]] = [v for entry in entries for v in entry.personal]
            _insert(cursor, _INSERT_PERSONAL, personal)
            _insert(cursor, _INSERT_ENTRY, rows)
            cursor.execute(_MOVE_HEAD, [seq, last, self.stream])
        self.weighty = next((entry.weighty for entry in entries if entry.weighty), "")
        if not self.weighty and head[0] // EVERY != seq // EVERY:
            self.weighty = f"{EVERY} entries"

    def _row(self, entry: Pending, seq: int, last: str, now: datetime) -> tuple[Any, ...]:
        columns = {
            "via": entry.via,
            "action": entry.action,
            "model": entry.model,
            "object": entry.object_id,
            "number": entry.number,
            "reason": encode(entry.reason),
            "request": self.edge.request_id,
        }
        payload = {
            **{name: value for name, value in columns.items() if value},
            **entry.content,
            "v": PAYLOAD_VERSION,
            "seq": seq,
            "at": instant(now),
            "actor": {"kind": self.actor.kind, "id": self.actor.id},
        }
        if self.edge.address:
            payload["address"] = self.edge.address
        text = dumps(payload)
        at = connection.ops.adapt_datetimefield_value(now)
        digest = entry_hash(self.stream, last, text)
        actor = (self.actor.kind, self.actor.id)
        return (self.stream, seq, last, digest, text, at, *actor, *columns.values())


def _insert(cursor: Any, statement: str, rows: list[tuple[Any, ...]]) -> None:
    if len(rows) == 1:  # the usual write; psycopg would open a pipeline for it
        cursor.execute(statement, rows[0])
    elif rows:
        cursor.executemany(statement, rows)


def entry_hash(stream: str, prev_hash: str, payload: str) -> str:
    """Return the link of the chain that ``payload`` makes."""
    return sha256(FORMAT, stream, prev_hash, payload)


current: ContextVar[Transaction | None] = ContextVar("andon_audited", default=None)


def writing() -> Transaction:
    """Return the audited block that runs now.

    Raises
    ------
    NotAudited
        Outside of one.
    """
    transaction = current.get()
    if transaction is None:
        raise NotAudited("A controlled row can only be written inside `audited(by, reason=…)`.")
    return transaction
