"""``andon pack``: records with all that is needed to check them without Andon."""

import argparse
from pathlib import Path

from andon.cli.database import require_migrated
from andon.cli.people import person
from andon.portal.packs import packing
from andon.trail.services import SYSTEM
from andon.trail.standalone import andon_verify


def run(options: argparse.Namespace) -> int:
    """Write the pack, the verifier, or both; over no other file."""
    if options.verifier:
        _write(options.verifier, Path(andon_verify.__file__).read_bytes())
        if not options.numbers:
            return 0
    require_migrated()
    by = person(options.by) if options.by else SYSTEM("pack command")
    pack = packing.make(options.numbers, by=by)
    _write(options.output or Path(pack.name), pack.content)
    return 0


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
    print(f"{path}: {len(content):,} bytes")
