"""The edge of a session: from where it is used, whether it still counts, when it was last seen."""

import logging
from datetime import timedelta
from typing import Any

from django.contrib import auth
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from andon.accounts import clock
from andon.accounts.models import User
from andon.entry.engine import DEVICE_LENGTH, DOOR, roles_mark
from andon.entry.models import Session
from andon.trail.edge import client_address
from andon.trail.security import tell
from andon.trail.services import SYSTEM

# A write for every request would cost more than the request; a minute is fine enough for idleness.
SEEN_EVERY = timedelta(minutes=1)

log = logging.getLogger("andon.door")


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's own, which also knows browser and address, and when the session was last used."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        store: Any = request.session
        store.address = client_address(request)
        store.device = request.headers.get("User-Agent", "")[:DEVICE_LENGTH]

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        answer = super().process_response(request, response)
        row: Session | None = getattr(request.session, "row", None)
        now = clock.now()
        if row is not None and row.person_id and row.seen < now - SEEN_EVERY:
            try:
                Session.objects.filter(session_key=row.session_key).update(seen=now)
            except DatabaseError:  # a full disk: reading goes on, and the session ends the sooner
                log.warning("A session could not be marked as used.", exc_info=True)
        return answer


class AuthenticationMiddleware(MiddlewareMixin):
    """Says who asks, when somebody wants to know; a session whose ground is gone ends (SE1)."""

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        request.user = SimpleLazyObject(lambda: _who(request))  # type: ignore[assignment]
        return None


def _who(request: HttpRequest) -> Any:
    kept: Any = request
    if not hasattr(kept, "_cached_user"):
        kept._cached_user = _asked(request)  # noqa: SLF001  (Django's own name for it)
    return kept._cached_user  # noqa: SLF001


def _asked(request: HttpRequest) -> User | AnonymousUser:
    began_by = request.session.get(SESSION_KEY)
    user: Any = auth.get_user(request)
    if began_by is None:
        return AnonymousUser()
    if not user.is_authenticated:
        gone = SESSION_KEY not in request.session
        return _ended(request, began_by, "password changed" if gone else "disabled")
    if request.session[DOOR]["roles"] != roles_mark(user.grants_held()):
        return _ended(request, began_by, "roles changed")
    found: User = user
    return found


def _ended(request: HttpRequest, person: Any, cause: str) -> AnonymousUser:
    request.session.flush()
    tell("session ended", by=SYSTEM("door"), detail={"cause": cause, "person": int(person)})
    return AnonymousUser()
