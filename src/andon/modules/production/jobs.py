"""What production does from time to time; each is safe to run twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from andon.modules.production.imports import folders, sending
from andon.organization.duties import Duty


def watch_folders(now: datetime) -> None:
    """Import the files that came into the watched folders."""
    folders.watch(now)


def forget_keys(now: datetime) -> None:
    """Forget idempotency keys and ids of messages that nobody will repeat any more."""
    sending.forget(now)


DUTIES: tuple[Duty, ...] = (
    Duty(
        "production.watch-folders",
        timedelta(seconds=30),
        watch_folders,
        _("Import the files of the watched folders"),
    ),
    Duty(
        "production.forget-keys",
        timedelta(days=1),
        forget_keys,
        _("Forget old idempotency keys and message ids"),
    ),
)
