"""Whether neighbouring points resemble each other, which most tests assume they do not."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.comparison.statements import statement
from andon.stats.inputs import ArgumentError, Floats, Values, fraction, series, whole
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, gettext_noop, number, too_few
from andon.stats.special import normal_quantile
from andon.stats.summary import accurate_mean, lag1, scatter

FEWEST = 3
_MOST_LAGS = 10
_SHARE_OF_LAGS = 5


@dataclass(frozen=True, kw_only=True)
class Autocorrelation(Result):
    """``r`` holds lags 1 to ``lags``; ``bound`` is what chance alone rarely exceeds.

    ``ljung_box`` and ``p`` test all these lags at once; ``durbin_watson`` is near 2 without
    correlation, towards 0 when neighbours resemble each other.
    """

    lag1: float | None = None
    bound: float | None = None
    ci: list[float] | None = None
    r: list[float] | None = None
    lags: int = 0
    durbin_watson: float | None = None
    ljung_box: float | None = None
    p: float | None = None
    correlated: bool | None = None
    sentence: Sentence | None = None


def autocorrelation(
    x: Values, lags: int | None = None, confidence: float = 0.95
) -> Autocorrelation:
    r"""Autocorrelation of a series about its mean, with bound and tests.

    :math:`r_h = \sum_i e_i e_{i+h}/\sum_i e_i^2` over pairs that both exist, bound
    :math:`z/\sqrt n`; Ljung-Box :math:`Q = n(n+2)\sum_h r_h^2/(n-h)` by chi-square with ``lags``
    degrees of freedom; Durbin-Watson :math:`\sum(e_i-e_{i-1})^2/\sum e_i^2` [1]_ [2]_.

    Parameters
    ----------
    x : sequence of float or None
        A series in time order; a missing point takes part in no pair.
    lags : int, optional
        How many lags; default the smaller of 10 and n / 5, at least 1.
    confidence : float
        Of the bound, two-sided.

    Returns
    -------
    Autocorrelation
        ``correlated`` says that lag 1 lies beyond the bound.

    Raises
    ------
    ValueError
        For an infinite value, or more lags than the series has.

    References
    ----------
    .. [1] G. E. P. Box, G. M. Jenkins, Time Series Analysis, 2.1; NIST e-Handbook 1.3.5.12.
    .. [2] G. M. Ljung, G. E. P. Box, Biometrika 65 (1978) 297; J. Durbin, G. S. Watson,
       Biometrika 37 (1950) 409.

    Examples
    --------
    >>> result = autocorrelation([3, 4, 5, 6, 6, 5, 4, 3, 2, 2, 3, 4])
    >>> round(result.lag1, 3), round(result.bound, 3), result.correlated
    (0.765, 0.566, True)
    """
    values, level = series(x, "x"), fraction(confidence, "confidence")
    there = values[~np.isnan(values)]
    most = _lags(lags, values.size)
    method = f"autocorrelation about the mean, Ljung-Box over lags 1 to {most}, {level:g}"
    sd = scatter(there)
    warning = _warning(there, sd)
    if warning is not None:
        return Autocorrelation(
            n=int(there.size),
            n_missing=values.size - there.size,
            method=method,
            warnings=(warning,),
        )
    residuals = values - accurate_mean(there)
    r = [_lagged(residuals, lag) for lag in range(1, most + 1)]
    bound = normal_quantile(0.5 + level / 2) / math.sqrt(there.size)
    q, p = _ljung_box(r, int(there.size))
    ci = [max(-1.0, r[0] - bound), min(1.0, r[0] + bound)]
    return Autocorrelation(
        n=int(there.size),
        n_missing=values.size - there.size,
        method=method,
        lag1=r[0],
        bound=bound,
        ci=ci,
        r=r,
        lags=most,
        durbin_watson=durbin_watson(residuals),
        ljung_box=q,
        p=p,
        correlated=abs(r[0]) > bound,
        sentence=statement("lag1", _LAG1, estimate=r[0], ci=ci, confidence=level, p=p),
    )


def durbin_watson(residuals: Floats) -> float:
    """Durbin-Watson statistic of residuals that are not all 0 (NaN where missing)."""
    return float(np.nansum(np.diff(residuals) ** 2) / np.nansum(residuals**2))


def serial_warning(residuals: Floats) -> tuple[Sentence, ...]:
    """A warning if neighbouring residuals are correlated beyond chance (5 %), else nothing."""
    n = int((~np.isnan(residuals)).sum())
    if n <= FEWEST or not np.nansum(residuals**2):
        return ()
    lag = lag1(residuals)
    if abs(lag) <= normal_quantile(0.975) / math.sqrt(n):
        return ()
    return (Sentence.of("autocorrelated", _SERIAL, lag=number(lag)),)


def _lags(lags: int | None, size: int) -> int:
    if lags is None:
        return max(1, min(_MOST_LAGS, size // _SHARE_OF_LAGS))
    most = whole(lags, "lags", least=1)
    if most >= max(size, 2):
        raise ArgumentError("lags", "must be fewer than the points")
    return most


def _warning(there: Floats, sd: float | None) -> Sentence | None:
    if not there.size:
        return NO_DATA
    if there.size < FEWEST:
        return too_few(FEWEST)
    return None if sd else ZERO_VARIANCE


def _lagged(residuals: Floats, lag: int) -> float:
    return float(np.nansum(residuals[lag:] * residuals[:-lag]) / np.nansum(residuals**2))


def _ljung_box(r: list[float], n: int) -> tuple[float | None, float | None]:
    """Q and its p; None where a series with gaps has fewer points than lags."""
    from scipy.special import chdtrc  # noqa: PLC0415

    if n <= len(r):
        return None, None
    q = n * (n + 2) * sum(one * one / (n - lag) for lag, one in enumerate(r, start=1))
    return q, float(chdtrc(len(r), q))


_LAG1 = gettext_noop(
    "The correlation of neighbouring points lies between %(low)s and %(high)s (%(confidence)s "
    "interval around %(estimate)s; %(p)s for none at any lag)."
)
_SERIAL = gettext_noop(
    "Neighbouring points are correlated (lag 1: %(lag)s), so p and interval are too favourable."
)
