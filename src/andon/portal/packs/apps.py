"""Evidence packs: what anybody can check without Andon, and who may make one."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

MAKE = "packs.make"


class PacksConfig(AppConfig):
    name = "andon.portal.packs"
    label = "packs"
    verbose_name = _("Evidence packs")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {MAKE: (Role.QUALITY, Role.MANAGER)}
