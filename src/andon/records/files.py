"""Attachments: an allow-list, caps, photos drawn anew, bytes kept under their SHA-256 (UP1-3)."""

import hashlib
import io
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from andon.accounts.models import User
from andon.organization import clock
from andon.trail.services import audited
from andon.trail.verify import Finding

from .changing import require
from .models import Attachment, Record
from .workflow import Refused

MEGABYTE = 1_048_576
LARGEST_FILE = 20 * MEGABYTE
LARGEST_PHOTO_PIXELS = 50_000_000
PHOTO_EDGE = 2400
PHOTOS = {"jpg", "jpeg", "png", "webp"}
# Extension: (media type, what the content must look like; "" = text).
DOCUMENTS = {
    "pdf": ("application/pdf", {".pdf"}),
    "txt": ("text/plain", {""}),
    "csv": ("text/csv", {""}),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        {".xlsx", ".zip"},
    ),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        {".docx", ".zip"},
    ),
}
ALLOWED = sorted({*PHOTOS, *DOCUMENTS})


class Altered(Refused):
    """The bytes on disk are not the ones that were attached."""


@dataclass(frozen=True)
class Accepted:
    """A file that passed the gate: what is stored and what is said of it."""

    data: bytes
    media_type: str
    extension: str
    is_photo: bool


def cleaned_name(name: str) -> str:
    """Return ``name`` without path, control and direction characters, in NFC."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    return kept.strip()[-150:] or "file"


def accept(name: str, data: bytes) -> Accepted:
    """Check ``data`` against its extension and content; photos are drawn anew, without metadata.

    Raises :class:`Refused` with the allowed kinds when it does not pass.
    """
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if not data:
        raise Refused(_("“%s” is empty. Choose the file again.") % name, fix="#files")
    if len(data) > LARGEST_FILE:
        raise Refused(_("“%s” is larger than 20 MB. Attach a smaller one.") % name, fix="#files")
    if extension in PHOTOS:
        return Accepted(_redrawn(name, data), "image/jpeg", "jpg", is_photo=True)
    if extension not in DOCUMENTS:
        raise Refused(
            _("“%(name)s” cannot be attached. Allowed are: %(kinds)s.")
            % {"name": name, "kinds": ", ".join(ALLOWED)},
            fix="#files",
        )
    media_type, looks = DOCUMENTS[extension]
    if not _looks_like(data, looks):
        raise Refused(
            _(
                "The content of “%(name)s” is not what its ending .%(ending)s says."
                " Save it again and retry."
            )
            % {"name": name, "ending": extension},
            fix="#files",
        )
    return Accepted(data, media_type, extension, is_photo=False)


def _looks_like(data: bytes, looks: set[str]) -> bool:
    if "" in looks:
        return b"\x00" not in data and not re.match(
            rb"\s*<(!doctype|html|svg|\?xml|script)", data, re.IGNORECASE
        )
    try:
        found = {match.extension for match in puremagic.magic_string(data)}
    except puremagic.PureError:
        return False
    return bool(found & looks)


def _redrawn(name: str, data: bytes) -> bytes:
    trouble = Refused(_("“%s” cannot be read as a photo. Take it again.") % name, fix="#files")
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > LARGEST_PHOTO_PIXELS:
                raise Refused(_("“%s” has more than 50 million pixels.") % name, fix="#files")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((PHOTO_EDGE, PHOTO_EDGE))
            out = io.BytesIO()
            upright.save(out, "JPEG", quality=85)
            return out.getvalue()
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise trouble from error


def path_of(sha256: str) -> Path:
    return settings.FILES / sha256[:2] / sha256


def _keep(data: bytes) -> str:
    """Write ``data`` under its hash, durably and never over an existing file."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).rename(path)
    return sha256


def attach(
    record: Record,
    upload: "UploadedFile[Any]",
    *,
    by: User,
    caption: str = "",
    day: date | None = None,
) -> Attachment:
    """Attach ``upload`` to ``record``; the hash of what is stored goes into the trail."""
    require(by, "records.comment", record)
    if (upload.size or 0) > LARGEST_FILE:
        raise Refused(
            _("“%s” is larger than 20 MB. Attach a smaller one.") % upload.name, fix="#files"
        )
    name, data = cleaned_name(upload.name or "file"), upload.read()
    accepted = accept(name, data)
    sha256 = _keep(accepted.data)
    with audited(by, reason=_("file attached")):
        return Attachment.objects.create(
            record_id=record.pk,
            name=name,
            caption=caption.strip(),
            media_type=accepted.media_type,
            size=len(accepted.data),
            sha256=sha256,
            original_sha256=hashlib.sha256(data).hexdigest(),
            is_photo=accepted.is_photo,
            by=by,
            day=day or clock.today(record.site),
        )


def read(attachment: Attachment) -> bytes:
    """Return the attached bytes; raises :class:`Altered` when they are not those any more."""
    path = path_of(attachment.sha256)
    data = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(data).hexdigest() != attachment.sha256:
        raise Altered(
            _("The stored file “%s” is missing or was altered. Tell your quality manager.")
            % attachment.name
        )
    return data


def altered() -> Iterator[Finding]:
    """Report every stored file that is missing or was altered (part of ``andon verify``)."""
    for attachment in Attachment.objects.select_related("record").order_by("pk").iterator():
        try:
            read(attachment)
        except Altered as trouble:
            yield Finding(
                kind="file",
                text=str(trouble),
                model="records.attachment",
                object_id=str(attachment.pk),
                number=attachment.record.number,
            )
