"""``andon export``: everything in open formats."""

import argparse

from andon.cli.database import require_migrated
from andon.cli.people import person
from andon.portal.keeping.exporting import export
from andon.trail.services import edge


def run(options: argparse.Namespace) -> int:
    """Write the export and say what is in it."""
    require_migrated()
    by = person(options.by) if options.by else None
    with edge(via="command"):
        made = export(options.target, by=by, credentials=options.with_credentials)
    print(
        f"{options.target}: {made.entries} entries of the trail and {made.files_count} files, in"
        f" {made.seconds} s. SCHEMA.md describes every field; andon load brings it in again."
    )
    if not options.with_credentials:
        print("Passwords and second factors are not in it (--with-credentials).")
    return 0
