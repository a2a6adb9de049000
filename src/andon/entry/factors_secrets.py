"""Sealing of secrets with the server's key, and things that work once."""

import base64
import hashlib
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from andon.accounts import clock
from andon.entry.models.factors import Spent

KEPT = timedelta(days=1)
# One statement, so that of two at the same moment one has it, on either database.
_SPEND = "INSERT INTO entry_spent (digest, at) VALUES (%s, %s) ON CONFLICT (digest) DO NOTHING"


def _keys(purpose: str) -> MultiFernet:
    """Return the newest key first; those of ``SECRET_KEY_FALLBACKS`` still open."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(purpose, secret)) for secret in secrets])


def _key(purpose: str, secret: str) -> bytes:
    digest = salted_hmac(f"andon.entry.{purpose}", "", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)


def seal(purpose: str, owner: int, value: str) -> str:
    """Return ``value`` unreadable, and of use for ``owner`` only."""
    return _keys(purpose).encrypt(f"{owner}:{value}".encode()).decode("ascii")


def unseal(purpose: str, owner: int, sealed: str, *, seconds: int | None = None) -> str:
    """Return the value; empty when it was not sealed here, for another owner, or too long ago."""
    try:
        opened = _keys(purpose).decrypt(sealed.encode(), ttl=seconds).decode()
    except (InvalidToken, ValueError):
        return ""
    whose, _, value = opened.partition(":")
    return value if whose == str(owner) else ""


def digest(purpose: str, value: str) -> str:
    """Return the SHA-256 of a value that is random enough to need no slow hash."""
    return hashlib.sha256(f"andon:{purpose}:{value}".encode()).hexdigest()


def spend(purpose: str, value: str) -> bool:
    """Return True to the first who comes with ``value``, also of two at the same moment."""
    now = clock.now()
    Spent.objects.filter(at__lt=now - KEPT).delete()
    with connection.cursor() as cursor:
        instant = connection.ops.adapt_datetimefield_value(now)
        cursor.execute(_SPEND, [digest(purpose, value), instant])
        return bool(cursor.rowcount == 1)
