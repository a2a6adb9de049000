"""Do the values look normal: Anderson-Darling and Shapiro-Wilk."""

import math
from dataclasses import dataclass

import numpy as np

from andon.stats.capabilities.magnitudes import measured
from andon.stats.inputs import Floats, Values, fraction
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, gettext_noop, number, too_few
from andon.stats.special import normal_cdf, normal_quantile
from andon.stats.summary import accurate_mean

_FOR_P = 8
_FOR_SHAPIRO = 3
_MOST_FOR_SHAPIRO = 5000
_METHOD = "Anderson-Darling with estimated mean and s (Stephens); Shapiro-Wilk (Royston)"
TOO_MANY = Sentence(
    "too_many",
    gettext_noop("Shapiro-Wilk is defined for at most 5000 values; see Anderson-Darling."),
)


@dataclass(frozen=True, kw_only=True)
class NormalityTest(Result):
    """``normal`` is False if either test rejects at ``alpha``, None if neither could be done.

    ``ad_adjusted`` is the statistic for the estimated parameters, from which ``ad_p`` follows.
    """

    ad: float | None = None
    ad_adjusted: float | None = None
    ad_p: float | None = None
    shapiro_w: float | None = None
    shapiro_p: float | None = None
    alpha: float
    normal: bool | None = None
    sentence: Sentence | None = None


def normality_test(x: Values, *, alpha: float = 0.05) -> NormalityTest:
    r"""Tests of normality with mean and standard deviation estimated.

    :math:`A^2 = -n - \frac1n\sum(2i-1)\big(\ln\Phi(z_i)+\ln(1-\Phi(z_{n+1-i}))\big)`,
    :math:`A^{2*} = A^2(1 + 0.75/n + 2.25/n^2)` and its p in four pieces [1]_; Shapiro-Wilk with
    Royston's weights and p for 3 to 5000 values [2]_. The order of ``x`` does not matter.

    Parameters
    ----------
    x : sequence of float or None
        Values in their own unit.
    alpha : float
        A p below it is called a departure from the normal.

    Returns
    -------
    NormalityTest
        p of Anderson-Darling from 8 values on; None with ``zero_variance`` for equal values.

    Raises
    ------
    ValueError
        If a value is infinite or a text, or alpha is not between 0 and 1.

    References
    ----------
    .. [1] M. A. Stephens, in D'Agostino and Stephens, Goodness-of-Fit Techniques (1986), table 4.9.
    .. [2] P. Royston, Applied Statistics 44 (1995) 547, algorithm AS R94.

    Examples
    --------
    >>> result = normality_test([3.1, 2.9, 3.4, 3.0, 3.2, 2.8, 3.3, 9.5])
    >>> round(result.shapiro_w, 3), result.normal
    (0.505, False)
    """
    level = fraction(alpha, "alpha")
    values = measured(x, "x")
    ordered = np.sort(values[~np.isnan(values)])
    n = int(ordered.size)
    missing = int(values.size) - n
    scores = standardised(ordered) if n else None
    if scores is None:
        warning = NO_DATA if not n else too_few(_FOR_SHAPIRO) if n == 1 else ZERO_VARIANCE
        return NormalityTest(
            n=n, n_missing=missing, method=_METHOD, warnings=(warning,), alpha=level
        )
    ad = anderson_darling(*_normal_tails(scores))
    adjusted = ad * (1 + 0.75 / n + 2.25 / n**2)
    ad_p = _stephens_p(adjusted) if n >= _FOR_P else None
    w, shapiro_p = _shapiro(scores) if _FOR_SHAPIRO <= n <= _MOST_FOR_SHAPIRO else (None, None)
    smallest = min((p for p in (ad_p, shapiro_p) if p is not None), default=None)
    return NormalityTest(
        n=n,
        n_missing=missing,
        method=_METHOD,
        warnings=_warnings(n),
        ad=ad,
        ad_adjusted=adjusted,
        ad_p=ad_p,
        shapiro_w=w,
        shapiro_p=shapiro_p,
        alpha=level,
        normal=None if smallest is None else smallest >= level,
        sentence=None if smallest is None else _sentence(n, smallest, level),
    )


def standardised(x: Floats) -> Floats | None:
    """``x`` (no NaN, not empty) as (x - mean) / s, the s with n - 1; None without scatter."""
    residuals = x - accurate_mean(x)
    widest = float(np.abs(residuals).max())
    if widest == 0:
        return None
    scaled = residuals / widest
    return np.asarray(scaled / math.sqrt(float(np.sum(scaled * scaled)) / (x.size - 1)))


def anderson_darling(log_below: Floats, log_above: Floats) -> float:
    """A squared from ln F(x) and ln(1 - F(x)) of the values in rising order."""
    n = log_below.size
    odd = 2 * np.arange(1, n + 1, dtype=np.float64) - 1
    return float(-n - np.mean(odd * (log_below + log_above[::-1])))


def _normal_tails(z: Floats) -> tuple[Floats, Floats]:
    from scipy.special import log_ndtr  # noqa: PLC0415 - loads when a test is wanted

    return log_ndtr(z), log_ndtr(-z)


def _stephens_p(a2: float) -> float:
    if a2 < 0.2:  # noqa: PLR2004 - the pieces of the table
        return 1 - math.exp(-13.436 + 101.14 * a2 - 223.73 * a2**2)
    if a2 < 0.34:  # noqa: PLR2004
        return 1 - math.exp(-8.318 + 42.796 * a2 - 59.938 * a2**2)
    if a2 < 0.6:  # noqa: PLR2004
        return math.exp(0.9177 - 4.279 * a2 - 1.38 * a2**2)
    # The parabola turns up again beyond 150; the p there is nil long before.
    held = min(a2, 10.0)
    return math.exp(1.2937 - 5.709 * held + 0.0186 * held**2)


# Royston's polynomials, lowest power first; the first two are in 1 / sqrt(n).
_LAST = (0.0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056)
_NEXT = (0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633)
_SMALL_CEILING = (-2.273, 0.459)
_SMALL_MEAN = (0.544, -0.39978, 0.025054, -6.714e-4)
_SMALL_LOG_SD = (1.3822, -0.77857, 0.062767, -0.0020322)
_LARGE_MEAN = (-1.5861, -0.31082, -0.083751, 0.0038915)
_LARGE_LOG_SD = (-0.4803, -0.082676, 0.0030302)
_MOST_FOR_SMALL = 11
_ONE_CORRECTED = 5


def _shapiro(scores: Floats) -> tuple[float, float]:
    """W and its p for values in rising order."""
    n = scores.size
    unit = scores / math.sqrt(float(np.sum(scores * scores)))
    gap = _shapiro_weights(n) - unit
    # 1 - W without cancellation: both vectors have length 1.
    half = float(np.sum(gap * gap)) / 2
    short = half * (2 - half)
    return 1 - short, _royston_p(short, n)


def _shapiro_weights(n: int) -> Floats:
    """Royston's weights, of length 1, in rising order."""
    if n == _FOR_SHAPIRO:
        return np.array([-math.sqrt(0.5), 0.0, math.sqrt(0.5)])
    scores = [normal_quantile((i - 0.375) / (n + 0.25)) for i in range(1, n // 2 + 1)]
    lower = np.array(scores)
    total = 2 * float(np.sum(lower * lower))
    root = 1 / math.sqrt(n)
    corrections = (_LAST,) if n <= _ONE_CORRECTED else (_LAST, _NEXT)
    ends = [
        _polynomial(terms, root) - value / math.sqrt(total)
        for terms, value in zip(corrections, scores, strict=False)
    ]
    k = len(ends)
    rest = total - 2 * float(np.sum(lower[:k] ** 2))
    weights = np.empty(n // 2)
    weights[:k] = ends
    weights[k:] = -lower[k:] / math.sqrt(rest / (1 - 2 * sum(end**2 for end in ends)))
    return np.concatenate((-weights, np.zeros(n % 2), weights[::-1]))


def _royston_p(short: float, n: int) -> float:
    if n == _FOR_SHAPIRO:
        w = min(1.0, 1 - short)
        return max(0.0, 6 / math.pi * (math.asin(math.sqrt(w)) - math.asin(math.sqrt(0.75))))
    y = math.log(max(short, 1e-300))
    if n <= _MOST_FOR_SMALL:
        # W is at least n a1^2/(n - 1), which keeps y below the ceiling for every n.
        y = -math.log(_polynomial(_SMALL_CEILING, n) - y)
        mean, log_sd = _polynomial(_SMALL_MEAN, n), _polynomial(_SMALL_LOG_SD, n)
    else:
        mean = _polynomial(_LARGE_MEAN, math.log(n))
        log_sd = _polynomial(_LARGE_LOG_SD, math.log(n))
    return normal_cdf((mean - y) / math.exp(log_sd))


def _polynomial(terms: tuple[float, ...], x: float) -> float:
    value = 0.0
    for term in reversed(terms):
        value = value * x + term
    return value


def _warnings(n: int) -> tuple[Sentence, ...]:
    if n < _FOR_P:
        return (too_few(_FOR_P),)
    return (TOO_MANY,) if n > _MOST_FOR_SHAPIRO else ()


def _sentence(n: int, p: float, alpha: float) -> Sentence:
    values = {"n": str(n), "p": number(p), "alpha": number(alpha)}
    if p < alpha:
        text = gettext_noop(
            "The %(n)s values do not look normal (smallest p %(p)s, below %(alpha)s)."
        )
        return Sentence("not_normal", text, values)
    text = gettext_noop(
        "Nothing speaks against normal values (smallest p %(p)s, not below %(alpha)s); "
        "with %(n)s values this is no proof."
    )
    return Sentence("normal_possible", text, values)
