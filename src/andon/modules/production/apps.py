"""The production app and who may do what in it."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

_SHOP = (Role.CONTRIBUTOR, Role.OWNER, Role.QUALITY, Role.MANAGER)
_OFFICE = (Role.OWNER, Role.QUALITY, Role.MANAGER)


class ProductionConfig(AppConfig):
    name = "andon.modules.production"
    label = "production"
    verbose_name = _("Production")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        "production.record": _SHOP,
        "production.import": _OFFICE,
        "production.undo": (Role.QUALITY, Role.MANAGER),
        "production.feeds": (Role.QUALITY, Role.MANAGER),
        "production.causes": (Role.OWNER, Role.QUALITY, Role.MANAGER),
    }
    import_targets: ClassVar[tuple[str, ...]] = (
        "andon.modules.production.imports.targets.OUTPUT",
        "andon.modules.production.imports.targets.SCRAP",
        "andon.modules.production.imports.targets.STOPS",
        "andon.modules.production.imports.targets.REWORK",
        "andon.modules.production.imports.targets.PLAN",
        "andon.modules.production.imports.targets.CYCLE_TIMES",
        "andon.modules.production.imports.targets.DELIVERIES",
        "andon.modules.production.imports.targets.RECEIPTS",
    )
    """What a file can be imported as; any app may carry such a list of dotted names."""

    verifiers: ClassVar[tuple[Callable[[], Iterable[Any]], ...]] = ()

    def ready(self) -> None:
        """Let `andon verify` also look at which facts count."""
        from andon.modules.production.queries import wrong_marks  # noqa: PLC0415 - needs the models

        type(self).verifiers = (wrong_marks,)
