"""The actions app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionsConfig(AppConfig):
    name = "andon.modules.actions"
    label = "actions"
    verbose_name = _("Corrective actions")
    default_auto_field = "django.db.models.BigAutoField"
