"""Workbooks and documents of an office: ZIP archives with one purpose, and nothing that runs."""

import io
import re
import struct
import unicodedata
import zipfile
from typing import Any

from andon.store.examiner.found import Bad, Budget

_MAIN = {
    "xlsx": b"spreadsheetml.sheet.main+xml",
    "docx": b"wordprocessingml.document.main+xml",
    "pptx": b"presentationml.presentation.main+xml",
}
# Programs, controls and live data inside; in lower case.
_ACTIVE_PART = re.compile(
    r"(vbaproject|vbadata|macrosheets/|dialogsheets/|activex/|oleobject|\.(bin|exe|dll|js|vbs|ps1"
    r"|bat|cmd|scr|hta|lnk|jar|html?|svg|mht)$)"
)
_HARMLESS_BIN = re.compile(r"(printersettings|fonts/|font)\w*\.(bin|odttf)$")
_ACTIVE_WORD = re.compile(
    rb"macroEnabled|<(\w+:)?ddeLink\b|<(\w+:)?oleLink\b|<(\w+:)?altChunk\b"
    rb"|(instrText[^>]*>|instr=[\"'])\s*DDE(AUTO)?\b"
)
_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_FETCHED = re.compile(
    rb"<(?:\w+:)?Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)[^>]*"
    rb"/(attachedTemplate|oleObject|frame|subDocument|image|aFChunk|package|control)[\"']"
)
_NESTED = (".xlsx", ".docx", ".pptx")
# How an archive, programs, and documents of an older office begin.
_FOREIGN = (b"PK\x03\x04", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0")
_LOCAL = struct.Struct("<4s5H3I2H")
_CHUNK = 1 << 18
_OVERLAP = 1 << 10
_DEFLATED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LONGEST_NAME = 255


def look(data: bytes, header: dict[str, Any]) -> None:
    """Refuse what is no such document, unpacks too far, or holds what runs or fetches."""
    budget = Budget(header["unpacked"])
    _look(data, header["ending"], header, budget, depth=0)


def _look(data: bytes, ending: str, header: dict[str, Any], budget: Budget, *, depth: int) -> None:
    if depth > header["nesting"]:
        raise Bad("nesting")
    if not data.startswith(b"PK\x03\x04"):
        raise Bad("locked" if "EncryptedPackage".encode("utf-16-le") in data else "content")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > header["members"]:
                raise Bad("members")
            _orderly(data, members)
            _is_what_it_says(archive, ending, budget)
            for member in members:
                _member(archive, member, header, budget, depth)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError) as error:
        raise Bad("unreadable", type(error).__name__) from error


def _orderly(data: bytes, members: list[zipfile.ZipInfo]) -> None:
    """Refuse members that share bytes, names or hiding places (bombs and double files)."""
    names = [member.filename for member in members]
    if len({name.casefold() for name in names}) != len(names):
        raise Bad("unreadable", "double names")
    for name in names:
        _named(name)
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.flag_bits & 1:
            raise Bad("locked")
        if member.compress_type not in _DEFLATED:
            raise Bad("unreadable", "packing")
        at = member.header_offset
        # Also refuses what stands before the first one: a program with a document behind it.
        if at < end or (end == 0 and at):
            raise Bad("double")
        local = _LOCAL.unpack(data[at : at + _LOCAL.size])
        end = at + _LOCAL.size + local[-2] + local[-1] + member.compress_size


def _named(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    odd = any(unicodedata.category(c)[0] == "C" for c in name)
    if odd or ".." in parts or name.startswith(("/", "\\")) or ":" in name or "\\" in name:
        raise Bad("names", "".join(c for c in name if c.isprintable()))
    if len(name) > _LONGEST_NAME:
        raise Bad("names", name)


def _is_what_it_says(archive: zipfile.ZipFile, ending: str, budget: Budget) -> None:
    try:
        with archive.open("[Content_Types].xml") as stream:
            types = stream.read(1 << 20)
    except KeyError as error:
        raise Bad("content") from error
    budget.take(len(types))
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise Bad("active", "macros")
    if _MAIN[ending] not in types:
        raise Bad("content")


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, header: dict[str, Any], budget: Budget,
    depth: int,
) -> None:  # fmt: skip
    name = member.filename.lower()
    if _ACTIVE_PART.search(name) and not _HARMLESS_BIN.search(name):
        raise Bad("active", member.filename)
    nested = name.endswith(_NESTED)
    kept: list[bytes] = []
    last = b""
    with archive.open(member) as stream:
        for first in iter(lambda: stream.read(_CHUNK), b""):
            budget.take(len(first))
            _refuse_inside(name, last, first)
            last = first[-_OVERLAP:]
            if nested:
                kept.append(first)
    if nested:
        _look(b"".join(kept), name.rsplit(".", 1)[1], header, budget, depth=depth + 1)


def _refuse_inside(name: str, last: bytes, chunk: bytes) -> None:
    """Look through a part as it is unpacked, with some bytes of the chunk before."""
    if not last and chunk.startswith(_FOREIGN) and not name.endswith(_NESTED):
        raise Bad("nesting" if chunk.startswith(b"PK") else "active", name)
    if not name.endswith((".xml", ".rels", ".vml")):
        return
    text = last + chunk
    if b"\x00" in text:
        text = text.replace(b"\x00", b"")  # two bytes a character hide no word
    if _ENTITY.search(text):
        raise Bad("entities", name)
    if found := _ACTIVE_WORD.search(text):
        raise Bad("active", found.group(0).decode("ascii", "replace").strip("<"))
    if name.endswith(".rels") and (found := _FETCHED.search(text)):
        raise Bad("fetching", found.group(1).decode("ascii"))
