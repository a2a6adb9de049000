"""The whole export: everything in open formats, as of one moment, in constant memory."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.trail.models import Checkpoint
from andon.trail.security import tell
from andon.trail.services import SYSTEM, Identified
from andon.trail.verify import snapshot

from . import about, bundles, databases, describing, files, runs, tables
from .apps import EXPORT
from .models import KeepingRun, Kind

LINES = 500
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True).encode


def export(target: Path, *, by: User | None = None, credentials: bool = False) -> KeepingRun:
    """Write everything to ``target``, a new folder or a new file.zip.

    It is told to the security stream first, so that the export carries that it was made.

    Raises
    ------
    PermissionDenied
        ``by`` is somebody who may not take everything along.
    """
    if by is not None and not by.may_at(EXPORT, None):
        raise PermissionDenied(_("Only an administrator of all sites may export everything."))
    who: Identified = by or SYSTEM("export")
    tell("exported", by=who, detail={"what": "everything", "credentials": credentials})
    with runs.told(Kind.EXPORT) as result:
        result.note(archive=target.name[:200])
        with bundles.written(target) as bundle, snapshot():
            _write(bundle, result, credentials=credentials)
    return cast("KeepingRun", result.run)


def _write(bundle: bundles.Bundle, result: runs.Result, *, credentials: bool) -> None:
    with connection.cursor() as cursor:
        moment = databases.moment(cursor)
    said = about.describe("export", moment)
    result.note(entries=moment.entries, newest_at=files.instant(moment.newest))
    models = tables.exported(credentials=credentials)
    page = describing.page(models, credentials=credentials)
    bundle.add(about.NAME, [said.as_bytes()])
    bundle.add("SCHEMA.md", (f"{line}\n".encode() for line in page))
    bundle.add("checkpoints.txt", _checkpoints())
    for model in models:
        name = model._meta.db_table
        schema = json.dumps(describing.schema(model), indent=1, ensure_ascii=False)
        bundle.add(f"schema/{name}.schema.json", [f"{schema}\n".encode()])
    for model in models:
        bundle.add(f"tables/{model._meta.db_table}.jsonl", _lines(model, credentials=credentials))
    result.note(files_count=_files(bundle), sha256=bundle.close())


def _lines(model: tables.Model, *, credentials: bool) -> Iterator[bytes]:
    gathered = bytearray()
    for number, row in enumerate(tables.rows(model, credentials=credentials), start=1):
        gathered += line(row)
        if number % LINES == 0:
            yield bytes(gathered)
            gathered.clear()
    yield bytes(gathered)


def line(row: dict[str, Any]) -> bytes:
    """Return a row as its line; keys inside of values are sorted, as PostgreSQL forgets order."""
    pairs = (f"{json.dumps(name)}:{_encode(value)}" for name, value in row.items())
    return f"{{{','.join(pairs)}}}\n".encode()


def _checkpoints() -> Iterator[bytes]:
    for text in Checkpoint.objects.order_by("number").values_list("text", flat=True).iterator():
        yield f"{text}\n".encode()


def _files(bundle: bundles.Bundle) -> int:
    count = 0
    for sha256, data in files.stored():
        bundle.add(files.member_name(sha256), [data])
        count += 1
        if hashlib.sha256(data).hexdigest() != sha256:
            runs.log.warning("The stored file %s is not what its name says.", sha256)
    return count
