"""Whether a series rises or falls, straight or not: Mann-Kendall with Sen's slope."""

import math
from dataclasses import dataclass, replace

import numpy as np

from andon.stats.comparison.autocorrelation import serial_warning
from andon.stats.comparison.concordance import concordance
from andon.stats.comparison.statements import SLOPE, statement
from andon.stats.inputs import Floats, Values, fraction, series
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, gettext_noop, too_few
from andon.stats.special import normal_cdf, normal_quantile
from andon.stats.summary import accurate_mean

_FEWEST = 3
_MOST_POINTS = 3000
_TOO_MANY = Sentence(
    "too_many",
    gettext_noop("More than 3000 points: Sen's slope over all pairs is left out."),
)


@dataclass(frozen=True, kw_only=True)
class MannKendall(Result):
    """S and its test; ``slope`` is Sen's, per point, with its interval."""

    s: int | None = None
    var_s: float | None = None
    z: float | None = None
    tau: float | None = None
    p: float | None = None
    slope: float | None = None
    slope_ci: list[float] | None = None
    intercept: float | None = None
    sentence: Sentence | None = None


def mann_kendall(x: Values, confidence: float = 0.95) -> MannKendall:
    r"""Test for a trend that need be neither straight nor normal, with Sen's slope.

    :math:`S = \sum_{i<j}\mathrm{sgn}(x_j - x_i)`,
    :math:`18\,\mathrm{Var}\,S = n(n-1)(2n+5) - \sum_t t(t-1)(2t+5)` over ties,
    :math:`z = (S \mp 1)/\sqrt{\mathrm{Var}\,S}`, tau-b against time [1]_. Sen's slope is the
    median of all :math:`(x_j-x_i)/(j-i)`; its interval lies between those of rank
    :math:`(N \mp z\sqrt{\mathrm{Var}\,S})/2` [2]_. The normal approximation is used for every n
    (below 10 points it is rough).

    Parameters
    ----------
    x : sequence of float or None
        A series in time order at even steps; missing points keep their place in time.
    confidence : float
        Of the interval of the slope, two-sided.

    Returns
    -------
    MannKendall
        Warnings: ``too_few`` below 3 points, ``zero_variance`` for equal points,
        ``autocorrelated`` if neighbours resemble each other beside the trend, ``too_many``
        where the slope is left out (above 3000 points).

    Raises
    ------
    ValueError
        For an infinite value, or a confidence outside 0 to 1.

    References
    ----------
    .. [1] M. G. Kendall, Rank Correlation Methods; R: Kendall::MannKendall.
    .. [2] P. K. Sen, J. Am. Stat. Assoc. 63 (1968) 1379.

    Examples
    --------
    >>> result = mann_kendall([4.7, 4.9, 4.8, 5.2, 5.1, 5.4, 5.3, 5.7])
    >>> result.s, round(result.p, 4), round(result.slope, 4)
    (22, 0.0094, 0.1292)
    """
    level, values = fraction(confidence, "confidence"), series(x, "x")
    time = np.flatnonzero(~np.isnan(values)).astype(np.float64) + 1
    there = values[~np.isnan(values)]
    n = int(there.size)
    method = f"Mann-Kendall by normal approximation, Sen's slope, {level:g}"
    common = MannKendall(n=n, n_missing=values.size - n, method=method)
    if n < _FEWEST:
        warning = too_few(_FEWEST) if n else NO_DATA
        return replace(common, warnings=(warning,))
    ranks, counts = np.unique(there, return_inverse=True, return_counts=True)[1:]
    ties = counts.astype(np.float64)
    s, variance = concordance(ranks), _variance(n, ties)
    if not variance:
        return replace(common, warnings=(ZERO_VARIANCE,), s=0, var_s=0.0)
    z = math.copysign(max(0, abs(s) - 1), s) / math.sqrt(variance)
    p = min(1.0, 2 * normal_cdf(-abs(z)))
    slope, ci = _sen(time, there, math.sqrt(variance), level)
    intercept = None if slope is None else float(np.median(there - slope * time))
    rest = np.full(values.size, np.nan)
    if slope is not None:
        rest[~np.isnan(values)] = there - slope * time
        rest -= accurate_mean(rest[~np.isnan(values)])
    return replace(
        common,
        warnings=(_TOO_MANY,) if slope is None else serial_warning(rest),
        s=s,
        var_s=variance,
        z=z,
        tau=_tau(n, s, ties),
        p=p,
        slope=slope,
        slope_ci=ci,
        intercept=intercept,
        sentence=statement("slope", SLOPE, estimate=slope, ci=ci, confidence=level, p=p),
    )


def _variance(n: int, t: Floats) -> float:
    return (n * (n - 1) * (2 * n + 5) - float((t * (t - 1) * (2 * t + 5)).sum())) / 18


def _tau(n: int, s: int, t: Floats) -> float:
    pairs = n * (n - 1) / 2
    return s / math.sqrt(pairs * (pairs - float((t * (t - 1)).sum()) / 2))


def _sen(
    time: Floats, x: Floats, sigma: float, level: float
) -> tuple[float | None, list[float] | None]:
    if x.size > _MOST_POINTS:
        return None, None
    first, second = np.triu_indices(x.size, 1)
    slopes = np.sort((x[second] - x[first]) / (time[second] - time[first]))
    reach = normal_quantile(0.5 + level / 2) * sigma
    low = max(0, round((slopes.size - reach) / 2) - 1)
    high = min(slopes.size - 1, round((slopes.size + reach) / 2))
    return float(np.median(slopes)), [float(slopes[low]), float(slopes[high])]
