"""The app of retention and privacy, and who decides in it."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

MANAGE = "retention.manage"
CONFIRM = "retention.confirm"
PRIVACY = "retention.privacy"


class RetentionConfig(AppConfig):
    name = "andon.portal.retention"
    label = "retention"
    verbose_name = _("Retention and privacy")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        MANAGE: (Role.MANAGER,),
        # The second person of a purge: another quality manager or an administrator.
        CONFIRM: (Role.MANAGER, Role.ADMIN),
        PRIVACY: (Role.ADMIN,),
    }

    @property
    def verifiers(self) -> tuple[Any, ...]:
        """What ``andon verify`` asks of purged records."""

        def stubs() -> Iterator[Any]:
            from .stubs import faults  # noqa: PLC0415  (needs the app registry)

            return faults()

        return (stubs,)
