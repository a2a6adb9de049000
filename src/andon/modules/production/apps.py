"""The production app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductionConfig(AppConfig):
    name = "andon.modules.production"
    label = "production"
    verbose_name = _("Production")
    default_auto_field = "django.db.models.BigAutoField"
