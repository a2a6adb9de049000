"""The signing key: a file outside the database; its public half is kept beside the trail (AT9).

Each key but the first is endorsed by the one before, so that a key cannot be slipped in by
whoever holds the database alone. What else must be signed by the server signs here, too.
"""

import base64
import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from andon.trail.gate import opened
from andon.trail.models import SigningKey

FORMAT = "andon-key-v1"


class NoKey(RuntimeError):
    """There is no usable signing key; the sentence says what to do."""


@dataclass(frozen=True)
class Signed:
    """A signature and the key that made it, as both are stored."""

    key_id: str
    signature: str


def path() -> Path:
    """Return where the private key lies."""
    return Path(settings.SIGNING_KEY_FILE)


def exists() -> bool:
    return path().exists()


def readable_by_others() -> bool:
    """Whether somebody else on this machine may read the private key."""
    return exists() and bool(path().stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def current() -> tuple[Ed25519PrivateKey, SigningKey]:
    """Return the private key and its public half, which is registered with the first use.

    Raises
    ------
    NoKey
        There is no key, or it is not the one that the database knows as the last.
    """
    key = _load()
    known = last()
    if known is not None and known.key_id != key_id(public(key)):
        key = _finished_rotation(known)
    elif known is None:
        known = register(key)
    return key, known


def sign(data: bytes) -> Signed:
    """Sign ``data`` with the key of this server; raises `NoKey`."""
    key, known = current()
    return Signed(known.key_id, base64.b64encode(key.sign(data)).decode())


def verify(signed: Signed, data: bytes) -> bool:
    """Whether a key that the database knows made this signature over ``data``."""
    known = SigningKey.objects.filter(key_id=signed.key_id).first()
    return known is not None and signature_holds(known.public_key, signed.signature, data)


def signature_holds(public_key: str, signature: str, data: bytes) -> bool:
    """Whether ``signature`` over ``data`` was made by ``public_key``; both in base64."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), data)
    except (InvalidSignature, ValueError):
        return False
    return True


def last() -> SigningKey | None:
    """Return the key in use, as the database knows it."""
    return SigningKey.objects.order_by("-number").first()


def origin(keys: Sequence[SigningKey] | None = None) -> str:
    """Return the name of this trail: it carries the id of its first key."""
    first = keys[0] if keys else SigningKey.objects.order_by("number").first()
    return f"andon/{first.key_id}" if first else ""


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def key_id(public_key: bytes) -> str:
    """Return the short name of a public key."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def register(key: Ed25519PrivateKey, *, endorsed_by: Ed25519PrivateKey | None = None) -> SigningKey:
    """Keep the public half of ``key`` as the next one, endorsed by the key before it."""
    before, raw = last(), public(key)
    encoded = base64.b64encode(raw).decode()
    previous = before.key_id if before else ""
    endorsement = ""
    if endorsed_by is not None:
        signature = endorsed_by.sign(endorsed_text(previous, encoded))
        endorsement = base64.b64encode(signature).decode()
    with transaction.atomic(), opened():
        return SigningKey.objects.create(
            number=before.number + 1 if before else 1,
            key_id=key_id(raw),
            public_key=encoded,
            at=timezone.now(),
            endorsement=endorsement,
        )


def endorsed_text(previous: str, public_key: str) -> bytes:
    """Return what the key before signs of the next one."""
    return f"{FORMAT}\n{previous}\n{public_key}\n".encode()


def faults(keys: Sequence[SigningKey]) -> Iterator[tuple[str, bool]]:
    """Yield what is wrong with the row of keys, and whether it is only worth a remark."""
    before: SigningKey | None = None
    for due, key in enumerate(keys, start=1):
        if key.number != due:
            yield f"Signing key {due} is missing.", False
        if key.key_id != key_id(base64.b64decode(key.public_key)):
            yield f"Signing key {key.number} is not the one its id names.", False
        if before is not None and not key.endorsement:
            yield f"Signing key {key.key_id} was not endorsed: the one before was lost.", True
        elif before is not None and not signature_holds(
            before.public_key, key.endorsement, endorsed_text(before.key_id, key.public_key)
        ):
            yield f"Signing key {key.key_id} was not endorsed by the one before.", False
        before = key
    with contextlib.suppress(NoKey):
        if before is not None and key_id(public(_load())) != before.key_id and not _waiting():
            yield "The signing key of this server is not the last one in the database.", False


def write(key: Ed25519PrivateKey, where: Path) -> None:
    """Write a private key that only this user may read, durably, over no other."""
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    where.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=where.parent)  # only for this user: mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        where.hardlink_to(made)  # whole or not at all, and over no other
    finally:
        Path(made).unlink()


def waiting_path() -> Path:
    """Return where a new key waits until the database knows it."""
    return path().with_name(f"{path().name}.new")


def _waiting() -> bool:
    return waiting_path().exists()


def _load() -> Ed25519PrivateKey:
    if not exists():
        if last() is not None:
            raise NoKey(
                f"The signing key {path()} is gone. Bring it back, or say that it is lost:"
                " andon key rotate --lost"
            )
        if not settings.SIGNING_KEY_MADE:
            raise NoKey(f"There is no signing key at {path()}. Make one: andon key create")
        with contextlib.suppress(FileExistsError):
            write(Ed25519PrivateKey.generate(), path())
    return _read(path())


def _read(where: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(where.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise NoKey(f"The signing key {where} cannot be read: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(f"The signing key {where} is not an Ed25519 key.")
    return key


def _finished_rotation(known: SigningKey) -> Ed25519PrivateKey:
    """Put the new key in its place when a rotation was cut off after the database knew it."""
    if _waiting():
        key = _read(waiting_path())
        if key_id(public(key)) == known.key_id:
            waiting_path().replace(path())
            return key
    raise NoKey(
        f"The signing key {path()} is not the one the database knows. Bring that one back, or"
        " say that it is lost: andon key rotate --lost"
    )
