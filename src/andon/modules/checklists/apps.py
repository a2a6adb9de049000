"""The checklists app and who may fill one in; its rows are the kernel's."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role


class ChecklistsConfig(AppConfig):
    name = "andon.modules.checklists"
    label = "checklists"
    verbose_name = _("Checklists")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        "checklists.fill": (Role.CONTRIBUTOR, Role.OWNER, Role.QUALITY, Role.MANAGER),
    }
