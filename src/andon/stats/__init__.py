"""Quality statistics on numpy; knows no Django, and never loads scipy."""

from andon.stats.attribute_charts import (
    AttributeChart,
    c_chart,
    laney_p_chart,
    laney_u_chart,
    np_chart,
    p_chart,
    u_chart,
)
from andon.stats.causes import Pareto, pareto
from andon.stats.charts import ControlChart, ImrChart, imr_chart
from andon.stats.choice import ChartChoice, choose_chart, draw
from andon.stats.comparisons import (
    Power,
    SampleSize,
    TwoProportionTest,
    power_two_proportions,
    sample_size_two_proportions,
    two_proportion_test,
)
from andon.stats.effectiveness import Check, Effectiveness, effectiveness
from andon.stats.factors import SpcConstants, spc_constants
from andon.stats.periods import Periods
from andon.stats.rates import RateInterval, rate_ci
from andon.stats.recurrence import NoRecurrence, no_recurrence
from andon.stats.results import Result
from andon.stats.rules import DEFAULT_RULES, RunRules, run_rules
from andon.stats.sentences import Sentence, number, percent
from andon.stats.signals import Signal, signals
from andon.stats.summary import SummaryStatistics, summary_statistics

__all__ = [
    "DEFAULT_RULES",
    "AttributeChart",
    "ChartChoice",
    "Check",
    "ControlChart",
    "Effectiveness",
    "ImrChart",
    "NoRecurrence",
    "Pareto",
    "Periods",
    "Power",
    "RateInterval",
    "Result",
    "RunRules",
    "SampleSize",
    "Sentence",
    "Signal",
    "SpcConstants",
    "SummaryStatistics",
    "TwoProportionTest",
    "c_chart",
    "choose_chart",
    "draw",
    "effectiveness",
    "imr_chart",
    "laney_p_chart",
    "laney_u_chart",
    "no_recurrence",
    "np_chart",
    "number",
    "p_chart",
    "pareto",
    "percent",
    "power_two_proportions",
    "rate_ci",
    "run_rules",
    "sample_size_two_proportions",
    "signals",
    "spc_constants",
    "summary_statistics",
    "two_proportion_test",
    "u_chart",
]
