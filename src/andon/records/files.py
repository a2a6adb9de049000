"""What a record carries of files: attaching, reading, looking whether any was altered."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.organization import clock
from andon.store import gate, keeping, shelf
from andon.store.seam import InUse
from andon.trail.services import audited
from andon.trail.verify import Finding

from .changing import lock, require
from .models import Attachment, Record
from .workflow import Refused


class Altered(Refused):
    """The bytes on disk are not the ones that were attached."""


def admitted(
    upload: "UploadedFile[Any]", allowed: Collection[str] = gate.ATTACHMENTS
) -> keeping.Kept:
    """Let ``upload`` through the gate (UP1); slow, so before the transaction where one is near."""
    try:
        return keeping.admitted(upload, allowed)
    except gate.Unfit as unfit:
        raise Refused(unfit.sentence, fix="#files") from unfit


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
    kept = admitted(upload)
    with audited(by, reason=_("file attached")):
        lock(record)  # whoever signs it meanwhile signs it with the file or without
        keeping.enter(kept)
        return Attachment.objects.create(
            record_id=record.pk,
            name=kept.name,
            caption=caption.strip(),
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
            original_sha256=kept.original_sha256,
            is_photo=kept.is_photo,
            by=by,
            day=day or clock.today(record.site),
        )


def read(attachment: Attachment) -> bytes:
    """Return the attached bytes; raises :class:`Altered` when they are not those any more."""
    try:
        return keeping.read(attachment.sha256)
    except keeping.Held as held:
        raise Refused(held.sentence % attachment.name) from held
    except shelf.OutOfReach as trouble:
        raise Refused(trouble.sentence) from trouble
    except shelf.Altered as altered:
        raise Altered(
            _("The stored file “%s” is missing or was altered. Tell your quality manager.")
            % attachment.name
        ) from altered


def held(attachments: Iterable[Attachment]) -> set[str]:
    """Return the hashes of those that are held back by the virus scanner (UP4)."""
    return keeping.held(one.sha256 for one in attachments)


def in_use(hashes: Collection[str], viewer: User | None) -> Iterator[InUse]:
    """Yield the attachments with one of ``hashes``; with a ``viewer``, of the records they see."""
    rows = Attachment.objects.filter(sha256__in=hashes).select_related("record").order_by("pk")
    if viewer is not None:
        rows = rows.filter(record__in=Record.objects.visible_to(viewer))
    for one in rows:
        yield InUse(one.sha256, one.name, one.record.number, one.record.get_absolute_url())


def altered() -> Iterator[Finding]:
    """Report every stored file that is missing or was altered (part of ``andon verify``)."""
    for attachment in Attachment.objects.select_related("record").order_by("pk").iterator():
        try:
            shelf.read(attachment.sha256)
        except (shelf.Altered, shelf.OutOfReach) as trouble:
            words = _("The stored file “%s” is missing, altered or out of reach.")
            yield Finding(
                kind="file",
                text=f"{words % attachment.name} {trouble}",
                model="records.attachment",
                object_id=str(attachment.pk),
                number=attachment.record.number,
            )
