"""The sections an 8D form can have: the problem side, D1 to D4."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from andon.modules.actions.models import Question
from andon.ui.paper.sheet import Part

from .fishbone import chains, svg
from .told import Told, shown

if TYPE_CHECKING:
    from andon.modules.nonconformities.models import Nonconformity


def or_words(part: Part, said: str) -> Part:
    """Say in words that nothing is there; an empty box is no answer."""
    told = (part.facts, part.sentences, part.points, part.rows, part.svg)
    if any(told) or part.figure:
        return part
    return Part(title=part.title, sentences=[said])


def customer(told: Told, title: str) -> Part:
    report = told.report
    customers = {str(case.party) for case in told.cases if case.party and case.party.is_customer}
    who = str(report.party) if report and report.party else ", ".join(sorted(customers))
    facts = [(_("Customer"), who), (_("Our number"), told.action.number)]
    if report:
        facts[1:1] = [
            (_("Contact"), report.contact),
            (_("Complaint number"), report.complaint_number),
            (_("Received"), shown(report.received_date)),
            (_("Answer wanted by"), shown(report.answer_due)),
        ]
    return Part(title=title, facts=[(name, value) for name, value in facts if value])


def parts(told: Told, title: str) -> Part:
    report = told.report
    items = sorted({str(case.item) for case in told.cases if case.item})
    lots = sorted({case.lot for case in told.cases if case.lot})
    return Part(
        title=title,
        facts=[
            (_("Customer's part number"), report.customer_part if report else ""),
            (_("Our part number"), report.supplier_part if report else ""),
            (_("Items"), ", ".join(items)),
            (_("Lots"), ", ".join(lots)),
        ],
    )


def dates(told: Told, title: str) -> Part:
    return Part(title=title, columns=[name for name, _day in dates_of(told)],
                rows=[[shown(day) for _name, day in dates_of(told)]])  # fmt: skip


def dates_of(told: Told) -> list[tuple[str, date | None]]:
    """Return the days of D0 to D8 as the record has them; None while a step is not reached."""
    action, report = told.action, told.report
    seen = [case.opened_date for case in told.cases]
    held = [row.day for case in told.cases for row in case.held]
    verified = [c.verified_day for c in action.all_causes if c.is_verified and c.verified_day]
    members = [member.since for member in action.members.all()]
    stated = [row.day for row in action.contrasts.all()]
    first = report.received_date if report and report.received_date else min(seen, default=None)
    return [
        ("D0", first),
        ("D1", min(members, default=None)),
        ("D2", max(stated, default=action.opened_date)),
        ("D3", max(held, default=None)),
        ("D4", max(verified, default=None)),
        ("D5", action.planned_date),
        ("D6", action.cut_in_date),
        ("D7", max((look.day for look in action.looks.all()), default=None)),
        ("D8", action.closed_date),
    ]


def team(told: Told, title: str) -> Part:
    rows = told.action.members.filter(left_date=None).select_related("user").order_by("pk")
    ranked = sorted(rows, key=lambda row: ("leader", "sponsor", "member").index(row.role))
    part = Part(
        title=title,
        columns=[_("Name"), _("Role"), _("Brings")],
        rows=[[str(row), row.get_role_display(), row.brings] for row in ranked],
        sentences=[told.action.team] if told.action.team else [],
    )
    return or_words(part, _("No team is named yet."))


def problem(told: Told, title: str) -> Part:
    action = told.action
    facts = [
        (_("Before"), action.baseline or action.not_measurable),
        (_("Shown by"), str(action.kpi) if action.kpi else ""),
    ]
    stated = [action.problem] if action.problem else []
    part = Part(title=title, sentences=stated, facts=[one for one in facts if one[1]])
    return or_words(part, _("The problem is not stated yet."))


def is_is_not(told: Told, title: str) -> Part:
    rows = {row.question: row for row in told.action.contrasts.all()}
    part = Part(
        title=title,
        columns=["", _("Is"), _("Is not"), _("What is special"), _("What changed")],
        rows=[
            [str(label), row.is_so, row.is_not, row.distinction, row.change]
            for key, label in Question.choices
            if (row := rows.get(key))
        ],
    )
    return or_words(part, _("No is/is-not table was filled in."))


def cases(told: Told, title: str) -> Part:
    part = Part(
        title=title,
        columns=[_("Number"), _("What"), _("Item"), _("Lot"), _("Suspect"), _("Found")],
        rows=[
            [case.number, case.title, case.item, case.lot, amount(case), shown(case.opened_date)]
            for case in told.cases
        ],
    )
    return or_words(part, _("No nonconformity is linked."))


def amount(case: Nonconformity) -> str:
    suspect = case.suspect_quantity
    return "" if suspect is None else f"{suspect.normalize():f}"


def containment(told: Told, title: str) -> Part:
    """Tell where suspect product was held and what sorting found, from the nonconformities."""
    rows: list[list[object]] = []
    for case in told.cases:
        for held in case.held:
            held_back = f"{held.quantity.normalize():f}"
            rows.append([case.number, held.place, held_back, held.action, shown(held.day)])
        for sorted_ in case.rounds:
            counted = _("%(good)s good, %(bad)s nonconforming") % {
                "good": f"{sorted_.good.normalize():f}",
                "bad": f"{sorted_.nonconforming.normalize():f}",
            }
            rows.append([case.number, _("Sorted"), counted, sorted_.note, shown(sorted_.day)])
    done = [f"{case.number}: {case.correction}" for case in told.cases if case.correction]
    part = Part(
        title=title,
        columns=[_("Case"), _("Where"), _("Quantity"), _("What was done"), _("Day")],
        rows=rows,
        points=done,
    )
    return or_words(part, _("Nothing is contained yet."))


def causes(kind: str) -> Callable[[Told, str], Part]:
    def write(told: Told, title: str) -> Part:
        found = [c for c in told.action.all_causes if c.kind == kind and c.is_verified]
        part = Part(
            title=title,
            columns=[_("Cause"), _("How it was verified"), _("By, on")],
            rows=[[c.text, c.how, f"{c.verified_by}, {shown(c.verified_day)}"] for c in found],
        )
        return or_words(part, _("No such cause is verified yet."))

    return write


def fishbone(told: Told, title: str) -> Part:
    if not told.action.all_causes:
        return Part(title=title, sentences=[_("No cause yet.")])
    alt = _("Bold: verified. Struck out: refuted. Others are proposed.")
    return Part(title=title, svg=svg(told.action), alt=alt)


def whys(told: Told, title: str) -> Part:
    lines = [" ← ".join(branch.cause.text for branch in chain) for chain in chains(told.action)]
    return or_words(Part(title=title, points=lines), _("No cause yet."))
