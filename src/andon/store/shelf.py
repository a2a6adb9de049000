"""The shelf: bytes under their SHA-256, written durably, never over a file, checked when read."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


class Altered(Exception):
    """The bytes on the shelf are not the ones that were put there, or are gone."""


def path_of(sha256: str) -> Path:
    return Path(settings.FILES) / sha256[:2] / sha256


def put(data: bytes) -> str:
    """Keep ``data`` under its hash and return the hash; safe on disk when this returns."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).rename(path)
    return sha256


def read(sha256: str) -> bytes:
    """Return the bytes put under ``sha256``; raises :class:`Altered` when they are others."""
    path = path_of(sha256)
    data = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Altered(sha256)
    return data
