"""The description that an export brings along: each table and field, for all who read it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from .tables import CREDENTIAL_TABLES, CREDENTIALS, LEFT_OUT, Model, fields_of

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_INSTANT = {"type": "string", "format": "date-time"}
_TYPES: tuple[tuple[type, dict[str, Any]], ...] = (
    (models.BooleanField, {"type": "boolean"}),
    (models.DateTimeField, _INSTANT),
    (models.DateField, {"type": "string", "format": "date"}),
    (models.TimeField, {"type": "string", "format": "time"}),
    (models.DecimalField, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}),
    (models.FloatField, {"type": "number"}),
    (models.IntegerField, {"type": "integer"}),
    (models.BinaryField, {"type": "string", "contentEncoding": "base64"}),
    (models.JSONField, {}),
)


def schema(model: Model) -> dict[str, Any]:
    """Return the JSON Schema of one line of the table's file."""
    properties = {field.column: _property(field) for field in fields_of(model)}
    return {
        "$schema": DRAFT,
        "title": model._meta.db_table,
        "description": _about(model),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def page(models_: Iterable[Model], *, credentials: bool) -> Iterator[str]:
    """Yield the lines of SCHEMA.md."""
    yield from _INTRODUCTION.splitlines()
    if not credentials:
        blanks = [f"{label}.{name}" for label, names in CREDENTIALS.items() for name in names]
        yield f"\nNothing people sign in with is in it: {', '.join(blanks)} are blank."
    yield "\nLeft out, because another instance makes it anew:\n"
    for label, reason in {**LEFT_OUT, **({} if credentials else CREDENTIAL_TABLES)}.items():
        yield f"- `{label}`: {reason}"
    for model in models_:
        yield from _section(model)


def _section(model: Model) -> Iterator[str]:
    yield f"\n## {model._meta.db_table}\n"
    yield _about(model)
    yield "\n| field | type | meaning | refers to |"
    yield "| --- | --- | --- | --- |"
    for field in fields_of(model):
        told = _property(field)
        kind = told.get("format") or told.get("type") or "JSON"
        kind = "/".join(kind) if isinstance(kind, list) else kind
        refers = f"`{_target(field)}`" if field.remote_field else ""
        yield f"| `{field.column}` | {kind} | {_cell(told['description'])} | {refers} |"


def _property(field: Any) -> dict[str, Any]:
    target = field
    while target.remote_field is not None:
        target = target.target_field
    told: dict[str, Any] = dict(
        next((said for kind, said in _TYPES if isinstance(target, kind)), {"type": "string"})
    )
    if field.null and "type" in told:
        told["type"] = [told["type"], "null"]
    if field.choices and "type" in told:
        known = [value for value, _label in field.flatchoices]
        told["enum"] = [*known, *([None] if field.null else []), *([""] if field.blank else [])]
    told["description"] = _meaning(field)
    return told


def _meaning(field: Any) -> str:
    parts = [str(field.verbose_name)]
    if field.help_text:
        parts.append(str(field.help_text))
    if field.choices:
        parts.append(", ".join(f"{value}: {label}" for value, label in field.flatchoices))
    if field.remote_field:
        parts.append(f"refers to {_target(field)}")
    return ". ".join(parts)


def _target(field: Any) -> str:
    return f"{field.remote_field.model._meta.db_table}.{field.target_field.column}"


def _about(model: Model) -> str:
    """Return the first sentences of the model's own words, but not those that Django makes up."""
    text = (model.__doc__ or "").strip()
    made_up = text.startswith(f"{model.__name__}(")
    name = str(model._meta.verbose_name)
    return name if made_up or not text else f"{name}: {' '.join(text.split())}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


_INTRODUCTION = """# What is in this export

Everything this instance of Andon knew at one moment, in open formats.

- `tables/NAME.jsonl`: one table, one row a line, as JSON in UTF-8, in the order of its key.
- `schema/NAME.schema.json`: the JSON Schema of a line. The meaning of each field stands below, too.
- `files/aa/SHA256`: the stored files; the table `records_attachment` says what they are called.
- `checkpoints.txt`: the signed checkpoints of the audit trail.
- `about.json`: version, instant, migrations, the ends of the trail.
- `MANIFEST`, `MANIFEST.sha256`: the hash of each file. Check them with
  `sha256sum -c MANIFEST.sha256 && sha256sum -c MANIFEST`.

Decimals are text with all their places, instants are UTC, dates are those of the site, bytes are
in base64. A record is one row of `records_record` and one of its kind, with the same number in
`record_ptr_id`.
`audit_entry` is the history: `payload` is the sealed text byte for byte, and
`entry_hash = SHA-256("andon-trail-v1" LF stream LF prev_hash LF payload)`.
`andon load` brings it into an empty instance, on SQLite or PostgreSQL."""
