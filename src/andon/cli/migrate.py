"""``andon migrate``: the database at the version of the program."""

import argparse
from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def run(_options: argparse.Namespace) -> int:
    """Make the data folder if need be, apply what is missing, and say so."""
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=1)
    return 0
