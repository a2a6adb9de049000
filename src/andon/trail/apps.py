"""The trail app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrailConfig(AppConfig):
    name = "andon.trail"
    label = "trail"
    verbose_name = _("Audit trail")
    default_auto_field = "django.db.models.BigAutoField"
