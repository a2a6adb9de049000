"""The portal app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "andon.portal"
    label = "portal"
    verbose_name = _("Home and search")
    default_auto_field = "django.db.models.BigAutoField"
