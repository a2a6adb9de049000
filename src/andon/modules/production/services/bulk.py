"""Many rows at once, by position: ten times cheaper than making an object of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from andon.modules.production.models import Batched


def insert_rows(
    model: type[Batched], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows of database values; ``columns`` are attribute names of ``model``."""
    meta = model._meta
    by_attribute = {field.attname: str(field.column) for field in meta.concrete_fields}
    quoted = ", ".join(connection.ops.quote_name(by_attribute[name]) for name in columns)
    places = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(meta.db_table)
    # Names come from the model, never from outside; values are parameters.
    statement = f"INSERT INTO {table} ({quoted}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))


def database_value(model: type[Batched], attribute: str, value: Any) -> Any:
    """Return what the database keeps for a value of an attribute."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return fields[attribute].get_db_prep_save(value, connection)
