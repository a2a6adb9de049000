"""The nonconformities app and who may do what in it."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

_SHOP = (Role.CONTRIBUTOR, Role.OWNER, Role.QUALITY, Role.MANAGER)
_OFFICE = (Role.OWNER, Role.QUALITY, Role.MANAGER)


class NonconformitiesConfig(AppConfig):
    name = "andon.modules.nonconformities"
    label = "nonconformities"
    verbose_name = _("Nonconformities")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        "nonconformities.report": _SHOP,
        "nonconformities.contain": _OFFICE,
        "nonconformities.work": _OFFICE,
        "nonconformities.decide": (Role.QUALITY, Role.MANAGER),
        "nonconformities.decide_major": (Role.MANAGER,),
        "nonconformities.verify": (Role.QUALITY, Role.MANAGER),
        "nonconformities.agree": (*_OFFICE, Role.MANAGEMENT),
        "nonconformities.authorities": (Role.MANAGER,),
        "nonconformities.codes": (Role.QUALITY, Role.MANAGER),
    }
    import_extras: ClassVar[tuple[str, ...]] = ("andon.modules.nonconformities.imports.COST",)
