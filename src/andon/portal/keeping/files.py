"""The stored files as a backup sees them: listed in order, put back durably."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

_SHA256 = re.compile(r"[0-9a-f]{64}")


def stored(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield hash and place of each stored file, in the order of the hashes.

    What was committed when the database was copied is there now: files are written before the
    rows that name them, and are never written over.
    """
    if not Path(folder).is_dir():
        return
    for shelf in sorted(path for path in Path(folder).iterdir() if path.is_dir()):
        for path in sorted(shelf.iterdir()):
            if _SHA256.fullmatch(path.name) and shelf.name == path.name[:2]:
                yield path.name, path


def member_name(sha256: str) -> str:
    """Return the name of a stored file in an archive."""
    return f"files/{sha256[:2]}/{sha256}"


def is_empty(folder: Path) -> bool:
    """Whether no file lies anywhere below ``folder``."""
    return not any(path.is_file() for path in Path(folder).rglob("*"))


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` survive a loss of power; Windows does it by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def instant(text: str) -> datetime | None:
    """Return an instant written as the trail does."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC) if text else None
