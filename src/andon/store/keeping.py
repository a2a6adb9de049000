"""From an upload to bytes that a row may carry, and back (UP1-UP4)."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.organization import clock

from . import gate, scanner, shelf
from .models import StoredFile

Verdict = scanner.Verdict
# Which verdicts an upload of the same bytes may replace; only a new scan lifts a verdict.
_REPLACED_BY = {
    Verdict.CLEAN: {Verdict.UNSCANNED, Verdict.WAITING},
    Verdict.WAITING: {Verdict.UNSCANNED},
    Verdict.UNSCANNED: set(),
}


class Held(Exception):
    """A file that is not given out; the sentence says why."""

    def __init__(self, sentence: "str | Promise") -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Kept:
    """A file that passed the gate and lies on the shelf, not yet carried by a row."""

    name: str
    media_type: str
    size: int
    sha256: str
    original_sha256: str
    is_photo: bool
    scan: scanner.Scan


def admitted(upload: "UploadedFile[Any]", allowed: Collection[str] = gate.ATTACHMENTS) -> Kept:
    """Let ``upload`` through the gate and put its bytes on the shelf, once for each upload.

    Raises :class:`gate.Unfit`. May take seconds, so it belongs before a transaction.
    """
    kept: Kept | None = getattr(upload, "kept", None)
    if kept is None:
        kept = _put(gate.accepted(upload, allowed))
        upload.kept = kept  # type: ignore[attr-defined]  # remembered beside its bytes
    return kept


def _put(accepted: gate.Accepted) -> Kept:
    try:
        sha256 = shelf.put(accepted.data)
    except shelf.OutOfReach as trouble:
        raise gate.Unfit(trouble.sentence) from trouble
    return Kept(
        name=accepted.name,
        media_type=accepted.media_type,
        size=len(accepted.data),
        sha256=sha256,
        original_sha256=hashlib.sha256(accepted.original).hexdigest(),
        is_photo=accepted.is_photo,
        scan=accepted.scan,
    )


def enter(kept: Kept) -> None:
    """Note the bytes in the transaction of the row that will carry them.

    From here on no sweep takes them away; one that did just before is noticed.
    """
    assert connection.in_atomic_block  # noqa: S101 - inside audited(), with the row that carries it
    row, is_new = StoredFile.objects.select_for_update().get_or_create(
        sha256=kept.sha256,
        defaults={"size": kept.size, "kept_at": clock.now(), **_of(kept.scan)},
    )
    if not is_new:
        row.kept_at = clock.now()
        if row.verdict in _REPLACED_BY[kept.scan.verdict]:
            for name, value in _of(kept.scan).items():
                setattr(row, name, value)
        row.save()
    if shelf.shelf().size(kept.sha256) is None:
        raise gate.Unfit(_("The stored file was swept away meanwhile. Attach it again."))


def _of(scan: scanner.Scan) -> dict[str, Any]:
    asked = scan.verdict in {Verdict.CLEAN, Verdict.INFECTED}
    return {
        "verdict": scan.verdict,
        "found": scan.found,
        "scanned_at": clock.now() if asked else None,
    }


def read(sha256: str) -> bytes:
    """Return the bytes; raises :class:`Held`, `shelf.Altered` or `shelf.OutOfReach`."""
    rows = StoredFile.objects.filter(sha256=sha256)
    verdict = rows.values_list("verdict", flat=True).first()
    if verdict == Verdict.WAITING:
        raise Held(_("“%s” waits for the virus scanner. Come back in some minutes."))
    if verdict == Verdict.INFECTED:
        raise Held(_("“%s” is held back: the virus scanner found something. Ask your admin."))
    return shelf.read(sha256)


def held(hashes: Iterable[str]) -> set[str]:
    """Return those of ``hashes`` that are held back; asks only where there is a scanner."""
    if not scanner.is_configured() or not (asked := set(hashes)):
        return set()
    rows = StoredFile.objects.held().filter(sha256__in=asked)
    return set(rows.values_list("sha256", flat=True))
