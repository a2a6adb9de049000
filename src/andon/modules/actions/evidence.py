"""Which requirements corrective actions answer: 10.2, and what they lend to 10.1, 10.3, 9.3.2."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Window
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.records.evidence import Evidence, EvidenceRecord, Missing, Rule, Start, State, newest

from .models import ActionItem, Cause, CorrectiveAction

FEW = 5
YEAR = timedelta(days=365)
OPEN_ONE = Start(_("Open a corrective action"), "/actions/new/")
CLOSED = ("effective", "not_effective")


def _rows(person: User, **only: Any) -> Any:
    return newest(CorrectiveAction, person, **only)


def _answer(
    rows: Any, day: date, missing: Sequence[Missing], *, best: State = State.CURRENT
) -> Evidence:
    """Return the newest of ``rows`` as evidence of the last twelve months before ``day``."""
    columns = ("number", "title", "opened_date", "closed_date", "counted")
    counted = rows.annotate(counted=Window(Count("pk"))).order_by("-pk")
    first = list(counted.values_list(*columns, named=True)[:FEW])
    if not first:
        return Evidence(State.NONE, fix=OPEN_ONE)
    shown = tuple(
        EvidenceRecord(row.number, row.title, f"/actions/{row.number}/", row.opened_date)
        for row in first
    )
    state = State.PARTIAL if missing else best
    if max(row.closed_date or row.opened_date for row in first) < day - YEAR:
        state = State.STALE
    return Evidence(state, shown, tuple(missing[:FEW]), OPEN_ONE, first[0].counted)


def _each(rows: Any, text: str | Promise, label: str | Promise, place: str) -> list[Missing]:
    numbers = rows.order_by("-pk").values_list("number", flat=True)[:FEW]
    return [
        Missing(str(text) % {"number": number}, f"/actions/{number}/{place}", label)
        for number in numbers
    ]


def causes(person: User, day: date) -> Evidence:
    """Causes that somebody verified; those that wait for one long are named."""
    verified = Exists(Cause.objects.filter(record_id=OuterRef("pk"), state="verified"))
    waiting = (
        _rows(person, closed_date=None)
        .filter(opened_date__lt=day - timedelta(days=30))
        .exclude(verified)
    )
    missing = _each(waiting, _("%(number)s has no verified cause yet."), _("Find it"), "#causes")
    return _answer(_rows(person).filter(verified), day, missing)


def elsewhere(person: User, day: date) -> Evidence:
    """What was looked at elsewhere; confirmed plans that say nothing of it are named."""
    silent = _rows(person, closed_date=None).filter(
        state__in=("planned", "implemented"), elsewhere=""
    )
    missing = _each(
        silent, _("%(number)s does not say where else it could turn up."), _("Look"), "#elsewhere"
    )
    return _answer(_rows(person).exclude(elsewhere=""), day, missing)


def carried_out(person: User, day: date) -> Evidence:
    """Actions that were done; overdue ones are named."""
    items = ActionItem.objects.filter(record_id=OuterRef("pk"), dropped_reason="")
    late = _rows(person, closed_date=None).filter(
        Exists(items.filter(done_date=None, due_date__lt=day)) | Q(state="opened", due_date__lt=day)
    )
    missing = _each(late, _("%(number)s is overdue."), _("Look at it"), "#actions")
    done = _rows(person).filter(Exists(items.filter(done_date__isnull=False)))
    return _answer(done, day, missing)


def effectiveness(person: User, day: date) -> Evidence:
    """Effects that were judged; due checks, and effects that did not last, are named."""
    due = _rows(person, closed_date=None).filter(state="implemented", due_date__lte=day)
    gone = _rows(person).unsustained()
    missing = [
        *_each(due, _("The effect of %(number)s is to be judged."), _("Judge it"), "#effect"),
        *_each(gone, _("The effect of %(number)s did not last."), _("See what came back"), ""),
    ]
    return _answer(_rows(person).filter(state__in=CLOSED), day, missing)


def system_change(person: User, day: date) -> Evidence:
    """What became of risks and of the management system; never more than partial."""
    said = _rows(person).exclude(risks_updated="", system_change="")
    missing = [
        Missing(
            _("Risks and changes are only named in corrective actions so far."),
            "/actions/",
            _("See them"),
        )
    ]
    return _answer(said, day, missing)


def improvement(person: User, day: date) -> Evidence:
    """Effective actions improve the system; improvement asks for more than that."""
    missing = [
        Missing(
            _("Corrective action is one way to improve; ideas and objectives are not seen here."),
            "/actions/",
            _("See the actions"),
        )
    ]
    return _answer(_rows(person).filter(state="effective"), day, missing)


def review_input(person: User, day: date) -> Evidence:
    """What a management review can be shown; the review itself is not here."""
    missing = [
        Missing(
            _("No management review has looked at them here."), "/actions/", _("See the actions")
        )
    ]
    return _answer(_rows(person), day, missing)


RULES = (
    Rule(
        name="actions.causes",
        requirements=("10.2.1-b-1", "10.2.1-b-2"),
        title=_("Causes are found"),
        text=_("Corrective actions of the last twelve months with a verified cause."),
        ask=causes,
    ),
    Rule(
        name="actions.elsewhere",
        requirements=("10.2.1-b-3",),
        title=_("Similar nonconformities are looked for"),
        text=_("Corrective actions that say where else it sits or could turn up."),
        ask=elsewhere,
    ),
    Rule(
        name="actions.carried_out",
        requirements=("10.2.1-c", "10.2.1-1"),
        title=_("Action is taken"),
        text=_("Corrective actions with actions done; overdue ones are named."),
        ask=carried_out,
    ),
    Rule(
        name="actions.effectiveness",
        requirements=("10.2.1-d", "10.2.2-b"),
        title=_("The effect is judged"),
        text=_("Closed corrective actions; due checks and effects that did not last are named."),
        ask=effectiveness,
    ),
    Rule(
        name="actions.system_change",
        requirements=("10.2.1-e", "10.2.1-f"),
        title=_("Risks and the system are updated"),
        text=_("Corrective actions that say what changed in risks and in the system."),
        ask=system_change,
    ),
    Rule(
        name="actions.improvement",
        requirements=("10.1-b", "10.1-c", "10.3-1", "10.3-2"),
        title=_("Improvement by corrective action"),
        text=_("Effective corrective actions; never more than partial."),
        ask=improvement,
    ),
    Rule(
        name="actions.review_input",
        requirements=("9.3.2-c-4",),
        title=_("Input for the management review"),
        text=_("Corrective actions that a review can be shown; never more than partial."),
        ask=review_input,
    ),
)
