"""How the owners answer the signals that no story of its own takes up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from andon.demo.machines import RECENT, SLIPPED, SPIKE
from andon.demo.measures import LOOKS
from andon.modules.improvements import services as improvements
from andon.modules.kpis.models import Signal
from andon.records import services as records

if TYPE_CHECKING:
    from andon.demo.factory import Factory
    from andon.demo.telling import Story

# Told in stories of their own: KPI and week.
TOLD = (("SCRAP-PRS2", SPIKE), ("DOWNTIME", SLIPPED), ("SCRAP-TRN1", RECENT))
# Stable but off target: a project, not a quick fix.
ESCALATED = "SCRAP"
OFF_TARGET = "Known and stable. The improvement project of the year takes it up, not a quick fix."


def answering(factory: Factory) -> Story:
    """Answer what is open two days after every look, but the last: that is for the visitor."""
    for week in LOOKS[:-1]:
        yield (day := factory.on(week, 2))
        told = {(code, factory.on(at)) for code, at in TOLD}
        for signal in Signal.objects.filter(state="raised").select_related("kpi").order_by("pk"):
            if (signal.kpi.code, signal.day) not in told:
                _answer(factory, signal, day)


def _answer(factory: Factory, signal: Signal, day: date) -> None:
    by = factory.people["ana"]
    if signal.is_off_target and signal.kpi.code == ESCALATED:
        improvements.escalate(signal, by=by, day=day)
        return
    if signal.is_off_target:
        data = {"accepted_reason": OFF_TARGET}
        records.perform(signal, "accept", by=by, day=day, data=data)
        return
    data = {
        "cause_code": "machine", "action_code": "watched",
        "cause": "Looked into at the line the same day; the press story explains the total.",
    }  # fmt: skip
    if signal.kpi.code != "SCRAP":
        data["cause"] = "Start-up after the stop; settled within the shift, nothing left to do."
    records.perform(signal, "note_cause", by=by, day=day, data=data)


def signal_of(factory: Factory, code: str, week: int) -> Signal:
    """Return the signal a KPI gave for a week: beyond the limits."""
    found: Signal = Signal.objects.get(
        kpi=factory.kpis[code], day=factory.on(week), rule__in=["n1", "we1"]
    )
    return found
