"""The power that makes positive values look normal (Box and Cox)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from andon.stats.capabilities.intervals import chi2_quantile
from andon.stats.capabilities.magnitudes import check_size, measured
from andon.stats.inputs import ROUNDING, Floats, Values, fraction
from andon.stats.results import Result, named
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, gettext_noop, too_few

REACH = 5.0
"""Powers are sought from -REACH to REACH."""

ROUND_POWERS = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
LEAST = 3
_FAR = 30.0
NONPOSITIVE = Sentence(
    "nonpositive",
    gettext_noop("Some values are not above 0, and the method is defined for positive values."),
)
AT_BOUND = Sentence(
    "at_bound", gettext_noop("The search for the power, or its interval, ended at −5 or 5.")
)
_METHOD = "Box-Cox: maximum of the profile likelihood over -5 to 5"


@named(lambda_="lambda")
@dataclass(frozen=True, kw_only=True)
class BoxCox(Result):
    """The power ``lambda``, its interval, and the round one to use.

    ``suggested`` is the round power nearest to ``lambda`` within the interval, or ``lambda``
    itself if the interval holds none; 0 stands for the logarithm.
    """

    lambda_: float | None = None
    lambda_ci: list[float] | None = None
    suggested: float | None = None
    loglik: float | None = None
    confidence: float


def boxcox_lambda(x: Values, *, confidence: float = 0.95) -> BoxCox:
    r"""The power of Box and Cox that makes ``x`` most normal.

    Maximum over :math:`\lambda` in -5..5 of the profile likelihood
    :math:`-\frac n2\ln\hat\sigma^2_\lambda + (\lambda-1)\sum\ln x_i`, where
    :math:`\hat\sigma^2_\lambda` is the variance (divisor n) of
    :math:`(x^\lambda-1)/\lambda`; the interval holds the powers whose likelihood is lower by no
    more than :math:`\chi^2_{1;\,0.95}/2` [1]_.

    Parameters
    ----------
    x : sequence of float or None
        Values above 0, in any order.
    confidence : float
        Of the interval.

    Returns
    -------
    BoxCox
        All None with ``nonpositive`` if a value is 0 or below (nothing is shifted in silence).

    Raises
    ------
    ValueError
        If a value is infinite or a text, or confidence is not between 0 and 1.

    References
    ----------
    .. [1] G. E. P. Box and D. R. Cox, J. Royal Statistical Society B 26 (1964) 211.

    Examples
    --------
    >>> result = boxcox_lambda([1.1, 1.9, 2.7, 4.4, 7.1, 12.0, 20.5, 33.0])
    >>> round(getattr(result, "lambda"), 2), result.suggested
    (-0.04, 0.0)
    """
    level = fraction(confidence, "confidence")
    values = measured(x, "x")
    there = values[~np.isnan(values)]
    counts: dict[str, Any] = {"n": int(there.size), "n_missing": int(values.size - there.size)}
    warning = refusal(there)
    if warning:
        return BoxCox(**counts, method=_METHOD, warnings=(warning,), confidence=level)
    profile = _profile(np.log(there))
    best = _highest(profile)
    drop = profile(best) - chi2_quantile(level, 1) / 2
    ends = [_end(profile, best, side, drop) for side in (-REACH, REACH)]
    touched = any(abs(value) >= REACH for value in (best, *ends))
    return BoxCox(
        **counts,
        method=_METHOD,
        warnings=(AT_BOUND,) if touched else (),
        lambda_=best,
        lambda_ci=ends,
        suggested=_suggested(best, ends),
        loglik=profile(best),
        confidence=level,
    )


def refusal(x: Floats) -> Sentence | None:
    """Why positive values with scatter cannot be had from ``x`` (no NaN), or None."""
    if not x.size:
        return NO_DATA
    if float(x.min()) <= 0:
        return NONPOSITIVE
    if x.size < LEAST:
        return too_few(LEAST)
    check_size(float(x.min()), "x")
    return None if scattered(x) else ZERO_VARIANCE


def scattered(x: Floats) -> bool:
    """Whether values differ by more than the rounding of the largest of them."""
    low, high = float(x.min()), float(x.max())
    return high - low > ROUNDING * max(abs(low), abs(high))


def _profile(logs: Floats) -> Callable[[float], float]:
    """The profile likelihood up to the constant that does not depend on the power.

    Values are divided by their geometric mean, so no power overflows and the Jacobian vanishes.
    """
    middle = float(logs.mean())
    centred = logs - middle

    def likelihood(power: float) -> float:
        if power == 0:
            return -0.5 * logs.size * (math.log(float(centred.var())) + 2 * middle)
        exponents = power * centred
        # Values that a power drives far apart are scaled by the largest before it overflows.
        top = float(exponents.max())
        far = top > _FAR
        transformed = np.exp(exponents - top) if far else np.expm1(exponents)
        scale = 2 * (top if far else 0.0) - 2 * math.log(abs(power))
        return -0.5 * logs.size * (math.log(float(transformed.var())) + scale + 2 * middle)

    return likelihood


def _highest(profile: Callable[[float], float]) -> float:
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - loads when a power is sought

    grid = np.linspace(-REACH, REACH, 21)
    best = float(grid[int(np.argmax([profile(float(power)) for power in grid]))])
    if abs(best) == REACH and profile(best) > profile(best * (1 - 1e-6)):
        return best
    bounds = (max(-REACH, best - 0.5), min(REACH, best + 0.5))
    options = {"xatol": 1e-9}
    found = minimize_scalar(
        lambda power: -profile(float(power)), bounds=bounds, method="bounded", options=options
    )
    return float(found.x)


def _end(profile: Callable[[float], float], best: float, side: float, drop: float) -> float:
    from scipy.optimize import brentq  # noqa: PLC0415 - loads when a power is sought

    if best == side or profile(side) >= drop:
        return side
    return float(brentq(lambda power: profile(power) - drop, best, side, xtol=1e-10))


def _suggested(best: float, ends: list[float]) -> float:
    inside = [power for power in ROUND_POWERS if ends[0] <= power <= ends[1]]
    return min(inside, key=lambda power: abs(power - best), default=best)
