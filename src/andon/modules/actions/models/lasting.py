"""Whether an effect lasted: what came back after an action was closed as effective."""

from __future__ import annotations

from typing import TYPE_CHECKING

from andon.modules.actions.lifecycle import State
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.models import State as CaseState
from andon.records.models import Link

if TYPE_CHECKING:
    from andon.records.models import Record

    from .action import CorrectiveAction

SHOWN = 20
LIVE_CASES = [state for state in CaseState.values if state != CaseState.VOID]


def came_back_as(action: CorrectiveAction) -> list[Record]:
    """Return the cases judged recurrences that were opened after ``action`` was closed."""
    if action.state != State.EFFECTIVE or action.closed_date is None:
        return []
    rows = action.recurrences.filter(
        counts=True, case__state__in=LIVE_CASES, case__opened_date__gt=action.closed_date
    )
    return [row.case for row in rows.select_related("case").order_by("pk")[:SHOWN]]


def reported_again(action: CorrectiveAction) -> list[Record]:
    """Return the cases linked as recurrences since then that nobody has judged."""
    if action.state != State.EFFECTIVE or action.closed_date is None:
        return []
    drawn = Link.objects.filter(
        kind="recurrence_of",
        ended_date=None,
        target_id__in=[action.pk, *action.case_ids],
        record__kind=Nonconformity.slug(),
        record__state__in=LIVE_CASES,
        record__opened_date__gt=action.closed_date,
    ).exclude(record_id__in=action.recurrences.values("case_id"))
    return [link.record for link in drawn.select_related("record").order_by("pk")[:SHOWN]]
