"""An interrupted series: did level and slope change when something was done."""

import math
from dataclasses import dataclass, replace

import numpy as np

from andon.stats.comparison.autocorrelation import FEWEST, durbin_watson
from andon.stats.comparison.statements import statement
from andon.stats.inputs import ROUNDING, ArgumentError, Floats, Values, fraction, series, whole
from andon.stats.results import Result, Value
from andon.stats.sentences import Sentence, gettext_noop
from andon.stats.special import t_cdf, t_quantile
from andon.stats.summary import lag1

_PARAMETERS = 4


@dataclass(frozen=True, kw_only=True)
class Effect(Value):
    """One coefficient with its standard error, t, two-sided p and interval."""

    estimate: float
    se: float | None = None
    t: float | None = None
    p: float | None = None
    ci: list[float] | None = None


@dataclass(frozen=True, kw_only=True)
class InterruptedSeries(Result):
    """What changed at the interruption, against the line before carried on.

    ``level`` is the step at the first point after, ``slope_change`` the change of slope,
    ``average`` the mean effect over the points after and ``final`` the effect at the last one.
    """

    level: Effect | None = None
    slope_change: Effect | None = None
    average: Effect | None = None
    final: Effect | None = None
    slope_before: Effect | None = None
    slope_after: Effect | None = None
    intercept: float | None = None
    df: int | None = None
    lags: int | None = None
    lag1: float | None = None
    durbin_watson: float | None = None
    sd: float | None = None
    fitted: list[float] | None = None
    sentence: Sentence | None = None


def interrupted_series(
    before: Values, after: Values, *, lags: int | None = None, confidence: float = 0.95
) -> InterruptedSeries:
    r"""Segmented regression of a series interrupted between ``before`` and ``after``.

    :math:`x_i = a + b\,i + c\,[i > m] + d\,(i-m-1)[i > m]` by least squares with m points
    before: c is the step, d the change of slope [1]_. Standard errors are Newey and West's with
    Bartlett weights up to ``lags``, times :math:`n/(n-4)`, so moderate autocorrelation does not
    make them too small [2]_; t has n - 4 degrees of freedom. With few points they are still on
    the small side: below some 20 points take p near the limit with care.

    Parameters
    ----------
    before, after : sequence of float or None
        The series in time order at even steps, ``after`` following ``before`` without a gap;
        missing points keep their place in time.
    lags : int, optional
        Default :math:`\lfloor 4(n/100)^{2/9}\rfloor`; 0 is White's (HC1).
    confidence : float
        Of all intervals, two-sided.

    Returns
    -------
    InterruptedSeries
        All None with ``too_few`` when a part has fewer than 3 values. Points exactly on the two
        lines have estimates without errors (``perfect_fit``).

    Raises
    ------
    ValueError
        For an infinite value, or lags that reach over the whole series.

    References
    ----------
    .. [1] A. K. Wagner and others, J. Clin. Pharm. Ther. 27 (2002) 299.
    .. [2] W. K. Newey, K. D. West, Econometrica 55 (1987) 703; Rev. Econ. Stud. 61 (1994) 631.

    Examples
    --------
    >>> result = interrupted_series([8.0, 8.2, 7.9, 8.1, 8.3, 8.2], [6.1, 6.0, 5.8, 5.9, 5.5, 5.6])
    >>> round(result.level.estimate, 2), [round(end, 2) for end in result.level.ci]
    (-2.17, [-2.31, -2.03])
    """
    level = fraction(confidence, "confidence")
    first, second = series(before, "before"), series(after, "after")
    values = np.concatenate((first, second))
    there = ~np.isnan(values)
    n = int(there.sum())
    reach = _lags(lags, n)
    common = InterruptedSeries(
        n=n,
        n_missing=values.size - n,
        method=f"segmented least squares, Newey-West errors over {reach} lags, {level:g}",
    )
    if min(int(there[: first.size].sum()), int(there[first.size :].sum())) < FEWEST:
        return replace(common, warnings=(_TOO_FEW,))
    fit = _Fit.of(values, there, first.size)
    covariance = None if fit.exact else fit.covariance(reach)
    return _described(common, fit, covariance, level, reach)


@dataclass(frozen=True)
class _Fit:
    design: Floats
    beta: Floats
    residuals: Floats
    bread: Floats
    n: int
    exact: bool

    @classmethod
    def of(
        cls, values: Floats, there: "np.ndarray[tuple[int], np.dtype[np.bool_]]", m: int
    ) -> "_Fit":
        """Least squares at the points that are there; time is scaled for a sound inverse."""
        time = np.arange(1, values.size + 1, dtype=np.float64)
        later = (time > m).astype(np.float64)
        design = np.column_stack((np.ones(values.size), time, later, later * (time - m - 1)))
        used = design[there]
        scale = np.abs(used).max(axis=0)
        scale[scale == 0] = 1.0
        q, r = np.linalg.qr(used / scale)
        inverse = np.linalg.inv(r)
        beta = inverse @ (q.T @ values[there]) / scale
        residuals = values - design @ beta
        bread = inverse @ inverse.T / np.outer(scale, scale)
        # Scatter that is only the rounding of the values counts as none.
        noise = ROUNDING * float(np.abs(values[there]).max())
        exact = float(np.abs(residuals[there]).max()) <= noise
        return cls(design, beta, residuals, bread, int(there.sum()), exact)

    def covariance(self, lags: int) -> Floats:
        """Newey and West's covariance of the coefficients; a missing point has no score."""
        scores = self.design * np.nan_to_num(self.residuals)[:, None]
        meat = scores.T @ scores
        for lag in range(1, lags + 1):
            cross = scores[lag:].T @ scores[:-lag]
            meat += (1 - lag / (lags + 1)) * (cross + cross.T)
        spare = self.n / (self.n - _PARAMETERS)
        return np.asarray(spare * self.bread @ meat @ self.bread, dtype=np.float64)


def _described(
    common: InterruptedSeries, fit: _Fit, covariance: Floats | None, level: float, lags: int
) -> InterruptedSeries:
    df = fit.n - _PARAMETERS
    last = float(fit.design[-1, 3])

    def effect(*weights: float) -> Effect:
        return _effect(np.array(weights), fit.beta, covariance, df, level)

    average = effect(0, 0, 1, last / 2)
    rest = fit.residuals
    return replace(
        common,
        warnings=(_PERFECT,) if fit.exact else (),
        level=effect(0, 0, 1, 0),
        slope_change=effect(0, 0, 0, 1),
        average=average,
        final=effect(0, 0, 1, last),
        slope_before=effect(0, 1, 0, 0),
        slope_after=effect(0, 1, 0, 1),
        intercept=float(fit.beta[0]),
        df=df,
        lags=lags,
        lag1=None if fit.exact else lag1(rest),
        durbin_watson=None if fit.exact else durbin_watson(rest),
        sd=math.sqrt(float(np.nansum(rest**2)) / df),
        fitted=[float(value) for value in fit.design @ fit.beta],
        sentence=statement(
            "interrupted",
            _AVERAGE,
            estimate=average.estimate,
            ci=average.ci,
            confidence=level,
            p=average.p,
        ),
    )


def _effect(
    weights: Floats, beta: Floats, covariance: Floats | None, df: int, level: float
) -> Effect:
    estimate = float(weights @ beta)
    variance = 0.0 if covariance is None else float(weights @ covariance @ weights)
    if variance <= 0:
        return Effect(estimate=estimate)
    error = math.sqrt(variance)
    half, t = t_quantile(0.5 + level / 2, df) * error, estimate / error
    ci = [estimate - half, estimate + half]
    return Effect(estimate=estimate, se=error, t=t, p=2 * t_cdf(-abs(t), df), ci=ci)


def _lags(lags: int | None, n: int) -> int:
    if lags is None:
        return int(4 * (n / 100) ** (2 / 9))
    reach = whole(lags, "lags")
    if reach >= max(n, 1):
        raise ArgumentError("lags", "must be fewer than the points")
    return reach


_AVERAGE = gettext_noop(
    "Against the line before carried on, the mean effect after lies between %(low)s and %(high)s "
    "(%(confidence)s interval; estimate %(estimate)s; %(p)s for no effect)."
)
_TOO_FEW = Sentence(
    "too_few", gettext_noop("Too few values: at least 3 are needed before and 3 after.")
)
_PERFECT = Sentence(
    "perfect_fit", gettext_noop("All points lie on the two lines, so the effects have no error.")
)
