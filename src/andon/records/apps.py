"""The kernel's app: its permissions, search triggers and checks of numbers and files."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role


class RecordsConfig(AppConfig):
    name = "andon.records"
    label = "records"
    verbose_name = _("Records")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        "records.comment": tuple(role for role in Role if role is not Role.AUDITOR),
        # Take records over from an older system, in a final state if they were closed there.
        "records.adopt": (Role.MANAGER,),
    }

    @property
    def guards(self) -> dict[str, tuple[object, ...]]:
        """What is over is frozen; search triggers and indexes. SQLite loses all at a rebuild."""
        from . import frozen, search  # noqa: PLC0415  (needs the app registry)

        sqlite = (frozen.SQLITE, *search.SQLITE_GUARDS)
        return {
            "sqlite": sqlite,
            "postgresql": (frozen.POSTGRESQL, *search.POSTGRESQL_GUARDS),
        }

    @property
    def verifiers(self) -> tuple[object, ...]:
        from . import files, numbering  # noqa: PLC0415  (needs the app registry)

        return (numbering.holes, files.altered)

    @property
    def stored_files(self) -> object:
        from . import files  # noqa: PLC0415  (needs the app registry)

        return files.in_use
