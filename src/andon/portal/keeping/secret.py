"""The secret of encrypted backups, as the settings name it."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from andon.records.workflow import Refused

from .sealed import is_sealed


def configured() -> bytes | None:
    """Return the secret by which backups are encrypted here, if any."""
    path = settings.BACKUP_SECRET_FILE
    return read(Path(path)) if path else None


def for_archive(archive: Path, named: Path | None) -> bytes | None:
    """Return what opens ``archive``: the named secret, or that of the settings."""
    if named is not None:
        return read(named)
    with archive.open("rb") as file:
        return configured() if is_sealed(file) else None


def read(path: Path) -> bytes:
    """Return the content of a file with a secret, without its last line break."""
    try:
        content = path.read_bytes().rstrip(b"\r\n")
    except OSError as error:
        raise Refused(
            _("The file with the secret, %(path)s, cannot be read: %(reason)s.")
            % {"path": path, "reason": error.strerror}
        ) from error
    if not content:
        raise Refused(
            _("%s is empty. Put a long random text into it, and keep a copy of it elsewhere.")
            % path
        )
    return content
