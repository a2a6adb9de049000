"""The shelf: bytes under their SHA-256, written durably, never over others, checked when read."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .folder import Folder
from .reach import OutOfReach, Shelf

__all__ = ["Altered", "OutOfReach", "Shelf", "path_of", "put", "read", "shelf"]

_ALTERED = _(
    "The stored copy of this file was altered, so the file cannot be kept. Tell your administrator."
)


class Altered(Exception):
    """The bytes on the shelf are not the ones that were put there, or are gone."""


def shelf() -> Shelf:
    """Return the configured shelf: a folder, or an S3-compatible store (``s3://…``)."""
    place = settings.FILES
    return _bucket(place) if str(place).startswith("s3:") else Folder(Path(place))


@lru_cache(maxsize=1)
def _bucket(place: str) -> Shelf:
    from .bucket import Bucket  # noqa: PLC0415  (boto3 is an extra, and loads slowly)

    return Bucket(place)


def path_of(sha256: str) -> Path:
    """Return where bytes lie in the folder shelf."""
    return Folder(Path(settings.FILES)).path_of(sha256)


def put(data: bytes) -> str:
    """Keep ``data`` under its hash and return the hash; it is durable when this returns.

    Raises :class:`OutOfReach` also when other bytes lie there: an upload is never acknowledged
    whose bytes cannot be read again.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    there = shelf()
    if there.size(sha256) is None:
        there.put(sha256, data)
    else:
        try:
            read(sha256)
        except Altered as altered:
            raise OutOfReach(_ALTERED) from altered
    return sha256


def read(sha256: str) -> bytes:
    """Return the bytes put under ``sha256``; raises :class:`Altered` when they are others."""
    data = shelf().get(sha256)
    if data is None or hashlib.sha256(data).hexdigest() != sha256:
        raise Altered(sha256)
    return data
