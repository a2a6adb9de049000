"""The designer's app; its rows are the kernel's."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DesignerConfig(AppConfig):
    name = "andon.portal.designer"
    label = "designer"
    verbose_name = _("Custom fields and checklists")
    default_auto_field = "django.db.models.BigAutoField"
