"""Single events: a false alarm, concessions, a refused closure, what is overdue."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from andon.demo.answers import signal_of
from andon.demo.facts import correct_the_slip
from andon.demo.handling import Handling, report
from andon.demo.machines import SLIPPED
from andon.modules.kpis import services as kpis
from andon.records import services as records
from andon.records.workflow import Refusal

if TYPE_CHECKING:
    from andon.demo.factory import Factory
    from andon.demo.telling import Story


def slipped_digit(factory: Factory) -> Story:
    """Downtime signals because a digit slipped: the facts are corrected, the period restated."""
    yield (day := factory.on(SLIPPED + 1, 1))
    signal = signal_of(factory, "DOWNTIME", SLIPPED)
    correct_the_slip(factory)
    ana, why = factory.people["ana"], "360 minutes were typed for 36, on two late shifts"
    kpis.restate(factory.kpis["DOWNTIME"], factory.on(SLIPPED), by=ana, reason=why, day=day)
    data = {"false_alarm_reason": f"{why}; the line did not stand still longer than usual."}
    records.perform(signal, "false_alarm", by=ana, day=day, data=data)


def punctual(factory: Factory) -> Story:
    """On-time delivery gets better; the second step is a project (see ``improving``)."""
    yield (day := factory.on(-52, 1))
    kpis.set_limits(
        factory.kpis["OTD"],
        start=(factory.on(-52), 0),
        reason="Dates are confirmed after a look at the capacity",
        document="Order procedure, revision 4",
        by=factory.people["ana"],
        day=day,
    )


def concession(factory: Factory) -> Story:
    """Shafts 4 µm over: the customer approves their use in writing."""
    yield (day := factory.on(-44, 1))
    case = report(
        factory, day, by="ines", title="Shafts 4 µm over the upper limit", line="TRN-1",
        item="41-1180", party="C-ELMOT", defect="DIA", process="TUR", found_at="final",
        severity="minor", suspect_quantity=420, customer_requirement=True, lot="S-0918",
        requirement="Drawing 41-1180: 18 h6 (17.989 to 18.000)",
    )  # fmt: skip
    hand = Handling(case, factory.people["ines"])
    older = hand.list_lot("S-0917", 150, "The last 150 of the night shift", day=day)
    newer = hand.list_lot("S-0918", 270, "All of it", day=day)
    hand.contain("Finished goods", 420, "Blocked", day=day)
    hand.sort_out(30, 120, note="Air gauge ring, 100 %", day=day, lot=older)
    hand.sort_out(10, 260, note="Air gauge ring, 100 %", day=day, lot=newer)
    yield (day := factory.on(-43, 2))
    for lot, quantity in ((older, 120), (newer, 260)):
        hand.dispose(
            "use_as_is", quantity, day=day, lot=lot, instruction="Mark the boxes C-0412",
            justification="The bearing seat is pressed; 4 µm more raise the press force by 3 %.",
            approval_number="Elmot C-0412", approval_contact="Dr Weiss, quality of purchased parts",
            approval_until=factory.on(-30), approval_quantity=400,
        )  # fmt: skip
    hand.settle(day=day)
    hand.carry_out(day=day)
    hand.decide(action="no", why="Offset corrected; 30 shafts since then in the middle.")
    hand.close(day=day)


def waiting_for_the_customer(factory: Factory) -> Story:
    """A repair that the customer has not approved yet: the decision is refused."""
    yield (day := factory.on(-3, 1))
    case = report(
        factory, day, by="pedro", title="Weld nut missing on right brackets", line="PRS-2",
        item="23-4425", party="C-NORVIG", process="STA", severity="minor", defect="MATL",
        suspect_quantity=64, customer_requirement=True, owner="ana",
    )  # fmt: skip
    hand = Handling(case, factory.people["ines"])
    hand.contain("Hall 2, blocked area", 64, "Blocked and tagged", day=day)
    hand.sort_out(24, 40, note="By eye", day=day)
    hand.dispose("repair", 40, day=day, instruction="Weld the nut by hand",
                 justification="Same nut, pull test 4.2 kN of 3.5 kN")  # fmt: skip
    _refused(hand, "settle", factory.on(-2, 1))


def refused_closure(factory: Factory) -> Story:
    """Everything is reworked, nothing verified again: the closure is refused."""
    yield (day := factory.on(-6, 3))
    case = report(
        factory, day, by="pedro", title="Chatter marks in bushings", line="TRN-1",
        item="41-1222", process="TUR", severity="minor", suspect_quantity=150,
        origin="Finish boring", requirement="Ra at most 0.8 µm",
    )  # fmt: skip
    hand = Handling(case, factory.people["ines"])
    hand.contain("Quarantine rack Q1", 150, "Blocked and tagged", day=day)
    hand.sort_out(110, 40, note="Roughness tester", day=day)
    hand.dispose("rework", 36, day=day, instruction="Hone")
    hand.dispose("scrap", 4, day=day)
    hand.settle(day=day)
    hand.carry_out(day=day)
    _refused(hand, "close", factory.on(-4, 1))


def _refused(hand: Handling, step: str, day: date) -> None:
    """Try a step that lacks something, and write down what it lacks."""
    try:
        records.perform(hand.case, step, by=hand.by, day=day)
    except Refusal as refusal:
        hand.say(f"Not yet: {refusal}", day=day)


def overdue(factory: Factory) -> Story:
    """An audit finding nobody has taken up; it was due two weeks ago."""
    yield (day := factory.on(-7, 1))
    case = report(
        factory, day, by="ines", title="No agreed quality requirements for the hardening",
        category="audit", found_at="audit", party="S-FERR", process="PUR", severity="minor",
        requirement="8.4.3: requirements are told to the provider", owner="pedro",
        due_date=factory.on(-2, 4),
        description="The order says “harden as usual”; depth and hardness are in no document.",
    )  # fmt: skip
    Handling(case, factory.people["ines"]).say("Pedro, when will this be done?", day=factory.on(-1))
