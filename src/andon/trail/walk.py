"""The local walk along the chain: numbers, hashes, derived columns, head (AT10).

Rows are read as tuples in the order of the chain; memory does not grow with its length.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError, connection

from andon.trail.anchors import Anchors, Gauge
from andon.trail.findings import Finding, Report
from andon.trail.sealing import FORMAT, GENESIS, PAYLOAD_VERSION, RECORDS

_PREFIX = f"{FORMAT}\n".encode()
_COLUMNS = ("via", "action", "model", "object", "number", "reason", "request")
# As they are stored, so that a value that cannot be converted is a finding and not a crash.
_STORED = {
    "sqlite": ("CAST(payload AS BLOB)", "CAST(at AS TEXT)"),
    "postgresql": ("payload", "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"),
}


def walk(report: Report, anchors: Anchors | None = None) -> None:
    """Walk every stream from its first entry to its head, past the marks of ``anchors``."""
    anchors = anchors or Anchors()
    heads = _heads()
    report.heads = dict(heads)
    for stream in sorted({RECORDS, *heads, *_streams()}):
        gauge = anchors.gauge(stream)
        end = _walk_stream(stream, report, gauge)
        report.findings += gauge.close()
        if heads.get(stream) != end:
            report.findings.append(_head_finding(stream, heads.get(stream), end))


def _head_finding(stream: str, head: tuple[int, str] | None, end: tuple[int, str]) -> Finding:
    if head is None:
        text = "The head row is missing."
    elif head[0] == end[0]:
        text = "The head does not carry the hash of the last entry."
    else:
        text = f"The head names entry {head[0]}, and the chain ends with {end[0]}."
    return Finding("head", text, stream=stream, seq=end[0])


def _walk_stream(stream: str, report: Report, gauge: Gauge) -> tuple[int, str]:
    """Report what is wrong along the chain; return number and hash of its last entry."""
    due, last = 1, GENESIS
    try:
        for row in _rows(stream):
            seq, prev_hash, entry_hash, payload = row[:4]
            data = payload if isinstance(payload, bytes) else str(payload).encode()
            faults = list(_link_faults(seq, due, prev_hash == last))
            link = b"%b\n%b\n" % (stream.encode(), str(prev_hash).encode())
            if hashlib.sha256(_PREFIX + link + data).hexdigest() != entry_hash:
                faults.append(("entry", "The payload is not the one that was sealed."))
            faults += _derived_faults(seq, data, row)
            gauge.add(data)
            report.findings += [_at(stream, row, kind, text) for kind, text in faults]
            due, last = seq + 1, entry_hash
            report.entries += 1
    except DatabaseError as error:
        text = f"The entries from {due} on cannot be read: {error}"
        report.findings.append(Finding("unreadable", text, stream=stream, seq=due))
    return due - 1, last


def _link_faults(seq: int, due: int, linked: bool) -> Iterator[tuple[str, str]]:  # noqa: FBT001
    if seq != due:
        missing = f"{due}" if seq == due + 1 else f"{due} to {seq - 1}"
        yield "gap", f"Entry {missing} is missing before this one."
    if not linked:
        yield "link", "It does not follow from the entry before: one of the two was changed."


def _derived_faults(seq: int, data: bytes, row: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    try:
        payload = json.loads(data)
        actor = payload["actor"]
        at = payload["at"][:-1].replace("T", " ")
    except (ValueError, TypeError, LookupError):
        yield "payload", "The payload cannot be read."
        return
    if payload.get("v") != PAYLOAD_VERSION or payload["seq"] != seq:
        yield "payload", f"The payload says that it is entry {payload.get('seq')}."
    expected = (at, actor["kind"], actor["id"], *[payload.get(name, "") for name in _COLUMNS])
    found = (row[4] if "." in str(row[4]) else f"{row[4]}.000000", *row[5:])
    if expected != found:
        names = ("at", "actor_kind", "actor_id", *_COLUMNS)
        wrong = [
            name
            for name, *pair in zip(names, expected, found, strict=True)
            if len(set(map(str, pair))) > 1
        ]
        yield "column", f"These columns do not say what the payload says: {', '.join(wrong)}."


def _at(stream: str, row: tuple[Any, ...], kind: str, text: str) -> Finding:
    model, object_id, number = row[9:12]
    return Finding(kind, text, stream, row[0], model, object_id, number)


def _rows(stream: str) -> Iterator[tuple[Any, ...]]:
    payload, at = _STORED[connection.vendor]
    sql = (
        f"SELECT seq, prev_hash, entry_hash, {payload}, {at}, actor_kind, actor_id, via, action,"  # noqa: S608
        " model, object_id, number, reason, request_id"
        " FROM audit_entry WHERE stream = %s ORDER BY seq"
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [stream])
        while found := cursor.fetchmany(1000):
            yield from found


def _heads() -> dict[str, tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT stream, seq, entry_hash FROM audit_head ORDER BY stream")
        return {stream: (seq, entry_hash) for stream, seq, entry_hash in cursor.fetchall()}


def _streams() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT stream FROM audit_entry")
        return [stream for (stream,) in cursor.fetchall()]
