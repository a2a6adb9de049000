"""``andon load``: an export into an empty instance."""

import argparse
from typing import Any

from andon.accounts import services as accounts
from andon.cli.createadmin import password
from andon.cli.database import require_migrated
from andon.cli.people import person
from andon.entry import factors
from andon.portal.keeping.loading import load
from andon.trail.services import SYSTEM, edge


def run(options: argparse.Namespace) -> int:
    """Load it and say what came; the sign-in of one person can be opened."""
    require_migrated()
    word = password(options) if options.password_for else ""
    with edge(via="command"):
        made = load(options.export)
        print(
            f"Loaded {made.entries} entries of the trail and {made.files_count} files in"
            f" {made.seconds} s, and verified them."
        )
        if options.password_for:
            _let_in(options.password_for, word)
    return 0


def _let_in(username: str, word: str) -> None:
    who, by = person(username), SYSTEM("load")
    anybody: Any = by
    accounts.set_password(who, word, by=by)
    factors.reset(who, by=anybody)
    print(f"{who.username} can sign in with the new password.")
