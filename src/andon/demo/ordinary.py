"""The nonconformities that need no story of their own: a table, and how far each has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from andon.demo.handling import Handling, report
from andon.records import services as records

if TYPE_CHECKING:
    from andon.demo.factory import Factory
    from andon.demo.telling import Story

ENOUGH = "A single case; the correction is enough."


@dataclass(frozen=True)
class Case:
    """One nonconformity: when, by whom, what, and what became of it."""

    week: int
    weekday: int
    by: str
    title: str
    fields: Mapping[str, Any]
    suspect: int = 0
    good: int = 0
    lost: int = 0
    # Each with its disposition, its quantity and what more is said of it.
    lines: tuple[tuple[str, int, Mapping[str, Any]], ...] = ()
    place: str = "Quarantine rack Q3"
    ends: str = "closed"
    why_no_action: str = ENOUGH
    comments: tuple[tuple[str, str], ...] = field(default=())
    # A later due date in a week, and why.
    later: tuple[int, str] | None = None


def ordinary(factory: Factory, case: Case) -> Story:
    """Report the case, decide two days later, close it in the second week after."""
    day = factory.on(case.week, case.weekday)
    yield day
    quantity = {"suspect_quantity": case.suspect} if case.suspect else {}
    record = report(factory, day, by=case.by, title=case.title, **case.fields, **quantity)
    hand = Handling(record, factory.people["ines"])
    for who, text in case.comments:
        hand.say(text, day=day, by=factory.people[who])
    if case.ends == "reported":
        return
    yield (day := day + timedelta(days=2))
    if case.ends == "void":
        reason = {"void_reason": case.why_no_action}
        records.perform(record, "void", by=hand.by, day=day, data=reason)
        return
    _decide(hand, case, day)
    if case.later:
        week, why = case.later
        records.extend(hand.fresh(), factory.on(week), by=hand.by, reason=why, day=day)
    if case.ends == "decided":
        return
    yield (day := day + timedelta(days=8))
    hand.carry_out(day=day)
    hand.verify(passed=True, note="Measured again, all within the drawing", day=day)
    hand.decide(action="no", why=case.why_no_action)
    hand.close(day=day)


def _decide(hand: Handling, case: Case, day: date) -> None:
    if case.suspect:
        bad = sum(line[1] for line in case.lines)
        hand.contain(case.place, case.suspect, "Blocked and tagged", day=day)
        hand.sort_out(case.good, bad, case.lost, note="Sorted by hand, 100 %", day=day)
    for disposal, quantity, details in case.lines:
        hand.dispose(disposal, quantity, day=day, **details)
    hand.settle(day=day)
