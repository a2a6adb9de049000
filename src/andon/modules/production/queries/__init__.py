"""What people ask of facts."""

from andon.modules.production.queries.places import (
    LineWeek,
    ShiftFacts,
    lines_since,
    shift_facts,
    wrong_marks,
)
from andon.modules.production.queries.rates import (
    EVERYTHING,
    CauseTotal,
    PeriodRatio,
    Scope,
    downtime_by_period,
    output_by_period,
    pareto_by_cause,
    period_end,
    period_start,
    periods,
    scrap_by_period,
)

__all__ = [
    "EVERYTHING",
    "CauseTotal",
    "LineWeek",
    "PeriodRatio",
    "Scope",
    "ShiftFacts",
    "downtime_by_period",
    "lines_since",
    "output_by_period",
    "pareto_by_cause",
    "period_end",
    "period_start",
    "periods",
    "scrap_by_period",
    "shift_facts",
    "wrong_marks",
]
