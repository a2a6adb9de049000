"""The duties that keep the records safe: a backup every day, a drill every week (BK2)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from andon.organization.duties import Duty
from andon.records.workflow import Refused

from . import alarms, backing_up, drilling
from .secret import configured


def backup(now: datetime) -> None:
    """Back up into the folder of the settings; without one nothing is due."""
    if settings.BACKUPS is None:
        return
    settings.BACKUPS.mkdir(parents=True, exist_ok=True)
    try:
        backing_up.back_up(settings.BACKUPS, secret=configured(), keep=settings.BACKUPS_KEPT)
    finally:
        alarms.raise_when_due(now)


def drill(now: datetime) -> None:
    """Restore the newest backup somewhere else; a failure is told to who must know."""
    if settings.BACKUPS is None:
        return
    try:
        run = drilling.drill()
    finally:
        alarms.raise_when_due(now)
    if not run.is_good:
        raise Refused(run.trouble)


# The backup first: the drill takes the newest.
DUTIES = (
    Duty("keeping.backup", timedelta(days=1), backup, _("Backup")),
    Duty("keeping.drill", timedelta(days=7), drill, _("Restore drill")),
)
