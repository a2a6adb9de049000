"""``andon roles``: the PostgreSQL role that runs Andon and cannot rewrite the trail."""

import argparse

from django.db import connection

from andon.cli.database import require_migrated
from andon.cli.errors import Sentence
from andon.trail import roles


def run(options: argparse.Namespace) -> int:
    """Print the SQL that makes the role, or run it."""
    if connection.vendor != "postgresql":
        message = "SQLite has no roles; this is for an installation on PostgreSQL."
        raise Sentence(message)
    require_migrated()
    own = connection.settings_dict["USER"]
    if options.role == own:
        message = f"{own} owns the tables. Name another role for the application."
        raise Sentence(message)
    if options.apply:
        password = ""
        if options.password_file is not None:
            password = options.password_file.read_text(encoding="utf-8").strip()
        roles.apply(options.role, password=password)
        print(f"{options.role} may run Andon now. Let DATABASE_URL sign in as that role.")
        return 0
    database = str(connection.settings_dict["NAME"])
    for statement in roles.statements(connection, options.role, database=database):
        print(f"{statement};")
    return 0
