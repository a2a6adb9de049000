"""A request that a program sends twice does its work once: idempotency keys (RC4).

with audited(by): the work and the memory of it are one transaction, so a crash leaves both or
neither; of two at the same moment the second waits for the first and gets its answer.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import HttpError

from andon.accounts import clock
from andon.accounts.models import User
from andon.entry.models import SentOnce
from andon.trail.services import audited, retrying

KEPT = timedelta(days=30)
LONGEST_KEY = 200
HEADER = "Idempotency-Key"
# How the description of the API tells of it.
TOLD: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "required": False,
            "schema": {"type": "string", "maxLength": LONGEST_KEY},
            "description": "The same key and body again: the same record, made once, for 30 days.",
        }
    ]
}


class KeyTakenError(HttpError):
    """The key was used for something else."""

    def __init__(self) -> None:
        super().__init__(422, _("This idempotency key belongs to another request; use a new key."))


def key_of(request: HttpRequest) -> str:
    """Return the key that was sent, or nothing; refuse one that is none."""
    key = request.headers.get(HEADER, "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise HttpError(400, _("Idempotency-Key is a text of at most 200 printable characters."))
    return key


def once(
    request: HttpRequest, make: Callable[[], Any], find: Callable[[str], Any], *, by: User
) -> Any:
    """Return what ``make`` makes, or what it made when the same key and body came before.

    ``make`` returns an object with a ``number``, ``find`` finds it again as ``by`` sees it now:
    with a key the first answer and the later ones are read the same way.
    """
    key = key_of(request)
    if not key:
        return make()
    body = json.dumps([request.method, request.path, hashlib.sha256(request.body).hexdigest()])
    digest = hashlib.sha256(body.encode()).hexdigest()
    try:
        return _once(key, digest, make, find, by=by)
    except IntegrityError:
        if not SentOnce.objects.filter(person=by, key=key).exists():
            raise  # it was something else that stood there twice
        return _once(key, digest, make, find, by=by)


@retrying
def _once(
    key: str, digest: str, make: Callable[[], Any], find: Callable[[str], Any], *, by: User
) -> Any:
    with audited(by, reason=gettext_lazy("created")):
        sent = SentOnce.objects.filter(person=by, key=key).first()
        if sent is None:
            sent = SentOnce.objects.create(
                person=by, key=key, body_sha256=digest, made="", at=clock.now()
            )
            sent.made = make().number
            sent.save(update_fields=["made"])
    if sent.body_sha256 != digest:
        raise KeyTakenError
    return find(sent.made)


def forget(now: datetime) -> None:
    """Forget the keys that are older than `KEPT`."""
    SentOnce.objects.filter(at__lt=now - KEPT).delete()
