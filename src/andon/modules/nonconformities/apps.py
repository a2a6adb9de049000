"""The nonconformities app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NonconformitiesConfig(AppConfig):
    name = "andon.modules.nonconformities"
    label = "nonconformities"
    verbose_name = _("Nonconformities")
    default_auto_field = "django.db.models.BigAutoField"
