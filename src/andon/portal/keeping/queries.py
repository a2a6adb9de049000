"""How safe the records are: the last backups and drills, and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User

from .models import KeepingRun, Kind

# A duty that is a few hours late is no alarm; one day more than planned is.
BACKUP_AGE = timedelta(days=2)
DRILL_AGE = timedelta(days=15)
SHOWN = 30
SAFE = "good"


@dataclass(frozen=True)
class Missing:
    """One thing that is not as it should be, and what to do about it."""

    sentence: str | Promise
    advice: str | Promise
    urgent: bool = True


@dataclass(frozen=True)
class Standing:
    """What the page says first."""

    backup: KeepingRun | None
    drill: KeepingRun | None
    missing: list[Missing]

    @property
    def urgent(self) -> bool:
        return any(one.urgent for one in self.missing)


def standing(now: datetime) -> Standing:
    """Return the last good backup and drill, and what is missing."""
    backup, drill = _last_good(Kind.BACKUP), _last_good(Kind.DRILL)
    return Standing(backup, drill, list(_missing(backup, drill, now)))


def runs(user: User) -> list[KeepingRun]:
    """Return the newest runs that ``user`` may see."""
    return list(KeepingRun.objects.visible_to(user)[:SHOWN])


def troubles(now: datetime) -> list[Missing]:
    """Return what must be told to somebody who does not look at the page; nothing unless set up."""
    if settings.BACKUPS is None:
        return []
    return [one for one in standing(now).missing if one.urgent]


def _last_good(kind: str) -> KeepingRun | None:
    run: KeepingRun | None = KeepingRun.objects.of(kind).filter(is_good=True).first()
    return run


def _missing(
    backup: KeepingRun | None, drill: KeepingRun | None, now: datetime
) -> Iterator[Missing]:
    yield from _failures()
    if settings.BACKUPS is None:
        yield Missing(
            _("No backup is made by itself."),
            _("Set ANDON_BACKUPS to a folder on another disk or machine, and start the worker."),
        )
    elif backup is None or now - backup.started_at > BACKUP_AGE:
        yield Missing(
            _("There is no good backup of the last two days."),
            _("Look at Background work: the worker makes one every day when it runs."),
        )
    if backup is not None and (drill is None or now - drill.started_at > DRILL_AGE):
        yield Missing(
            _("No backup was restored for trial in the last two weeks."),
            _("Run “andon drill”, and let the worker run, which does it every week."),
        )
    if backup is not None and not backup.is_encrypted:
        yield Missing(
            _("Backups are not encrypted."),
            _("Name a file with a long secret in ANDON_BACKUP_SECRET_FILE, and keep a copy of it."),
            urgent=False,
        )
    if settings.BACKUPS is not None and _same_disk(settings.BACKUPS):
        yield Missing(
            _("The folder of the backups lies on the same disk as the data."),
            _("One broken disk would take both. Copy them to another machine."),
            urgent=False,
        )


def _failures() -> Iterator[Missing]:
    for kind, sentence in (
        (Kind.BACKUP, _("The last backup did not succeed.")),
        (Kind.DRILL, _("The last restore drill did not succeed.")),
    ):
        last = KeepingRun.objects.of(kind).first()
        if last is not None and not last.is_good:
            yield Missing(sentence, last.trouble)


def _same_disk(folder: Path) -> bool:
    data = Path(settings.DATA)
    return folder.exists() and data.exists() and folder.stat().st_dev == data.stat().st_dev
