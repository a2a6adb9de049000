"""Whether a series rises or falls along a straight line."""

import math
from dataclasses import dataclass, replace

import numpy as np

from andon.stats.comparison.autocorrelation import serial_warning
from andon.stats.comparison.statements import SLOPE, statement
from andon.stats.inputs import ROUNDING, Floats, Values, fraction, series
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, gettext_noop, too_few
from andon.stats.special import t_cdf, t_quantile
from andon.stats.summary import accurate_mean

_FEWEST = 3


@dataclass(frozen=True, kw_only=True)
class LinearTrend(Result):
    """The line ``intercept + slope * i`` at the points i = 1, 2, …; ``sd`` scatters about it."""

    slope: float | None = None
    intercept: float | None = None
    slope_se: float | None = None
    intercept_se: float | None = None
    t: float | None = None
    df: int | None = None
    p: float | None = None
    r2: float | None = None
    sd: float | None = None
    slope_ci: list[float] | None = None
    sentence: Sentence | None = None


def linear_trend(x: Values, confidence: float = 0.95) -> LinearTrend:
    r"""Least-squares line through a series over its point numbers 1 to n.

    :math:`b = \sum(i-\bar i)(x_i-\bar x)/\sum(i-\bar i)^2`,
    :math:`se_b = s/\sqrt{\sum(i-\bar i)^2}` with n - 2 degrees of freedom, two-sided t [1]_.

    Parameters
    ----------
    x : sequence of float or None
        A series in time order at even steps; missing points keep their place in time.
    confidence : float
        Of the interval of the slope, two-sided.

    Returns
    -------
    LinearTrend
        Slope and intercept need two points, the rest three (``too_few``). Equal points have
        slope 0 and no t (``zero_variance``); points exactly on a line have no t
        (``perfect_fit``). ``autocorrelated`` warns that neighbours resemble each other beside
        the line.

    Raises
    ------
    ValueError
        For an infinite value, or a confidence outside 0 to 1.

    References
    ----------
    .. [1] NIST e-Handbook 4.1.4.1; R: lm.

    Examples
    --------
    >>> result = linear_trend([2.1, 2.9, 4.2, 4.8, 6.0])
    >>> round(result.slope, 3), [round(end, 2) for end in result.slope_ci], round(result.r2, 3)
    (0.97, [0.79, 1.15], 0.99)
    """
    level, values = fraction(confidence, "confidence"), series(x, "x")
    there = ~np.isnan(values)
    n = int(there.sum())
    method = f"least squares on the point number, {level:g}"
    common = LinearTrend(n=n, n_missing=values.size - n, method=method)
    if n < _FEWEST - 1:
        warning = too_few(_FEWEST) if n else NO_DATA
        return replace(common, warnings=(warning,))
    line = _Line.through(values, there)
    if n < _FEWEST or not line.sse:
        return replace(
            common,
            warnings=(line.warning(n),),
            slope=line.slope,
            intercept=line.intercept,
            r2=1.0 if line.sst else None,
        )
    sd = math.sqrt(line.sse / (n - 2))
    error = sd / math.sqrt(line.stt)
    t = line.slope / error
    half = t_quantile(0.5 + level / 2, n - 2) * error
    ci, p = [line.slope - half, line.slope + half], 2 * t_cdf(-abs(t), n - 2)
    return replace(
        common,
        warnings=serial_warning(line.residuals),
        slope=line.slope,
        intercept=line.intercept,
        slope_se=error,
        intercept_se=sd * math.sqrt(1 / n + line.middle**2 / line.stt),
        t=t,
        df=n - 2,
        p=p,
        r2=1 - line.sse / line.sst,
        sd=sd,
        slope_ci=ci,
        sentence=statement("slope", SLOPE, estimate=line.slope, ci=ci, confidence=level, p=p),
    )


@dataclass(frozen=True)
class _Line:
    slope: float
    intercept: float
    middle: float
    stt: float
    sst: float
    sse: float
    residuals: Floats

    @classmethod
    def through(cls, values: Floats, there: Floats) -> "_Line":
        x, time = values[there], np.flatnonzero(there).astype(np.float64) + 1
        middle, mean = accurate_mean(time), accurate_mean(x)
        stt = float(((time - middle) ** 2).sum())
        slope = float(((time - middle) * (x - mean)).sum()) / stt
        rest = values - mean - slope * (np.arange(1, values.size + 1) - middle)
        # Scatter that is only the rounding of the values counts as none.
        noise = (ROUNDING * float(np.abs(x).max())) ** 2 * x.size
        sums = [float(((x - mean) ** 2).sum()), float(np.nansum(rest**2))]
        sst, sse = (total if total > noise else 0.0 for total in sums)
        return cls(slope, mean - slope * middle, middle, stt, sst, sse, rest)

    def warning(self, n: int) -> Sentence:
        if not self.sst:
            return ZERO_VARIANCE
        return too_few(_FEWEST) if n < _FEWEST else _PERFECT


_PERFECT = Sentence(
    "perfect_fit", gettext_noop("All points lie on the line, so it has no error to test against.")
)
