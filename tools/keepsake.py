"""Keeps the data of a release for the tests of the upgrade: ``python -m tools.keepsake NAME``.

Run once with the code of the release, on a database it filled: ANDON_DATA names its folder. What
it writes is small and belongs into git: all rows by the models of that release, its migrations,
and its stored files, in ``tests/upgrade/releases/NAME.jsonl.xz``.
"""

import base64
import json
import lzma
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from tools.environment import ROOT
from tools.said import Stop, say

# Made anew by any instance, or of no use to another one.
LEFT_OUT = {
    "contenttypes.contenttype", "auth.permission", "sessions.session", "entry.session",
    "notices.dutyrun", "tasks.worker",
}  # fmt: skip


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        raise Stop("Name the release: python -m tools.keepsake 0.2.0")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "andon.config.settings")
    import django  # noqa: PLC0415  (the environment comes first)

    django.setup()
    path = ROOT / "tests" / "upgrade" / "releases" / f"{arguments[0]}.jsonl.xz"
    text = "\n".join(json.dumps(line, separators=(",", ":")) for line in lines())
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    say(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
    return 0


def lines() -> Iterator[Any]:
    """Yield the migrations, each model with its rows, and each stored file."""
    from django.apps import apps  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection, models  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        yield {"migrations": [list(row) for row in cursor.fetchall()]}
    every = apps.get_models(include_auto_created=True)
    for model in sorted(every, key=lambda model: model._meta.label_lower):
        if model._meta.label_lower in LEFT_OUT:
            continue
        names = [field.attname for field in model._meta.local_concrete_fields]
        rows: Any = models.QuerySet(model).order_by("pk").values_list(*names)
        if rows:
            yield {"model": model._meta.label_lower, "fields": names}
            yield from ([_written(value) for value in row] for row in rows)
    for path in sorted(Path(settings.FILES).glob("??/" + "?" * 64)):
        yield {"file": base64.b64encode(path.read_bytes()).decode()}


def _written(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    return value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
