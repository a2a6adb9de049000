"""``andon migrate``: the database at the version of the program."""

import argparse

from django.core.management import call_command


def run(_options: argparse.Namespace) -> int:
    """Apply what is missing, and say so."""
    call_command("migrate", interactive=False, verbosity=1)
    return 0
