"""The trail app."""

from typing import Any, ClassVar

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from andon.trail import roles
from andon.trail.append_only import GUARDS
from andon.trail.gate import install_gate
from andon.trail.guards import Guard, install


class TrailConfig(AppConfig):
    name = "andon.trail"
    label = "trail"
    verbose_name = _("Audit trail")
    default_auto_field = "django.db.models.BigAutoField"
    guards: ClassVar[dict[str, tuple[Guard, ...]]] = GUARDS

    def ready(self) -> None:
        """Keep guards and baselines in place after each migrate, and check for the guards."""
        from andon.trail import checks  # noqa: PLC0415  (models are loaded only now)

        register(checks.check_models, Tags.models)
        register(checks.check_guards, Tags.database)
        register(checks.check_key, Tags.security)
        connection_created.connect(install_gate)
        post_migrate.connect(_after_migrate, sender=self)


def _after_migrate(using: str, **_kwargs: Any) -> None:
    """Put the guards back and seal anew what has another form now (AT8)."""
    from andon.trail.forms import renew_baselines  # noqa: PLC0415  (models are loaded only now)

    install(using)
    roles.renew(using)
    renew_baselines()
