"""The improvements app and who may do what in it."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

_SHOP = (Role.CONTRIBUTOR, Role.OWNER, Role.QUALITY, Role.MANAGER)
_OFFICE = (Role.OWNER, Role.QUALITY, Role.MANAGER)


class ImprovementsConfig(AppConfig):
    name = "andon.modules.improvements"
    label = "improvements"
    verbose_name = _("Improvement projects")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        "improvements.propose": _SHOP,
        "improvements.work": _OFFICE,
        # Say whether the benefit was reached; void what was proposed by mistake.
        "improvements.confirm": (Role.QUALITY, Role.MANAGER),
    }
