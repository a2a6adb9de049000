"""The assurance app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssuranceConfig(AppConfig):
    name = "andon.assurance"
    label = "assurance"
    verbose_name = _("Clause map")
    default_auto_field = "django.db.models.BigAutoField"
