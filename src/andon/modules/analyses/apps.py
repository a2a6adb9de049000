"""The analyses app and who may do what in it."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

_OFFICE = (Role.OWNER, Role.QUALITY, Role.MANAGER)


class AnalysesConfig(AppConfig):
    name = "andon.modules.analyses"
    label = "analyses"
    verbose_name = _("Analyses")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        # Use the Workbench, keep an analysis as a record, write its conclusion.
        "analyses.keep": (Role.CONTRIBUTOR, *_OFFICE),
        "analyses.issue": _OFFICE,
        "analyses.void": (Role.QUALITY, Role.MANAGER),
    }
