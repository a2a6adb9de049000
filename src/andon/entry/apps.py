"""The app of the door, and who keeps watch at it."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

GUARD = "entry.guard"
TOKENS = "entry.tokens"


class EntryConfig(AppConfig):
    name = "andon.entry"
    label = "entry"
    verbose_name = _("Sign-in")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {
        # See and lift pauses, see and end the sessions and tokens of others.
        GUARD: (Role.ADMIN,),
        # Make a token for a program that acts in one's own name.
        TOKENS: (Role.OWNER, Role.QUALITY, Role.MANAGER),
    }
