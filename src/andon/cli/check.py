"""``andon check``: settings, guards and database, as for a real installation."""

import argparse

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError


def run(_options: argparse.Namespace) -> int:
    """Print what the checks find; 1 when anything has to be mended."""
    try:
        call_command(
            "check",
            deploy=not settings.DEMO,
            databases=list(settings.DATABASES),
            fail_level="WARNING",
        )
    except SystemCheckError as found:
        print(found)
        return 1
    return 0
