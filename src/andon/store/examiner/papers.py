"""PDF: what begins and ends as one, holds no script, no file and no form that sends, and is open.

This is a look at names, not a reader: it need not understand a document in order to refuse it. A
PDF is never shown inside a page of ours, only downloaded, so this is the second line of defence.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Any

from andon.store.examiner.found import Bad, Budget

_END = rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|$)"
_ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE)" + _END
)
_SCRIPT = re.compile(rb"/JS" + _END)
_LOCKED = re.compile(rb"/Encrypt" + _END)
_PAGE = re.compile(rb"/Type\s*/Page" + _END)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
_MARKUP = re.compile(rb"<(script|html|svg|!doctype|\?xml|\?php)", re.IGNORECASE)
_HEAD, _DICTIONARY, _ZIP_TAIL = 1024, 4096, 65_557
_CHUNK = 1 << 16


def look(data: bytes, header: dict[str, Any]) -> None:
    """Refuse what is not plainly one document to read."""
    if not re.match(rb"%PDF-[12]\.\d", data) or not data.rstrip(b"\x00\t\n\f\r ").endswith(
        b"%%EOF"
    ):
        raise Bad("content")
    if _MARKUP.search(data[:_HEAD]) or _is_zip_too(data):
        raise Bad("double")
    names = _named(data)
    _refuse(_ACTIVE.search(names))
    budget, pages = Budget(header["unpacked"]), 0
    for part in _parts(data, budget):
        shown = _named(part)
        if _LOCKED.search(shown):
            raise Bad("locked")
        _refuse(_ACTIVE.search(shown) or _SCRIPT.search(shown))
        pages += len(_PAGE.findall(shown))
    if pages > header["pages"]:
        raise Bad("pages")


def _refuse(found: re.Match[bytes] | None) -> None:
    if found:
        raise Bad("active", found.group(0).decode("ascii"))


def _named(data: bytes) -> bytes:
    """Return ``data`` with names as they are read: ``/J#61vaScript`` is ``/JavaScript``."""
    return _ESCAPE.sub(lambda found: bytes([int(found.group(1), 16)]), data)


def _is_zip_too(data: bytes) -> bool:
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _ZIP_TAIL))
    return at >= 0 and b"PK\x01\x02" in data[:at]


def _parts(data: bytes, budget: Budget) -> Iterator[bytes]:
    """Yield what stands outside of streams, and the objects that are packed into streams."""
    outside, at = [], 0
    while found := _STREAM.search(data, at):
        outside.append(data[at : found.start()])
        end = data.find(b"endstream", found.end())
        if end < 0:
            raise Bad("unreadable", "endstream")
        before = _named(data[max(0, found.start() - _DICTIONARY) : found.start()])
        dictionary = before[before.rfind(b"obj") + 3 :]
        if b"/ObjStm" in dictionary or re.search(rb"/First" + _END, dictionary):
            yield _unpacked(data[found.end() : end], dictionary, budget)
        at = end + len(b"endstream")
    outside.append(data[at:])
    yield b"\n".join(outside)


def _unpacked(stream: bytes, dictionary: bytes, budget: Budget) -> bytes:
    filters = re.findall(rb"/(\w+Decode|Crypt|Fl|LZW|AHx|A85|RL)" + _END, dictionary)
    if not filters:
        budget.take(len(stream))
        return stream
    if filters != [b"FlateDecode"]:
        raise Bad("active", b" ".join(filters).decode("ascii"))
    tool, parts = zlib.decompressobj(), []
    rest = stream
    while rest and not tool.eof:
        part = tool.decompress(rest, _CHUNK)
        budget.take(len(part))
        parts.append(part)
        rest = tool.unconsumed_tail
    return b"".join(parts)
