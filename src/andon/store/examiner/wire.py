"""How web process and examiner talk: a length, a header as JSON, then bytes."""

import json
import struct
from typing import IO, Any

_LENGTHS = struct.Struct("!II")
Message = tuple[dict[str, Any], bytes]


class Closed(Exception):
    """The other side is gone."""


def packed(header: dict[str, Any], body: bytes = b"") -> bytes:
    """Return header and body as they go over the wire."""
    head = json.dumps(header).encode()
    return _LENGTHS.pack(len(head), len(body)) + head + body


def receive(stream: IO[bytes]) -> Message:
    """Return the next message; raises :class:`Closed` when there is none."""
    head, body = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    return json.loads(_exactly(stream, head)), _exactly(stream, body)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise Closed
    return data
