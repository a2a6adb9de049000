"""``andon checkpoint``: signs the trail as it is now."""

import argparse

from andon.cli.database import require_migrated
from andon.cli.errors import Sentence
from andon.trail import checkpoints, keys


def run(_options: argparse.Namespace) -> int:
    """Print the newest checkpoint, made now if anything is new."""
    require_migrated()
    try:
        made = checkpoints.checkpoint("asked for")
    except (keys.NoKey, checkpoints.Unsound) as trouble:
        raise Sentence(str(trouble)) from trouble
    if made is None:
        message = "Nothing was written yet, so there is nothing to sign."
        raise Sentence(message)
    print(made.text, end="")
    return 0
