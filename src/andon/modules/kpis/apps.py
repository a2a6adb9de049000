"""The kpis app and who may do what in it."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

_SHOP = (Role.CONTRIBUTOR, Role.OWNER, Role.QUALITY, Role.MANAGER)
_OFFICE = (Role.OWNER, Role.QUALITY, Role.MANAGER)


class KpisConfig(AppConfig):
    name = "andon.modules.kpis"
    label = "kpis"
    verbose_name = _("KPIs")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        # Define a KPI, its targets, the phases of its limits; restate a closed period.
        "kpis.manage": _OFFICE,
        # Type observations and notes, compute closed periods, raise signals.
        "kpis.observe": _SHOP,
        "kpis.answer": _OFFICE,
        "kpis.void": (Role.QUALITY, Role.MANAGER),
    }
    import_targets: ClassVar[tuple[str, ...]] = ("andon.modules.kpis.imports.VALUES",)
    """What a file can be imported as, beside the facts of production."""
