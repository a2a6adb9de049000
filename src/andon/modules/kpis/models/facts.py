"""The numbers of computed KPIs, from the facts of production as they are now."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from andon.modules.production import queries as production

from . import periods
from .choices import Formula
from .definitions import Kpi
from .observations import PLACES

# How far back closed periods are computed, in periods.
HORIZON = {periods.Period.DAY: 400, periods.Period.WEEK: 160, periods.Period.MONTH: 60}
MINUTES = 60


class Pair(NamedTuple):
    """Numerator and denominator of one period."""

    numerator: Decimal
    denominator: Decimal


def horizon(kpi: Kpi, day: date) -> tuple[date, date] | None:
    """Return first day of the oldest and of the newest closed period looked at on ``day``."""
    if not kpi.is_computed:
        return None
    last = periods.last_closed(kpi.period, day)
    return periods.back(kpi.period, last, HORIZON[periods.Period(kpi.period)] - 1), last


def closed(kpi: Kpi, day: date) -> dict[date, Pair]:
    """Return what the facts say of every closed period with data, by its first day."""
    span = horizon(kpi, day)
    if span is None:
        return {}
    asked = (
        production.scrap_by_period
        if kpi.formula == Formula.SCRAP
        else production.downtime_by_period
    )
    found = asked(
        None,
        since=span[0],
        until=periods.next_start(kpi.period, span[1]) - periods.ONE_DAY,
        period=str(kpi.period),
        scope=production.Scope(site=kpi.site_id, line=kpi.line_id, item=kpi.item_id),
    )
    divisor = MINUTES if kpi.formula == Formula.DOWNTIME else 1
    return {
        ratio.start: Pair(_exact(ratio.numerator, divisor), _exact(ratio.denominator, divisor))
        for ratio in found
        if ratio.numerator is not None and ratio.denominator
    }


def _exact(value: Decimal, divisor: int) -> Decimal:
    return (value / divisor).quantize(Decimal(1).scaleb(-PLACES))
