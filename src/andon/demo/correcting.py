"""How a corrective action goes on in the demo: the services, with one person in the lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from andon.demo.handling import named
from andon.modules.actions import services
from andon.modules.actions.models import CorrectiveAction
from andon.records import services as records

if TYPE_CHECKING:
    from andon.accounts.models import User
    from andon.demo.factory import Factory
    from andon.modules.nonconformities.models import Nonconformity


@dataclass(frozen=True)
class Cause:
    """A cause as proposed, and how it was verified (or refuted)."""

    text: str
    how: str
    evidence: str = ""
    kind: str = "occurrence"
    holds: bool = True
    branch: str = ""


@dataclass(frozen=True)
class Step:
    """One action of a plan: what, by whom, until when; against the last cause that holds."""

    what: str
    owner: str
    due: date
    kind: str = "change"
    proof: str = ""
    party: str = ""


class Correcting:
    """One corrective action led by one person."""

    def __init__(self, factory: Factory, action: CorrectiveAction, by: User) -> None:
        self.factory = factory
        self.action = action
        self.by = by

    @classmethod
    def open(cls, factory: Factory, day: date, *, by: str, **fields: Any) -> Correcting:
        """Open a corrective action on ``day``."""
        row = CorrectiveAction(**named(factory, {"site": "ABC1", "owner": by, **fields}))
        lead = factory.people[by]
        return cls(factory, records.create(row, by=lead, day=day), lead)

    def take_on(self, *cases: Nonconformity, day: date) -> None:
        for case in cases:
            services.take_on(self.action, by=self.by, case=case, day=day)

    def find_causes(self, causes: Sequence[Cause], *, day: date) -> None:
        """Propose each cause below the one before it of its kind, and say what came of it."""
        above: dict[str, int] = {}
        for cause in causes:
            row = services.add_cause(
                self.action,
                by=self.by,
                text=cause.text,
                kind=cause.kind,
                branch=cause.branch,
                parent=above.get(cause.kind),
                evidence=cause.evidence,
                day=day,
            )
            if cause.how:
                services.judge_cause(
                    self.action, by=self.by, cause=row.pk, verified=cause.holds, how=cause.how,
                    day=day,
                )  # fmt: skip
            if cause.holds:
                above[cause.kind] = row.pk

    def plan(self, steps: Sequence[Step]) -> None:
        """Plan actions; the causes that hold are answered in turn."""
        holding = [cause.pk for cause in self.fresh().all_causes if cause.is_verified]
        for at, step in enumerate(steps):
            services.add_item(
                self.action,
                by=self.by,
                what=step.what,
                owner=self.factory.people[step.owner],
                due_date=step.due,
                kind=step.kind,
                cause=holding[at % len(holding)] if holding else None,
                reference=step.proof,
                party=self.factory.parties.get(step.party),
            )

    def promise(self, code: str, *, percent: int, since: date, days: int, day: date) -> None:
        """Promise a change of a KPI against the weeks from ``since`` on; Ana verifies it."""
        services.promise_change(
            self.action,
            by=self.by,
            kpi=self.factory.kpis[code],
            target_change=Decimal(percent),
            baseline_from=since,
            baseline_until=day,
            window_days=days,
            verifier=self.factory.people["ana"],
            day=day,
        )

    def settle(self, *, day: date) -> None:
        records.perform(self.fresh(), "settle", by=self.by, day=day)

    def finish(self, at: int, note: str, *, day: date) -> None:
        """Report one action of the plan as done by its owner."""
        item = self.fresh().live_items[at]
        services.finish_item(self.action, by=item.owner, item=item.pk, note=note, day=day)

    def implement(self, *, day: date) -> None:
        records.perform(self.fresh(), "implement", by=self.by, day=day)

    def judge(self, verdict: str, note: str, *, day: date, meanwhile: str = "") -> None:
        """Let Ana close it as effective or not effective."""
        data = {"verdict_note": note}
        if meanwhile:
            data["concurrent_changes"] = meanwhile
        records.perform(self.fresh(), verdict, by=self.factory.people["ana"], day=day, data=data)

    def fresh(self) -> CorrectiveAction:
        """Return the record as it is stored now."""
        found: CorrectiveAction = CorrectiveAction.objects.get(pk=self.action.pk)
        return found
