"""What people ask of facts."""

from andon.modules.production.queries.folding import (
    EVERYTHING,
    PeriodRatio,
    Scope,
    period_end,
    period_start,
    periods,
)
from andon.modules.production.queries.oee import Oee, oee_by_period
from andon.modules.production.queries.places import (
    LineWeek,
    ShiftFacts,
    lines_since,
    shift_facts,
    wrong_marks,
)
from andon.modules.production.queries.promises import (
    CURRENT,
    FIRST,
    lead_time_by_period,
    on_time_by_period,
    rejected_by_period,
)
from andon.modules.production.queries.rates import (
    CauseTotal,
    downtime_by_period,
    output_by_period,
    pareto_by_cause,
    scrap_by_period,
)
from andon.modules.production.queries.yields import adherence_by_period, first_pass_by_period

__all__ = [
    "CURRENT",
    "EVERYTHING",
    "FIRST",
    "CauseTotal",
    "LineWeek",
    "Oee",
    "PeriodRatio",
    "Scope",
    "ShiftFacts",
    "adherence_by_period",
    "downtime_by_period",
    "first_pass_by_period",
    "lead_time_by_period",
    "lines_since",
    "oee_by_period",
    "on_time_by_period",
    "output_by_period",
    "pareto_by_cause",
    "period_end",
    "period_start",
    "periods",
    "rejected_by_period",
    "scrap_by_period",
    "shift_facts",
    "wrong_marks",
]
