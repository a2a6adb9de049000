"""Checkpoints: signed roots over both streams, in the database and outside of it (AT9, AT11).

`checkpoint` makes one now, `after_commit` once the block around is committed. A model names with
``trail_weighty`` why its entries ask for one at once; every `EVERY` entries ask by themselves.
An AppConfig may carry ``keepers``: callables that hand a checkpoint to somebody outside.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from andon.trail import keys, notes
from andon.trail.gate import opened
from andon.trail.merkle import Tree
from andon.trail.models import Checkpoint, SigningKey
from andon.trail.notes import STREAMS, Note
from andon.trail.sealing import EVERY, RECORDS

AT_LEAST_EVERY = timedelta(minutes=60)
PAGE = 2_000
LOCK = 6962  # names the advisory lock of PostgreSQL
LONGEST = 4_096  # bytes of a checkpoint
_PAYLOAD = {"sqlite": "CAST(payload AS BLOB)", "postgresql": "payload"}
_logger = logging.getLogger(__name__)
_postponed: ContextVar[bool] = ContextVar("andon_checkpoints_postponed", default=False)
Trees = dict[str, Tree]


class Unsound(RuntimeError):
    """The trail is not the one that the last checkpoint covers: nothing may be signed."""


def checkpoint(reason: str) -> Checkpoint | None:
    """Cover everything sealed so far; returns the newest checkpoint, none for an empty trail.

    Raises
    ------
    NoKey
        There is no signing key.
    Unsound
        The trail is shorter than its last checkpoint, or has a gap; ``andon verify`` says where.
    """
    made = _one_by_one(reason) if connection.vendor == "postgresql" else _at_first_go(reason)
    if made is not None:
        write_file()
    return made


def after_commit(reason: str) -> None:
    """Make a checkpoint once what runs now is committed; a failure is logged, nothing else.

    What was done stays done; the duty of the checkpoints tries again and shows its failure.
    """
    if not _postponed.get():
        # A function with a name: Django asks for it when the commit failed and hooks are told of.
        transaction.on_commit(lambda: _tried(reason), robust=True)


@contextmanager
def postponed(reason: str) -> Iterator[None]:
    """Make one checkpoint at the end instead of many; for filling what nobody uses yet."""
    token = _postponed.set(True)
    try:
        yield
    finally:
        _postponed.reset(token)
    checkpoint(reason)


def due(now: datetime) -> bool:
    """Whether something was sealed an hour ago or 1,000 entries are not covered yet."""
    newest, heads = Checkpoint.objects.order_by("-number").first(), _heads()
    sizes = {stream: newest.size(stream) if newest else 0 for stream in STREAMS}
    fresh = sum(max(0, heads[stream] - sizes[stream]) for stream in STREAMS)
    waited = newest is None or now - newest.at >= AT_LEAST_EVERY
    return fresh >= EVERY or (fresh > 0 and waited)


def covering(seq: int, stream: str = RECORDS) -> Checkpoint | None:
    """Return the first checkpoint that covers entry ``seq``."""
    field = "records_size" if stream == RECORDS else "security_size"
    found = Checkpoint.objects.filter(**{f"{field}__gte": seq})
    return found.order_by("number").first()


def keepers() -> Iterator[Callable[[Checkpoint], None]]:
    """Yield what hands a checkpoint to somebody outside."""
    for config in apps.get_app_configs():
        yield from getattr(config, "keepers", ())


def tree_of(row: Checkpoint, note: Note, stream: str) -> Tree | None:
    """Return the tree of ``stream`` as ``row`` keeps it; nothing if it is not the signed one."""
    try:
        peaks = [bytes.fromhex(text) for text in json.loads(row.peaks)[stream]]
    except (ValueError, TypeError, LookupError):
        return None
    tree = Tree(note.size(stream), peaks)
    return tree if tree.sound() and tree.root() == note.root(stream) else None


def leaves(stream: str, after: int, upto: int) -> Iterator[bytes]:
    """Yield the payloads of ``stream`` behind entry ``after``, as they are stored."""
    column = _PAYLOAD[connection.vendor]
    sql = (
        f"SELECT seq, {column} FROM audit_entry"  # noqa: S608  (a constant)
        " WHERE stream = %s AND seq > %s AND seq <= %s ORDER BY seq LIMIT %s"
    )
    with connection.cursor() as cursor:
        while after < upto:
            cursor.execute(sql, [stream, after, upto, PAGE])
            for seq, payload in cursor.fetchall() or [(None, b"")]:
                after += 1
                if seq != after:
                    raise Unsound(f"Entry {after} of {stream} is missing. Run: andon verify")
                yield payload if isinstance(payload, bytes) else payload.encode()


def path() -> Path:
    """Return the file that keeps every checkpoint outside of the database."""
    return Path(settings.CHECKPOINTS)


def write_file() -> None:
    """Append what the file does not have yet; it is only ever appended to."""
    rows = list(Checkpoint.objects.order_by("-number")[:2])
    if not rows or (end := _end_of_file()) == rows[0].text:
        return
    texts = [rows[0].text]
    if len(rows) > 1 and end != rows[1].text:  # more than the newest one may be missing
        kept = set(read_file())
        every = Checkpoint.objects.order_by("number").values_list("text", flat=True)
        texts = [text for text in every if text not in kept]
    _append(texts)


def read_file() -> list[str]:
    """Return the checkpoints of the file as they stand, and whatever else is in it."""
    if not path().exists():
        return []
    return notes.split(path().read_text(encoding="utf-8", errors="replace"))


def _end_of_file() -> str:
    if not path().exists():
        return ""
    with path().open("rb") as file:
        file.seek(max(0, path().stat().st_size - LONGEST))
        parts = notes.split(file.read().decode(errors="replace"))
    return parts[-1] if parts else ""


def _append(texts: list[str]) -> None:
    path().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    with os.fdopen(handle, "r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 2))
        whole = not size or file.read() == b"\n\n"  # else the last write was cut off
        data = "".join(f"{text}\n" for text in texts).encode()
        file.write(data if whole else b"\n\n" + data)
        os.fsync(file.fileno())


def _tried(reason: str) -> None:
    try:
        checkpoint(reason)
    except keys.NoKey as error:
        _logger.warning("No checkpoint after %s: %s", reason, error)


def _one_by_one(reason: str) -> Checkpoint | None:
    """Wait for others who make one; nobody else waits for them, or for us."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return _make(reason)


def _at_first_go(reason: str) -> Checkpoint | None:
    """Read without keeping writers waiting; if somebody was faster, hold them up (IMMEDIATE)."""
    try:
        return _make(reason)
    except IntegrityError:
        with transaction.atomic():
            return _make(reason)


def _make(reason: str) -> Checkpoint | None:
    newest = Checkpoint.objects.order_by("-number").first()
    heads = _heads()  # read after the checkpoint, so never behind it
    if not any(heads.values()):
        return None
    key, known = keys.current()
    trees = _last_trees(newest)
    if newest is not None and all(trees[stream].size == heads[stream] for stream in STREAMS):
        return newest
    for stream, tree in trees.items():
        _grow(stream, tree, heads[stream])
    number = newest.number + 1 if newest else 1
    now, origin = timezone.now(), keys.origin()
    body = notes.compose(
        origin,
        {stream: (tree.size, tree.root()) for stream, tree in trees.items()},
        number=number,
        at=now,
        reason=reason,
        previous=newest.digest() if newest else "-",
    )
    with transaction.atomic(), opened():
        return Checkpoint.objects.create(
            number=number,
            at=now,
            reason=reason,
            key_id=known.key_id,
            text=notes.sign(origin, body, key),
            peaks=json.dumps({s: [peak.hex() for peak in t.peaks] for s, t in trees.items()}),
            **{f"{stream}_size": tree.size for stream, tree in trees.items()},
        )


def _grow(stream: str, tree: Tree, upto: int) -> None:
    if tree.size > upto:
        raise Unsound(
            f"The stream {stream} has {upto} entries and a checkpoint covers {tree.size}."
            " Nothing was signed. Run: andon verify"
        )
    for payload in leaves(stream, tree.size, upto):
        tree.add(payload)


def _last_trees(newest: Checkpoint | None) -> Trees:
    """Return the trees of the last checkpoint up to ``newest`` that is as it was signed."""
    number = newest.number if newest else 0
    known = {key.key_id: key for key in SigningKey.objects.all()}
    rows = Checkpoint.objects.filter(number__lte=number).order_by("-number")
    for row in rows.iterator(chunk_size=5):
        if (trees := _signed_trees(row, known)) is not None:
            return trees
        _logger.error("Checkpoint %s is not as it was signed. Run: andon verify", row.number)
    return {stream: Tree() for stream in STREAMS}


def _signed_trees(row: Checkpoint, known: dict[str, Any]) -> Trees | None:
    try:
        note = notes.parse(row.text)
        signed = row.key_id in known and note.signed_by(known[row.key_id].raw())
    except notes.NotANote:
        return None
    trees = {stream: tree_of(row, note, stream) for stream in STREAMS}
    found = {stream: tree for stream, tree in trees.items() if tree is not None}
    return found if signed and len(found) == len(STREAMS) else None


def _heads() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT stream, seq FROM audit_head")
        found = dict(cursor.fetchall())
    return {stream: found.get(stream, 0) for stream in STREAMS}
