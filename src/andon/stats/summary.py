"""Mean, scatter and serial correlation of one series, without loss of digits."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import Floats, Values, series
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, too_few

_FOR_SCATTER = 2


@dataclass(frozen=True, kw_only=True)
class SummaryStatistics(Result):
    mean: float | None = None
    sd: float | None = None
    lag1: float | None = None
    minimum: float | None = None
    maximum: float | None = None


def summary_statistics(x: Values) -> SummaryStatistics:
    r"""Mean, standard deviation (n - 1) and lag-1 autocorrelation of ``x``.

    The mean is corrected by the mean of the residuals and the sum of squares is taken about it
    (two passes), so that values like 10 000 000.2 keep their digits [1]_.
    :math:`r_1 = \sum_i e_i e_{i+1} / \sum_i e_i^2` over neighbours that both exist.

    Parameters
    ----------
    x : sequence of float or None
        A series; None and NaN are left out and break neighbourhoods.

    Returns
    -------
    SummaryStatistics
        ``sd`` and ``lag1`` are None for fewer than two values, ``lag1`` for equal values.

    Raises
    ------
    ValueError
        If a value is infinite.

    References
    ----------
    .. [1] NIST StRD, univariate NumAcc1 to NumAcc4.

    Examples
    --------
    >>> result = summary_statistics([10000001, 10000003, 10000002])
    >>> result.mean, result.sd
    (10000002.0, 1.0)
    """
    values = series(x, "x")
    there = values[~np.isnan(values)]
    method = "two-pass mean and standard deviation (n - 1)"
    missing = values.size - there.size
    if not there.size:
        return SummaryStatistics(n=0, n_missing=missing, method=method, warnings=(NO_DATA,))
    mean = accurate_mean(there)
    sd = scatter(there)
    warnings: tuple[Sentence, ...] = (too_few(_FOR_SCATTER),) if sd is None else ()
    return SummaryStatistics(
        n=int(there.size),
        n_missing=missing,
        method=method,
        warnings=(ZERO_VARIANCE,) if sd == 0 else warnings,
        mean=mean,
        sd=sd,
        lag1=lag1(values - mean) if sd else None,
        minimum=float(there.min()),
        maximum=float(there.max()),
    )


def accurate_mean(x: Floats) -> float:
    """The mean of ``x`` (no NaN, not empty), exactly the value if all are equal."""
    first = float(x[0])
    near = first + float(np.mean(x - first))
    return near + float(np.mean(x - near))


def scatter(x: Floats) -> float | None:
    """The standard deviation (n - 1) of ``x`` (no NaN); None for fewer than two values."""
    if x.size < _FOR_SCATTER:
        return None
    residuals = x - accurate_mean(x)
    return math.sqrt(float(np.sum(residuals * residuals)) / (x.size - 1))


def lag1(residuals: Floats) -> float:
    """Lag-1 autocorrelation of ``residuals`` (mean 0, NaN where missing; not all 0)."""
    products = residuals[1:] * residuals[:-1]
    return float(np.nansum(products) / np.nansum(residuals * residuals))
