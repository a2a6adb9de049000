"""The facts of one line, day and shift, as somebody on the floor types them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.production.models import Batched, Cause, ImportBatch, Output, Scrap, Stop
from andon.modules.production.services.batches import record
from andon.organization.models import Item, Line, Shift
from andon.trail.services import audited


@dataclass(frozen=True)
class ShiftKey:
    """Which line, day, shift and item."""

    line: Line
    day: date
    shift: Shift | None = None
    item: Item | None = None

    @property
    def fields(self) -> dict[str, object]:
        """The key as the models have it."""
        return {
            "site": self.line.site,
            "line": self.line,
            "day": self.day,
            "shift": self.shift,
            "item": self.item,
        }


def record_shift(
    key: ShiftKey,
    *,
    by: User,
    produced: Decimal | None = None,
    planned_minutes: Decimal | None = None,
    scrap: Iterable[tuple[Cause, Decimal]] = (),
    stops: Iterable[tuple[Cause, Decimal]] = (),
) -> list[ImportBatch]:
    """Record what was said about a shift; what differs from before is a correction."""
    facts: list[list[Batched]] = [
        [Scrap(**key.fields, cause=cause, quantity=quantity) for cause, quantity in scrap],
        [Stop(**key.fields, cause=cause, minutes=minutes) for cause, minutes in stops],
    ]
    if produced is not None:
        row = Output(**key.fields, produced=produced, planned_minutes=planned_minutes)
        facts.insert(0, [row])
    with audited(by, reason=_("shift recorded")):
        batches = [record(rows, site=key.line.site, by=by) for rows in facts]
    return [batch for batch in batches if batch is not None]
