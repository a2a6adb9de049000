"""``andon key``: makes, shows and changes the key that signs checkpoints."""

import argparse

from andon.cli.database import require_migrated
from andon.cli.errors import Sentence
from andon.trail import checkpoints, keys, rotation
from andon.trail.models import SigningKey
from andon.trail.services import SYSTEM

BY = SYSTEM("key command")


def run(options: argparse.Namespace) -> int:
    """Do what was asked, and print every public key with its id."""
    require_migrated()
    try:
        if options.act == "create":
            rotation.create(by=BY)
        elif options.act == "rotate":
            rotation.rotate(by=BY, lost=options.lost)
    except (keys.NoKey, checkpoints.Unsound) as trouble:
        raise Sentence(str(trouble)) from trouble
    known = list(SigningKey.objects.order_by("number"))
    for key in known:
        print(f"{key.number}  {key.key_id}  {key.public_key}  since {key.at:%Y-%m-%d %H:%M} UTC")
    if not known:
        print("There is no signing key yet. Make one: andon key create")
    return 0
