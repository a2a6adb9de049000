"""The app that keeps everything safe, and who may see how it is kept."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

SEE = "keeping.see"
EXPORT = "keeping.export"


class KeepingConfig(AppConfig):
    name = "andon.portal.keeping"
    label = "keeping"
    verbose_name = _("Backups and exports")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        SEE: (Role.ADMIN, Role.MANAGER),
        # The whole of it, people and history included.
        EXPORT: (Role.ADMIN,),
    }
