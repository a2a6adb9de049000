"""Reading rows with what they name: a site or person that many share is read once, not joined.

A join of seven tables costs more to put together than the few small reads it saves.
"""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django.db import connection, models
from django.db.models import QuerySet

from andon.accounts.models import User

from .models import Attachment, Comment, Extension, Record

CHUNK = 900
MOST_KEPT = 2000
SHELL = ("site", "owner", "process")
# What a record may have beside its own fields; asked for in one go, for most have little of it.
BELONGINGS = (Attachment, Comment, Extension)
_ASKED = ", ".join(
    f"EXISTS (SELECT 1 FROM {model._meta.db_table} WHERE record_id = %s)"  # noqa: S608  (no input)
    for model in BELONGINGS
)


def whole(rows: QuerySet[Any], related: Sequence[str]) -> Iterator[Any]:
    """Read all of ``rows`` in chunks, each record with what ``related`` and the shell name.

    The ids come first: a database that sorts or holds whole rows of 100,000 records takes memory.
    """
    shared = Shared(rows.model, (*SHELL, *related))
    kind = rows.model._default_manager.select_related(*shared.nested)
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        found = {record.pk: record for record in kind.filter(pk__in=part)}
        yield from shared.given_to([found[pk] for pk in part if pk in found])


class Shared:
    """The related rows that records name, by model; a person at hand need not be read."""

    def __init__(
        self, kind: type[Record], names: Sequence[str], *, viewer: User | None = None
    ) -> None:
        self.nested = [name for name in names if "__" in name]
        fields = [kind._meta.get_field(name) for name in names if "__" not in name]
        self.fields = cast("list[models.ForeignKey[Any, Any]]", fields)
        self.known: dict[type[models.Model], dict[Any, Any]] = {
            field.related_model: {} for field in self.fields
        }
        if viewer is not None:
            self.known.setdefault(User, {})[viewer.pk] = viewer

    def given_to(self, records: list[Any]) -> list[Any]:
        """Hand each of ``records`` what it names, read in one go where it is not known yet."""
        for model, known in self.known.items():
            if len(known) > MOST_KEPT:
                known.clear()
            fields = [field for field in self.fields if field.related_model is model]
            named = {getattr(record, f.attname) for record in records for f in fields}
            if wanted := named - known.keys() - {None}:
                known.update(model._default_manager.in_bulk(wanted))
        for field in self.fields:
            known = self.known[field.related_model]
            for record in records:
                field.set_cached_value(record, known.get(getattr(record, field.attname)))
        return records


def belongings(record: Record) -> dict[type[models.Model], list[Any]]:
    """Return the files, comments and extensions of ``record``, by model.

    One small query says which there are; the rest is not asked for.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_ASKED}", [record.pk] * len(BELONGINGS))
        found = cursor.fetchone()
    return {
        model: _with_people(model, record) if there else []
        for model, there in zip(BELONGINGS, found, strict=True)
    }


def _with_people(model: Any, record: Record) -> list[Any]:
    return list(model.objects.filter(record_id=record.pk).select_related("by").order_by("pk"))
