"""Whether the clock of this machine can be believed (TX2).

The order of entries is that of their numbers, whatever the clock says. A clock that is put back
is told of in the security stream, so that nobody wonders later about the times.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

from andon.organization import clock
from andon.trail.models import AuditEntry
from andon.trail.security import tell
from andon.trail.services import SYSTEM

STEP = timedelta(seconds=5)
ACTION = "clock put back"
CLOCK = SYSTEM("clock")


class Watch:
    """Compares the clock with one that only ever goes on."""

    def __init__(
        self,
        now: Callable[[], datetime] = clock.now,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now, self._steady = now, steady
        self._last = now(), steady()

    def look(self) -> timedelta:
        """Return by how much the clock was put back since the last look; tell of it, too."""
        (was, steady_was), is_now = self._last, (self._now(), self._steady())
        self._last = is_now
        gone = timedelta(seconds=is_now[1] - steady_was)
        back = was + gone - is_now[0]
        if back <= STEP:
            return timedelta()
        _tell(back, "while the worker ran")
        return back


watch = Watch()


def check(now: datetime) -> None:
    """Look whether the clock was put back, also while nothing ran: the trail knows the time."""
    if watch.look():
        return
    newest = AuditEntry.objects.order_by("-at").first()
    if newest is not None and newest.at - now > STEP and not _told(newest.at):
        _tell(newest.at - now, "before the newest entry")


def _told(newest: datetime) -> bool:
    """Whether the same step was told already: until the clock has caught up it shows again."""
    last = last_step()
    return last is not None and last.content()["detail"].get("newest") == newest.isoformat()


def _tell(back: timedelta, how: str) -> None:
    newest = AuditEntry.objects.order_by("-at").values_list("at", flat=True).first()
    detail = {"seconds": int(back.total_seconds()), "seen": how}
    if newest:
        detail["newest"] = newest.isoformat()
    tell(ACTION, by=CLOCK, detail=detail)


def last_step() -> AuditEntry | None:
    """Return when the clock was put back last."""
    found: AuditEntry | None = (
        AuditEntry.objects.filter(stream="security", action=ACTION).order_by("-seq").first()
    )
    return found


def drift() -> timedelta | None:
    """Return how far the clock of the database is ahead of ours; nothing where it has none."""
    if connection.vendor == "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    found: timedelta = theirs - clock.now()
    return found
