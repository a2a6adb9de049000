"""A signal of a KPI becomes a corrective action in one step, and is answered by it."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.models import CorrectiveAction
from andon.modules.kpis.models import Signal
from andon.organization import clock
from andon.organization.policy import policy
from andon.records import services as records
from andon.trail.services import audited


def escalate(signal: Signal, *, by: User, day: date | None = None) -> CorrectiveAction:
    """Open a corrective action from ``signal``, linked to it; the signal is handed on to it."""
    with audited(by, reason=_("signal escalated")):
        day = day or clock.today(signal.site)
        action = CorrectiveAction(
            title=signal.title, problem=signal.sentence, kpi=signal.kpi, owner=signal.owner,
            site=signal.site, process=signal.process,
            due_date=day + timedelta(days=policy().action_due_days),
        )  # fmt: skip
        records.create(action, by=by, day=day)
        records.link(action, "raised_from", signal, by=by, day=day)
        records.perform(signal, "hand_on", by=by, day=day)
    return action
