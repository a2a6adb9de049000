"""The trail app."""

from typing import Any, ClassVar

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from andon.trail.append_only import GUARDS
from andon.trail.guards import Guard, install


class TrailConfig(AppConfig):
    name = "andon.trail"
    label = "trail"
    verbose_name = _("Audit trail")
    default_auto_field = "django.db.models.BigAutoField"
    guards: ClassVar[dict[str, tuple[Guard, ...]]] = GUARDS

    def ready(self) -> None:
        """Keep the guards in place after each migrate, and check for them."""
        from andon.trail import checks  # noqa: PLC0415  (models are loaded only now)

        register(checks.check_models, Tags.models)
        register(checks.check_guards, Tags.database)
        post_migrate.connect(_install_guards, sender=self)


def _install_guards(using: str, **_kwargs: Any) -> None:
    install(using)
