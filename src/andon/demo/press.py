"""The main thread: a signal on press line 2, its nonconformity, the action that worked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from andon.demo.answers import signal_of
from andon.demo.correcting import Cause, Correcting, Step
from andon.demo.handling import Handling, report
from andon.demo.machines import CUT_IN, SPIKE
from andon.modules.actions import services as actions
from andon.modules.kpis import services as kpis
from andon.records import services as records

if TYPE_CHECKING:
    from andon.demo.factory import Factory
    from andon.demo.telling import Story
    from andon.modules.nonconformities.models import Nonconformity

WATCHED = 84
BURR = {
    "line": "PRS-2", "item": "23-4410", "defect": "BURR", "process": "STA",
    "origin": "Cutting station", "requirement": "Drawing 23-4410: burr at most 0.10 mm",
}  # fmt: skip
CAUSES = (
    Cause(
        "Punches ground too late",
        "Regrind dates and burr height do not go together (r = 0.1).",
        "Regrind cards of 12 weeks", holds=False, branch="method",
    ),
    Cause(
        "The guide of the cutting die has worn, the punch runs 0.04 mm off centre",
        "Guide shimmed on one shift: burr 0.16 → 0.06 mm; taken out again: 0.15 mm.",
        "Measured on 40 parts each", branch="machine",
    ),
    Cause(
        "Die guides are in no maintenance plan",
        "Plan of the die shop looked through with the toolmaker.", kind="system",
        branch="management",
    ),
)  # fmt: skip


def burrs(factory: Factory) -> Story:
    """Go from the signal to the nonconformity, to its closure, and on to the cause."""
    yield (day := factory.on(SPIKE + 1, 1))
    signal = signal_of(factory, "SCRAP-PRS2", SPIKE)
    case = report(
        factory, day, by="ines", title="Burrs of 0.16 mm on seat rail brackets", **BURR,
        severity="major", suspect_quantity=1860, lot="W14-2",
        description="Scrap of press line 2 rose to 10.8 % in one week, most of it burrs.",
    )  # fmt: skip
    records.link(case, "raised_from", signal, by=factory.people["ines"], day=day)
    records.perform(signal, "hand_on", by=factory.people["pedro"], day=day)
    _settle_burrs(factory, case, day)
    yield from _remove_the_cause(factory, case)


def _settle_burrs(factory: Factory, case: Nonconformity, day: date) -> None:
    hand = Handling(case, factory.people["ines"])
    hand.contain("Hall 2, blocked area", 1500, "Blocked, red tags", day=day)
    hand.contain("Press line 2, container 7", 360, "Line stopped, container moved", day=day)
    hand.sort_out(1290, 562, 8, note="Burr gauge, 100 %", day=day)
    hand.dispose("rework", 318, day=day, instruction="Barrel-finish, 40 minutes")
    hand.dispose("scrap", 244, day=day, instruction="Burr at the bend cannot be reached")
    hand.settle(day=day)
    hand.say("The burr sits on the rail side only; have a look at the guide.", day=day,
             by=factory.people["olga"])  # fmt: skip


def _remove_the_cause(factory: Factory, case: Nonconformity) -> Story:
    yield (day := factory.on(SPIKE + 1, 3))
    hand = Handling(case, factory.people["ines"])
    lead = Correcting.open(
        factory, day, by="pedro", title="Burrs and high scrap at press line 2", process="STA",
        problem="8 % of the stamped parts are scrapped since the line started, nearly half for"
        " burrs on the rail side; in one week it was 10.8 %. Press line 1 has 3 %.",
        baseline="8.0 % over 24 weeks, the week of the signal left out", major=True,
        team="Pedro Alves, Inés Romero, toolmaker, setter of the late shift",
    )  # fmt: skip
    lead.take_on(case, day=day)
    yield (day := factory.on(SPIKE + 3, 1))
    hand.carry_out(day=day)
    hand.verify(passed=True, note="50 parts: burr at most 0.07 mm", day=day)
    hand.decide(action="yes", why="The cause is still in the die.")
    hand.close(day=day)
    lead.find_causes(CAUSES, day=day)
    lead.find_causes(
        [Cause("Burr height is looked at, not measured", "10 of 40 bad parts were passed by eye.",
               kind="escape", branch="measurement")],
        day=day,
    )  # fmt: skip
    yield from _guide_the_die(factory, lead)


def _guide_the_die(factory: Factory, lead: Correcting) -> Story:
    yield (day := factory.on(SPIKE + 4))
    lead.plan(
        [
            Step("New hardened guide in dies 4410 and 4425", "pedro", factory.on(CUT_IN),
                 proof="Drawing 4410-W, revision F"),
            Step("Guides into the maintenance plan, every 200,000 strokes", "pedro",
                 factory.on(CUT_IN - 1), "document", "Maintenance plan of dies, revision 3"),
            Step("Burr gauge at the line instead of a look", "ines", factory.on(CUT_IN - 2),
                 "mistake_proofing", "Photo board of press line 2"),
        ]
    )  # fmt: skip
    records.edit(
        lead.action,
        {
            "elsewhere": "Dies of line 1 looked at: guides within 0.01 mm. Die 5102 is next.",
            "risks_updated": "Die wear is in the risk list of stamping now.",
            "system_change": "Maintenance plan of dies, revision 3.",
        },
        by=lead.by,
        version=None,
    )
    lead.promise("SCRAP-PRS2", percent=15, since=factory.on(SPIKE - 23), days=WATCHED, day=day)
    lead.settle(day=day)
    notes = ("Gauge at the line, see photo board", "Plan revision 3 released", "Built in on Sunday")
    for at, week in enumerate((CUT_IN - 2, CUT_IN - 1, CUT_IN)):
        yield factory.on(week)
        lead.finish(at, notes[at], day=factory.on(week))
    lead.implement(day=factory.on(CUT_IN))
    _new_limits(factory, lead)
    yield from _watch(factory, lead)


def _new_limits(factory: Factory, lead: Correcting) -> None:
    """Compute the limits anew: the process is another one with the new guides."""
    for code in ("SCRAP-PRS2", "SCRAP"):
        kpis.set_limits(
            factory.kpis[code],
            start=(factory.on(CUT_IN), 0),
            reason="New die guides",
            record=lead.action,
            by=factory.people["ana"],
            day=factory.on(CUT_IN),
        )


def _watch(factory: Factory, lead: Correcting) -> Story:
    """A case from old stock turns up; it does not count. Then the window is over."""
    yield (day := factory.on(CUT_IN + 5, 2))
    case = report(
        factory, day, by="olga", title="Burrs on brackets from an old container", **BURR,
        suspect_quantity=120, lot="W13-6",
    )  # fmt: skip
    hand = Handling(case, factory.people["ines"])
    yield (day := factory.on(CUT_IN + 5, 4))
    hand.triage(severity="minor")
    hand.contain("Hall 2, blocked area", 120, "Blocked", day=day)
    hand.sort_out(66, 54, note="Burr gauge, 100 %", day=day)
    hand.dispose("scrap", 54, day=day)
    hand.settle(day=day)
    hand.carry_out(day=day)
    hand.decide(action="no", why=f"Made before the new guides; see {lead.action.number}.")
    hand.close(day=day)
    actions.judge_recurrence(
        lead.fresh(), by=factory.people["ines"], case=case, counts=False,
        why="Lot W13-6 was stamped before the new guides were built in.", day=day,
        produced_date=factory.on(SPIKE - 1),
    )  # fmt: skip
    yield (day := factory.on(CUT_IN, 0) + timedelta(days=WATCHED + 8))
    lead.judge(
        "effective", "Scrap went from 8.0 to 6.0 % and stays there; burrs are its least cause.",
        day=day, meanwhile="A new strip supplier since June, for die 5102 only.",
    )  # fmt: skip
