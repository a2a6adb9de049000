"""``andon import`` of records and lists, by the same services as the import desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from andon.accounts.models import Site, User
from andon.cli.errors import Sentence
from andon.organization import clock
from andon.portal.desk.run import Result, import_file
from andon.records.workflow import Refused
from andon.trail.services import edge

if TYPE_CHECKING:
    import argparse

SHOWN = 50


def bring(
    options: argparse.Namespace, content: bytes, *, site: Site, by: User | None, **said: Any
) -> int:
    """Import the file, or say what stands in the way."""
    if by is None:
        message = "Say with --by who answers for these records; it takes a quality manager."
        raise Sentence(message)
    with edge(via="command"):
        try:
            result = import_file(
                content,
                target=options.kind,
                site=site,
                by=by,
                day=clock.today(site),
                file_name=options.file.name,
                source=options.source or "",
                words=_words(options),
                create_missing=options.create_missing,
                leave_out="left out by the command: it has errors" if options.leave_out else "",
                repeats=options.repeats or "",
                dry_run=options.dry_run,
                **said,
            )
        except Refused as refused:
            raise Sentence(str(refused)) from refused
    _print(result, dry_run=options.dry_run)
    return 0 if result.published or (options.dry_run and result.clean) else 1


def _words(options: argparse.Namespace) -> dict[str, dict[str, str]]:
    """Return what words mean: ``--map severity:Small=minor``."""
    found: dict[str, dict[str, str]] = {}
    for name, value in options.map:
        field, colon, word = name.partition(":")
        if not colon:
            message = f"--map {name}={value} is not of the form FIELD:WORD=VALUE."
            raise Sentence(message)
        found.setdefault(field, {})[word] = value
    return found


def _print(result: Result, *, dry_run: bool) -> None:
    for note in result.intake.notes:
        print(note)
    for row, column, sentence in result.troubles[:SHOWN]:
        print(f"row {row}, {column}: {sentence}" if column else f"row {row}: {sentence}")
    if len(result.troubles) > SHOWN:
        print(f"... and {len(result.troubles) - SHOWN} more.")
    for name, words in result.unknown.items():
        print(f"Not known as {name}: {', '.join(words)}. --map {name}:WORD=VALUE says what it is.")
    counts = f"{result.going_in} rows, {result.left_out} left out, {result.skipped} skipped"
    if dry_run:
        print(f"Nothing is in, as asked; it would be: {counts}.")
    elif result.published:
        print(f"In: {counts}. Import {result.intake.pk}.")
    else:
        print(f"Nothing is in: {counts}, {len(result.troubles)} things in the way.")
