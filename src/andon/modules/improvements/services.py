"""What people do with a project beyond opening, editing and its steps."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.kpis.models import Kpi, Signal
from andon.organization import clock
from andon.records import services as records
from andon.records.workflow import Refused
from andon.trail.services import audited

from .lifecycle import State
from .models import ImprovementProject

WORK = "improvements.work"


def escalate(signal: Signal, *, by: User, day: date | None = None) -> ImprovementProject:
    """Propose a project from ``signal``, linked to it; the signal is handed on to it."""
    with audited(by, reason=_("signal escalated")):
        day = day or clock.today(signal.site)
        kpi = signal.kpi
        project = ImprovementProject(
            title=signal.title, problem=signal.sentence, kpi=kpi, owner=signal.owner,
            site=signal.site, process=signal.process, target_value=kpi.target_on(day),
        )  # fmt: skip
        records.create(project, by=by, day=day)
        records.link(project, "raised_from", signal, by=by, day=day)
        records.perform(signal, "hand_on", by=by, day=day)
    return project


def fix_goal(
    project: ImprovementProject,
    *,
    by: User,
    kpi: Kpi,
    baseline_from: date,
    baseline_until: date,
    target_value: Decimal,
    window_days: int,
    expected_benefit: Decimal,
    cost_kind: str = "",
    rate: Decimal | None = None,
    rate_source: str = "",
    confirmer: User | None = None,
) -> ImprovementProject:
    """Fix goal, baseline and money before the project runs; afterwards they stay as they are."""
    with records.changing(project, by=by, permission=WORK, reason=_("goal fixed")) as fresh:
        if fresh.state != State.PROPOSED:
            raise Refused(_("The project runs; its goal was fixed before and stays."), fix="#goal")
        fresh.kpi, fresh.confirmer = kpi, confirmer
        fresh.baseline_from, fresh.baseline_until = baseline_from, baseline_until
        fresh.target_value, fresh.window_days = target_value, window_days
        fresh.expected_benefit = expected_benefit
        fresh.cost_kind, fresh.rate, fresh.rate_source = cost_kind, rate, rate_source.strip()
    return fresh
