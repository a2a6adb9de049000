"""An export brought into an empty instance, also of the other database: all of it, or nothing.

Rows are written as they are, past the services, for history and rows came along together. It goes
through the one gate that writes of the trail go through, and ends with the whole of `andon verify`;
no guard is taken down for it: entries only come, and the head only goes on.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import IntegrityError, connection, models
from django.utils.translation import gettext as _

from andon.records.workflow import Refused
from andon.trail.bringing import bring_in
from andon.trail.models import TrailHead
from andon.trail.security import tell
from andon.trail.services import SYSTEM
from andon.trail.verify import verify

from . import about, bundles, databases, files, kept, runs, tables
from .models import KeepingRun, Kind

CHUNK = 500
LONGEST_LINE = 1 << 28


def load(source: Path) -> KeepingRun:
    """Bring the export at ``source`` into this empty, migrated instance.

    Raises
    ------
    Refused
        The instance is not empty, the export is damaged or of another version, or what came of it
        is not what its own history says. Nothing was loaded.
    """
    require_empty()
    export = bundles.Export(source)
    try:
        with export.open(about.NAME) as file:
            said = about.read(file.read(about.LARGEST), "export")
        _require_same_version(said)
        # A load that fails leaves nothing, so that the instance is still empty for the next.
        result = runs.Result(Kind.LOAD)
        count = _load(export, said)
    finally:
        export.close()
    result.note(archive=source.name[:200], files_count=count, entries=said.entries)
    result.note(newest_at=files.instant(said.newest))
    run = runs.keep(result)
    tell("loaded", by=SYSTEM("load"), detail={"made_at": said.made_at, "entries": said.entries})
    return run


def require_empty() -> None:
    """Raise ``Refused`` unless the instance is as `andon migrate` makes it."""
    used = [model for model in tables.exported(credentials=True) if _has_rows(model)]
    if used:
        raise Refused(
            _(
                "This instance is not empty (%s holds rows). An export is loaded into one that"
                " andon migrate has just made."
            )
            % used[0]._meta.db_table
        )
    if not files.is_empty():
        raise Refused(_("There are stored files already. An export is loaded into an empty place."))


def _has_rows(model: tables.Model) -> bool:
    found: Any = models.QuerySet(model)
    return bool((found.exclude(seq=0) if model is TrailHead else found).exists())


def _require_same_version(said: about.About) -> None:
    about.require_known(said)
    with connection.cursor() as cursor:
        here = databases.moment(cursor).migrations
    if here != said.migrations:
        raise Refused(
            _(
                "This export was made by Andon %(theirs)s, whose tables are others. Load it with"
                " that version, and bring it up to this one with andon migrate."
            )
            % {"theirs": said.version}
        )


def _load(export: bundles.Export, said: about.About) -> int:
    root = settings.DATA
    Path(root).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".andon-load-", dir=root) as name:
        folder = Path(name)
        count = _unpacked(export, folder)
        with ExitStack() as stack:

            def check() -> None:
                _check(said, folder)
                # The files lie there before the rows that name them are committed.
                stack.enter_context(files.put_back(folder / "files"))

            bring_in(lambda: _fill_all(export), check)
    return count


def _unpacked(export: bundles.Export, folder: Path) -> int:
    (folder / "files").mkdir()
    count = 0
    for name in export.members():
        if name.startswith("files/") or name == "checkpoints.txt":
            (folder / name).parent.mkdir(exist_ok=True)
            with export.open(name) as source, (folder / name).open("xb") as file:
                while piece := source.read(1 << 20):
                    file.write(piece)
            count += name.startswith("files/")
    return count


def _fill_all(export: bundles.Export) -> None:
    known = tables.exported(credentials=True)
    for model in known:
        name = f"tables/{model._meta.db_table}.jsonl"
        if export.has(name):
            _fill(model, export, name)
        elif model._meta.label_lower not in tables.CREDENTIAL_TABLES:
            raise Refused(_("The export lacks %s. Nothing was loaded.") % name)
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise _no_row(_("what refers to a row that is not there"), error) from error
    for statement in connection.ops.sequence_reset_sql(no_style(), known):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def _fill(model: tables.Model, export: bundles.Export, name: str) -> None:
    fields = tables.fields_of(model)
    for chunk in _instances(model, fields, export, name):
        try:
            if model is TrailHead:
                _go_on(chunk)
            else:
                rows: Any = models.QuerySet(model)
                rows._insert(chunk, fields=fields, raw=True, using=connection.alias)  # noqa: SLF001
        except IntegrityError as error:
            raise _no_row(name, error) from error


def _go_on(heads: Sequence[Any]) -> None:
    """Move the heads that migrations made, as the guard allows: forward."""
    for head in heads:
        moved: Any = models.QuerySet(TrailHead).filter(pk=head.pk)
        if not moved.update(seq=head.seq, entry_hash=head.entry_hash):
            head.save(force_insert=True)


def _instances(
    model: tables.Model, fields: Sequence[Any], export: bundles.Export, name: str
) -> Iterator[list[Any]]:
    columns = {field.column: field for field in fields}
    size = min(CHUNK, connection.ops.bulk_batch_size(list(fields), range(CHUNK)))
    chunk: list[Any] = []
    with export.open(name) as file:
        while line := file.readline(LONGEST_LINE):
            chunk.append(model(**_values(line, columns, name)))
            if len(chunk) == size:
                yield chunk
                chunk = []
    if chunk:
        yield chunk


def _values(line: bytes, columns: dict[str, Any], name: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
        if row.keys() != columns.keys():
            raise _no_row(name, _("its fields are others"))
        return {columns[key].attname: tables.read(columns[key], row[key]) for key in row}
    except (ValueError, TypeError, AttributeError, ValidationError) as error:
        raise _no_row(name, error) from error


def _check(said: about.About, folder: Path) -> None:
    """Compare heads, and verify everything against the checkpoints that came along."""
    with connection.cursor() as cursor:
        found = databases.moment(cursor)
    if found.heads != said.heads:
        raise Refused(
            _("The history in this export does not end where it says. Nothing was loaded.")
        )
    with _standing_on(folder):
        report = verify(kept.carried(folder / "checkpoints.txt"))
    findings = [finding for finding in report.findings if finding.kind != "key"]
    if findings:
        raise Refused(
            "\n".join(
                [
                    _("What is in this export is not what its history says. Nothing was loaded:"),
                    *[finding.line() for finding in findings[:10]],
                ]
            )
        )


@contextmanager
def _standing_on(folder: Path) -> Iterator[None]:
    before = settings.FILES, settings.CHECKPOINTS
    settings.FILES, settings.CHECKPOINTS = folder / "files", folder / "checkpoints.txt"
    try:
        yield
    finally:
        settings.FILES, settings.CHECKPOINTS = before


def _no_row(where: str, why: object) -> Refused:
    return Refused(
        _("The export cannot be loaded at %(where)s: %(why)s. Nothing was loaded.")
        % {"where": where, "why": str(why).strip().split("\n")[0][:300]}
    )
