"""The tasks app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ADMINISTER = "tasks.administer"


class TasksConfig(AppConfig):
    name = "andon.tasks"
    label = "tasks"
    verbose_name = _("Background work")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[str, ...]]] = {ADMINISTER: ("admin",)}
