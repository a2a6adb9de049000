"""The app of webhooks and who may set them up."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

MANAGE = "hooks.manage"


class HooksConfig(AppConfig):
    name = "andon.portal.hooks"
    label = "hooks"
    verbose_name = _("Webhooks")
    default_auto_field = "django.db.models.BigAutoField"

    @property
    def keepers(self) -> tuple[object, ...]:
        """Who is handed each checkpoint of the trail (AT9)."""
        from .keeping import by_webhook  # noqa: PLC0415  (needs the app registry)

        return (by_webhook,)

    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {MANAGE: (Role.ADMIN,)}
