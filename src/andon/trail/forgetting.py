"""Purge and erasure: what is gone is gone, and the trail says that it went (RT1, RT2).

Both write entries that repeat nothing of what is forgotten. Chain, numbers and seals stay whole:
a purged object is known to be purged, and personal values of an erased one may be blank.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.db import models

from andon.trail import capture
from andon.trail.models import AuditedModel, AuditEntry, PersonalValue
from andon.trail.sealing import RECORDS, NotAudited

PURGED, ERASED = "purged", "erased"


def purge(model: type[AuditedModel], keys: Iterable[Any]) -> int:
    """Delete rows of ``model`` for good, each with an entry that shows nothing of it.

    The caller begins with what belongs to others; foreign keys are checked at the commit.

    Raises `NotAudited` when a row is not there, or what it belongs to went before it.
    """
    gone = 0
    for pks in capture.chunks(sorted(keys)):
        opened = capture.transaction_for(model)
        found = capture.rows(model, pks)
        if len(found) != len(pks):
            raise NotAudited(f"{len(pks) - len(found)} rows of {model._meta.label} are not there.")
        for table in (model, *model._meta.parents):
            rows: models.QuerySet[Any] = models.QuerySet(cast("Any", table)).filter(pk__in=pks)
            rows._raw_delete(rows.db)  # noqa: SLF001  (no cascade)
        for row in found.values():
            key = model._meta.pk.name
            old = {key: row.state[key]}
            capture.write(opened, PURGED, row.instance, old=old, new={}, changed=())
        gone += len(found)
    return gone


def erase(instance: AuditedModel, values: Mapping[str, Any]) -> None:
    """Put ``values`` in the place of personal ones and blank all that were kept of them.

    Raises ``ValueError`` when a field is not a personal one.
    """
    model = type(instance)
    if wrong := set(values) - model.trail_personal:
        raise ValueError(f"Not personal: {sorted(wrong)}")
    opened = capture.transaction_for(model)
    capture.rows(model, [instance.pk], lock=True)
    _blank(model, instance.pk)
    models.QuerySet(cast("Any", model)).filter(pk=instance.pk).update(**values)
    row = capture.rows(model, [instance.pk])[instance.pk]
    capture.write(opened, ERASED, row.instance, old={}, new=row.state, changed=list(row.state))


def _blank(model: type[AuditedModel], pk: Any) -> None:
    """Blank salt and value of every commitment that was made of the object so far."""
    entries = AuditEntry.objects.filter(
        stream=RECORDS, model=capture.label(model), object_id=str(pk)
    )
    for some in capture.chunks(_commitments(entries.order_by("seq").iterator())):
        PersonalValue.objects.filter(commitment__in=some).update(salt="", value="")


def _commitments(entries: Iterable[AuditEntry]) -> Iterable[str]:
    for entry in entries:
        content = entry.content()
        personal = content.get("personal", ())
        for part in ("before", "after"):
            shown = content.get(part, {})
            yield from (shown[name] for name in personal if name in shown)
        if personal and "state" in content:
            yield content["state"]


def purged_numbers(stem: str) -> set[str]:
    """Return the record numbers beginning with ``stem`` of which something was purged."""
    gone = AuditEntry.objects.filter(stream=RECORDS, action=PURGED, number__startswith=stem)
    return set(gone.values_list("number", flat=True))


def ever_of(model: type[AuditedModel], field: str, owner: Any) -> list[str]:
    """Return the ids of all objects of ``model`` that ever named ``owner``, deleted ones too."""
    entries = AuditEntry.objects.filter(stream=RECORDS, model=capture.label(model))
    found = {
        entry.object_id
        for entry in entries.order_by("seq").iterator()
        if entry.content().get("after", {}).get(field) == owner
    }
    return sorted(found)


def erase_deleted(model: type[AuditedModel], object_id: str) -> None:
    """Blank what was kept of an object that is no more; the trail says so."""
    _blank(model, object_id)
    opened = capture.transaction_for(model)
    opened.add(ERASED, model=capture.label(model), object_id=object_id, number="", content={})
