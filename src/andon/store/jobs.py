"""The duties of the store: what nobody refers to goes, what waits is scanned (UP2, UP4)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.utils.translation import gettext_lazy as _

from andon.organization.duties import Duty
from andon.trail.security import tell
from andon.trail.services import SYSTEM, audited

from . import scanner, seam, shelf
from .models import StoredFile

A_DAY = timedelta(days=1)
ASKED_AT_ONCE = 200
SCANNED_AT_ONCE = 200
SWEEPER, SCANNER = SYSTEM("files"), SYSTEM("scanner")


def sweep(now: datetime) -> None:
    """Take away bytes older than a day that no row carries: uploads whose record was not made."""
    before = now - A_DAY
    gone = [sha256 for sha256, at in _loose(before) if _taken_away(sha256, at, before)]
    shelf.shelf().tidy(before)
    if gone:
        tell("files swept", by=SWEEPER, detail={"count": len(gone), "sha256": gone[:50]})


def _loose(before: datetime) -> Iterator[tuple[str, datetime]]:
    old = ((sha256, at) for sha256, at in shelf.shelf().all() if at < before)
    while some := list(islice(old, ASKED_AT_ONCE)):
        used = {one.sha256 for one in seam.in_use([sha256 for sha256, _at in some])}
        yield from ((sha256, at) for sha256, at in some if sha256 not in used)


def _taken_away(sha256: str, at: datetime, before: datetime) -> bool:
    """Look again under the lock that an upload of the same bytes takes, then take them away.

    The bytes go before the transaction ends: cut off in between, a row without bytes remains,
    which hinders nobody; bytes that a committed row carries never go.
    """
    with audited(SWEEPER, reason="files swept"):
        row, _new = StoredFile.objects.select_for_update().get_or_create(
            sha256=sha256, defaults={"size": 0, "kept_at": at}
        )
        if row.kept_at >= before or any(seam.in_use([sha256])):
            return False
        row.delete()
        shelf.shelf().remove(sha256)
    return True


def scan_waiting(now: datetime) -> None:
    """Scan what came while the scanner was away."""
    scan_some(now, most=SCANNED_AT_ONCE)


def scan_some(now: datetime, *, most: int) -> int:
    """Scan up to ``most`` of the files that wait, the oldest first; return how many were."""
    done = 0
    if not scanner.is_configured():
        return done
    waiting = StoredFile.objects.filter(verdict=scanner.Verdict.WAITING).order_by("kept_at")
    for sha256 in list(waiting.values_list("sha256", flat=True)[:most]):
        try:
            _decided(sha256, scanner.asked(shelf.read(sha256)), now)
        except scanner.Unavailable:
            break
        except shelf.Altered:
            continue  # a finding of `andon verify`; it stays held back
        done += 1
    return done


def _decided(sha256: str, scan: scanner.Scan, now: datetime) -> None:
    with audited(SCANNER, reason="scanned"):
        StoredFile.objects.filter(sha256=sha256).update(
            verdict=scan.verdict, found=scan.found, scanned_at=now
        )
        words = "file held back" if scan.verdict == scanner.Verdict.INFECTED else "file cleared"
        tell(words, by=SCANNER, detail={"sha256": sha256, "found": scan.found})


DUTIES = (
    Duty("store.scan", timedelta(minutes=5), scan_waiting, _("Files that wait for the scanner")),
    Duty("store.sweep", timedelta(hours=6), sweep, _("Files that no record carries")),
)
