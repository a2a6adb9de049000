"""``andon import``: facts and records from a file, by the same services as the pages use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from andon.accounts.models import Site
from andon.cli import desk
from andon.cli.database import require_migrated
from andon.cli.errors import Sentence
from andon.cli.people import person
from andon.modules.production.imports import Result, import_file
from andon.modules.production.models import Step
from andon.organization import clock
from andon.portal.desk.targets import targets
from andon.tables import Question, Trouble
from andon.trail.services import SYSTEM, edge

if TYPE_CHECKING:
    import argparse

SHOWN = 50
NUMBERS = {"block", "header_row"}


def run(options: argparse.Namespace) -> int:
    """Import the file, or say what stands in the way."""
    require_migrated()
    site = _site(options.site)
    by = person(options.by) if options.by else None
    said: dict[str, Any] = {
        "said": _said(options),
        "answers": dict(_answer(name, value) for name, value in options.answer),
    }
    try:
        if options.kind in {target.name for target in targets()}:
            return desk.bring(options, _readable(options), site=site, by=by, **said)
        with edge(via="command"):
            result = import_file(
                _readable(options),
                target=options.kind,
                site=site,
                by=by or SYSTEM("import"),
                day=clock.today(site),
                file_name=options.file.name,
                create_missing=options.create_missing,
                leave_out=options.leave_out,
                dry_run=options.dry_run,
                **said,
            )
    except Trouble as trouble:
        raise Sentence(_explained(trouble)) from trouble
    _print(result, dry_run=options.dry_run)
    return 0 if _all_in(result) or (options.dry_run and result.clean) else 1


def _all_in(result: Result) -> bool:
    return result.published or result.job.step == Step.SAME


def _readable(options: argparse.Namespace) -> bytes:
    try:
        return bytes(options.file.read_bytes())
    except OSError as error:
        message = f"{options.file} cannot be read: {error.strerror}."
        raise Sentence(message) from error


def _site(code: str | None) -> Site:
    sites = {site.code: site for site in Site.objects.order_by("code")}
    if code is None and len(sites) == 1:
        return next(iter(sites.values()))
    if code is None or code.upper() not in sites:
        known = ", ".join(sites) or "none yet"
        message = f"Name the site with --site; there are: {known}."
        raise Sentence(message)
    return sites[code.upper()]


def _said(options: argparse.Namespace) -> dict[str, Any]:
    """Return what was said about columns, as the mapping the import understands."""
    fields: dict[str, dict[str, Any]] = {}
    for name, columns in options.column:
        fields.setdefault(name, {})["columns"] = columns.split("+")
    for name, value in options.value:
        fields.setdefault(name, {})["constant"] = value
    for name, value in options.good:
        fields.setdefault(name, {}).setdefault("good", []).append(value)
    for name, value in options.start:
        fields.setdefault(name, {})["start"] = value
    return {"fields": fields} | ({"add_up": True} if options.add_up else {})


def _answer(name: str, value: str) -> tuple[str, Any]:
    if name == "side_by_side":
        return name, value.split("+")
    if name not in NUMBERS:
        return name, value
    if not value.isdecimal():
        message = f"--answer {name}= needs a whole number, not “{value}”."
        raise Sentence(message)
    return name, int(value)


def _explained(trouble: Trouble) -> str:
    place = f" (row {trouble.row})" if trouble.row is not None else ""
    sentence = f"{trouble.sentence}{place}"
    if not isinstance(trouble, Question):
        return sentence
    choices = "\n".join(
        f"  --answer {trouble.name}={value}   {label}" for value, label in trouble.options
    )
    return f"{sentence} Say which:\n{choices}"


def _print(result: Result, *, dry_run: bool) -> None:
    for note in result.notes:
        print(note)
    for row, column, sentence in result.errors[:SHOWN]:
        print(f"row {row}, {column}: {sentence}" if column else f"row {row}: {sentence}")
    if len(result.errors) > SHOWN:
        print(f"... and {len(result.errors) - SHOWN} more.")
    for field, codes in result.unknown.items():
        print(f"Not known as {field}: {', '.join(codes)}. --create-missing makes them.")
    counts = (
        f"{result.new} new, {result.corrected} corrected, {result.unchanged} unchanged, "
        f"{result.left_out} with errors, {result.skipped} empty"
    )
    if dry_run:
        print(f"Nothing is in, as asked; it would be: {counts}.")
    elif _all_in(result):
        print(f"In: {counts}." + (f" Batch {result.batch.pk}." if result.batch else ""))
    else:
        print(f"Nothing is in: {counts}.")
