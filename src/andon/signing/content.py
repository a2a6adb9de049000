"""What a signature covers: every field of the record and of the rows that are its content (SG2).

One way for all kinds, read from the models themselves: whatever belongs to a record is content,
unless it stands in :data:`APART` with the reason. A test holds every kind to it.
"""

from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.db import connection

from andon.trail.capture import Kind, label, rows, state_of

if TYPE_CHECKING:
    from andon.records.models import Record

# Rows that belong to a record and are not what is signed, each with the reason.
APART = {
    "records.comment": "people go on talking about a record after it is signed",
    "records.participant": "who may see a record is not what it says",
}
# Fields that no manifest holds: the trail leaves them out too, because they are derived.
DERIVED = {"search_text": "the words of the other fields once more, for the search"}
FILES = "records.attachment"
State = dict[str, Any]
# Model → id → field → value, as the trail writes values.
Content = dict[str, dict[str, State]]


def content_of(record: "Record") -> Content:
    """Return what ``record`` says now, as the database has it, under the caller's lock."""
    kind = cast("Kind", type(record))
    row = rows(kind, [record.pk])[record.pk]
    content: Content = {label(kind): {str(record.pk): row.state}}
    for model in _filled(parts_of(kind), record.pk):
        every: Any = model._base_manager
        found = every.filter(record_id=record.pk).order_by("pk")
        content[label(model)] = {str(part.pk): state_of(part) for part in found}
    return content


def parts_of(kind: Kind) -> list[Kind]:
    """Return the models whose rows are content of a record of ``kind``."""
    parents = {kind, *kind._meta.get_parent_list()}
    return [model for model in parts() if _owner(model) in parents]


def _owner(model: Any) -> Any:
    """Return the kind of record that rows of ``model`` belong to."""
    return model._meta.get_field("record").related_model


def parts() -> list[Kind]:
    """Return every model whose rows belong to a record and are content of it."""
    found = [cast("Kind", model) for model in apps.get_models() if hasattr(model, "on_paper")]
    return [model for model in found if label(model) not in APART]


def _filled(models: list[Kind], pk: int) -> list[Kind]:
    """Return those of ``models`` that have a row of the record: one question instead of many."""
    asked = ", ".join(
        f"EXISTS (SELECT 1 FROM {connection.ops.quote_name(model._meta.db_table)}"  # noqa: S608  (no input)
        " WHERE record_id = %s)"
        for model in models
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", [pk] * len(models))
        there = cursor.fetchone()
    return [model for model, is_there in zip(models, there, strict=True) if is_there]


def files_in(content: Content) -> dict[str, str]:
    """Return the SHA-256 of each attached file that is in force, by the id of its row."""
    files = content.get(FILES, {})
    return {pk: state["sha256"] for pk, state in files.items() if not state["withdrawn_reason"]}
