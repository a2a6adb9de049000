"""Sessions in the database: whose, since when, last seen; idle and old ones are no sessions (SE1).

Django's own engine, with a row that can be listed and ended. The cookie holds the key, the table
only its hash.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from andon.accounts import clock
from andon.accounts.models import RoleGrant
from andon.entry.models import Session
from andon.trail.security import tell
from andon.trail.services import SYSTEM

DOOR = "_door"
"""Under this word a session keeps since when it stands, from where, and the roles it began with."""

DEVICE_LENGTH = 200


def digest(key: str | None) -> str:
    """Return under which word the table knows the session of ``key``."""
    return hashlib.sha256(f"session:{key}".encode()).hexdigest()[:40]


def roles_mark(grants: "list[RoleGrant]") -> str:
    """Return a mark of roles: another one means that somebody gave or ended a role."""
    told = sorted(f"{g.pk}:{g.role}:{g.site_id}:{g.from_date}:{g.until_date}" for g in grants)
    return hashlib.sha256("|".join(told).encode()).hexdigest()[:16]


class SessionStore(DatabaseStore):
    """A session whose row says whose it is; ``address`` and ``device`` are set by the edge."""

    address = ""
    device = ""
    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = clock.now()
        if SESSION_KEY in data and DOOR not in data:
            data[DOOR] = self._door(data[SESSION_KEY], now)
        door = data.get(DOOR, {})
        self.row = Session(
            session_key=digest(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(modification=now),
            person_id=data.get(SESSION_KEY),
            since=datetime.fromisoformat(door["since"]) if door else now,
            seen=now,
            address=door.get("address", ""),
            device=door.get("device", ""),
        )
        return self.row

    def _door(self, person: Any, now: datetime) -> dict[str, str]:
        grants = list(RoleGrant.objects.not_ended().filter(user_id=person))
        return {
            "since": now.isoformat(),
            "address": self.address,
            "device": self.device[:DEVICE_LENGTH],
            "roles": roles_mark(grants),
        }

    def exists(self, session_key: str) -> bool:
        return bool(Session.objects.filter(session_key=digest(session_key)).exists())

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=digest(key)).delete()

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = Session.objects.filter(session_key=digest(self.session_key)).first()
        if row is not None and (cause := over(row, clock.now())):
            end([row], cause=cause)
            row = None
        if row is None:
            self._session_key = None
        self.row = row
        return row


def over(row: Session, now: datetime) -> str:
    """Return why the session ends by itself, or nothing."""
    if row.seen < now - timedelta(seconds=settings.SESSION_IDLE_SECONDS):
        return "idle"
    limit = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return "absolute" if row.since < limit or row.expire_date <= now else ""


def end(rows: "list[Session]", *, cause: str, by: Any = None) -> int:
    """End ``rows`` and tell of those in which somebody was signed in; return how many ended."""
    ended = 0
    for row in rows:
        gone, _kinds = Session.objects.filter(session_key=row.session_key).delete()
        ended += gone
        if gone and row.person_id:
            detail = {"cause": cause, "person": row.person_id, "session": row.session_key[:12]}
            tell("session ended", by=by or SYSTEM("door"), detail=detail)
    return ended


__all__ = ["DOOR", "SessionStore", "digest", "end", "over", "roles_mark"]
