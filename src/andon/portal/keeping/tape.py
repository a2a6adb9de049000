"""The one file of a backup: a strict tape archive, written and read as a stream (BK1).

It is a plain tar that any tar can unpack, and narrower than tar: a member has a name and a size
and nothing else, so its header can be built anew and compared byte by byte, padding is zeros, and
after the end comes nothing. So no bit of it can change unseen. The last two members say what all
others must be, as ``sha256sum`` writes it: ``MANIFEST``, and ``MANIFEST.sha256`` over it.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from django.utils.translation import gettext as _

from andon.records.workflow import Refused

from .sealed import Sink

BLOCK = 512
NAME_LENGTH = 100
PIECE = 1 << 20
LARGEST = 8**11 * BLOCK
MANIFEST, SEAL = "MANIFEST", "MANIFEST.sha256"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.]*(?:/[A-Za-z0-9_][A-Za-z0-9_.]*)*")
_OCTAL = 8**11


class Source(Protocol):
    """Something to read bytes from."""

    def read(self, size: int, /) -> bytes: ...


class Damaged(Refused):
    """The archive is not what was written."""


@dataclass(frozen=True)
class Member:
    """One file of the archive."""

    name: str
    size: int
    sha256: str


class TapeWriter:
    """Writes members one after the other; `close` adds the manifest."""

    def __init__(self, out: Sink, manifest: Path) -> None:
        self._out, self._manifest = out, manifest
        self._lines = manifest.open("w", encoding="ascii", newline="\n")

    def add(self, name: str, source: Source, size: int) -> Member:
        """Write ``size`` bytes of ``source``; a source that has fewer or more is an error."""
        self._out.write(header(name, size))
        digest, missing = hashlib.sha256(), size
        while missing and (piece := source.read(min(PIECE, missing))):
            digest.update(piece)
            self._out.write(piece)
            missing -= len(piece)
        if missing or source.read(1):
            raise Refused(_("%s changed while it was read. Start the backup again.") % name)
        self._out.write(bytes(-size % BLOCK))
        member = Member(name, size, digest.hexdigest())
        if name not in {MANIFEST, SEAL}:
            self._lines.write(f"{member.sha256}  {name}\n")
        return member

    def add_file(self, name: str, path: Path) -> Member:
        with path.open("rb") as file:
            return self.add(name, file, path.stat().st_size)

    def add_bytes(self, name: str, data: bytes) -> Member:
        return self.add(name, _Bytes(data), len(data))

    def close(self) -> None:
        """Write what all members are, and the end."""
        self._lines.close()
        member = self.add_file(MANIFEST, self._manifest)
        self.add_bytes(SEAL, f"{member.sha256}  {MANIFEST}\n".encode())
        self._out.write(bytes(2 * BLOCK))


def read(
    source: Source, *, place: Callable[[str, int], BinaryIO], known: re.Pattern[str]
) -> Iterator[Member]:
    """Write each member into what ``place`` opens for it, and yield it; check it all at the end.

    Only names that match ``known`` are let in, in ascending order, each once.

    Raises
    ------
    Damaged
        As soon as anything is not as it was written; members before that prove nothing yet.
    """
    said, last = hashlib.sha256(), ""
    while (name := (head := _header(source)).name) != MANIFEST:
        if not known.fullmatch(name) or name <= last:
            raise Damaged(_("%s does not belong into a backup here.") % name)
        with place(name, head.size) as file:
            member = _copy(source, head, file)
        said.update(f"{member.sha256}  {name}\n".encode())
        last = name
        yield member
    _check_end(source, head, said.hexdigest())


def header(name: str, size: int) -> bytes:
    """Return the one header that a member of this name and size has."""
    if not _NAME.fullmatch(name) or len(name) > NAME_LENGTH:
        raise Damaged(_("%s is not a name of a backup.") % ascii(name))
    # As GNU tar writes what is too large for octal digits: binary, marked by the highest bit.
    number = b"\x80" + size.to_bytes(11, "big") if size >= _OCTAL else b"%011o\0" % size
    fields = [
        name.encode().ljust(NAME_LENGTH, b"\0"), b"0000600\0", b"0000000\0", b"0000000\0", number,
        b"%011o\0" % 0, b" " * 8, b"0", bytes(100), b"ustar\x0000", bytes(32), bytes(32),
        b"0000000\0", b"0000000\0", bytes(155), bytes(12),
    ]  # fmt: skip
    block = b"".join(fields)
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def _header(source: Source) -> Member:
    block = source.read(BLOCK)
    try:
        name = block[:NAME_LENGTH].rstrip(b"\0").decode("ascii")
        field = block[124:136]
        size = int.from_bytes(field[1:], "big") if field[0] & 0x80 else int(field[:11], 8)
    except (ValueError, IndexError):
        raise _broken() from None
    if size > LARGEST or not name or header(name, size) != block:
        raise _broken()
    return Member(name, size, "")


def _copy(source: Source, head: Member, file: BinaryIO) -> Member:
    digest, missing = hashlib.sha256(), head.size
    while missing:
        if not (piece := source.read(min(PIECE, missing))):
            raise _broken()
        digest.update(piece)
        file.write(piece)
        missing -= len(piece)
    _padding(source, head.size)
    return Member(head.name, head.size, digest.hexdigest())


def _padding(source: Source, size: int) -> None:
    expected = -size % BLOCK
    if source.read(expected) != bytes(expected):
        raise _broken()


def _check_end(source: Source, head: Member, said: str) -> None:
    """Compare what came with the manifest, the manifest with its seal; nothing may follow."""
    found = _copy(source, head, _Nowhere()).sha256  # type: ignore[arg-type]
    seal = f"{found}  {MANIFEST}\n".encode()
    last = _header(source)
    if (last.name, last.size) != (SEAL, len(seal)) or source.read(last.size) != seal:
        raise Damaged(_("The manifest of this backup was changed. Nothing was restored."))
    _padding(source, last.size)
    if found != said:
        raise Damaged(
            _("The content of this backup is not what its manifest says. Nothing was restored.")
        )
    if source.read(2 * BLOCK + 1) != bytes(2 * BLOCK):
        raise _broken()


def _broken() -> Damaged:
    return Damaged(_("This backup is damaged or was cut off. Nothing was restored; take another."))


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, size: int, /) -> bytes:
        part, self._data = self._data[:size], self._data[size:]
        return part


class _Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)
