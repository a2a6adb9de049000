"""``andon serve``: the application, for a proxy in front of it."""

import argparse
from contextlib import nullcontext

from andon.cli.database import require_migrated
from andon.cli.server import serve
from andon.cli.worker import beside
from andon.portal.operations import metrics


def run(options: argparse.Namespace) -> int:
    """Serve with the settings of the environment; refuse a database of another version."""
    require_migrated()
    metrics.begin()
    print(f"Andon answers at http://{options.host}:{options.port}/ (stop with Ctrl-C).", flush=True)
    with beside() if options.worker else nullcontext():
        serve(
            host=options.host,
            port=options.port,
            workers=options.workers,
            threads=options.threads,
        )
    return 0
