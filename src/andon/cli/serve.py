"""``andon serve``: the application, for a proxy in front of it."""

import argparse

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from andon.cli.errors import Sentence
from andon.cli.server import serve


def run(options: argparse.Namespace) -> int:
    """Serve with the settings of the environment; refuse a database of another version."""
    require_migrated()
    print(f"Andon answers at http://{options.host}:{options.port}/ (stop with Ctrl-C).", flush=True)
    serve(host=options.host, port=options.port, workers=options.workers, threads=options.threads)
    return 0


def require_migrated() -> None:
    """Raise ``Sentence`` when the database lacks a migration of this version."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        message = "The database is not at this version yet. Run: andon migrate"
        raise Sentence(message)
