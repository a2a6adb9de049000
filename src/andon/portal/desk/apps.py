"""The app of the import desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "andon.portal.desk"
    label = "desk"
    verbose_name = _("Import desk")
    default_auto_field = "django.db.models.BigAutoField"
