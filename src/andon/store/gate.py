"""The gate: an allow-list by ending and content, caps, photos drawn anew (UP1)."""

import io
import re
from collections.abc import Collection
from dataclasses import dataclass

import puremagic
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from .names import ending_of

MEGABYTE = 1_048_576
LARGEST_FILE = 20 * MEGABYTE
LARGEST_PHOTO_PIXELS = 50_000_000
PHOTO_EDGE = 2400
PHOTOS = ("jpeg", "jpg", "png", "webp")
# Ending: (media type, what the content must look like; "" = text).
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
ATTACHMENTS = tuple(sorted({*PHOTOS, *DOCUMENTS}))


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

    data: bytes
    media_type: str
    ending: str
    is_photo: bool


def refuse_large(name: str, size: int) -> None:
    if size > LARGEST_FILE:
        raise Unfit(_("“%s” is larger than 20 MB. Attach a smaller one.") % name)


def accept(name: str, data: bytes, allowed: Collection[str] = ATTACHMENTS) -> Accepted:
    """Check ``data`` against its ending and content; photos are drawn anew, without metadata.

    Raises :class:`Unfit` with the allowed kinds when it does not pass.
    """
    ending = ending_of(name)
    if not data:
        raise Unfit(_("“%s” is empty. Choose the file again.") % name)
    refuse_large(name, len(data))
    if ending not in allowed:
        raise Unfit(
            _("“%(name)s” cannot be attached. Allowed are: %(kinds)s.")
            % {"name": name, "kinds": ", ".join(allowed)}
        )
    if ending in PHOTOS:
        return Accepted(_redrawn(name, data), "image/jpeg", "jpg", is_photo=True)
    media_type, looks = DOCUMENTS[ending]
    if not _looks_like(data, looks):
        raise Unfit(
            _(
                "The content of “%(name)s” is not what its ending .%(ending)s says."
                " Save it again and retry."
            )
            % {"name": name, "ending": ending}
        )
    return Accepted(data, media_type, ending, is_photo=False)


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
    trouble = Unfit(_("“%s” cannot be read as a photo. Take it again.") % name)
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > LARGEST_PHOTO_PIXELS:
                raise Unfit(_("“%s” has more than 50 million pixels.") % name)
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
