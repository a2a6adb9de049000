"""The drill: the newest backup is restored into an empty place, verified, and thrown away (BK2).

It runs the very command a person would run in need, in a process of its own. A backup that was
never restored is a hope; what this keeps is how long it took and what came back.
"""

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from andon.records.workflow import Refused

from . import backing_up, databases, files, runs
from .models import KeepingRun, Kind
from .sealed import is_sealed

# What names places of the real installation, which a drill must not touch.
REAL_PLACES = (
    "ANDON_BACKUPS",
    "ANDON_CHECKPOINTS",
    "ANDON_EMAIL_URL",
    "ANDON_FEEDS",
    "ANDON_MQTT",
    "ANDON_OWNER_URL",
)
_LINES = 12


def drill(archive: Path | None = None, *, secret_file: Path | None = None) -> KeepingRun:
    """Restore ``archive``, by default the newest backup, and keep how it went.

    A backup that cannot be restored is a result, not an error: it is in the row that is returned.
    """
    chosen = archive or newest()
    with runs.told(Kind.DRILL) as result:
        with chosen.open("rb") as file:
            sealed = is_sealed(file)
        size = chosen.stat().st_size
        result.note(archive=chosen.name[:200], size=size, is_encrypted=sealed)
        with _empty_place() as place:
            done = _restored(chosen, place, secret_file)
        if done.returncode:
            result.note(trouble="\n".join(done.stderr.strip().splitlines()[-_LINES:]) or "?")
        else:
            told = json.loads(done.stdout)
            newest_at = files.instant(told["newest"])
            result.note(entries=told["entries"], files_count=told["files"], newest_at=newest_at)
    return cast("KeepingRun", result.run)


def newest() -> Path:
    """Return the newest backup of the folder that the settings name."""
    if settings.BACKUPS is None:
        raise Refused(_("Name the backup to restore, or set ANDON_BACKUPS to the folder of them."))
    made = backing_up.listed(settings.BACKUPS) if settings.BACKUPS.is_dir() else []
    if not made:
        raise Refused(_("There is no backup in %s yet. Make one: andon backup") % settings.BACKUPS)
    return made[-1]


def _restored(
    archive: Path, place: dict[str, str], secret_file: Path | None
) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "andon.cli", "restore", str(archive), "--drill", "--json"]
    if secret_file is not None:
        command += ["--secret-file", str(secret_file)]
    kept = {name: value for name, value in os.environ.items() if name not in REAL_PLACES}
    return subprocess.run(
        command,
        check=False,
        env={**kept, **place},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )


@contextmanager
def _empty_place() -> Iterator[dict[str, str]]:
    """Yield the environment that names an empty place, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="andon-drill-") as folder:
        # What is read from relative paths or beside the data must be found from there, too.
        key = str(Path(settings.SIGNING_KEY_FILE).resolve())
        place = {
            "ANDON_DATA": folder,
            "ANDON_FILES": f"{folder}/files",
            "ANDON_SECRET_KEY": settings.SECRET_KEY,
            "ANDON_SIGNING_KEY_FILE": key,
        }
        if connection.vendor == "sqlite":
            yield {**place, "DATABASE_URL": f"sqlite:///{folder}/andon.sqlite3"}
            return
        with databases.temporary_postgresql(f"andon_drill_{uuid.uuid4().hex[:12]}") as name:
            yield {**place, "DATABASE_URL": _address(name)}


def _address(name: str) -> str:
    told: dict[str, Any] = connection.settings_dict
    user, password, host = (
        quote(str(told.get(key) or ""), safe="") for key in ("USER", "PASSWORD", "HOST")
    )
    port = f":{told['PORT']}" if told.get("PORT") else ""
    return f"postgres://{user}:{password}@{host}{port}/{name}"
