"""Making a backup beside the running server: one file, whole or not there (BK1)."""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from andon.organization import clock
from andon.records.workflow import Refused
from andon.trail import checkpoints, keys
from andon.trail.security import tell
from andon.trail.services import SYSTEM

from . import about, databases, files, runs
from .models import KeepingRun, Kind
from .sealed import sealing
from .tape import TapeWriter

CHECKPOINTS = "checkpoints.txt"
PLAIN, SEALED = ".tar", ".tar.sealed"
_OURS = re.compile(r"andon-\d{8}T\d{6}Z\.tar(\.sealed)?")
_PART = ".andon-backup-"
# A part this old belongs to no backup that still runs.
_ABANDONED_SECONDS = 24 * 3600


def back_up(target: Path, *, secret: bytes | None = None, keep: int | None = None) -> KeepingRun:
    """Back everything up into ``target``, a folder or the name of a file.

    With ``keep`` older backups of the folder are deleted, but for the newest ``keep``.
    """
    path = _path(target, sealed=secret is not None)
    with runs.told(Kind.BACKUP) as result, _written(path) as (file, folder):
        result.note(archive=path.name[:200], is_encrypted=secret is not None)
        hashing = _Hashing(file)
        with sealing(hashing, secret) as sink:
            tape = TapeWriter(sink, folder / "manifest")
            _cover()
            copy = databases.copy(folder)
            result.note(entries=copy.moment.entries, newest_at=files.instant(copy.moment.newest))
            faults = _fill(tape, copy, result)
            tape.close()
        result.note(size=hashing.size, sha256=hashing.digest.hexdigest(), **faults)
    tell("backed up", by=SYSTEM("backup"), detail={"sha256": hashing.digest.hexdigest()})
    if keep is not None:
        rotate(path.parent, keep=keep)
    return cast("KeepingRun", result.run)


def listed(folder: Path) -> list[Path]:
    """Return the backups in ``folder``, the oldest first."""
    return sorted(path for path in folder.iterdir() if _OURS.fullmatch(path.name))


def rotate(folder: Path, *, keep: int) -> list[Path]:
    """Delete all but the newest ``keep`` backups, and what killed backups left behind."""
    gone = listed(folder)[: -max(keep, 1)]
    parts = [path for path in folder.glob(f"{_PART}*") if path.is_file()]
    gone += [path for path in parts if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def _fill(tape: TapeWriter, copy: databases.Copy, result: runs.Result) -> dict[str, str]:
    """Write all members in the order of their names; return what is wrong with stored files."""
    said = about.describe("backup", copy.moment, database=copy.name, database_size=copy.plain_size)
    tape.add_bytes(about.NAME, said.as_bytes())
    tape.add_file(CHECKPOINTS, copy.checkpoints)
    tape.add_file(copy.name, copy.path)
    copy.path.unlink()
    count, wrong = 0, 0
    for sha256, data in files.stored():
        member = tape.add_bytes(files.member_name(sha256), data)
        count, wrong = count + 1, wrong + (member.sha256 != sha256)
    result.note(files_count=count)
    if not wrong:
        return {}
    trouble = _("%d stored files are not what their names say. Run andon verify.") % wrong
    return {"trouble": trouble}


def _cover() -> None:
    """Sign what there is, so that the backup carries a checkpoint over nearly all of it."""
    try:
        checkpoints.checkpoint("backup")
    except keys.NoKey as trouble:
        runs.log.warning("The backup carries no new checkpoint: %s", trouble)


def _path(target: Path, *, sealed: bool) -> Path:
    """Return the file to write; refuses to write over another."""
    if target.is_dir():
        stamp = clock.now().strftime("%Y%m%dT%H%M%SZ")
        target = target / f"andon-{stamp}{SEALED if sealed else PLAIN}"
    if target.exists():
        raise Refused(_("%s is there already. Name another file, or a folder.") % target)
    if not target.parent.is_dir():
        raise Refused(_("The folder %s is not there. Make it, or name another.") % target.parent)
    return target


@contextmanager
def _written(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Yield a file that becomes ``path`` once it is whole and safe on disk, and a work folder."""
    try:
        with tempfile.TemporaryDirectory(prefix=f"{_PART}work-", dir=path.parent) as folder:
            handle, part = tempfile.mkstemp(prefix=_PART, dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    yield file, Path(folder)
                    file.flush()
                    os.fsync(file.fileno())
                Path(part).rename(path)
                files.sync_folder(path.parent)
            finally:
                Path(part).unlink(missing_ok=True)
    except OSError as error:
        raise Refused(
            _("The backup could not be written to %(place)s: %(reason)s. Nothing of it is left.")
            % {"place": path.parent, "reason": error.strerror or error}
        ) from error


class _Hashing:
    """Writes through, and knows the hash and the size of it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self.digest, self.size = out, hashlib.sha256(), 0

    def write(self, data: bytes, /) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self._out.write(data)
