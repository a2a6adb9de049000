"""The sections an 8D form can have: the side of the actions, D5 to D8."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from andon.records.models import Record
from andon.ui.paper.sheet import Part

from . import chart_of
from .parts_problem import or_words
from .timeline import timeline
from .told import Told, shown

if TYPE_CHECKING:
    from andon.accounts.models import User
    from andon.modules.actions.models import ActionItem


def planned(told: Told, title: str) -> Part:
    part = Part(
        title=title,
        columns=[_("Action"), _("Kind"), _("Against"), _("Who"), _("Due")],
        rows=[
            [item.what, item.get_kind_display(), item.cause, item.owner, shown(item.due_date)]
            for item in told.action.live_items
        ],
    )
    return or_words(part, _("Nothing is planned yet."))


def done(told: Told, title: str) -> Part:
    part = Part(
        title=title,
        columns=[_("Action"), _("Done"), _("What was done"), _("Proof")],
        rows=[
            [item.what, shown(item.done_date), item.done_note, proof_of(item, told.viewer)]
            for item in told.action.live_items
        ],
    )
    return or_words(part, _("Nothing is planned yet."))


def proof_of(item: ActionItem, viewer: User) -> str:
    """Return what proves an action, in words; a record the reader may not see is not named."""
    found = [item.reference]
    if item.is_request and item.party:
        asked = _("%(party)s, asked %(sent)s") % {
            "party": item.party, "sent": shown(item.sent_date) or "–",
        }  # fmt: skip
        found += [asked, f"{shown(item.answered_date)}: {item.answer}" if item.answer else ""]
    if _sees(viewer, item):
        found.append(str(item.proof_record))
    if item.proof_file_id:
        found.append(str(item.proof_file))
    return " · ".join(one for one in found if one)


def _sees(viewer: User, item: ActionItem) -> bool:
    record = item.proof_record
    return record is not None and Record.objects.visible_to(viewer).filter(pk=record.pk).exists()


def effect(told: Told, title: str) -> Part:
    action, checks = told.action, list(told.action.checks.order_by("pk"))
    criterion = action.criterion
    if criterion is None:
        return Part(title=title, sentences=[_("It is not fixed yet how the effect is judged.")])
    facts = [
        (_("Judged by"), str(action.kpi) if criterion.is_metric and action.kpi else str(criterion)),
        (_("Watched for"), _("%d days") % criterion.whole_window),
    ]
    if checks:
        last = checks[-1]
        facts.append((_("Verdict"), f"{last}, {last.by}, {shown(last.day)}"))
        points = [*last.lines, *(_("Meanwhile: %s") % one for one in last.changes)]
        return Part(title=title, facts=facts, points=[last.note, *points] if last.note else points)
    verdict = told.verdict
    if verdict is None:
        return Part(
            title=title, facts=facts, sentences=[_("The actions are not all in place yet.")]
        )
    facts.append((_("So far"), verdict.label))
    return Part(title=title, facts=facts, points=list(verdict.reasons))


def chart(told: Told, title: str) -> Part:
    figure = chart_of(told.action, day=told.day)
    return or_words(Part(title=title, figure=figure), _("The effect is not judged by a chart."))


def prevention(told: Told, title: str) -> Part:
    facts = [
        (_("Management system"), told.action.system_change),
        (_("Risks"), told.action.risks_updated),
    ]
    part = Part(title=title, facts=[one for one in facts if one[1]])
    return or_words(part, _("Not said yet."))


def across(told: Told, title: str) -> Part:
    looks = told.action.looks.select_related("who").order_by("pk")
    part = Part(
        title=title,
        sentences=[told.action.elsewhere] if told.action.elsewhere else [],
        columns=[_("Where"), _("Answer"), _("What was found"), _("Who"), _("Day")],
        rows=[
            [look.place, look.get_answer_display(), look.note, look.who, shown(look.day)]
            for look in looks
        ],
    )
    return or_words(part, _("Not looked across yet."))


def history(told: Told, title: str) -> Part:
    return Part(
        title=title,
        columns=[_("Day"), _("What"), ""],
        rows=[
            [shown(event.day), event.text, event.detail]
            for event in timeline(told.action, viewer=told.viewer)
        ],
    )


def close(told: Told, title: str) -> Part:
    words = told.report.closing_words if told.report else ""
    state = _("Closed on %s.") % shown(told.action.closed_date) if told.action.closed_date else (
        _("Not closed yet.")
    )  # fmt: skip
    return Part(title=title, sentences=[one for one in (words, state) if one])
