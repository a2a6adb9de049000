"""How a nonconformity is handled in the demo: the services, with the people who do it here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from andon.modules.nonconformities import services
from andon.modules.nonconformities.models import Nonconformity
from andon.records import services as records

if TYPE_CHECKING:
    from andon.accounts.models import User
    from andon.demo.factory import Factory

ZERO = Decimal(0)
CORRECTED_WITHIN = timedelta(days=30)
# What a case names by its code: field of the record -> list of the factory.
LISTS = {
    "site": "sites", "item": "items", "line": "lines", "defect": "defects", "party": "parties",
    "process": "processes", "owner": "people",
}  # fmt: skip


def named(factory: Factory, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``fields`` with the rows that the codes among them stand for."""
    return {
        name: getattr(factory, LISTS[name])[value] if name in LISTS else value
        for name, value in fields.items()
    }


def report(factory: Factory, day: date, *, by: str, **fields: Any) -> Nonconformity:
    """Report a nonconformity on ``day``; inspection owns it and corrects it within 30 days."""
    said = {"site": "ABC1", "owner": "ines", "due_date": day + CORRECTED_WITHIN, **fields}
    return records.create(Nonconformity(**named(factory, said)), by=factory.people[by], day=day)


class Handling:
    """One nonconformity in the hands of one person."""

    def __init__(self, case: Nonconformity, by: User) -> None:
        self.case = case
        self.by = by

    def triage(self, **changes: Any) -> None:
        records.edit(self.case, changes, by=self.by, version=None)

    def contain(self, place: str, quantity: int, action: str, *, day: date) -> None:
        services.contain(
            self.case, by=self.by, place=place, quantity=Decimal(quantity), action=action, day=day
        )

    def list_lot(self, lot: str, quantity: int, note: str, *, day: date) -> int:
        """List a lot and return its key."""
        row = services.list_lot(
            self.case, by=self.by, lot=lot, quantity=Decimal(quantity), note=note, day=day
        )
        return row.pk

    def sort_out(
        self, good: int, bad: int, lost: int = 0, *, note: str, day: date, lot: int | None = None
    ) -> None:
        services.sort_out(
            self.case,
            by=self.by,
            good=Decimal(good),
            nonconforming=Decimal(bad),
            not_recovered=Decimal(lost),
            note=note,
            lot=lot,
            day=day,
        )

    def dispose(self, disposal: str, quantity: int, *, day: date, **details: Any) -> None:
        services.dispose(
            self.case,
            by=self.by,
            disposal=disposal,
            quantity=Decimal(quantity),
            day=day,
            **details,
        )

    def settle(self, *, day: date) -> None:
        records.perform(self.case, "settle", by=self.by, day=day)

    def carry_out(self, *, day: date) -> None:
        """Carry out what is still open of every disposition."""
        for line in self.fresh().live_dispositions:
            if left := line.quantity - line.done_quantity:
                services.carry_out(self.case, by=self.by, line=line.pk, quantity=left, day=day)

    def verify(self, *, passed: bool, note: str, day: date) -> None:
        """Verify again every disposition that needs it and has not passed."""
        for line in self.fresh().live_dispositions:
            if waiting := line.to_verify:
                good, failed = (waiting, ZERO) if passed else (ZERO, waiting)
                services.verify_again(
                    self.case,
                    by=self.by,
                    line=line.pk,
                    good=good,
                    failed=failed,
                    note=note,
                    day=day,
                )

    def decide(self, *, action: str, why: str = "") -> None:
        """Decide whether the cause must go."""
        self.triage(action_decision=action, action_reason=why)

    def close(self, *, day: date) -> None:
        """Close it, with the cost that follows from the decision."""
        if services.proposed_costs(self.fresh()):
            services.take_over_costs(self.case, by=self.by, day=day)
        records.perform(self.case, "close", by=self.by, day=day)

    def say(self, text: str, *, day: date, by: User | None = None) -> None:
        records.comment(self.case, text, by=by or self.by, day=day)

    def fresh(self) -> Nonconformity:
        """Return the record as it is stored now."""
        found: Nonconformity = Nonconformity.objects.get(pk=self.case.pk)
        return found
