"""The actions app and who may do what in it."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

_SHOP = (Role.CONTRIBUTOR, Role.OWNER, Role.QUALITY, Role.MANAGER)
_OFFICE = (Role.OWNER, Role.QUALITY, Role.MANAGER)


class ActionsConfig(AppConfig):
    name = "andon.modules.actions"
    label = "actions"
    verbose_name = _("Corrective actions")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        "actions.open": _OFFICE,
        "actions.work": _OFFICE,
        # Report one's own action of a plan as done.
        "actions.carry_out": _SHOP,
        "actions.plan": _OFFICE,
        # Judge the effect and the recurrences; void what was opened by mistake.
        "actions.verify": (Role.QUALITY, Role.MANAGER),
        # Keep the forms of 8D reports, and say which customer gets which.
        "actions.forms": (Role.QUALITY, Role.MANAGER),
    }
