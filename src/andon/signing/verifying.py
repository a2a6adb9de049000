"""What `andon verify` asks of signatures: each one is whole, and fits record and trail (AT10)."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.apps import apps

from andon.trail.findings import Finding
from andon.trail.forgetting import PURGED
from andon.trail.models import AuditEntry
from andon.trail.replay import UNREADABLE
from andon.trail.sealing import RECORDS

from .models import Signature
from .validity import checked, own_faults

_ABOUT = attrgetter("record_model", "record_id")


def untrue() -> Iterator[Finding]:
    """Report each signature that does not hold, with the reason."""
    rows = Signature.objects.order_by("record_model", "record_id", "pk").iterator()
    for (model, pk), of_one in groupby(rows, key=_ABOUT):
        signatures, record = list(of_one), _record(model, pk)
        if record is None:
            yield from _without_record(signatures)
            continue
        for one in checked(record, signatures):
            yield from (_finding(one.signature, fault) for fault in one.faults)


def _without_record(signatures: list[Signature]) -> Iterator[Finding]:
    model, pk = _ABOUT(signatures[0])
    purged = AuditEntry.objects.filter(
        stream=RECORDS, model=model, object_id=str(pk), action=PURGED
    ).exists()
    for row in signatures:
        if not purged:
            yield _finding(row, "The record it was given for is not there.")
        yield from (_finding(row, fault) for fault in own_faults(row, purged=purged))


def _record(model: str, pk: int) -> Any:
    try:
        return apps.get_model(model)._base_manager.filter(pk=pk).first()
    except (LookupError, *UNREADABLE):
        return None


def _finding(row: Signature, fault: str) -> Finding:
    return Finding(
        kind="signature",
        text=fault,
        model=row.record_model,
        object_id=str(row.record_id),
        number=row.number,
        field=f"signature {row.pk}",
    )
