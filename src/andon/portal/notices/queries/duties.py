"""How the duties of the worker are doing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.portal.notices.models import DutyRun

# A worker looks at its duties twice a minute; one that long behind is not there.
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Told:
    """A duty in words: a tone and a label of the state badge."""

    duty: DutyRun
    late: bool
    label: str | Promise
    tone: str


def told(now: datetime) -> list[Told]:
    return [_told(duty, now) for duty in DutyRun.objects.all()]


def idle(duties: Sequence[Told]) -> bool:
    """Return whether no worker seems to run: there are no duties yet, or all are late."""
    return all(one.late for one in duties)


def _told(duty: DutyRun, now: datetime) -> Told:
    late = duty.next_at < now - PATIENCE and not duty.runs(now)
    if duty.error:
        return Told(duty, late, _("Failed"), "act")
    if late:
        return Told(duty, late, _("Waits for a worker"), "act")
    if duty.runs(now):
        return Told(duty, late, _("Runs"), "info")
    return Told(duty, late, _("Done"), "good")
