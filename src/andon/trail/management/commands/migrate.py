"""Django's ``migrate``, with the gate of controlled tables open (AT7, AT8)."""

from typing import Any

from django.core.management.commands import migrate

from andon.trail.gate import migrating


class Command(migrate.Command):
    """Rebuilds tables and moves data; what has another form is sealed anew afterwards."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate the database; the gate is shut again also when that fails."""
        with migrating(options["database"]):
            super().handle(*args, **options)
