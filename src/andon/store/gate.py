"""The gate: an allow-list by ending and content for each field, caps, photos drawn anew (UP1)."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.trail.security import tell
from andon.trail.services import SYSTEM

from . import scanner
from .examining import MEGABYTE, examined
from .names import cleaned_name, ending_of

LARGEST_FILE = 20 * MEGABYTE
LARGEST_PHOTO_PIXELS = 50_000_000
PHOTO_SIZE = (2400, 2400)
PHOTOS = ("jpeg", "jpg", "png", "webp")
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCUMENTS = {
    "csv": "text/csv",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}
ATTACHMENTS = tuple(sorted({*PHOTOS, *DOCUMENTS}))

# What the examiner found, as a sentence that says what to do next.
_CONTENT = _(
    "The content of “%(name)s” is not what its ending .%(ending)s says. Save it again and retry."
)
_PHOTO = _("“%(name)s” cannot be read as a photo. Take it again.")
_SENTENCES: dict[str, "str | Promise"] = {
    "content": _CONTENT,
    "double": _CONTENT,
    "unreadable": _("“%(name)s” is damaged. Open it in its program and save it again."),
    "pixels": _("“%(name)s” has more than 50 million pixels. Take a smaller photo."),
    "memory": _("“%(name)s” takes too much memory to be looked at. Save it smaller and retry."),
    "time": _("“%(name)s” takes too long to be looked at. Save it smaller and retry."),
    "unpacked": _("“%(name)s” unpacks to more than it may. Save it smaller and retry."),
    "members": _("“%(name)s” consists of too many parts. Save only what is needed."),
    "nesting": _("“%(name)s” holds a file inside a file. Attach that file by itself."),
    "names": _("A part inside “%(name)s” has a forbidden name. Save it again in its program."),
    "entities": _("“%(name)s” holds XML entities. Save it again in its program."),
    "pages": _("“%(name)s” has more than 2,000 pages. Attach the pages that matter."),
    "locked": _("“%(name)s” is encrypted or asks for a password. Attach a copy without it."),
    "active": _(
        "“%(name)s” holds something that could run or send by itself (%(what)s). Print it to PDF,"
        " or save it without that, and attach the copy."
    ),
    "fetching": _(
        "“%(name)s” fetches a part from elsewhere when it is opened (%(what)s). Save it with"
        " everything inside, or print it to PDF."
    ),
}


_AWAY = _("The virus scanner does not answer, so “%(name)s” cannot come in now. Try again later.")
_TOO_LARGE = _("“%(name)s” is larger than %(megabytes)d MB. Choose a smaller one.")


class Unfit(ValidationError):
    """A file that may not come in; the sentence says why and what to do."""

    def __init__(self, sentence: "str | Promise") -> None:
        super().__init__(sentence)  # type: ignore[arg-type]  # a lazy text is one, too
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True)
class Accepted:
    """A file that passed the gate: what is stored and what is said of it."""

    name: str
    data: bytes
    original: bytes
    media_type: str
    is_photo: bool
    scan: scanner.Scan = scanner.NOT_ASKED


def accepted(upload: "UploadedFile[Any]", allowed: Collection[str] = ATTACHMENTS) -> Accepted:
    """Return ``upload`` as it may be stored; raises :class:`Unfit`.

    May take seconds (a large file, a slow scanner): call it before a transaction is open.
    """
    name = cleaned_name(upload.name or "file")
    return accept(name, _bytes_of(name, upload, LARGEST_FILE), allowed)


def read_once(upload: "UploadedFile[Any]", *, largest: int) -> None:
    """Cap and scan an upload that will be read by somebody else and thrown away."""
    name = cleaned_name(upload.name or "file")
    data = _bytes_of(name, upload, largest)
    upload.seek(0)
    if scanned(name, data).verdict is scanner.Verdict.WAITING:
        raise Unfit(_AWAY % {"name": name})  # there is nowhere to hold it back


def _bytes_of(name: str, upload: "UploadedFile[Any]", largest: int) -> bytes:
    too_large = Unfit(_TOO_LARGE % {"name": name, "megabytes": largest // MEGABYTE})
    if (upload.size or 0) > largest:
        raise too_large
    data: bytes = upload.read(largest + 1)
    if len(data) > largest:  # what the browser said of the size counts for nothing
        raise too_large
    return data


def accept(name: str, data: bytes, allowed: Collection[str] = ATTACHMENTS) -> Accepted:
    """Check ``data`` against its ending and content; photos are drawn anew, without metadata."""
    ending = ending_of(name)
    if not data:
        raise Unfit(_("“%s” is empty. Choose the file again.") % name)
    if len(data) > LARGEST_FILE:
        raise Unfit(_TOO_LARGE % {"name": name, "megabytes": LARGEST_FILE // MEGABYTE})
    if ending not in allowed and allowed is PHOTOS:
        raise Unfit(_("“%s” is no photo. Take or choose one (jpg, png or webp).") % name)
    if ending not in allowed:
        raise Unfit(
            _("“%(name)s” cannot be attached. Allowed are: %(kinds)s.")
            % {"name": name, "kinds": ", ".join(allowed)}
        )
    scan = scanned(name, data)
    if ending in PHOTOS:
        drawn = picture(name, data, size=PHOTO_SIZE, drawn_as="JPEG")
        return Accepted(name, drawn, data, "image/jpeg", is_photo=True, scan=scan)
    _refuse(name, examined({"job": "look", "ending": ending}, data)[0])
    return Accepted(name, data, data, DOCUMENTS[ending], is_photo=False, scan=scan)


def picture(name: str, data: bytes, *, size: tuple[int, int], drawn_as: str) -> bytes:
    """Return a JPEG, PNG or WebP drawn anew as ``drawn_as``, with nothing but its pixels."""
    asked = {"job": "picture", "size": size, "pixels": LARGEST_PHOTO_PIXELS, "format": drawn_as}
    found, drawn = examined(asked, data)
    if found.get("error") == "unreadable":
        raise Unfit(_PHOTO % {"name": name})
    _refuse(name, found)
    return drawn


def scanned(name: str, data: bytes) -> scanner.Scan:
    """Return what the scanner says; what it finds, or cannot look at, is refused (UP4)."""
    scan = scanner.scanned(data)
    if scan.verdict is scanner.Verdict.INFECTED:
        digest = hashlib.sha256(data).hexdigest()
        tell("file refused", by=SYSTEM("scanner"), detail={"sha256": digest, "found": scan.found})
        raise Unfit(
            _("The virus scanner found “%(what)s” in “%(name)s”. It was not kept; tell your IT.")
            % {"name": name, "what": scan.found}
        )
    if scan.verdict is scanner.Verdict.REFUSED:
        raise Unfit(_AWAY % {"name": name})
    return scan


def _refuse(name: str, found: dict[str, Any]) -> None:
    if word := found.get("error"):
        sentence = _SENTENCES.get(word, _SENTENCES["unreadable"])
        about = {"name": name, "ending": ending_of(name), "what": found.get("text", "")}
        raise Unfit(sentence % about)
