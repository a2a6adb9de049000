"""Which tables the whole export holds, what it leaves out and why, and how a value is written."""

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

Model = type[models.Model]

# What is made anew by any instance, or means nothing on another one.
LEFT_OUT = {
    "auth.group": "Andon has roles instead.",
    "auth.group_permissions": "Andon has roles instead.",
    "auth.permission": "Made by the migrations.",
    "contenttypes.contenttype": "Made by the migrations.",
    "sessions.session": "Nobody stays signed in by an export.",
    "entry.session": "Nobody stays signed in by an export.",
    "entry.budget": "Wrong tries are forgotten after a day.",
    "entry.spent": "What works once is forgotten after a day.",
    "entry.resetrequest": "A question for a new password is over after half an hour.",
    "account.emailaddress": "Belongs to a library and is not used.",
    "account.emailconfirmation": "Belongs to a library and is not used.",
    "django_tasks_database.dbtaskresult": "Work that waits is done by the instance it waits at.",
    "tasks.taskrun": "Work that waits is done by the instance it waits at.",
    "tasks.worker": "Says which processes run now.",
    "notices.dutyrun": "Says when this worker did what.",
}

# Tables that are nothing but what people sign in with; only with the credentials.
CREDENTIAL_TABLES = {"entry.recoverycode": "Hashes of recovery codes."}

# What people sign in with: written only when asked for, else as this. The trail does not cover
# these fields, so history and rows still agree.
CREDENTIALS: dict[str, dict[str, str]] = {
    "accounts.user": {"password": "!"},
    "entry.generator": {"secret": ""},
    "entry.pin": {"hash": "!"},
}


def exported(*, credentials: bool) -> list[Model]:
    """Return the models whose tables are written, by the names of the tables."""
    out = LEFT_OUT if credentials else {**LEFT_OUT, **CREDENTIAL_TABLES}
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in out
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


def fields_of(model: Model) -> list[Any]:
    """Return the fields whose columns are in the table of ``model`` itself."""
    return list(model._meta.local_concrete_fields)


def rows(model: Model, *, credentials: bool) -> Iterator[dict[str, Any]]:
    """Yield each row as it is written, in the order of its key."""
    fields = fields_of(model)
    blank = {} if credentials else CREDENTIALS.get(model._meta.label_lower, {})
    names = [field.attname for field in fields]
    found: Any = models.QuerySet(model).order_by("pk").values_list(*names)
    for row in found.iterator(chunk_size=1000):
        yield {
            field.column: blank.get(field.name, written(value))
            for field, value in zip(fields, row, strict=True)
        }


def written(value: Any) -> Any:
    """Return ``value`` as JSON has it: decimals and instants as text, bytes in base64."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, (str, int, float, bool, list, dict)) or value is None:
        return value
    return str(value)


def read(field: Any, value: Any) -> Any:
    """Return what was `written` of a value of ``field`` as Python has it."""
    target = field
    while target.remote_field is not None:
        target = target.target_field
    if isinstance(target, models.BinaryField) and value is not None:
        return base64.b64decode(value, validate=True)
    return value if isinstance(target, models.JSONField) else target.to_python(value)
