"""``andon backup``: everything in one file, while the server goes on."""

import argparse

from andon.cli.database import require_migrated
from andon.portal.keeping import backing_up, secret
from andon.trail.services import edge

MEGABYTE = 1_000_000


def run(options: argparse.Namespace) -> int:
    """Back up and say what is in it; 1 when something about the stored files is wrong."""
    require_migrated()
    named = options.secret_file
    sealed_by = secret.read(named) if named else secret.configured()
    with edge(via="command"):
        made = backing_up.back_up(options.target, secret=sealed_by, keep=options.keep)
    print(
        f"{made.archive}: {made.entries} entries of the trail and {made.files_count} files,"
        f" {made.size / MEGABYTE:.1f} MB in {made.seconds} s"
        f"{', encrypted' if made.is_encrypted else ''}."
    )
    if made.trouble:
        print(made.trouble)
    return 0 if made.is_good else 1
