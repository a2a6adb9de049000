"""Encryption of an archive: chunk by chunk, so that its size costs no memory (BK1).

The key comes from a secret by scrypt. Every chunk is sealed with AES-256-GCM under a nonce of its
own place and of whether it is the last (the STREAM construction), and over the header: chunks
that were changed, moved, doubled, dropped or cut off are refused.

Layout: a line of magic; one byte log2 of the cost; 16 bytes salt; 7 bytes of nonce; then chunks of
1 MiB of content, each with a tag of 16 bytes. Exactly the last chunk is marked as the last.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from andon.records.workflow import Refused

MAGIC = b"andon-sealed-v1\n"
SALT, PREFIX, TAG = 16, 7, 16
CHUNK = 1 << 20
# About 64 MiB of memory and a tenth of a second for each guess at a passphrase.
COST = 16
# What a header may ask for, so that a forged one cannot ask for all memory.
COSTS = range(14, 21)
SHORTEST_SECRET = 16


class Sink(Protocol):
    """Something to write bytes into."""

    def write(self, data: bytes, /) -> object: ...


def require_strong(secret: bytes) -> None:
    """Raise ``Refused`` for a secret that could be guessed."""
    if len(secret) < SHORTEST_SECRET:
        raise Refused(
            _("The secret for the backup is too short: give at least %d characters.")
            % SHORTEST_SECRET
        )


class SealingWriter:
    """Encrypts what is written into it; without `close` the archive has no end."""

    def __init__(self, out: Sink, secret: bytes, *, cost: int = COST) -> None:
        require_strong(secret)
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self._header = MAGIC + bytes([cost]) + salt + self._prefix
        self._cipher = AESGCM(_key(secret, salt, cost))
        self._out, self._waiting, self._number = out, bytearray(), 0
        out.write(self._header)

    def write(self, data: bytes, /) -> int:
        self._waiting += data
        while len(self._waiting) > CHUNK:  # the last chunk is only known at the end
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        """Write the last chunk."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, content: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._out.write(self._cipher.encrypt(nonce, content, self._header))
        self._number += 1


class SealedReader:
    """Decrypts as it is read; raises ``Refused`` before it returns a byte that was changed."""

    def __init__(self, file: BinaryIO, secret: bytes) -> None:
        self._header = file.read(len(MAGIC) + 1 + SALT + PREFIX)
        rest = self._header[len(MAGIC) :]
        if len(rest) != 1 + SALT + PREFIX or rest[0] not in COSTS:
            raise _damaged()
        self._prefix = rest[1 + SALT :]
        self._cipher = AESGCM(_key(secret, rest[1 : 1 + SALT], rest[0]))
        self._chunks = self._opened(file)
        self._ready = b""

    def read(self, size: int, /) -> bytes:
        """Return ``size`` bytes, or fewer at the end."""
        parts, missing = [], size
        while missing:
            if not self._ready and not (ready := next(self._chunks, b"")):
                break
            if not self._ready:
                self._ready = ready
            part, self._ready = self._ready[:missing], self._ready[missing:]
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _opened(self, file: BinaryIO) -> Iterator[bytes]:
        number, sealed = 0, file.read(CHUNK + TAG)
        while True:
            following = file.read(CHUNK + TAG)
            nonce = _nonce(self._prefix, number, last=not following)
            try:
                content = self._cipher.decrypt(nonce, sealed, self._header)
            except InvalidTag:
                raise (_damaged() if number else _wrong_secret()) from None
            if content:
                yield content
            if not following:
                return
            number, sealed = number + 1, following


def is_sealed(file: BinaryIO) -> bool:
    """Return whether ``file``, at its beginning, is an encrypted archive; it is left there."""
    start = file.read(len(MAGIC))
    file.seek(0)
    return start == MAGIC


@contextmanager
def sealing(out: Sink, secret: bytes | None) -> Iterator[Sink]:
    """Yield what to write into: ``out`` itself, or an encryption of it."""
    if secret is None:
        yield out
        return
    writer = SealingWriter(out, secret)
    yield writer
    writer.close()


def _key(secret: bytes, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=1 << cost, r=8, p=1).derive(secret)


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _damaged() -> Refused:
    return Refused(_("This backup is damaged or was cut off. Nothing was restored; take another."))


def _wrong_secret() -> Refused:
    return Refused(
        _(
            "This backup does not open with that secret, or its beginning is damaged."
            " Nothing was restored."
        )
    )
