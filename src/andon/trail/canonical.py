"""Canonical JSON: one text for one value, on every database and every day (AT5)."""

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

SAFE_INTEGER = 2**53


class NotCanonical(ValueError):
    """A value that has no one text: a float, NaN, a lone surrogate, a NUL, a foreign type."""


def encode(value: Any) -> Any:
    """Turn ``value`` into strings, integers, booleans, null, lists and objects only."""
    if value is None or value is True or value is False:
        return value
    kind = type(value)
    if kind is str:
        return _text(value)
    if kind is int:
        return _integer(value)
    for known, encoder in _ENCODERS:
        if isinstance(value, known):
            return encoder(value)
    raise NotCanonical(f"A value of type {kind.__name__} cannot be kept in the trail.")


def dumps(value: Any) -> str:
    """Return the one text of an already encoded ``value``."""
    return _WRITER(value)


def canonical(value: Any) -> str:
    """Return the one text of ``value``."""
    return dumps(encode(value))


def sha256(*parts: str) -> str:
    """Return the hexadecimal SHA-256 of the UTF-8 bytes of ``parts`` joined by line feeds."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def instant(value: datetime) -> str:
    """Return a time in UTC with six digits and Z."""
    if value.tzinfo is None:
        raise NotCanonical("A time without a zone cannot be kept in the trail.")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _text(value: str) -> str:
    value = str(value)
    if "\0" in value:
        raise NotCanonical("A text with a NUL character cannot be kept in the trail.")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise NotCanonical("A text with a lone surrogate cannot be kept.") from error
    return value


def _integer(value: int) -> int:
    if not -SAFE_INTEGER < value < SAFE_INTEGER:
        raise NotCanonical("An integer beyond 2^53 cannot be kept in the trail.")
    return int(value)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise NotCanonical("A number that is not finite cannot be kept in the trail.")
    return format(value, "f")


def _object(value: dict[str, Any]) -> dict[str, Any]:
    for key in value:
        if not isinstance(key, str):
            raise NotCanonical("The keys of an object must be text.")
    return {_text(key): encode(item) for key, item in value.items()}


_ENCODERS: tuple[tuple[Any, Any], ...] = (
    ((str, Promise), _text),
    (int, _integer),
    (Decimal, _decimal),
    (datetime, instant),
    (date, date.isoformat),
    (time, lambda value: value.isoformat(timespec="microseconds")),
    (timedelta, lambda value: _integer(value // timedelta(microseconds=1))),
    ((bytes, memoryview), lambda value: f"sha256:{hashlib.sha256(value).hexdigest()}"),
    (UUID, str),
    ((list, tuple), lambda value: [encode(item) for item in value]),
    (dict, _object),
)
_WRITER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode
