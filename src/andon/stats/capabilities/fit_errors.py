"""How far what follows from a fitted distribution can be trusted: the delta method."""

import math
from collections.abc import Callable

import numpy as np

from andon.stats.capabilities.distributions import Fitted
from andon.stats.inputs import Floats
from andon.stats.special import normal_quantile

_STEP = 0.1


def fit_interval(
    fit: Fitted, x: Floats, figure: Callable[[Fitted], float | None], confidence: float
) -> list[float] | None:
    """Interval of ``figure(fit)`` for the values ``x`` the fit came from (no NaN).

    The covariance is the inverse of the observed information, which like the gradient is taken
    by central differences of a tenth of a standard error; the interval is symmetric. None where
    the likelihood has no proper maximum, as on the edge of a family.

    References
    ----------
    W. Q. Meeker and L. A. Escobar, Statistical Methods for Reliability Data (1998), appendix B.
    """
    middle = figure(fit)
    step = _STEP / math.sqrt(x.size)

    def likelihood(away: Floats) -> float:
        return float(np.sum(fit.moved(*away.tolist()).log_density(x)))

    def moved_figure(away: Floats) -> float:
        value = figure(fit.moved(*away.tolist()))
        return math.nan if value is None else value

    information = -_second_differences(likelihood, step)
    top, cross, bottom = information[0, 0], information[0, 1], information[1, 1]
    determinant = float(top * bottom - cross * cross)
    if middle is None or not (top > 0 and determinant > 0):
        return None
    gradient = [
        (moved_figure(step * one) - moved_figure(-step * one)) / (2 * step) for one in np.eye(2)
    ]
    square = bottom * gradient[0] ** 2 - 2 * cross * gradient[0] * gradient[1]
    variance = float(square + top * gradient[1] ** 2) / determinant
    if not (variance >= 0 and math.isfinite(variance)):
        return None
    half = normal_quantile(0.5 + confidence / 2) * math.sqrt(variance)
    return [middle - half, middle + half]


def _second_differences(f: Callable[[Floats], float], step: float) -> Floats:
    one, two = step * np.eye(2)
    center = f(np.zeros(2))
    first = f(one) - 2 * center + f(-one)
    second = f(two) - 2 * center + f(-two)
    mixed = (f(one + two) - f(one - two) - f(two - one) + f(-one - two)) / 4
    return np.array([[first, mixed], [mixed, second]]) / step**2
