"""Which requirements improvement projects answer: 10.1 and 10.3, and what they lend to 9.1.3."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.records.evidence import Evidence, EvidenceRecord, Missing, Rule, Start, State, newest

from .models import ImprovementProject
from .models import State as Life

FEW = 5
YEAR = timedelta(days=365)
PROPOSE = Start(_("Propose a project"), "/improvements/new/")
UNDER_WAY = (Life.RUNNING, Life.CHECKING)


def _rows(person: User, **only: Any) -> Any:
    return newest(ImprovementProject, person, **only)


def _answer(rows: Any, day: date, missing: Sequence[Missing], *, best: State) -> Evidence:
    """Return the newest of ``rows`` as evidence of the last twelve months before ``day``."""
    first = list(rows.order_by("-pk")[:FEW])
    if not first:
        return Evidence(State.NONE, fix=PROPOSE)
    shown = tuple(
        EvidenceRecord(row.number, row.title, row.get_absolute_url(), row.opened_date)
        for row in first
    )
    state = State.PARTIAL if missing else best
    if max(row.closed_date or row.opened_date for row in first) < day - YEAR:
        state = State.STALE
    return Evidence(state, shown, tuple(missing[:FEW]), PROPOSE, rows.count())


def _due(person: User, day: date) -> list[Missing]:
    late = _rows(person, closed_date=None).filter(due_date__lt=day).order_by("due_date", "pk")
    return [
        Missing(
            _("%(number)s is overdue.") % {"number": row.number},
            row.get_absolute_url(),
            _("Look at it"),
        )
        for row in late[:FEW]
    ]


def chosen(person: User, day: date) -> Evidence:
    """Projects that were chosen and started; overdue ones are named."""
    rows = _rows(person).exclude(state=Life.PROPOSED)
    return _answer(rows, day, _due(person, day), best=State.CURRENT)


def confirmed(person: User, day: date) -> Evidence:
    """Benefits that were confirmed on the number; checks that are due are named."""
    rows = _rows(person).filter(state=Life.CONFIRMED)
    return _answer(rows, day, _due(person, day), best=State.CURRENT)


def needs(person: User, day: date) -> Evidence:
    """Projects that came of a signal: analysis led to improvement; never more than partial."""
    rows = _rows(person).filter(links_out__kind="raised_from", links_out__ended_date=None)
    missing = [
        Missing(
            _("Needs that a management review found are not seen here."),
            "/improvements/",
            _("See the projects"),
        )
    ]
    return _answer(rows.distinct(), day, missing, best=State.PARTIAL)


RULES = (
    Rule(
        name="improvements.chosen",
        requirements=("10.1-1", "10.1-b", "10.1-c"),
        title=_("Improvements are chosen and carried out"),
        text=_("Improvement projects with a goal, started in the last twelve months."),
        ask=chosen,
    ),
    Rule(
        name="improvements.confirmed",
        requirements=("10.3-1",),
        title=_("Improvement is shown"),
        text=_("Projects whose benefit was confirmed on the KPI, before and after."),
        ask=confirmed,
    ),
    Rule(
        name="improvements.needs",
        requirements=("9.1.3-g", "10.3-2"),
        title=_("Analysis leads to improvement"),
        text=_("Projects raised from a signal of a KPI; never more than partial."),
        ask=needs,
    ),
)
