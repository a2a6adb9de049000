"""Which requirements nonconformities answer: control (8.7) and reaction (10.2.1)."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.records.evidence import Evidence, EvidenceRecord, Missing, Rule, Start, State, newest
from andon.records.models import Link

from .models import Disposition, Nonconformity

FEW = 5
YEAR = timedelta(days=365)
REPORT = Start(_("Report a nonconformity"), "/nonconformities/new/")


def _answer(
    rows: Any, day: date, missing: list[Missing], *, best: State = State.CURRENT
) -> Evidence:
    """Return the newest of ``rows`` as evidence of the last twelve months before ``day``."""
    columns = ("number", "title", "opened_date", "counted")
    counted = rows.annotate(counted=Window(Count("pk"))).order_by("-pk")
    first = list(counted.values_list(*columns, named=True)[:FEW])
    if not first:
        return Evidence(State.NONE, fix=REPORT)
    shown = tuple(
        EvidenceRecord(row.number, row.title, f"/nonconformities/{row.number}/", row.opened_date)
        for row in first
    )
    state = State.PARTIAL if missing else best
    if first[0].opened_date < day - YEAR:
        state = State.STALE
    return Evidence(state, shown, tuple(missing), REPORT, first[0].counted)


def _each(rows: Any, text: Any, label: Any, place: str) -> list[Missing]:
    numbers = rows.order_by("-pk").values_list("number", flat=True)[:FEW]
    return [
        Missing(text % {"number": number}, f"/nonconformities/{number}/{place}", label)
        for number in numbers
    ]


def control(person: User, day: date) -> Evidence:
    """What does not conform is identified, held and decided on."""
    rows = newest(Nonconformity, person)
    still = newest(Nonconformity, person, closed_date=None)
    late = still.filter(due_date__lt=day)
    unseen = still.filter(state="reported", severity="", opened_date__lt=day - timedelta(days=2))
    missing = [
        *_each(late, _("%(number)s is overdue."), _("Look at it"), ""),
        *_each(unseen, _("%(number)s waits for its triage."), _("Triage"), "triage/"),
    ]
    return _answer(rows, day, missing[:FEW])


def concessions(person: User, day: date) -> Evidence:
    """Where product is used as is or repaired, the reason and the customer's word are on record."""
    lines = Disposition.objects.filter(
        record_id=OuterRef("pk"), disposal__in=("use_as_is", "repair"), withdrawn_reason=""
    )
    rows = newest(Nonconformity, person).filter(Exists(lines) | Q(shipped=True))
    bare = rows.filter(Exists(lines.filter(justification="")))
    ended = lines.filter(approval_until__lt=day, done_quantity__lt=F("quantity"))
    missing = [
        *_each(
            bare, _("%(number)s has a concession without reason."), _("Give it"), "#dispositions"
        ),
        *_each(
            rows.filter(closed_date=None).filter(Exists(ended)),
            _("The customer's approval of %(number)s has ended, and not all of it is used."),
            _("Renew it"),
            "#dispositions",
        ),
    ]
    return _answer(rows, day, missing[:FEW])


def record(person: User, day: date) -> Evidence:
    """Closed ones say what it was, what was done, and who decided."""
    return _answer(newest(Nonconformity, person).filter(state="closed"), day, [])


def reaction(person: User, day: date) -> Evidence:
    """The organization reacts: it contains, corrects and deals with the consequences."""
    rows = newest(Nonconformity, person).exclude(state="reported")
    linked = Link.objects.filter(target_id=OuterRef("pk"), kind="corrects", ended_date=None)
    open_promise = rows.filter(action_decision="yes").exclude(Exists(linked))
    missing = _each(
        open_promise,
        _("%(number)s was to get a corrective action and has none."),
        _("Raise it"),
        "#action",
    )
    return _answer(rows, day, missing)


def status(person: User, day: date) -> Evidence:
    """Nonconforming product carries its status; that of all other product is not seen here."""
    rows = newest(Nonconformity, person).filter(category="product")
    missing = [
        Missing(
            _("Only the status of nonconforming product is recorded here."),
            reverse("nonconformities:list"),
            _("See the holds"),
        )
    ]
    return _answer(rows, day, missing)


RULES = (
    Rule(
        name="nonconformities.control",
        requirements=("8.7.1-1", "8.7.1-2", "8.7.1-3", "8.7.1-a", "8.7.1-b", "8.7.1-4"),
        title=_("Nonconforming output is identified and controlled"),
        text=_("Nonconformities of the last twelve months; overdue and untriaged ones are named."),
        ask=control,
    ),
    Rule(
        name="nonconformities.concessions",
        requirements=("8.7.1-c", "8.7.1-d", "8.7.2-c"),
        title=_("Concessions and what the customer was told"),
        text=_("Use as is and repair with their reasons, and product that had left the company."),
        ask=concessions,
    ),
    Rule(
        name="nonconformities.record",
        requirements=("8.7.2-a", "8.7.2-b", "8.7.2-d", "10.2.2-a"),
        title=_("What it was, what was done, who decided"),
        text=_("Closed nonconformities of the last twelve months."),
        ask=record,
    ),
    Rule(
        name="nonconformities.reaction",
        requirements=("10.2.1-a-1", "10.2.1-a-2"),
        title=_("The organization reacts"),
        text=_(
            "Contained and decided nonconformities; corrective actions that were promised"
            " and are missing are named."
        ),
        ask=reaction,
    ),
    Rule(
        name="nonconformities.status",
        requirements=("8.5.2-2",),
        title=_("Status of output"),
        text=_("Holds on nonconforming product; never more than partial."),
        ask=status,
    ),
)
