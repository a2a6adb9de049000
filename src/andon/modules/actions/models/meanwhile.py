"""What else changed while an action was watched: found in the records, beside what is typed.

Before and after is association; whoever judges has to see what else could have moved the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from andon.modules.kpis.models import Phase
from andon.records.models import Record

if TYPE_CHECKING:
    from andon.accounts.models import User

    from .action import CorrectiveAction

SHOWN = 20
# Kinds of record that improve a process without a nonconformity; asked for by name, so that this
# module needs none of them.
IMPROVING = ("improvements",)


@dataclass(frozen=True)
class Concurrent:
    """One change of the same time and place; ``address`` leads to it."""

    day: date
    name: str
    text: str
    address: str
    open_to_all: bool = True

    def __str__(self) -> str:
        return f"{self.day} · {self.name} {self.text}"


def changed_meanwhile(action: CorrectiveAction, viewer: User) -> list[Concurrent]:
    """Return what took hold at the same site, process, line or KPI between baseline and verdict."""
    criterion = action.criterion
    if criterion is None or action.cut_in_date is None:
        return []
    since = criterion.baseline_until or action.cut_in_date
    window = since, action.cut_in_date + timedelta(days=criterion.whole_window)
    found = [
        *_other_actions(action, viewer, window),
        *_projects(action, viewer, window),
        *_phases(action, window),
    ]
    return sorted(found, key=lambda change: (change.day, change.name))


def _near(action: CorrectiveAction, site: str = "site_id") -> Q:
    near = Q(**{site: action.site_id})
    return near | Q(process_id=action.process_id) if action.process_id else near


def _other_actions(
    action: CorrectiveAction, viewer: User, window: tuple[date, date]
) -> list[Concurrent]:
    rows = type(action).objects.visible_to(viewer).in_force().filter(_near(action))
    rows = rows.filter(cut_in_date__range=window).exclude(pk=action.pk)
    return [
        Concurrent(
            other.cut_in_date, other.number, other.title, other.get_absolute_url(),
            not other.restricted,
        )
        for other in rows.order_by("-record_ptr_id")[:SHOWN]
        if other.cut_in_date
    ]  # fmt: skip


def _projects(
    action: CorrectiveAction, viewer: User, window: tuple[date, date]
) -> list[Concurrent]:
    """Return improvement projects that were at work within the window."""
    since, until = window
    rows = Record.objects.visible_to(viewer).filter(_near(action), kind__in=IMPROVING)
    rows = rows.filter(opened_date__lte=until).filter(
        Q(closed_date=None) | Q(closed_date__gte=since)
    )
    return [
        Concurrent(
            project.opened_date, project.number, project.title, project.get_absolute_url(),
            not project.restricted,
        )
        for project in rows.order_by("-pk")[:SHOWN]
        if not project.is_void
    ]  # fmt: skip


def _phases(action: CorrectiveAction, window: tuple[date, date]) -> list[Concurrent]:
    """Return documented changes (new limits) of KPIs of the same process, line, or this KPI."""
    near = Q(kpi_id=action.kpi_id) if action.kpi_id else Q(pk=None)
    if action.process_id:
        near |= Q(kpi__process_id=action.process_id)
    if lines := {case.line_id for case in action.cases if case.line_id}:
        near |= Q(kpi__line_id__in=lines)
    own_site = Q(kpi__site_id=action.site_id) | Q(kpi__site=None)
    rows = Phase.objects.filter(near, own_site, day__range=window).select_related("kpi")
    rows = rows.exclude(record_id=action.pk)
    return [
        Concurrent(phase.day, phase.kpi.code, phase.reason, phase.kpi.get_absolute_url())
        for phase in rows.order_by("-day", "-pk")[:SHOWN]
    ]
