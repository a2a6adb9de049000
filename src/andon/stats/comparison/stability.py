"""Whether a phase is stable: its own control chart stays silent."""

import numpy as np

from andon.stats.charts.counts import laney_p_chart, laney_u_chart
from andon.stats.charts.individuals import ControlChart, imr_chart
from andon.stats.charts.signals import signals
from andon.stats.comparison.periods import MetricKind, Phase

FEWEST_POINTS = 3


def stable(phase: Phase, *, kind: MetricKind) -> bool | None:
    """Whether no default rule signals on the chart of ``phase``; None below 3 points.

    Counts use Laney's limits with sigma z from their own moving ranges, but never narrower than
    the binomial or Poisson ones.
    """
    if phase.size < FEWEST_POINTS:
        return None
    return not signals(_chart(phase, kind))


def _chart(phase: Phase, kind: MetricKind) -> ControlChart:
    if kind == "value":
        return imr_chart(phase.top)
    share = kind == "proportion" or bool(np.nanmax(phase.values) <= 1)
    draw = laney_p_chart if share and kind != "rate" else laney_u_chart
    chart = draw(phase.top, phase.bottom)
    if kind == "measured" or chart.sigma_z is None or chart.sigma_z >= 1:
        return chart
    return draw(phase.top, phase.bottom, sigma_z=1.0)
