"""Browsers that signed in before, by a signed cookie: strangers cannot use up their tries (AU4)."""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from andon.accounts.models import User

SALT = "andon.entry.device"
KEPT_SECONDS = 180 * 24 * 3600
# A tablet on the shop floor knows a crew; an older name falls out.
MOST_PEOPLE = 30


def known(request: HttpRequest, person: User | None) -> str:
    """Return the name of this browser, if ``person`` has signed in with it before."""
    told = _read(request)
    known_here = person is not None and person.pk in told["people"]
    return str(told["name"]) if known_here else ""


def remember(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Let this browser be known for ``person``; called when the whole sign-in has succeeded."""
    told = _read(request)
    others = [pk for pk in told["people"] if pk != person.pk]
    told["people"] = [*others, person.pk][-MOST_PEOPLE:]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(told, salt=SALT),
        max_age=KEPT_SECONDS,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        told: dict[str, Any] = signing.loads(cookie, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return {"name": secrets.token_hex(16), "people": []}
    return told
