"""The app of saved views, and who may share one."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

SHARE = "lists.share"


class ListsConfig(AppConfig):
    name = "andon.lists"
    label = "lists"
    verbose_name = _("Saved views")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        SHARE: (Role.OWNER, Role.QUALITY, Role.MANAGER)
    }
