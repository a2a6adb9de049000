"""The notices app and who may do what in it."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

ADMINISTER = "notices.administer"
ARRANGE = "notices.arrange"


class NoticesConfig(AppConfig):
    name = "andon.portal.notices"
    label = "notices"
    verbose_name = _("Notices")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        ADMINISTER: (Role.ADMIN,),
        # Absences of others.
        ARRANGE: (Role.ADMIN, Role.MANAGER),
    }

    @property
    def keepers(self) -> tuple[object, ...]:
        """Who is handed each checkpoint (AT9)."""
        from . import keeping  # noqa: PLC0415  (needs the app registry)

        return (keeping.by_mail,)
