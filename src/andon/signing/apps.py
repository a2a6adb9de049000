"""The signing app: its permission, its guards, and what `andon verify` asks of signatures."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

DIAL = "signing.dial"


class SigningConfig(AppConfig):
    name = "andon.signing"
    label = "signing"
    verbose_name = _("Signatures")
    default_auto_field = "django.db.models.BigAutoField"
    # The administrator decides nothing about quality, and so not about this either.
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {DIAL: (Role.MANAGER,)}

    @property
    def guards(self) -> dict[str, tuple[object, ...]]:
        from . import append_only  # noqa: PLC0415  (beside the models it guards)

        return append_only.GUARDS

    @property
    def verifiers(self) -> tuple[object, ...]:
        from . import verifying  # noqa: PLC0415  (needs the app registry)

        return (verifying.untrue,)
