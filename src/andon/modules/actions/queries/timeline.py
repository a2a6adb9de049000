"""From the problem first seen to the effect: what happened on which day, on one page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from andon.modules.nonconformities.models import Nonconformity

if TYPE_CHECKING:
    from andon.accounts.models import User
    from andon.modules.actions.models import CorrectiveAction


@dataclass(frozen=True)
class Event:
    """One thing that happened; ``address`` leads to it, when it is elsewhere."""

    day: date
    text: str
    detail: str = ""
    address: str = ""


def timeline(action: CorrectiveAction, *, viewer: User) -> list[Event]:
    """Return the events in order of their days."""
    events = [
        *_cases(action, viewer),
        *_analysis(action),
        *_plan(action),
        *_effect(action, viewer),
    ]
    return sorted(events, key=lambda event: event.day)


def _cases(action: CorrectiveAction, viewer: User) -> Iterator[Event]:
    rows = Nonconformity.objects.visible_to(viewer).filter(pk__in=action.case_ids)
    for at, case in enumerate(rows.order_by("opened_date", "pk")):
        name = _("First seen: %s") if at == 0 else _("Seen: %s")
        yield Event(case.opened_date, name % case.number, case.title, case.get_absolute_url())
        for held in case.held:
            yield Event(held.day, _("Contained: %s") % case.number, f"{held.place}: {held.action}")
    report = getattr(action, "customer_report", None)
    if report is not None:
        if report.received_date:
            yield Event(report.received_date, _("Complaint received"), report.complaint_number)
        if report.sent_date:
            yield Event(report.sent_date, _("Answer sent to the customer"), report.contact)


def _analysis(action: CorrectiveAction) -> Iterator[Event]:
    yield Event(action.opened_date, _("Corrective action opened"), action.number)
    for member in action.members.select_related("user").order_by("pk"):
        yield Event(member.since, _("In the team: %s") % member, member.get_role_display())
    for cause in action.all_causes:
        if cause.verified_day:
            name = _("Cause verified") if cause.is_verified else _("Cause refuted")
            yield Event(cause.verified_day, name, f"{cause.text} · {cause.how}")
    for look in action.looks.order_by("pk"):
        yield Event(look.day, _("Looked across: %s") % look.place, look.get_answer_display())


def _plan(action: CorrectiveAction) -> Iterator[Event]:
    if action.criterion:
        yield Event(action.criterion.set_day, _("It was fixed how the effect is judged"))
    if action.planned_date:
        yield Event(action.planned_date, _("Plan confirmed"))
    for item in action.items.select_related("party").order_by("pk"):
        if item.sent_date:
            yield Event(item.sent_date, _("Asked: %s") % item.party, item.what)
        if item.answered_date:
            yield Event(item.answered_date, _("Answered: %s") % item.party, item.answer)
        if item.done_date:
            yield Event(item.done_date, _("Done: %s") % item.what, item.done_note)
    for extension in action.item_extensions.select_related("item").order_by("pk"):
        name = _("More time until %s") % extension.to_date
        yield Event(extension.day, name, f"{extension.item.what} · {extension.reason}")


def _effect(action: CorrectiveAction, viewer: User) -> Iterator[Event]:
    if action.cut_in_date:
        yield Event(action.cut_in_date, _("Took hold: the effect counts from here"))
    seen = set(Nonconformity.objects.visible_to(viewer).filter(
        pk__in=list(action.recurrences.values_list("case_id", flat=True))
    ).values_list("pk", flat=True))  # fmt: skip
    for row in action.recurrences.select_related("case").order_by("pk"):
        if row.case_id in seen:
            name = _("Came back: %s") if row.counts else _("Not the same: %s")
            yield Event(row.day, name % row.case.number, row.why, row.case.get_absolute_url())
    for check in action.checks.order_by("pk"):
        yield Event(check.day, check.get_decision_display(), check.note)
