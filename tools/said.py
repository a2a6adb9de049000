"""How the commands of a checkout talk to the person who started them."""

import sys


class Stop(Exception):
    """End the command with this sentence."""


def say(text: str = "") -> None:
    """Print at once, also into a file or a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print ``text`` where errors go."""
    print(text, file=sys.stderr, flush=True)
