"""What the demo has made so far, and its calendar in weeks before today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from andon.accounts.models import Site, User
    from andon.modules.kpis.models import Kpi
    from andon.modules.nonconformities.models import DefectCode
    from andon.modules.production.models import Cause
    from andon.organization.models import Item, Line, Party, Process, Shift

FIRST_WEEK = -78
SHIFTS = ("E", "L")


@dataclass
class Factory:
    """ABC Industrial Components on its way from ``FIRST_WEEK`` to ``today``."""

    today: date
    seed: int
    sites: dict[str, Site] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    shifts: dict[tuple[str, str], Shift] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    causes: dict[str, Cause] = field(default_factory=dict)
    defects: dict[str, DefectCode] = field(default_factory=dict)
    kpis: dict[str, Kpi] = field(default_factory=dict)

    @property
    def monday(self) -> date:
        """The Monday of the week of today, which is week 0."""
        return self.today - timedelta(days=self.today.weekday())

    @property
    def start(self) -> date:
        return self.on(FIRST_WEEK)

    def on(self, week: int, weekday: int = 0) -> date:
        """Return a day of a week before (below 0) or after this one; Monday is 0."""
        return self.monday + timedelta(weeks=week, days=weekday)

    def working_days(self, week: int) -> list[date]:
        """Return the days of a week on which work was done and is over."""
        days = [self.on(week, weekday) for weekday in range(5)]
        return [day for day in days if day < self.today and day not in self.holidays]
