"""Whether a level was on the move by itself: a fall that was under way is not the action's."""

import math

from andon.stats.comparison.mann_kendall import mann_kendall
from andon.stats.comparison.periods import MetricKind, Phase
from andon.stats.comparison.stability import stable
from andon.stats.special import normal_cdf

SURE = 0.05
# A trend the wrong way after the action is doubted only when it is plain.
PLAIN = 0.01
FEWEST_POINTS = 5


def drifts(first: Phase, second: Phase, *, lower: bool) -> bool | None:
    """Whether the points move the wanted way within the periods before and after together.

    Mann-Kendall's S of both periods, summed, so the step between them does not count; one-sided
    at 5 %. None where there are too few points to tell.
    """
    p = _p_of_trend([first, second], falling=lower)
    return None if p is None else p < SURE


def steady(after: Phase, kind: MetricKind, *, lower: bool) -> bool | None:
    """Whether the period after is stable: no signal on its chart, and no plain way back."""
    found = stable(after, kind=kind)
    p = _p_of_trend([after], falling=not lower)
    return found and (p is None or p >= PLAIN)


def _p_of_trend(phases: list[Phase], *, falling: bool) -> float | None:
    """One-sided p of no trend; None below 5 points in every period, or without scatter."""
    total, variance = 0, 0.0
    for phase in phases:
        if phase.size < FEWEST_POINTS:
            continue
        found = mann_kendall(phase.values)
        total += found.s or 0
        variance += found.var_s or 0.0
    if not variance:
        return None
    wanted = -total if falling else total
    return float(normal_cdf(-(wanted - math.copysign(1, wanted)) / math.sqrt(variance)))
