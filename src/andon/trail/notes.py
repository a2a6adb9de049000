"""The text of a checkpoint: a signed note in the style of C2SP, read by people and machines (AT9).

The first three lines are those every reader of transparency logs knows: origin, size, root of the
stream of records. Further lines carry the security stream, number, time, reason and the hash of
the checkpoint before. The signature is Ed25519 over the text up to the empty line.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from andon.trail.canonical import instant
from andon.trail.sealing import RECORDS, SECURITY

STREAMS = (RECORDS, SECURITY)
ED25519 = b"\x01"
_DASH = "\N{EM DASH}"
SIGNED = f"{_DASH} andon/"
"""What no text around a checkpoint holds."""
_WHOLE = re.compile(rf"((?:[^\n]+\n)+)\n((?:{_DASH} [^\n]+\n)+)")
_LINES = ("number", "time", "reason", "previous")
Sizes = dict[str, tuple[int, bytes]]


class NotANote(ValueError):
    """A text that is no checkpoint, or one that was damaged."""


@dataclass(frozen=True)
class Note:
    """What a checkpoint says, and the whole text that says it."""

    origin: str
    heads: Sizes
    number: int
    time: str
    reason: str
    previous: str
    text: str

    @property
    def body(self) -> str:
        """What is signed."""
        return self.text.partition("\n\n")[0] + "\n"

    def size(self, stream: str) -> int:
        return self.heads[stream][0]

    def root(self, stream: str) -> bytes:
        return self.heads[stream][1]

    def digest(self) -> str:
        """Return the hash by which the next checkpoint names this one."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def signed_by(self, public_key: bytes) -> bool:
        """Whether a signature of this note is that of ``public_key``."""
        mark = key_mark(self.origin, public_key)
        key = Ed25519PublicKey.from_public_bytes(public_key)
        for line in self.text.partition("\n\n")[2].splitlines():
            name, _, packed = line[2:].rpartition(" ")
            signature = _decoded(packed)
            if name == self.origin and signature[:4] == mark:
                try:
                    key.verify(signature[4:], self.body.encode())
                except InvalidSignature:
                    continue
                return True
        return False


def compose(
    origin: str, heads: Sizes, *, number: int, at: datetime, reason: str, previous: str
) -> str:
    """Return the text to sign."""
    records, security = heads[RECORDS], heads[SECURITY]
    lines = (
        origin,
        str(records[0]),
        encoded(records[1]),
        f"{SECURITY} {security[0]} {encoded(security[1])}",
        f"number {number}",
        f"time {instant(at)}",
        f"reason {reason}",
        f"previous {previous}",
    )
    return "".join(f"{line}\n" for line in lines)


def sign(origin: str, body: str, key: Ed25519PrivateKey) -> str:
    """Return the whole note: ``body``, an empty line, the signature."""
    mark = key_mark(origin, key.public_key().public_bytes_raw())
    return f"{body}\n{_DASH} {origin} {encoded(mark + key.sign(body.encode()))}\n"


def key_mark(origin: str, public_key: bytes) -> bytes:
    """Return the four bytes by which a signature names its key (C2SP signed note)."""
    return hashlib.sha256(origin.encode() + b"\n" + ED25519 + public_key).digest()[:4]


def parse(text: str) -> Note:
    """Read one checkpoint.

    Raises
    ------
    NotANote
        It has another form, or more than one.
    """
    whole = _WHOLE.fullmatch(text)
    if not whole:
        raise NotANote("This is not a checkpoint: text, an empty line, a signature.")
    origin, size, root, security, *rest = whole[1].splitlines()[:8] + [""] * 4
    said = dict(line.partition(" ")[::2] for line in rest if line)
    stream, _, head = security.partition(" ")
    other_size, _, other_root = head.partition(" ")
    if stream != SECURITY or any(name not in said for name in _LINES):
        raise NotANote("This checkpoint lacks a line: it was not made by this version.")
    return Note(
        origin=origin,
        heads={
            RECORDS: (_count(size), _hash(root)),
            SECURITY: (_count(other_size), _hash(other_root)),
        },
        number=_count(said["number"]),
        time=said["time"],
        reason=said["reason"],
        previous=said["previous"],
        text=text,
    )


def split(text: str) -> list[str]:
    """Return the checkpoints in ``text`` as they stand, and what is not one as a text too.

    Checkpoints follow each other with empty lines between; nothing is passed over in silence.
    """
    found, at = [], 0
    text = text.replace("\r\n", "\n")
    for match in _WHOLE.finditer(text):
        found += [text[at : match.start()].strip("\n"), match[0]]
        at = match.end()
    return [part for part in [*found, text[at:].strip("\n")] if part]


def _count(text: str) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,15}", text):
        raise NotANote(f"“{text}” is not a number of entries.")
    return int(text)


def _hash(text: str) -> bytes:
    digest = _decoded(text)
    if len(digest) != hashlib.sha256().digest_size:
        raise NotANote(f"“{text}” is not a root.")
    return digest


def encoded(data: bytes) -> str:
    """Return ``data`` in base64."""
    return base64.b64encode(data).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotANote(f"“{text}” is not in base64.") from error
