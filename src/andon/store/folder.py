"""A shelf in a folder of this machine, or of a disk that several machines share (UP2)."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from .reach import OutOfReach


class Folder:
    """A shelf in a folder: temporary file, fsync, link under its name, fsync of the folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path_of(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256

    def put(self, sha256: str, data: bytes) -> None:
        path = self.path_of(sha256)
        if path.exists():
            return
        try:
            new = not path.parent.exists()
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                _named(Path(temporary), path)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    Path(temporary).unlink()
            _settled(path.parent)
            if new:
                _settled(self.root)
        except OSError as error:
            raise OutOfReach(
                _("The file could not be stored (%s). Nothing was kept; tell your administrator.")
                % error.strerror
            ) from error

    def get(self, sha256: str) -> bytes | None:
        try:
            return self.path_of(sha256).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise OutOfReach(_unreadable(error)) from error

    def size(self, sha256: str) -> int | None:
        path = self.path_of(sha256)
        return path.stat().st_size if path.exists() else None

    def all(self) -> Iterator[tuple[str, datetime]]:
        for path in sorted(self.root.glob("??/" + "?" * 64)):
            yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def remove(self, sha256: str) -> None:
        self.path_of(sha256).unlink(missing_ok=True)

    def tidy(self, before: datetime) -> None:
        for path in self.root.glob("??/.new-*"):
            with contextlib.suppress(FileNotFoundError):
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                    path.unlink()


def _named(temporary: Path, path: Path) -> None:
    """Give the finished file its name; a link never replaces what has that name already."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        temporary.rename(path)


def _settled(folder: Path) -> None:
    """Make the name survive a loss of power, too; Windows opens no folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unreadable(error: OSError) -> str:
    sentence = _("The file store cannot be read (%s). Try again; if it stays, tell your admin.")
    return sentence % error.strerror
