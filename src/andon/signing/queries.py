"""What people ask of signatures."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import QuerySet

from andon.accounts.models import User
from andon.trail.capture import label

from .dial import kinds
from .models import Awaited, Signature, Subject

if TYPE_CHECKING:
    from andon.records.models import Record


def signatures_of(record: "Record") -> list[Signature]:
    """Return the signatures of ``record``, the first one first."""
    rows = Signature.objects.filter(record_model=label(type(record)), record_id=record.pk)
    return list(rows.select_related("signer").order_by("pk"))


def awaited_of(record: "Record") -> Awaited | None:
    """Return the step of ``record`` that waits for a second signature, if one does."""
    rows = Awaited.objects.filter(
        record_model=label(type(record)), record_id=record.pk, ended=""
    ).select_related("first")
    found: Awaited | None = rows.first()
    return found


def to_sign(person: User, most: int) -> Iterable[Awaited]:
    """Return what waits for a second signature that ``person`` may give, the oldest first."""
    rows = Awaited.objects.filter(ended="").exclude(first__signer=person)
    mine = rows.exclude(owner=person).exclude(author=person).select_related("first")
    return [one for one in _within(mine, person, most) if person.may(one.permission, one.site_id)]


def _within(rows: QuerySet[Awaited], person: User, most: int) -> QuerySet[Awaited]:
    scope = person.site_scope()
    seen = rows if scope is None else rows.filter(site_id__in=scope)
    return seen.order_by("pk")[:most]


def subject_of(row: Subject, person: User) -> Any:
    """Return the record that ``row`` is about if ``person`` may see it, else None."""
    try:
        kind = apps.get_model(row.record_model)
    except (LookupError, ValueError):
        return None
    rows: Any = kind._default_manager
    return rows.visible_to(person).filter(pk=row.record_id).first()


def record_called(number: str, person: User) -> Any:
    """Return the record of any kind with this number if ``person`` may see it, else None."""
    prefix = number.partition("-")[0]
    for kind in kinds():
        if kind.prefix == prefix:
            rows: Any = kind._default_manager
            return rows.visible_to(person).filter(number=number).first()
    return None
