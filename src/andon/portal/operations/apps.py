"""The operations app: it has no rows of its own."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

WATCH = "operations.watch"


class OperationsConfig(AppConfig):
    name = "andon.portal.operations"
    label = "operations"
    verbose_name = _("Operations")
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {WATCH: (Role.ADMIN,)}
