"""Whether the parts of the installation do what they should; each answer is a word, no more."""

import logging
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.organization import clock
from andon.tasks import queries as tasks
from andon.trail import guards

OK, DEGRADED, FAILING = "ok", "degraded", "failing"

# Below this the database may soon have no room to write.
LEAST_FREE_BYTES = 200 * 1024 * 1024
# So that nobody can make the database work by asking how it is.
KEPT_SECONDS = 5.0

log = logging.getLogger("andon.health")


@dataclass(frozen=True)
class Part:
    """One thing that is looked at; without a vital one no page can be trusted or shown."""

    name: str
    label: str | Promise
    advice: str | Promise
    works: Callable[[], bool]
    vital: bool = True


@dataclass(frozen=True)
class Found:
    """A part and whether it works."""

    part: Part
    works: bool

    @property
    def word(self) -> str:
        if self.works:
            return OK
        return FAILING if self.part.vital else DEGRADED


@dataclass(frozen=True)
class Health:
    """All parts as they are now."""

    found: tuple[Found, ...]

    @property
    def word(self) -> str:
        words = {one.word for one in self.found}
        return FAILING if FAILING in words else DEGRADED if DEGRADED in words else OK


def _answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _guarded() -> bool:
    return not guards.missing()


def free_bytes() -> int:
    """Return how much room the data folder has left."""
    folder = Path(settings.DATA)
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _has_room() -> bool:
    return free_bytes() >= LEAST_FREE_BYTES


def _has_a_worker() -> bool:
    return tasks.is_there(clock.now())


PARTS = (
    Part(
        "database", _("The database answers"), _("Start it, or look at its log."), _answers
    ),
    Part(
        "migrations",
        _("The database is of this version"),
        _("Run: andon migrate"),
        _migrated,
    ),
    Part(
        "guards",
        _("The guards of the trail are in place"),
        _("Run: andon migrate, which puts them back; then andon verify."),
        _guarded,
    ),
    Part(
        "disk",
        _("The disk has room"),
        _("Make room on the disk of the data folder; reading goes on without it."),
        _has_room,
        vital=False,
    ),
    Part(
        "worker",
        _("A worker was seen in the last two minutes"),
        _("Start one with “andon worker”; notices, mail, backups and tasks wait for it."),
        _has_a_worker,
        vital=False,
    ),
)  # fmt: skip


def look() -> Health:
    """Look at every part; what follows a database that does not answer is not asked."""
    found: list[Found] = []
    for part in PARTS:
        silent = any(not one.works for one in found if one.part.name == "database")
        found.append(Found(part, part.name == "disk" and _has_room() if silent else _works(part)))
    return Health(tuple(found))


def _works(part: Part) -> bool:
    try:
        return part.works()
    except (DatabaseError, OSError):
        log.warning("The part %s could not be looked at.", part.name, exc_info=True)
        return False


class Kept:
    """The last look, for a few seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._health: Health | None = None
        self._until = 0.0

    def look(self) -> Health:
        with self._lock:
            if self._health is None or time.monotonic() >= self._until:
                self._health = look()
                self._until = time.monotonic() + KEPT_SECONDS
            return self._health

    def forget(self) -> None:
        with self._lock:
            self._health = None


kept = Kept()
