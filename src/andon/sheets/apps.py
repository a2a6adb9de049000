"""The app of custom fields and checklists: what it adds to every record, and who designs."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role


class SheetsConfig(AppConfig):
    name = "andon.sheets"
    label = "sheets"
    verbose_name = _("Custom fields")
    default_auto_field = "django.db.models.BigAutoField"
    record_extras = "andon.sheets.extras.Sheets"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        "sheets.design": (Role.ADMIN, Role.MANAGER),
    }

    @property
    def guards(self) -> dict[str, tuple[object, ...]]:
        """A published version never changes, whoever writes."""
        from .models import GUARDS  # noqa: PLC0415  (needs the app registry)

        return GUARDS
