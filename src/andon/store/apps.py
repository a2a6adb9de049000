"""The app of the file store, and who sees what is held back."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from andon.accounts.roles import Role

QUARANTINE = "store.quarantine"


class StoreConfig(AppConfig):
    """An app that keeps files says so by ``stored_files`` in its config (see `seam`)."""

    name = "andon.store"
    label = "store"
    verbose_name = _("Files")
    default_auto_field = "django.db.models.BigAutoField"
    permissions: ClassVar[dict[str, tuple[Role, ...]]] = {QUARANTINE: (Role.ADMIN, Role.MANAGER)}

    def ready(self) -> None:
        from . import checks  # noqa: F401, PLC0415  (registers itself)
