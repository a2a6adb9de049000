"""What the demo says, without keys and times: the same factory has the same digest."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

# Trail and accounts hold times, salts and hashes; counters and batches follow from the rest.
APPS = (
    "organization", "production", "records", "kpis", "nonconformities", "actions",
    "improvements", "assurance",
)  # fmt: skip
TIMES = (models.DateTimeField,)
HIDDEN = {"search_text", "rows_sha256", "file_sha256"}


def digest() -> str:
    """Return one hash of the business content of the database."""
    found = hashlib.sha256()
    for model in _models():
        names = list(_names(model))
        rows = model._base_manager.order_by().values_list(*names)
        # By what they say: the database hands out keys as it likes.
        for text in sorted(json.dumps([model._meta.label, *map(str, row)]) for row in rows):
            found.update(text.encode())
    return found.hexdigest()


def _models() -> Iterator[type[models.Model]]:
    for label in APPS:
        yield from sorted(apps.get_app_config(label).get_models(), key=lambda m: m._meta.label)


def _names(model: type[models.Model]) -> Iterator[str]:
    """Name the fields that say something: no keys of rows, no instants."""
    for field in model._meta.concrete_fields:
        if field.primary_key or isinstance(field, TIMES) or field.name in HIDDEN:
            continue
        if field.remote_field is None:
            yield from _without_keys(field)
        elif field.name != "record_ptr" and (word := _word(field.remote_field.model)):
            yield f"{field.name}__{word}"


def _without_keys(field: Any) -> Iterator[str]:
    # The sequence of an observation names its line or site by the key, marks name the facts read.
    if field.name not in {"replaces", "object_id", "sequence", "marks"}:
        yield field.name


def _word(model: type[models.Model]) -> str:
    """Name what a row is called by, instead of its key; nothing when it has no name."""
    names = {field.name for field in model._meta.concrete_fields}
    words = (
        "number", "code", "username", "title", "name", "text", "file_name", "requirement", "lot",
    )  # fmt: skip
    return next((word for word in words if word in names), "")
