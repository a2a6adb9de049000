"""The daily verification, and one that somebody asked for."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_tasks import task

from andon.organization.duties import Duty

from . import alarm, services


def verify_daily(now: datetime) -> None:
    """Verify, keep the result, and raise the alarm on a finding."""
    alarm.raise_for(services.run_verification(), now=now)


@task(takes_context=True)
def verify_now(context: Any) -> None:
    """Verify for the person who asked; begun again after a crash, it is only verified twice."""
    run = services.run_verification(by=context.run.asked_by)
    alarm.raise_for(run, now=run.ended_at)


DUTIES = (
    Duty("proof.verify", timedelta(days=1), verify_daily, _("Daily verification of the trail")),
)
