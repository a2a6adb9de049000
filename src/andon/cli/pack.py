"""``andon pack``: records with all that is needed to check them without Andon."""

import argparse
from pathlib import Path

from andon.accounts.models import User
from andon.cli.database import require_migrated
from andon.cli.errors import Sentence
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
    pack = packing.make(options.numbers, by=_who(options.by))
    _write(options.output or Path(pack.name), pack.content)
    return 0


def _who(username: str | None) -> User | SYSTEM:
    if username is None:
        return SYSTEM("pack command")
    try:
        return User.objects.active().get_by_natural_key(username)
    except User.DoesNotExist as error:
        message = f"Nobody who may sign in is named {username}."
        raise Sentence(message) from error


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
    print(f"{path}: {len(content):,} bytes")
