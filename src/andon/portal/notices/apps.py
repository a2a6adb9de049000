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
