"""An interrupted series: did level and slope change when something was done."""

import math
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

import numpy as np

from andon.stats.comparison.autocorrelation import FEWEST, durbin_watson
from andon.stats.comparison.segmented import (
    PARAMETERS,
    Fit,
    newey_west,
    prais_winsten,
    scatter_about,
)
from andon.stats.comparison.statements import statement
from andon.stats.inputs import ArgumentError, Floats, Values, fraction, series, whole
from andon.stats.results import Result, Value
from andon.stats.sentences import Sentence, gettext_noop
from andon.stats.special import t_cdf, t_quantile
from andon.stats.summary import lag1

ErrorMethod: TypeAlias = Literal["prais-winsten", "newey-west"]


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
    ``rho`` is the correlation the errors allow for (Prais-Winsten), ``lags`` how far they reach
    (Newey-West); ``lag1``, ``durbin_watson`` and ``sd`` describe the residuals.
    """

    level: Effect | None = None
    slope_change: Effect | None = None
    average: Effect | None = None
    final: Effect | None = None
    slope_before: Effect | None = None
    slope_after: Effect | None = None
    intercept: float | None = None
    df: int | None = None
    rho: float | None = None
    lags: int | None = None
    lag1: float | None = None
    durbin_watson: float | None = None
    sd: float | None = None
    fitted: list[float] | None = None
    sentence: Sentence | None = None


def interrupted_series(
    before: Values,
    after: Values,
    *,
    errors: ErrorMethod = "prais-winsten",
    lags: int | None = None,
    confidence: float = 0.95,
) -> InterruptedSeries:
    r"""Segmented regression of a series interrupted between ``before`` and ``after``.

    :math:`x_i = a + b\,i + c\,[i > m] + d\,(i-m-1)[i > m]` with m points before: c is the step,
    d the change of slope [1]_; t has n - 4 degrees of freedom. Errors of neighbouring points may
    be correlated. ``prais-winsten`` fits by generalised least squares with a correlation that is
    estimated from the residuals and corrected for their bias [2]_; in simulations its 95 %
    intervals held 92 to 96 % of the time up to a correlation of 0.5 from 48 points on, 90 to 98 %
    from 12 on. ``newey-west`` is ordinary least squares with Bartlett weights up to ``lags``,
    times :math:`n/(n-4)` [3]_: known from econometrics, but its intervals held only 71 to 90 %
    with 24 to 96 points.

    Parameters
    ----------
    before, after : sequence of float or None
        The series in time order at even steps, ``after`` following ``before`` without a gap;
        missing points keep their place in time.
    errors : {"prais-winsten", "newey-west"}
        How the correlation of neighbours is allowed for.
    lags : int, optional
        Of ``newey-west`` only. Default :math:`\lfloor 4(n/100)^{2/9}\rfloor`; 0 is White's (HC1).
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
        For an infinite value, an unknown ``errors``, or lags that reach over the whole series or
        belong to another method.

    References
    ----------
    .. [1] A. K. Wagner and others, J. Clin. Pharm. Ther. 27 (2002) 299.
    .. [2] S. J. Prais, C. B. Winsten, Cowles Commission Discussion Paper 383 (1954);
       F. H. C. Marriott, J. A. Pope, Biometrika 41 (1954) 390.
    .. [3] W. K. Newey, K. D. West, Econometrica 55 (1987) 703; Rev. Econ. Stud. 61 (1994) 631.

    Examples
    --------
    >>> result = interrupted_series([8.0, 8.2, 7.9, 8.1, 8.3, 8.2], [6.1, 6.0, 5.8, 5.9, 5.5, 5.6])
    >>> round(result.level.estimate, 2), [round(end, 2) for end in result.level.ci]
    (-2.17, [-2.51, -1.83])
    """
    level = fraction(confidence, "confidence")
    first, second = series(before, "before"), series(after, "after")
    values = np.concatenate((first, second))
    there = ~np.isnan(values)
    n = int(there.sum())
    reach = _lags(errors, lags, n)
    common = InterruptedSeries(
        n=n,
        n_missing=values.size - n,
        method=f"segmented regression, {_METHODS[errors]}, {level:g}",
    )
    if min(int(there[: first.size].sum()), int(there[first.size :].sum())) < FEWEST:
        return replace(common, warnings=(_TOO_FEW,))
    m = first.size
    fit = prais_winsten(values, there, m) if reach is None else newey_west(values, there, m, reach)
    return _described(replace(common, lags=reach), fit, level)


def _described(common: InterruptedSeries, fit: Fit, level: float) -> InterruptedSeries:
    df, last, rest = common.n - PARAMETERS, float(fit.design[-1, 3]), fit.residuals

    def effect(*weights: float) -> Effect:
        return _effect(np.array(weights), fit, df, level)

    average = effect(0, 0, 1, last / 2)
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
        rho=fit.rho,
        lag1=None if fit.exact else lag1(rest),
        durbin_watson=None if fit.exact else durbin_watson(rest),
        sd=scatter_about(rest, df),
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


def _effect(weights: Floats, fit: Fit, df: int, level: float) -> Effect:
    estimate = float(weights @ fit.beta)
    variance = 0.0 if fit.covariance is None else float(weights @ fit.covariance @ weights)
    if variance <= 0:
        return Effect(estimate=estimate)
    error = math.sqrt(variance)
    half, t = t_quantile(0.5 + level / 2, df) * error, estimate / error
    ci = [estimate - half, estimate + half]
    return Effect(estimate=estimate, se=error, t=t, p=2 * t_cdf(-abs(t), df), ci=ci)


def _lags(errors: str, lags: int | None, n: int) -> int | None:
    if errors not in get_args(ErrorMethod):
        raise ArgumentError("errors", f"must be one of {', '.join(get_args(ErrorMethod))}")
    if errors == "prais-winsten":
        if lags is not None:
            raise ArgumentError("lags", "belongs to errors='newey-west'")
        return None
    if lags is None:
        return int(4 * (n / 100) ** (2 / 9))
    reach = whole(lags, "lags")
    if reach >= max(n, 1):
        raise ArgumentError("lags", "must be fewer than the points")
    return reach


_METHODS: dict[str, str] = {
    "prais-winsten": "generalised least squares for correlated neighbours (Prais-Winsten)",
    "newey-west": "least squares with Newey-West errors",
}
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
