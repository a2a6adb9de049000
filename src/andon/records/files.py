"""What a record carries of files: attaching, reading, looking whether any was altered."""

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.organization import clock
from andon.store import gate, shelf
from andon.store.names import cleaned_name
from andon.trail.services import audited
from andon.trail.verify import Finding

from .changing import require
from .models import Attachment, Record
from .workflow import Refused


class Altered(Refused):
    """The bytes on disk are not the ones that were attached."""


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
    name = cleaned_name(upload.name or "file")
    try:
        gate.refuse_large(name, upload.size or 0)
        data = upload.read()
        accepted = gate.accept(name, data)
    except gate.Unfit as unfit:
        raise Refused(unfit.sentence, fix="#files") from unfit
    sha256 = shelf.put(accepted.data)
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
    try:
        return shelf.read(attachment.sha256)
    except shelf.Altered as altered:
        raise Altered(
            _("The stored file “%s” is missing or was altered. Tell your quality manager.")
            % attachment.name
        ) from altered


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
