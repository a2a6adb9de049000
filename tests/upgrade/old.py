"""A database of an older release, as it was: its tables, its rows, its triggers."""

import base64
import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from andon.portal.keeping.tables import read
from andon.trail.append_only import GUARDS
from andon.trail.gate import migrating, opened
from tests.keeping.places import put_file

RELEASES = sorted((Path(__file__).parent / "releases").glob("*.jsonl.xz"))
CHUNK = 20


def make(release: Path) -> None:
    """Make the empty database in use one of ``release``, with its data and files."""
    with lzma.open(release, "rt", encoding="utf-8") as file:
        lines = (json.loads(line) for line in file)
        _make(lines, {tuple(pair) for pair in next(lines)["migrations"]})


def _make(lines: Iterator[Any], wanted: set[Any]) -> None:
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    assert wanted <= nodes.keys(), "A released migration is gone."
    ends = [
        node for node in sorted(wanted) if not any(c.key in wanted for c in nodes[node].children)
    ]
    with migrating():
        executor.migrate(ends)
    apps = executor.loader.project_state(ends).apps
    with transaction.atomic(), opened():
        _fill(lines, apps)
        connection.check_constraints()
        filled = [model for model in apps.get_models() if model._meta.app_label != "contenttypes"]
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), filled):
                cursor.execute(statement)
            _guard(cursor)


def _fill(lines: Iterator[Any], apps: Any) -> None:
    model: Any = None
    fields, rows = list[Any](), list[Any]()
    for line in lines:
        if isinstance(line, list):
            values = {f.attname: read(f, v) for f, v in zip(fields, line, strict=True)}
            rows.append(model(**values))
            continue
        _insert(model, fields, rows)
        rows = []
        if "file" in line:
            put_file(base64.b64decode(line["file"]))
            continue
        model = apps.get_model(line["model"])
        by_name = {field.attname: field for field in model._meta.local_concrete_fields}
        fields = [by_name[name] for name in line["fields"]]
    _insert(model, fields, rows)


def _insert(model: Any, fields: list[Any], rows: list[Any]) -> None:
    if rows and model._meta.label_lower == "trail.trailhead":
        models.QuerySet(model).all().delete()  # migrations made them
    for start in range(0, len(rows), CHUNK):
        part: Any = models.QuerySet(model)
        part._insert(rows[start : start + CHUNK], fields=fields, raw=True, using=connection.alias)


def _guard(cursor: Any) -> None:
    """Put the triggers of the trail in place that every release had."""
    tables = set(connection.introspection.table_names(cursor))
    for guard in GUARDS[connection.vendor]:
        if guard.table in tables:
            for statement in guard.statements():
                cursor.execute(statement)
