"""ZIP archives: one table inside, unpacked with its bytes counted; nothing nested."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from andon.tables import limits
from andon.tables.model import Trouble

_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def is_zip(content: bytes) -> bool:
    """Whether the bytes begin like a ZIP archive, whatever the file is called."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_workbook(content: bytes) -> bool:
    """Whether a ZIP archive is a workbook: XLSX, XLSM or OpenDocument."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist()[: limits.MAX_MEMBERS])
    except zipfile.BadZipFile:
        return False
    return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names


def unpack(content: bytes) -> tuple[bytes, str]:
    """Return bytes and name of the only file inside; refuse anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if not _is_junk(member)]
            member = _only(members)
            return _counted(archive, member), PurePosixPath(member.filename).name
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Trouble(_("The ZIP archive is damaged (%(error)s).") % {"error": error}) from None


def _is_junk(member: zipfile.ZipInfo) -> bool:
    return (
        member.is_dir()
        or member.filename.startswith(_JUNK[0])
        or (PurePosixPath(member.filename).name in _JUNK)
    )


def _only(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    if len(members) != 1:
        listed = ", ".join(member.filename for member in members[:5])
        raise Trouble(
            _("The ZIP archive holds %(count)d files (%(names)s); it must hold exactly one table.")
            % {"count": len(members), "names": listed or _("none")}
        )
    if members[0].flag_bits & 1:
        raise Trouble(_("The ZIP archive is protected by a password; unpack it first."))
    return members[0]


def _counted(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Read while counting: the size in the header can lie."""
    with archive.open(member) as stream:
        content = stream.read(limits.MAX_BYTES + 1)
    if len(content) > limits.MAX_BYTES:
        raise Trouble(
            _("“%(name)s” in the ZIP archive unpacks to more than %(megabytes)d MB.")
            % {"name": member.filename, "megabytes": limits.MAX_BYTES // 1024 // 1024}
        )
    if is_zip(content) and not is_workbook(content):
        raise Trouble(
            _("The ZIP archive holds another archive, “%(name)s”; unpack it first.")
            % {"name": member.filename}
        )
    return content
