"""``andon restore``: a backup back into an empty place."""

import argparse
import json

from andon.portal.keeping import kept, secret
from andon.portal.keeping.restoring import Restored, restore
from andon.trail.services import edge


def run(options: argparse.Namespace) -> int:
    """Restore and say what came back; 1 when it was brought back despite findings."""
    with edge(via="command"):
        restored = restore(
            options.archive,
            secret=secret.for_archive(options.archive, options.secret_file),
            kept_notes=[note for path in options.checkpoint for note in kept.read(path)],
            despite_findings=options.despite_findings,
            drill=options.drill,
        )
    if options.json:
        print(json.dumps(_as_json(restored)))
    else:
        _print(restored)
    return 0 if restored.report.clean else 1


def _print(restored: Restored) -> None:
    about, report = restored.about, restored.report
    print(
        f"Restored the backup of {about.made_at}: {about.entries} entries of the trail and"
        f" {restored.files_count} files. Whatever was done after {about.newest or 'the start'}"
        " is not in it."
    )
    for line in (*restored.warnings, *report.lines()):
        print(line)


def _as_json(restored: Restored) -> dict[str, object]:
    about, report = restored.about, restored.report
    return {
        "made_at": about.made_at,
        "newest": about.newest,
        "entries": about.entries,
        "files": restored.files_count,
        "objects": report.objects,
        "clean": report.clean,
        "warnings": restored.warnings,
    }
