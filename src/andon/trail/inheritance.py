"""Many rows of a kind at once: the parent's part, then the kind's own (set-based, like Django's).

Django's ``bulk_create`` refuses models with a parent table because not every database returns the
keys it gave. Both of ours do.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Field, Model, QuerySet


def insert(model: type[Model], objs: Sequence[Any]) -> None:
    """Insert ``objs`` of a model one level below its parent, and give them their keys."""
    ((parent, link),) = model._meta.parents.items()
    fields = [field for field in parent._meta.local_concrete_fields if not _is_given(field)]
    keys = _batched(parent, objs, fields)
    for obj, (key, *_more) in zip(objs, keys, strict=True):
        setattr(obj, parent._meta.pk.attname, key)
        setattr(obj, link.attname, key)  # type: ignore[union-attr]
    _batched(model, objs, list(model._meta.local_concrete_fields))
    for obj in objs:
        obj._state.adding = False  # noqa: SLF001
        obj._state.db = "default"  # noqa: SLF001


def _is_given(field: "Field[Any, Any]") -> bool:
    """Whether the database gives the value: the key of the parent table."""
    return bool(field.primary_key)


def _batched(
    model: type[Model], objs: Sequence[Any], fields: list["Field[Any, Any]"]
) -> list[tuple[Any, ...]]:
    rows: Any = QuerySet(model)
    rows._for_write = True  # noqa: SLF001 (as bulk_create does)
    return list(rows._batched_insert(objs, fields, None))  # noqa: SLF001
