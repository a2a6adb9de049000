"""The organization app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

MANAGE = "organization.manage"


class OrganizationConfig(AppConfig):
    name = "andon.organization"
    label = "organization"
    verbose_name = _("Organization")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[str, ...]]] = {MANAGE: ("admin", "manager")}
