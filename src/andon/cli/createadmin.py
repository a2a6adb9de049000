"""``andon createadmin``: the first administrator, since there are no default accounts (AU7)."""

import argparse
import getpass
import os
import sys

from andon.accounts import services as accounts
from andon.cli.database import require_migrated
from andon.cli.errors import Sentence
from andon.trail.services import edge


def run(options: argparse.Namespace) -> int:
    """Make the administrator; what is not given is asked for where somebody can answer."""
    require_migrated()
    username = options.username or _asked("User name: ", "--username")
    word = password(options)
    with edge(via="command"):
        user = accounts.create_first_admin(
            username=username, display_name=options.display_name or username, password=word
        )
    print(f"{user.username} can sign in now, and add other people on the People page.")
    return 0


def _asked(prompt: str, option: str) -> str:
    if not sys.stdin.isatty():
        message = f"Give {option}: there is nobody here to ask."
        raise Sentence(message)
    return input(prompt)


def password(options: argparse.Namespace) -> str:
    """Return the password that was given or typed."""
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if given := os.environ.get("ANDON_ADMIN_PASSWORD"):
        return given
    if not sys.stdin.isatty():
        message = (
            "Give the password with --password-stdin or ANDON_ADMIN_PASSWORD: "
            "there is nobody here to ask."
        )
        raise Sentence(message)
    typed = getpass.getpass("Password (12 characters or more): ")
    if getpass.getpass("Again: ") != typed:
        message = "The two passwords differ; nothing was made."
        raise Sentence(message)
    return typed
