"""A customer's complaint told to the end: three cases, one corrective action, one 8D report."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from andon.demo.correcting import Cause, Correcting, Step
from andon.demo.handling import Handling, report
from andon.modules.actions import services as actions
from andon.records import services as records

if TYPE_CHECKING:
    from datetime import date

    from andon.demo.factory import Factory
    from andon.demo.telling import Story
    from andon.modules.nonconformities.models import Nonconformity

SHAFT = {
    "item": "41-1180", "party": "C-ELMOT", "defect": "DIA", "line": "TRN-1", "process": "TUR",
    "found_at": "customer", "severity": "major", "shipped": True, "customer_requirement": True,
    "requirement": "Drawing 41-1180: 18 h6 (17.989 to 18.000 mm)",
    "customer_notice": "Told by phone the same day; sorted at the customer by our people.",
}  # fmt: skip
CASES = (
    (-44, "Shafts 6 µm too thick at Elmot", "H-4402", 320, 291),
    (-43, "Shafts do not enter the bearing", "H-4405", 240, 222),
    (-42, "Shafts too thick again, box 7", "H-4409", 160, 149),
)
CAUSES = (
    Cause("Shafts are measured warm, straight after grinding",
          "40 shafts at 31 °C and again at 20 °C: 4 to 7 µm less.",
          "Room log of weeks 40 to 42", branch="measurement"),
    Cause("The gauge has no temperature compensation and stands beside the machine",
          "Gauge moved into the measuring room for a week: no shaft above 18.000 mm.",
          branch="measurement"),
    Cause("The grinding wheel is dressed too late", "Dressing log and diameters: no relation.",
          branch="machine", holds=False),
)  # fmt: skip
DEEPER = (
    Cause("Final inspection uses the same warm gauge", "Seen at the place.", kind="escape",
          branch="measurement"),
    Cause("Where a gauge stands is decided by nobody", "No word in the control plan.",
          kind="system", branch="management"),
    Cause("Hardened blanks from Ferrara come 3 µm thicker since May",
          "20 blanks of each month measured.", branch="material"),
)  # fmt: skip
WATCHED = 84


def shafts(factory: Factory) -> Story:
    """Take three complaints on with one corrective action, and tell it as an 8D to its end."""
    cases = []
    for week, title, lot, suspect, good in CASES:
        yield (day := factory.on(week, 1))
        cases.append(_complaint(factory, day, title, lot=lot, counts=(suspect, good)))
    yield (day := factory.on(-42, 3))
    lead = Correcting.open(
        factory, day, by="ines", title="Shafts above 18 h6 at Elmot Drives", process="TUR",
        problem="58 of 720 shafts 41-1180 measured at Elmot are 1 to 6 µm above 18.000 mm. Three"
        " deliveries in three weeks, all from the early shift of turning cell 1.",
        not_measurable="Too rare for a rate; counted as complaints", customer_case=True,
        major=True, due_date=factory.on(-36),
    )  # fmt: skip
    lead.take_on(*cases, day=day)
    _team(factory, lead, day)
    _form(factory, day)
    for case in cases:
        hand = Handling(case, factory.people["ines"])
        hand.decide(action="yes", why="It reached the customer, three times.")
        hand.close(day=day)
    yield from _find_and_plan(factory, lead)


def _form(factory: Factory, day: date) -> None:
    """Keep the form that Norvig asks for: a short one, under their headings."""
    ana = factory.people["ana"]
    actions.keep_form(
        by=ana, day=day, code="NORVIG", name="Norvig supplier report", heading="Supplier report",
        text="Form NSS-14, by courtesy of Norvig Seating Systems.", compact=True,
        sections=[("customer", "Claim"), ("problem", "What happened"), ("containment", "At once"),
                  ("occurrence", "Why"), ("done", "What was changed"), ("close", "Closing")],
    )  # fmt: skip
    actions.choose_form(factory.parties["C-NORVIG"], by=ana, form_code="NORVIG")


def _complaint(
    factory: Factory, day: date, title: str, *, lot: str, counts: tuple[int, int]
) -> Nonconformity:
    suspect, good = counts
    case = report(factory, day, by="ines", title=title, lot=lot, suspect_quantity=suspect, **SHAFT)
    hand = Handling(case, factory.people["ines"])
    hand.contain("Elmot, goods in", suspect, "Blocked by the customer, sorted by us", day=day)
    hand.sort_out(good, suspect - good, note="Air gauge at 20 °C, 100 %", day=day)
    hand.dispose("scrap", suspect - good, day=day)
    hand.settle(day=day)
    hand.carry_out(day=day)
    return case


def _team(factory: Factory, lead: Correcting, day: date) -> None:
    people = factory.people
    for words in (
        {"user": people["ines"], "role": "leader", "brings": "Quality"},
        {"user": people["martin"], "role": "sponsor"},
        {"user": people["pedro"], "brings": "Turning"},
        {"name": "Jana Weiss, Elmot Drives", "brings": "Bearing assembly"},
    ):
        actions.join_team(lead.action, by=lead.by, day=day, **words)
    actions.contrast(
        lead.action,
        by=lead.by,
        day=day,
        rows={
            "what": {"is_so": "Diameter up to 6 µm too large", "is_not": "Out of round, rough"},
            "where": {"is_so": "Elmot, bearing seat", "is_not": "Hydra, same machine",
                      "distinction": "Elmot shafts are ground last before lunch"},
            "when": {"is_so": "Early shift since May", "is_not": "Late shift",
                     "change": "Gauge moved beside the machine in May"},
            "how_much": {"is_so": "58 of 720", "is_not": "Every part"},
        },
    )  # fmt: skip
    actions.ask_report(
        lead.action,
        by=lead.by,
        day=day,
        party=factory.parties["C-ELMOT"],
        contact="Jana Weiss",
        complaint_number="ELM-88213",
        customer_part="ED-700-18",
        supplier_part="41-1180 D",
        received_date=factory.on(CASES[0][0], 1),
        answer_due=factory.on(-38),
        form_code="AUTO-8D",
        closing_words="We thank Jana Weiss and the bearing assembly of Elmot, who measured with us"
        " on two Saturdays.",
    )  # fmt: skip


def _find_and_plan(factory: Factory, lead: Correcting) -> Story:
    yield (day := factory.on(-40, 2))
    lead.find_causes(CAUSES, day=day)
    lead.find_causes(DEEPER[:2], day=day)
    lead.find_causes(DEEPER[2:], day=day)
    lead.plan(
        [
            Step("Measuring room at 20 °C, shafts rest two hours", "pedro", factory.on(-37),
                 proof="Photo board TUR-7"),
            Step("Gauge with temperature compensation", "ines", factory.on(-37),
                 "mistake_proofing", proof="Order 45-1420"),
            Step("Final inspection measures in the measuring room", "ines", factory.on(-37),
                 "document", proof="WI-TUR-07, revision D"),
            Step("Place of gauges in the control plan", "ana", factory.on(-37), "document",
                 proof="CP-41-1180, revision 5"),
            Step("Allowance of hardened blanks", "pedro", factory.on(-37), "supplier",
                 party="S-FERR"),
        ]
    )  # fmt: skip
    for place, answer, note in (
        ("Bushings 41-1222, same gauge", "affected", "12 of 80 measured warm; gauge moved too."),
        ("Valve bodies 41-1305", "not_affected", "Gauged by limits, warm or cold passes alike."),
    ):
        actions.look_across(lead.action, by=lead.by, place=place, answer=answer, note=note, day=day)
    records.edit(
        lead.action,
        {"risks_updated": "Measuring temperature is in the risk list of turning.",
         "system_change": "Control plans name where a gauge stands and at which temperature."},
        by=lead.by, version=None,
    )  # fmt: skip
    actions.promise_no_recurrence(
        lead.action, by=lead.by, window_days=WATCHED, verifier=factory.people["ana"], day=day
    )
    lead.settle(day=day)
    yield from _do_and_judge(factory, lead)


def _do_and_judge(factory: Factory, lead: Correcting) -> Story:
    yield (day := factory.on(-37))
    request = next(item for item in lead.fresh().live_items if item.is_request)
    actions.ask_supplier(
        lead.action, by=factory.people["pedro"], item=request.pk,
        party=factory.parties["S-FERR"], sent_date=factory.on(-40, 3),
        answered_date=day, answer="Allowance back to 0.10 mm; certificate with each lot.", day=day,
    )  # fmt: skip
    for at in range(5):
        lead.finish(at, "In place", day=day)
    lead.implement(day=day)
    actions.ask_report(lead.action, by=lead.by, sent_date=day, day=day)
    yield (day := factory.on(-37) + timedelta(days=WATCHED + 1))
    lead.judge("effective", "No shaft above 18.000 mm in twelve weeks at Elmot.", day=day)
