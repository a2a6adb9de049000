"""Bringing a backup back: into an empty place, checked whole before anything is touched (BK1).

Everything is unpacked beside its place and checked there: each hash, the database by itself, the
chain against what the archive says of it, and all of `andon verify`. Only then is it put in place.
"""

import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext as _

from andon.entry.models import Session
from andon.records.workflow import Refused
from andon.trail.findings import Finding, Report
from andon.trail.notes import Note
from andon.trail.security import tell
from andon.trail.services import SYSTEM
from andon.trail.verify import verify
from andon.trail.walk import walk

from . import about, databases, files, kept, runs, tape
from .backing_up import CHECKPOINTS
from .models import Kind
from .sealed import SealedReader, is_sealed
from .staging import DATABASE, emptied_when_refused, staged

_KNOWN = re.compile(
    r"about\.json|checkpoints\.txt|database\.(?:sqlite3\.gz|dump)|files/(?P<shelf>[0-9a-f]{2})/(?P=shelf)[0-9a-f]{62}"
)
SHOWN = 10


@dataclass
class Restored:
    """What was brought back, and what has to be said of it."""

    about: about.About
    files_count: int
    report: Report
    warnings: list[str] = field(default_factory=list)


def restore(
    archive: Path,
    *,
    secret: bytes | None = None,
    kept_notes: Sequence[Note] = (),
    despite_findings: bool = False,
    drill: bool = False,
) -> Restored:
    """Bring ``archive`` back into the empty database and file store that the settings name.

    ``kept_notes`` are checkpoints kept elsewhere: a backup older than one says so loudly.
    A ``drill`` is no event in the life of the records, so nothing is written about it there.

    Raises
    ------
    Refused
        The place is not empty, or anything about the archive is not right; nothing is restored.
    """
    require_empty()
    notes = [*kept.of_this_place(), *kept_notes]
    root = databases.sqlite_path().parent if connection.vendor == "sqlite" else settings.DATA
    Path(root).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".andon-restore-", dir=root) as name:
        folder = Path(name)
        said, count, wrong = unpack(archive, folder, secret)
        _require_clean(Report(wrong), despite_findings=despite_findings)
        with emptied_when_refused():
            with staged(said, folder):
                restored = Restored(said, count, Report())
                _check(restored, folder, notes, despite_findings=despite_findings)
                restored.report.findings += wrong
                if not drill:
                    _tell(archive, restored)
            _put_in_place(folder)
    return restored


def require_empty() -> None:
    """Raise ``Refused`` unless there is nothing at the place that could be lost."""
    if not databases.is_empty():
        raise Refused(
            _(
                "There is a database already at %s. A backup is restored into an empty place only:"
                " move the database away, or name another place."
            )
            % connection.settings_dict["NAME"]
        )
    if not files.is_empty():
        raise Refused(
            _(
                "There are files already in %s. A backup is restored into an empty place only:"
                " move them away, or name another place."
            )
            % settings.FILES
        )


def unpack(
    archive: Path, folder: Path, secret: bytes | None
) -> tuple[about.About, int, list[Finding]]:
    """Unpack and check every byte of ``archive`` into ``folder``; count its stored files.

    Also returns the stored files that were damaged before they were backed up.
    """
    (folder / "files").mkdir()
    count, wrong = 0, list[Finding]()
    with archive.open("rb") as file:
        source = _opened(file, secret)
        for member in tape.read(source, place=lambda *m: _place(folder, *m), known=_KNOWN):
            if member.name.startswith("files/"):
                count += 1
                if (sha256 := member.name.rsplit("/", 1)[1]) != member.sha256:
                    wrong.append(Finding("file", _("This stored file was altered."), field=sha256))
            if member.name == about.NAME:
                said = about.read((folder / about.NAME).read_bytes(), "backup")
                _require_usable(said)
    if not ((folder / about.NAME).exists() and (folder / said.database).is_file()):
        raise tape.Damaged(_("This backup holds no database. Nothing was restored."))
    return said, count, wrong


def _opened(file: BinaryIO, secret: bytes | None) -> tape.Source:
    sealed = is_sealed(file)
    if sealed and secret is None:
        raise Refused(
            _("This backup is encrypted. Name the file with its secret: --secret-file FILE")
        )
    if sealed:
        return SealedReader(file, secret or b"")
    if secret is not None:
        raise Refused(
            _("This backup is not encrypted. Leave --secret-file out if it is the right one.")
        )
    return file


def _require_usable(said: about.About) -> None:
    if said.database != databases.NAMES[connection.vendor]:
        raise Refused(
            _(
                "This is a backup of %(theirs)s, and the place is %(ours)s. Move between the two"
                " with: andon export, andon load"
            )
            % {"theirs": said.engine, "ours": connection.vendor}
        )
    about.require_known(said)


def _place(folder: Path, name: str, size: int) -> BinaryIO:
    if name == about.NAME and size > about.LARGEST:
        raise tape.Damaged(_("What this archive says of itself is too long."))
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    return path.open("xb")


def _check(
    restored: Restored, folder: Path, notes: Sequence[Note], *, despite_findings: bool
) -> None:
    """Verify what was unpacked; the chain is walked before a migration may touch anything."""
    said = restored.about
    with connection.cursor() as cursor:
        found = databases.moment(cursor)
    if (found.heads, found.migrations) != (said.heads, said.migrations):
        raise tape.Damaged(
            _("The database in this backup is not the one it speaks of. Nothing was restored.")
        )
    chain = Report()
    walk(chain)
    _require_clean(chain, despite_findings=despite_findings)
    call_command("migrate", interactive=False, verbosity=0)
    restored.report = _verified(folder / CHECKPOINTS)
    _without_keys(restored)
    _require_clean(restored.report, despite_findings=despite_findings)
    if not restored.report.trusted:
        restored.warnings.append(_("This backup carries no signed checkpoint."))
    heads = {stream: seq for stream, (seq, _digest) in said.heads.items()}
    restored.warnings += kept.warnings(notes, heads)


def _verified(own: Path) -> Report:
    """Verify strictly: with the checkpoints the archive carries, not those of this place."""
    place, settings.CHECKPOINTS = settings.CHECKPOINTS, own
    try:
        return verify(kept.carried(own))
    finally:
        settings.CHECKPOINTS = place


def _without_keys(restored: Restored) -> None:
    """A key that is not here, or another one, is to be mended afterwards; it stops nothing."""
    found = restored.report.findings
    restored.warnings += [each.line() for each in found if each.kind == "key"]
    restored.report.findings = [each for each in found if each.kind != "key"]


def _require_clean(report: Report, *, despite_findings: bool) -> None:
    if report.clean or despite_findings:
        return
    lines = [finding.line() for finding in report.findings[:SHOWN]]
    raise Refused(
        "\n".join(
            [
                _(
                    "Somebody changed records of this backup behind the application's back."
                    " Nothing was restored. Take an older one; or bring it back all the same"
                    " with --despite-findings, and find out what happened:"
                ),
                *lines,
            ]
        )
    )


def _tell(archive: Path, restored: Restored) -> None:
    """Write into the restored trail that it was restored, from what, and as of when."""
    said = restored.about
    # Whoever was signed in then must sign in again: some of them may have left since.
    Session.objects.all().delete()
    with runs.told(Kind.RESTORE) as result:
        result.note(
            archive=archive.name[:200],
            size=archive.stat().st_size,
            entries=said.entries,
            newest_at=files.instant(said.newest),
            files_count=restored.files_count,
        )
    detail = {"made_at": said.made_at, "entries": said.entries, "version": said.version}
    tell("restored", by=SYSTEM("restore"), detail=detail)


def _put_in_place(folder: Path) -> None:
    """Put what was checked where it belongs; the database last, for it is what counts."""
    if connection.vendor == "sqlite":
        require_empty()
    with files.put_back(folder / "files"):
        if connection.vendor == "sqlite":
            database = databases.sqlite_path()
            with (folder / DATABASE).open("r+b") as file:
                os.fsync(file.fileno())
            (folder / DATABASE).rename(database)
            files.sync_folder(database.parent)
