"""The accounts app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

PEOPLE = "accounts.manage"


class AccountsConfig(AppConfig):
    name = "andon.accounts"
    label = "accounts"
    verbose_name = _("People and sites")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[str, ...]]] = {PEOPLE: ("admin",)}

    def ready(self) -> None:
        from andon.accounts import checks  # noqa: F401, PLC0415  (registers the system checks)
