"""What the quality manager and the engineer said about single requirements."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from andon.assurance import services
from andon.records.models import Record
from andon.standard import load_edition

if TYPE_CHECKING:
    from andon.demo.factory import Factory
    from andon.demo.telling import Story

NOW, NEXT = "9001:2015+A1", "9001:2026"
HOLDS = timedelta(days=365)
NO_DESIGN = (
    "Every part is made to the customer's drawing; form, material and tolerances are theirs."
)
SAID = (
    (NOW, "8.7.1-1", "conforming", "Blocked areas at both sites walked through; all tagged."),
    (NOW, "8.7.1-4", "effective", "Five reworked lots looked at: each verified again."),
    (NOW, "8.7.2-d", "conforming", "Every decision names who took it."),
    (NOW, "9.1.1-a", "conforming", "Seven KPIs with source, period, owner and target."),
    (NOW, "10.2.1-d", "conforming", "Three actions judged by their numbers, one not effective."),
    (NOW, "8.4.3-d", "nonconforming", "No agreed requirements for the hardening at Ferrara."),
    (NOW, "9.2.2-a-1", "nonconforming", "There is no audit programme for next year yet."),
    (NOW, "8.3.1-1", "not_applicable", "Asked in sales and in the office: no own drawings."),
    (NEXT, "10.2.1-d", "conforming", "Unchanged in the new edition; the same evidence holds."),
)


def assessing(factory: Factory) -> Story:
    """Assess some requirements in the week before last, with the records that were looked at."""
    yield (day := factory.on(-2, 4))
    seen: dict[str, list[Record]] = {
        "8.7.1-4": list(
            Record.objects.filter(kind="nonconformities", state="closed").order_by("-pk")[:5]
        ),
        "10.2.1-d": list(
            Record.objects.filter(kind="actions").exclude(closed_date=None).order_by("pk")
        ),
    }
    for at, (edition, requirement, verdict, note) in enumerate(SAID):
        found = {row.id: row for row in load_edition(edition).requirements}
        services.assess(
            found[requirement],
            verdict,
            by=factory.people["ana" if at % 3 else "ines"],
            note=note,
            justification=NO_DESIGN if verdict == "not_applicable" else "",
            evidence=seen.get(requirement, []),
            expires_on=day + HOLDS,
            day=day,
        )
