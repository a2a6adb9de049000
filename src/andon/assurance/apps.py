"""The assurance app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role


class AssuranceConfig(AppConfig):
    name = "andon.assurance"
    label = "assurance"
    verbose_name = _("Clause map")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        "assurance.assess": (Role.QUALITY, Role.MANAGER),
    }
