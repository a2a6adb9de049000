"""One observed rate with the interval its true value lies in."""

import math
from dataclasses import dataclass

from andon.stats.comparison.statements import statement
from andon.stats.inputs import ArgumentError, fraction, whole
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, percent
from andon.stats.special import beta_quantile, normal_quantile

_NIL = -100.0
"""Logarithm of a share below which it counts as none."""


@dataclass(frozen=True, kw_only=True)
class RateInterval(Result):
    rate: float | None = None
    exact_ci: list[float] | None = None
    wilson_ci: list[float] | None = None
    sentence: Sentence | None = None


_RATE = gettext_noop(
    "The true rate lies between %(low)s and %(high)s (exact %(confidence)s interval; %(estimate)s "
    "seen in %(n)s)."
)


def rate_ci(x: int, n: int, confidence: float = 0.95) -> RateInterval:
    r"""Rate ``x / n`` with its exact and its Wilson interval.

    Exact (Clopper-Pearson): beta quantiles :math:`B(\alpha/2; x, n-x+1)` and
    :math:`B(1-\alpha/2; x+1, n-x)` [1]_, 0 for x = 0 and 1 for x = n. Wilson:
    :math:`(\hat p + z^2/2n \pm z\sqrt{\hat p\hat q/n + z^2/4n^2})/(1 + z^2/n)` [2]_, no
    continuity correction.

    Parameters
    ----------
    x, n : int
        Units that count and units seen, ``0 <= x <= n``.
    confidence : float
        Two-sided, between 0 and 1.

    Returns
    -------
    RateInterval
        All None for n = 0.

    Raises
    ------
    ValueError
        For values no count can have.

    References
    ----------
    .. [1] C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404.
    .. [2] E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209; NIST e-Handbook 7.2.4.1.

    Examples
    --------
    >>> result = rate_ci(3, 300)
    >>> result.rate, [round(end, 5) for end in result.exact_ci]
    (0.01, [0.00207, 0.02894])
    """
    x, n = whole(x, "x"), whole(n, "n")
    level = fraction(confidence, "confidence")
    if x > n:
        raise ArgumentError("x", "must not exceed n")
    method = f"Clopper-Pearson and Wilson, {level:g}"
    if n == 0:
        return RateInterval(n=0, n_missing=0, method=method, warnings=(NO_DATA,))
    exact = exact_interval(x, n - x, level)
    return RateInterval(
        n=n,
        n_missing=0,
        method=method,
        rate=x / n,
        exact_ci=exact,
        wilson_ci=_wilson(x, n, level),
        sentence=statement(
            "rate",
            _RATE,
            estimate=x / n,
            ci=exact,
            confidence=level,
            show=percent,
            n=f"{n:,}",
        ),
    )


def exact_interval(hits: float, misses: float, confidence: float) -> list[float]:
    """Clopper-Pearson interval of hits / (hits + misses); effective counts may be fractions."""
    tail = (1 - confidence) / 2
    low = beta_quantile(tail, hits, misses + 1) if _sizeable(tail, hits, misses + 1) else 0.0
    high = beta_quantile(1 - tail, hits + 1, misses) if _sizeable(tail, misses, hits + 1) else 1.0
    return [low, high]


def _sizeable(p: float, a: float, b: float) -> bool:
    r"""Whether the x with I_x(a, b) = p is more than nil; a few thousandths of a hit have none.

    For a small x it is :math:`(p\,a\,B(a, b))^{1/a}` [DLMF 8.17.8].
    """
    if a <= 0:
        return False
    return math.log(p) + math.lgamma(a + 1) + math.lgamma(b) - math.lgamma(a + b) > a * _NIL


def _wilson(x: int, n: int, confidence: float) -> list[float]:
    z = normal_quantile(0.5 + confidence / 2)
    p = x / n
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    middle = p + z * z / (2 * n)
    scale = 1 + z * z / n
    low = 0.0 if x == 0 else max(0.0, (middle - half) / scale)
    return [low, 1.0 if x == n else min(1.0, (middle + half) / scale)]


def rate_ratio_interval(
    x1: float, n1: float, x2: float, n2: float, confidence: float
) -> list[float] | None:
    """Exact conditional interval of (x2 / n2) / (x1 / n1) for Poisson counts, x1 > 0.

    Given x1 + x2, x2 is binomial with share r n2 / (n1 + r n2); its Clopper-Pearson ends are
    solved for r. Effective counts may be fractions. None where they are so small that the ratio
    has no upper bound.

    >>> [round(end, 3) for end in rate_ratio_interval(20, 100, 8, 100, 0.95)]
    [0.152, 0.948]
    """
    low, high = exact_interval(x2, x1, confidence)
    return None if high == 1 else [end / (1 - end) * n1 / n2 for end in (low, high)]
