"""Whether the number of a period that is over has not come: late is a signal, too."""

from dataclasses import dataclass
from datetime import date, timedelta

from . import periods
from .definitions import Kpi
from .observations import Observation
from .periods import ONE_DAY, Period

# How many days after its end a period may wait for its number before it is missed.
GRACE = {Period.DAY: 2, Period.WEEK: 3, Period.MONTH: 7}


@dataclass(frozen=True)
class Missing:
    """The first of the newest periods in a row that have no number."""

    start: date
    last_day: date
    label: str


def first_missing(kpi: Kpi, day: date) -> Missing | None:
    """Return where the newest stretch without a number begins; None when nothing is overdue.

    A KPI that never had a number is missed from its first whole period in use on.
    """
    if not kpi.is_dated or not kpi.is_active:
        return None
    newest = Observation.objects.current().filter(kpi=kpi).order_by("-day").first()
    in_use = periods.start_of(kpi.period, kpi.active_from)
    if in_use < kpi.active_from:
        in_use = periods.next_start(kpi.period, in_use)
    start = max(in_use, periods.next_start(kpi.period, newest.day) if newest else in_use)
    last_day = periods.next_start(kpi.period, start) - ONE_DAY
    if last_day + timedelta(days=GRACE[Period(kpi.period)]) >= day:
        return None
    return Missing(start, last_day, periods.label(kpi.period, start))
