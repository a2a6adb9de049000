"""What stays of a purged record, signed by the server, and what is asked of it later (RT1)."""

from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from andon.records.models import Attachment, Link, Record, RecordPart
from andon.trail import keys
from andon.trail.canonical import dumps
from andon.trail.findings import Finding
from andon.trail.forgetting import PURGED
from andon.trail.keys import Signed
from andon.trail.models import AuditEntry
from andon.trail.sealing import RECORDS

from .graph import Graph
from .models import Purge, Stub

VERSION = 1


def leave(record: Record, purge: Purge, graph: Graph) -> Stub:
    """Return the signed stub of ``record``, which is about to go; not yet stored."""
    manifest = dumps(_manifest(record, purge, graph))
    signed = keys.sign(manifest.encode())
    return Stub(
        number=record.number,
        kind=record.kind,
        site_id=record.site_id,
        opened_date=record.opened_date,
        closed_date=cast("date", record.closed_date),  # an open one never gets here
        purge=purge,
        manifest=manifest,
        key_id=signed.key_id,
        signature=signed.signature,
    )


def _manifest(record: Record, purge: Purge, graph: Graph) -> dict[str, Any]:
    entries = AuditEntry.objects.filter(stream=RECORDS, number=record.number).order_by("seq")
    hashes = list(entries.values_list("entry_hash", flat=True))
    files = Attachment.objects.filter(record_id=record.pk).values_list("sha256", flat=True)
    return {
        "v": VERSION,
        "number": record.number,
        "kind": record.kind,
        "state": _last_seal(record),
        "entries": len(hashes),
        "last_entry": hashes[-1] if hashes else "",
        "files": sorted(set(files)),
        "links": _linked(record),
        "parts": _parts(record, graph),
        "purge": str(purge.pk),
        "reason": purge.reason,
        "proposed_by": str(purge.proposed_by_id),
        "confirmed_by": str(purge.decided_by_id),
    }


def _last_seal(record: Record) -> str:
    """Return the seal of the record's last state, as the trail has it."""
    kind = Record.kind_called(record.kind)._meta.label_lower
    own = AuditEntry.objects.filter(stream=RECORDS, model=kind, object_id=str(record.pk))
    last = own.order_by("seq").last()
    return str(last.content().get("state", "")) if last else ""


def _linked(record: Record) -> list[str]:
    out = Link.objects.filter(record_id=record.pk).values_list("target__number", flat=True)
    back = Link.objects.filter(target_id=record.pk).values_list("record__number", flat=True)
    return sorted({*out, *back})


def _parts(record: Record, graph: Graph) -> dict[str, int]:
    found = {}
    for model, keys_of in graph.controlled():
        if issubclass(model, RecordPart):
            rows: Any = model._base_manager
            mine = rows.filter(pk__in=keys_of, record_id=record.pk)
            found[model._meta.label_lower] = mine.count()
    return {name: count for name, count in sorted(found.items()) if count}


def is_signed(stub: Stub) -> bool:
    """Whether the stub is the one that this installation signed."""
    return keys.verify(Signed(stub.key_id, stub.signature), stub.manifest.encode())


def faults() -> Iterator[Finding]:
    """Yield what is wrong with stubs: not signed, its record is there, or it is missing."""
    stubs = {stub.number: stub for stub in Stub.objects.order_by("pk").iterator()}
    label = Stub._meta.label_lower
    for stub in stubs.values():
        if not is_signed(stub):
            text = "The stub of a purged record is not the one that was signed."
            yield Finding("stub", text, model=label, object_id=str(stub.pk), number=stub.number)
    back = Record.objects.filter(number__in=stubs).values_list("number", flat=True)
    for number in sorted(back):
        yield Finding("stub", "A record that was purged is there again.", number=number)
    kinds = [kind._meta.label_lower for kind in Record.kinds()]
    purged = AuditEntry.objects.filter(stream=RECORDS, action=PURGED, model__in=kinds)
    for number in sorted(set(purged.values_list("number", flat=True)) - stubs.keys()):
        yield Finding("stub", "A record was purged and left no stub.", number=number)
