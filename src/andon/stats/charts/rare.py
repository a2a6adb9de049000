"""Charts of rare events: units between events (g) and time between events (t)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from andon.stats.charts.chart import (
    LIMITS_ONLY,
    SIDES_AND_TRENDS,
    Baseline,
    ControlChart,
    Line,
    known,
    outside,
)
from andon.stats.charts.individuals import estimated, line_warnings
from andon.stats.inputs import ArgumentError, Values, amounts, fraction, listed, one_of, used
from andon.stats.sentences import NO_DATA, NOT_COUNTS, ZERO_VARIANCE, Sentence, gettext_noop
from andon.stats.summary import accurate_mean

NELSON_POWER = 1 / 3.6
"""Nelson's power, which makes exponential times nearly normal."""
ZERO_TIME = Sentence(
    "nonpositive",
    gettext_noop("Some times between events are 0: record the time of events more finely."),
)
_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class GChart(ControlChart):
    """Units between events; ``p`` is the estimated chance of an event at one unit."""

    center: float | None = None
    sigma: float | None = None
    lcl: float | None = None
    ucl: float | None = None
    p: float | None = None
    median: float | None = None
    limits: str

    @property
    def fitting_rules(self) -> frozenset[str] | None:
        """The distribution is skewed: only the limits."""
        return LIMITS_ONLY

    def given(self) -> dict[str, object]:
        """The arguments that freeze these lines for a chart of later points (phase 2)."""
        return {"center": self.center}


def g_chart(
    x: Values,
    *,
    limits: Literal["probability", "sigma"] = "probability",
    alpha: float = 0.0027,
    center: float | None = None,
    sigma: float | None = None,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> GChart:
    r"""Chart of the units without an event between two events.

    The number X of good units before the next event is geometric, :math:`P(X > x) = q^{x+1}` with
    :math:`q = \bar g/(\bar g + 1)`. Default limits are exact: the largest whole L with
    :math:`P(X < L) \le \alpha/2` and the smallest whole U with :math:`P(X > U) \le \alpha/2`.
    ``limits="sigma"`` gives :math:`\bar g \pm 3\sqrt{\bar g(\bar g + 1)}`, floor 0 [1]_ [2]_.

    Parameters
    ----------
    x : sequence of float or None
        Units between successive events (0: two in a row), in time order. A point **above** the
        upper limit is good news: events became rarer.
    limits : {"probability", "sigma"}
        The geometric distribution is skewed: three sigmas give no lower limit at all and about
        1.8 % false alarms above the upper one, so exact limits are the default.
    alpha : float
        Overall chance of a false alarm of the exact limits; default that of 3 sigma.
    center, sigma : float, optional
        Known mean count (phase 2), and known sigma for ``limits="sigma"``.
    baseline : slice, optional
        Points the estimate comes from (Python slice, or its start and stop); default all.
    exclude : sequence of int
        Points (from 1) plotted but left out of the estimate.

    Returns
    -------
    GChart
        ``center`` is the mean; half of the points lie below ``median``.

    Raises
    ------
    ValueError
        For negative or infinite counts, or an unknown kind of limits.

    References
    ----------
    .. [1] J. C. Benneyan, Health Care Management Science 4 (2001) 305.
    .. [2] F. C. Kaminsky and others, J. Quality Technology 24 (1992) 63.

    Examples
    --------
    >>> chart = g_chart([120, 85, 240, 31, 160, 12, 95])
    >>> round(chart.center, 1), chart.lcl, chart.ucl
    (106.1, 0.0, 704.0)
    """
    one_of(limits, ("probability", "sigma"), "limits")
    values, level = amounts(x, "x"), fraction(alpha, "alpha")
    center, sigma = known(center, sigma)
    if center is not None and center < 0:
        raise ArgumentError("center", "must not be negative")
    there = ~np.isnan(values)
    mask = used(values.size, baseline=baseline, exclude=exclude) & there
    mean = accurate_mean(values[mask]) if center is None and mask.any() else center
    spread = sigma
    if spread is None and mean is not None:
        spread = math.sqrt(mean * (mean + 1))
    lcl, ucl = (None, None)
    if mean is not None and spread is not None:
        exact = limits == "probability"
        lcl, ucl = (
            _geometric(mean, level) if exact else (max(0.0, mean - 3 * spread), mean + 3 * spread)
        )
    fractional = bool((values[there] != np.floor(values[there])).any())
    empty = mean is None or not there.any()
    flat_line = (ZERO_VARIANCE,) if spread == 0 else ()
    return GChart(
        n=int(there.sum()),
        n_missing=int(values.size - there.sum()),
        method="units between events; geometric distribution, "
        + (f"exact limits at {level:g}" if limits == "probability" else "3 sigma limits"),
        warnings=(NO_DATA,) if empty else (*flat_line, *((NOT_COUNTS,) if fractional else ())),
        values=listed(values),
        center=mean,
        sigma=spread,
        lcl=lcl,
        ucl=ucl,
        beyond=outside(values, lcl, ucl),
        n_baseline=int(mask.sum()) if center is None else 0,
        p=None if mean is None else 1 / (mean + 1),
        median=None if mean is None else _median(mean),
        limits=limits,
    )


@dataclass(frozen=True, kw_only=True)
class TChart(ControlChart):
    """Times between events; ``sigma`` is that of ``transformed``, the lines are times."""

    center: float | None = None
    sigma: float | None = None
    lcl: float | None = None
    ucl: float | None = None
    transformed: list[float | None]
    distribution: str

    @property
    def fitting_rules(self) -> frozenset[str] | None:
        """A power keeps sides and trends, but not distances."""
        return SIDES_AND_TRENDS

    @property
    def spread(self) -> Line:
        """A sixth of the way between the limits; the rules that fit ask only for the side."""
        return None if self.lcl is None or self.ucl is None else (self.ucl - self.lcl) / 6


def t_chart(
    x: Values,
    *,
    distribution: Literal["weibull", "exponential"] = "weibull",
    alpha: float = 0.0027,
    center: float | None = None,
    sigma: float | None = None,
    baseline: Baseline = None,
    exclude: Sequence[int] = (),
) -> TChart:
    r"""Chart of the time between two events.

    ``weibull``: the times are raised to the power 1/3.6, which makes exponential times a nearly
    normal Weibull variable; centre and :math:`\pm 3\,\overline{MR}/d_2` are found there and
    turned back into times [1]_. ``exponential``: exact limits
    :math:`-\theta\ln(1-\alpha/2)` and :math:`-\theta\ln(\alpha/2)` around the median
    :math:`\theta\ln 2`, with :math:`\theta` the mean [2]_.

    Parameters
    ----------
    x : sequence of float or None
        Times between successive events in any unit, in time order. A point **above** the upper
        limit is good news: events became rarer. A time of 0 is plotted, with a warning.
    distribution : {"weibull", "exponential"}
        ``exponential`` needs events that come at random at a steady rate; ``weibull`` takes the
        scatter from the data.
    alpha : float
        Overall chance of a false alarm of the exponential limits.
    center, sigma : float, optional
        Known centre line in time and known sigma of the transformed times (phase 2).
    baseline : slice, optional
        Points the estimates come from (Python slice, or its start and stop); default all.
    exclude : sequence of int
        Points (from 1) plotted but left out of the estimates.

    Returns
    -------
    TChart

    Raises
    ------
    ValueError
        For negative or infinite times, or an unknown distribution.

    References
    ----------
    .. [1] L. S. Nelson, J. Quality Technology 26 (1994) 239.
    .. [2] D. C. Montgomery, Introduction to Statistical Quality Control, 7.3.5.

    Examples
    --------
    >>> chart = t_chart([286, 948, 536, 124, 816, 729, 4, 143, 431, 8])
    >>> round(chart.center, 1), chart.lcl, round(chart.ucl), chart.beyond
    (250.1, 0.0, 4781, [])
    """
    one_of(distribution, ("weibull", "exponential"), "distribution")
    values, level = amounts(x, "x"), fraction(alpha, "alpha")
    center, sigma = known(center, sigma)
    if center is not None and center < 0:
        raise ArgumentError("center", "must not be negative")
    there = ~np.isnan(values)
    mask = used(values.size, baseline=baseline, exclude=exclude) & there
    shape = values**NELSON_POWER
    middle, spread = estimated(shape, mask, None if center is None else center**NELSON_POWER, sigma)
    lines = _back(middle, spread)
    if distribution == "exponential" and middle is not None:
        median = accurate_mean(values[mask]) * math.log(2) if center is None else center
        mean = median / math.log(2)
        lines = (median, -mean * math.log1p(-level / 2), -mean * math.log(level / 2))
    zero = (ZERO_TIME,) if (values == 0).any() else ()
    needed = 1.0 if distribution == "exponential" else spread
    return TChart(
        n=int(there.sum()),
        n_missing=int(values.size - there.sum()),
        method=_METHODS[distribution],
        warnings=(*line_warnings(int(there.sum()), middle, needed), *zero),
        values=listed(values),
        center=lines[0],
        sigma=spread,
        lcl=lines[1],
        ucl=lines[2],
        beyond=outside(values, lines[1], lines[2]),
        n_baseline=0 if center is not None and sigma is not None else int(mask.sum()),
        transformed=listed(shape),
        distribution=distribution,
    )


_METHODS = {
    "weibull": "time between events; power 1/3.6, sigma from the mean moving range",
    "exponential": "time between events; exact limits of the exponential distribution",
}


def _geometric(mean: float, alpha: float) -> tuple[float, float]:
    """Exact limits of the count before the next event."""
    if mean == 0:
        return 0.0, 0.0
    step = -math.log1p(1 / mean)
    lower = math.floor(math.log1p(-alpha / 2) / step + _ROUNDING)
    upper = math.ceil(math.log(alpha / 2) / step - 1 - _ROUNDING)
    return float(lower), float(max(0, upper))


def _median(mean: float) -> float:
    return 0.0 if mean == 0 else float(max(0, math.ceil(math.log(2) / math.log1p(1 / mean) - 1)))


def _back(
    middle: float | None, spread: float | None
) -> tuple[float | None, float | None, float | None]:
    """Centre and limits of transformed times as times."""
    if middle is None:
        return None, None, None
    power = 1 / NELSON_POWER
    if spread is None:
        return middle**power, None, None
    return middle**power, max(0.0, middle - 3 * spread) ** power, (middle + 3 * spread) ** power
