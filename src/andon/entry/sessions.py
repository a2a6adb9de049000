"""The sessions of people: listed, named, ended (SE1)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from andon.accounts import clock
from andon.accounts.models import User
from andon.entry import engine
from andon.entry.apps import GUARD
from andon.entry.models import Session

BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def running(sessions: Any) -> list[Session]:
    """Return those of ``sessions`` that still count, the last seen first."""
    now = clock.now()
    rows = sessions.select_related("person").order_by("-seen", "session_key")
    return [row for row in rows if not engine.over(row, now)]


def end_sessions(rows: list[Session], *, by: User, cause: str = "ended") -> int:
    """End ``rows``, one's own or, as who keeps watch, anybody's; return how many ended."""
    if any(row.person_id != by.pk for row in rows) and not by.may(GUARD):
        raise PermissionDenied(_("Only an administrator ends the sessions of others."))
    return engine.end(rows, cause=cause, by=by)


def is_this(row: Session, request: HttpRequest) -> bool:
    """Whether ``row`` is the session of ``request``."""
    return bool(row.session_key == engine.digest(request.session.session_key))


def device_name(agent: str) -> str:
    """Return browser and system in words; the header itself is long and means little."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("unknown browser")
