"""What a backup or an export says of itself, and whether this version can read it."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from andon import __version__
from andon.organization import clock
from andon.records.workflow import Refused

FORMAT = 1
NAME = "about.json"
LARGEST = 1 << 20


@dataclass(frozen=True)
class About:
    """The first member of an archive."""

    kind: str
    engine: str
    version: str
    made_at: str
    migrations: list[str]
    heads: dict[str, list[Any]]
    newest: str
    database: str = ""
    database_size: int = 0
    format: int = FORMAT

    @property
    def entries(self) -> int:
        return sum(seq for seq, _digest in self.heads.values())

    def as_bytes(self) -> bytes:
        return (json.dumps(self.__dict__, indent=1, sort_keys=True) + "\n").encode()


def describe(kind: str, moment: Any, **more: Any) -> About:
    """Return what is said of an archive of the database as it was at ``moment``."""
    return About(
        kind=kind,
        engine=connection.vendor,
        version=__version__,
        made_at=clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        migrations=moment.migrations,
        heads=moment.heads,
        newest=moment.newest,
        **more,
    )


def read(data: bytes, kind: str) -> About:
    """Return what the archive says of itself; raises ``Refused`` where it cannot be used here."""
    try:
        told = json.loads(data)
        newer = told["format"] > FORMAT or _numbers(told["version"]) > _numbers(__version__)
        about = None if newer else About(**told)
    except (ValueError, TypeError, LookupError):
        raise Refused(_("What this archive says of itself cannot be read. Take another.")) from None
    if about is None:
        raise Refused(
            _("This was made by Andon %(theirs)s, and this is %(ours)s. Install that version.")
            % {"theirs": str(told["version"])[:40], "ours": __version__}
        )
    if about.kind != kind:
        raise Refused(_OTHER_KIND[kind])
    return about


def require_known(about: About) -> None:
    """Raise ``Refused`` when the archive's database has migrations this version does not know."""
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations or {}}
    for migration in loader.replacements.values():
        known |= {f"{app}.{name}" for app, name in migration.replaces}
    if unknown := sorted(set(about.migrations) - known):
        raise Refused(
            _(
                "This was made by a newer version of Andon, or one with other parts: its"
                " database knows %s. Install that version."
            )
            % ", ".join(unknown[:3])
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


_OTHER_KIND = {
    "backup": _("This is no backup. An export is brought in with: andon load"),
    "export": _("This is no export. A backup is brought back with: andon restore"),
}
