"""``andon drill``: whether the newest backup can be restored, tried out."""

import argparse

from andon.cli.database import require_migrated
from andon.portal.keeping import drilling
from andon.trail.services import edge


def run(options: argparse.Namespace) -> int:
    """Restore it somewhere else and say how it went; 1 when it did not."""
    require_migrated()
    with edge(via="command"):
        made = drilling.drill(options.archive, secret_file=options.secret_file)
    if not made.is_good:
        print(f"{made.archive} could NOT be restored:\n{made.trouble}")
        return 1
    print(
        f"{made.archive} was restored and verified in {made.seconds} s: {made.entries} entries of"
        f" the trail and {made.files_count} files. Its newest entry was {made.loss} old."
    )
    return 0
