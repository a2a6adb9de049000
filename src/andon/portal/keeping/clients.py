"""The client programs of PostgreSQL: found, new enough, and given the address of the database."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from andon.records.workflow import Refused

_PLACES = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt")
_ADDRESS = {
    "HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD",
    "NAME": "PGDATABASE",
}  # fmt: skip
_OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "service": "PGSERVICE"}


def run(program: str, *arguments: str | Path, database: str = "") -> None:
    """Run ``pg_dump`` or ``pg_restore`` on the database in use, or on another of its server."""
    command: Sequence[str | Path] = (found(program), "--no-password", *arguments)
    done = subprocess.run(
        command,
        check=False,
        env={**os.environ, **_address(database)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [_("it gave no reason")]
        raise Refused(
            _("%(program)s did not succeed: %(reason)s")
            % {"program": program, "reason": " ".join(said[:3])[:500]}
        )


def found(program: str) -> Path:
    """Return the oldest ``program`` of this machine that is as new as the server."""
    server = int(getattr(connection, "pg_version", 0)) // 10_000
    known = {path: _major(path) for path in _candidates(program)}
    fitting = [path for path, major in known.items() if major >= server]
    if not fitting:
        raise Refused(
            _(
                "%(program)s of version %(version)d or newer was not found. Install the client"
                " programs of PostgreSQL (package postgresql-client-%(version)d), and try again."
            )
            % {"program": program, "version": server}
        )
    return min(fitting, key=lambda path: known[path])


def _candidates(program: str) -> list[Path]:
    usual = [path for place in _PLACES for path in Path(place).glob(f"*/bin/{program}")]
    on_path = shutil.which(program)
    return [*([Path(on_path)] if on_path else []), *usual]


def _major(path: Path) -> int:
    done = subprocess.run([path, "--version"], check=False, capture_output=True, text=True)
    number = next((word for word in done.stdout.split() if word[:1].isdigit()), "0")
    return int(number.split(".")[0])


def _address(database: str) -> dict[str, str]:
    """Return the address as environment: a password on a command line can be seen by others."""
    settings: dict[str, Any] = connection.settings_dict
    told = {name: str(settings[key]) for key, name in _ADDRESS.items() if settings.get(key)}
    options = settings.get("OPTIONS") or {}
    told |= {name: str(options[key]) for key, name in _OPTIONS.items() if options.get(key)}
    return told | ({"PGDATABASE": database} if database else {})
