"""The app that shows the trail, and who may do what in it."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

READ = "proof.read"
SECURITY = "proof.security"
PERSONAL = "proof.personal"
REVIEW = "proof.review"
VERIFY = "proof.verify"


class ProofConfig(AppConfig):
    name = "andon.portal.proof"
    label = "proof"
    verbose_name = _("Trail")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        READ: (Role.QUALITY, Role.MANAGER, Role.MANAGEMENT, Role.AUDITOR, Role.ADMIN),
        # Sign-ins, refusals, exports.
        SECURITY: (Role.MANAGER, Role.ADMIN),
        # The values behind the commitments of personal fields.
        PERSONAL: (Role.ADMIN,),
        REVIEW: (Role.QUALITY, Role.MANAGER),
        VERIFY: (Role.MANAGER, Role.ADMIN),
    }
