"""The turning cell: training did not help, the two regimes were found; and a customer case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from andon.demo.correcting import Cause, Correcting, Step
from andon.demo.handling import Handling, report
from andon.demo.machines import TRAINED
from andon.modules.actions import services as actions
from andon.records import services as records

if TYPE_CHECKING:
    from andon.demo.factory import Factory
    from andon.demo.telling import Story
    from andon.modules.nonconformities.models import Nonconformity

WATCHED = 56
BORE = {
    "line": "TRN-1", "item": "41-1222", "defect": "BORE", "process": "TUR",
    "origin": "Finish boring", "requirement": "Drawing 41-1222: 22 H7",
}  # fmt: skip


def bores(factory: Factory) -> Story:
    """Report wide bores, train the operators, see them again, and look for the real cause."""
    yield (day := factory.on(TRAINED - 4, 2))
    first = _wide_bores(factory, day, "Bores 12 µm too wide", counts=(152, 58))
    lead = Correcting.open(
        factory, day, by="pedro", title="Wide bores at turning cell 1", process="TUR",
        problem="5 % of the turned parts are scrapped, more than half for wide bores.",
        baseline="5.0 % over 12 weeks",
    )  # fmt: skip
    lead.take_on(first, day=day)
    Handling(first, factory.people["ines"]).decide(action="yes", why="It comes back.")
    Handling(first, factory.people["ines"]).close(day=day)
    cause = Cause("Offsets are corrected by feel", "Three setters asked; each does it otherwise.")
    lead.find_causes([cause], day=day)
    lead.plan([Step("All setters trained in offset correction", "pedro", factory.on(TRAINED),
                    "training")])  # fmt: skip
    lead.promise("SCRAP-TRN1", percent=30, since=factory.on(TRAINED - 12), days=WATCHED, day=day)
    lead.settle(day=day)
    yield (day := factory.on(TRAINED))
    lead.finish(0, "Six setters trained, list in the office", day=day)
    lead.implement(day=day)
    yield from _again(factory, lead, first)


def _wide_bores(
    factory: Factory, day: date, title: str, *, counts: tuple[int, int]
) -> Nonconformity:
    """Report and settle a lot of wide bores on one day; ``counts`` are good and bad ones."""
    good, bad = counts
    suspect = good + bad
    case = report(
        factory, day, by="ines", title=title, **BORE, severity="minor", lot=f"L-{day:%m%d}",
        suspect_quantity=suspect, description="Air gauge at final inspection.",
    )  # fmt: skip
    hand = Handling(case, factory.people["ines"])
    hand.contain("Quarantine rack Q1", suspect, "Blocked and tagged", day=day)
    hand.sort_out(good, bad, note="Air gauge, 100 %", day=day)
    hand.dispose("scrap", bad, day=day)
    hand.settle(day=day)
    hand.carry_out(day=day)
    return case


def _again(factory: Factory, lead: Correcting, first: Nonconformity) -> Story:
    """The same defect within the repeat window: the action is judged by it and by the KPI."""
    yield (day := factory.on(TRAINED + 6, 2))
    again = _wide_bores(factory, day, "Bores too wide again", counts=(181, 79))
    ines = factory.people["ines"]
    records.link(again, "recurrence_of", first, by=ines, day=day, why="Same item, same defect")
    actions.judge_recurrence(
        lead.fresh(), by=ines, case=again, counts=True, produced_date=factory.on(TRAINED + 5),
        why="Turned after the training.", day=day,
    )  # fmt: skip
    yield (day := factory.on(TRAINED, 0) + timedelta(days=WATCHED + 2))
    lead.judge("not_effective", "No change to be seen, and it came back.", day=day)
    follower = actions.open_successor(
        lead.fresh(), by=lead.by, title="Two regimes at turning cell 1: late shift bores wide",
        due_date=factory.on(3), day=day,
    )  # fmt: skip
    Handling(again, ines).decide(action="yes", why="The first action did not reach the cause.")
    actions.take_on(follower, by=lead.by, case=again, day=day)
    Handling(again, ines).close(day=day)
    yield from _two_regimes(factory, Correcting(factory, follower, lead.by))


def _two_regimes(factory: Factory, lead: Correcting) -> Story:
    yield (day := factory.on(-12, 1))
    lead.find_causes(
        [
            Cause("The spindle warms up in the late shift",
                  "Spindle temperature logged for two weeks: 2 K apart.", holds=False),
            Cause("The late shift draws inserts of supplier B from its own cabinet",
                  "Inserts swapped for a week: the wide bores moved to the early shift.",
                  "Scrap by shift has two humps: 2.6 % and 7.4 %"),
        ],
        day=day,
    )  # fmt: skip
    yield (day := factory.on(-6, 1))
    lead.plan(
        [
            Step("One cabinet, one released insert for both shifts", "pedro", factory.on(-2, 3)),
            Step("Inserts measured at goods in", "ines", factory.on(1, 2), "inspection"),
        ]
    )
    lead.promise("SCRAP-TRN1", percent=25, since=factory.on(-22), days=WATCHED, day=day)
    lead.settle(day=day)
    yield (day := factory.on(-2, 3))
    lead.finish(0, "Cabinet B emptied, list of released inserts at the machine", day=day)


def threads(factory: Factory) -> Story:
    """A customer gets valve bodies without thread; the action is open, one part of it late."""
    yield (day := factory.on(-11, 1))
    case = report(
        factory, day, by="ines", title="Valve bodies without thread at Hydra Valves",
        found_at="customer", item="41-1305", party="C-HYDRA", defect="THREAD", line="TRN-1",
        process="TUR", severity="major", shipped=True, customer_requirement=True, lot="V-2207",
        customer_notice="Told by phone and in writing the same day; 40 good parts sent by courier.",
        suspect_quantity=480, description="3 of 60 checked at the customer have no thread at all.",
    )  # fmt: skip
    hand = Handling(case, factory.people["ines"])
    hand.contain("Hydra, goods in", 180, "Blocked by the customer", day=day)
    hand.contain("Finished goods", 300, "Blocked", day=day)
    yield (day := factory.on(-10, 1))
    hand.sort_out(471, 9, note="Thread gauge by two people, 100 %", day=day)
    hand.dispose("rework", 9, day=day, instruction="Tap and wash")
    hand.settle(day=day)
    hand.decide(action="yes", why="It reached the customer.")
    lead = Correcting.open(
        factory, day, by="ines", title="Parts skip the tapping station unseen", process="TUR",
        problem="9 of 480 valve bodies left the cell without thread.", customer_case=True,
        not_measurable="Too rare for a rate; counted as cases", due_date=factory.on(6),
    )  # fmt: skip
    lead.take_on(case, day=day)
    yield (day := factory.on(-7, 2))
    hand.carry_out(day=day)
    hand.verify(passed=True, note="Gauge goes, 9 of 9", day=day)
    hand.close(day=day)
    lead.find_causes(
        [Cause("The gripper drops parts beyond the tapping station after a stop",
               "Seen on video, twice in 300 starts."),
         Cause("Nobody can see that a thread is missing", "Final check is on samples.",
               kind="escape"),
         Cause("Restart after a stop is in no procedure", "", kind="system")],
        day=day,
    )  # fmt: skip
    lead.plan([Step("Sensor for the tap's torque", "pedro", factory.on(-1, 1), "mistake_proofing")])
    actions.promise_no_recurrence(lead.action, by=lead.by, window_days=90, day=day)
