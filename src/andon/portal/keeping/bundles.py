"""An export as a folder or a ZIP: written whole or not at all, checked whole before it is read."""

import hashlib
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from django.utils.translation import gettext as _

from andon.records.workflow import Refused

from . import files
from .tape import MANIFEST, PIECE, SEAL

KNOWN = re.compile(
    r"about\.json|SCHEMA\.md|checkpoints\.txt|tables/[a-z0-9_]+\.jsonl|schema/[a-z0-9_]+"
    r"\.schema\.json|files/(?P<shelf>[0-9a-f]{2})/(?P=shelf)[0-9a-f]{62}"
)
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)\n")
_LONGEST_LINE = 250
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_PART = ".andon-export-"


class Place(Protocol):
    """Where the members of an export are written."""

    def open(self, name: str) -> BinaryIO: ...


class Bundle:
    """Writes members and remembers what they are; `close` adds the manifest."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._lines = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115  (until `close`)

    def add(self, name: str, pieces: Iterable[bytes]) -> str:
        """Write one member and return its hash."""
        digest = hashlib.sha256()
        with self._place.open(name) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        if name not in {MANIFEST, SEAL}:
            self._lines.write(f"{digest.hexdigest()}  {name}\n".encode())
        return digest.hexdigest()

    def close(self) -> str:
        """Write the manifest and its seal; return the hash of the manifest."""
        self._lines.seek(0)
        digest = self.add(MANIFEST, iter(lambda: self._lines.read(PIECE), b""))
        self.add(SEAL, [f"{digest}  {MANIFEST}\n".encode()])
        self._lines.close()
        return digest


@contextmanager
def written(target: Path) -> Iterator[Bundle]:
    """Yield a bundle that becomes ``target``, a folder or a ZIP, once it is whole."""
    if target.exists():
        raise Refused(_("%s is there already. Name a new folder, or a new file.zip.") % target)
    if not target.parent.is_dir():
        raise Refused(_("The folder %s is not there. Make it, or name another.") % target.parent)
    part = Path(tempfile.mkdtemp(prefix=_PART, dir=target.parent))
    try:
        if target.suffix.lower() == ".zip":
            with zipfile.ZipFile(part / "zip", "x", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
                yield Bundle(_Zip(file))
            (part / "zip").rename(target)
        else:
            yield Bundle(_Folder(part / "folder"))
            (part / "folder").rename(target)
        files.sync_folder(target.parent)
    except OSError as error:
        raise Refused(
            _("The export could not be written to %(place)s: %(reason)s. Nothing of it is left.")
            % {"place": target.parent, "reason": error.strerror or error}
        ) from error
    finally:
        shutil.rmtree(part)


class Export:
    """An export that was checked: each member is what the manifest says, and no other is there."""

    def __init__(self, source: Path) -> None:
        self._zip: zipfile.ZipFile | None = None
        self._root = source
        if source.is_file():
            try:
                self._zip = zipfile.ZipFile(source)
            except (zipfile.BadZipFile, NotImplementedError) as error:
                raise _damaged(str(error)) from error
        self._check()

    def open(self, name: str) -> BinaryIO:
        """Return a member to read from; a name that is not there raises ``Refused``."""
        try:
            if self._zip is not None:
                return cast("BinaryIO", self._zip.open(name))
            return (self._root / name).open("rb")
        except (OSError, KeyError) as error:
            raise _damaged(_("%s is missing") % name) from error

    def has(self, name: str) -> bool:
        if self._zip is None:
            return (self._root / name).is_file()
        return name in self._zip.NameToInfo

    def members(self) -> Iterator[str]:
        """Yield the names the manifest lists, in its order."""
        with self.open(MANIFEST) as file:
            for _digest, name in _lines(file):
                yield name

    def close(self) -> None:
        if self._zip is not None:
            self._zip.close()

    def _check(self) -> None:
        with self.open(SEAL) as file:
            seal = file.read(_LONGEST_LINE)
        if seal != f"{self._digest(MANIFEST)}  {MANIFEST}\n".encode():
            raise _damaged(_("its manifest was changed"))
        count, last = 0, ""
        with self.open(MANIFEST) as file:
            for digest, name in _lines(file):
                if not KNOWN.fullmatch(name) or name == last:
                    raise _damaged(_("%s does not belong into an export") % ascii(name))
                if self._digest(name) != digest:
                    raise _damaged(_("%s is not what it was") % name)
                count, last = count + 1, name
        if (found := self._count()) != count + 2:
            raise _damaged(
                _("it holds %(found)d files, and %(listed)d are listed")
                % {"found": found, "listed": count + 2}
            )

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        try:
            with self.open(name) as file:
                while piece := file.read(PIECE):
                    digest.update(piece)
        except (OSError, zipfile.BadZipFile, EOFError, ValueError, RuntimeError) as error:
            raise _damaged(str(error)) from error
        return digest.hexdigest()

    def _count(self) -> int:
        """Count what is there; a link counts as a stranger."""
        if self._zip is not None:
            return len(self._zip.infolist())
        count = 0
        for folder, folders, names in os.walk(self._root):
            links = [name for name in (*folders, *names) if (Path(folder) / name).is_symlink()]
            count += len(names) + len(links)
        return count


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir()

    def open(self, name: str) -> BinaryIO:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("xb")


class _Zip:
    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    def open(self, name: str) -> BinaryIO:
        member = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = 0o600 << 16
        return cast("BinaryIO", self._file.open(member, "w", force_zip64=True))


def _lines(file: BinaryIO) -> Iterator[tuple[str, str]]:
    while line := file.readline(_LONGEST_LINE):
        matched = _LINE.fullmatch(line.decode("ascii", errors="replace"))
        if matched is None:
            raise _damaged(_("its manifest cannot be read"))
        yield matched[1], matched[2]


def _damaged(what: str) -> Refused:
    return Refused(_("This export is damaged: %s. Nothing was loaded; take another.") % what)
