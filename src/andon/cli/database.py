"""Whether the database is that of this version."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from andon.cli.errors import Sentence


def require_migrated() -> None:
    """Raise ``Sentence`` when the database lacks a migration of this version."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        message = "The database is not at this version yet. Run: andon migrate"
        raise Sentence(message)
