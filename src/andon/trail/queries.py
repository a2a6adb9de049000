"""What people ask the trail."""

from datetime import datetime

from django.db.models import QuerySet

from andon.trail.models import AuditEntry
from andon.trail.sealing import RECORDS


def timeline(number: str) -> QuerySet[AuditEntry]:
    """Return what happened to the record ``number`` and its parts, first things first."""
    return AuditEntry.objects.filter(number=number, stream=RECORDS).order_by("seq")


def changed_since(instant: datetime, *, until: datetime | None = None) -> QuerySet[AuditEntry]:
    """Return what happened after ``instant`` (and not after ``until``), last things first."""
    entries = AuditEntry.objects.filter(stream=RECORDS, at__gt=instant)
    if until is not None:
        entries = entries.filter(at__lte=until)
    return entries.order_by("-at", "-seq")
