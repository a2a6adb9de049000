"""Exact distribution functions with the standard library only, so that no page loads scipy."""

import math
from functools import lru_cache
from statistics import NormalDist

_NORMAL = NormalDist()
_TINY = 1e-300
_CLOSE = 1e-15
_MOST_TERMS = 200_000
# Beyond this the difference of two large logarithms loses digits, and scipy is asked.
_LARGE = 1e6


def normal_cdf(z: float) -> float:
    """P(Z <= z) of the standard normal, accurate in both tails.

    >>> round(normal_cdf(1.959963984540054), 12)
    0.975
    """
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal_quantile(p: float) -> float:
    """The z with P(Z <= z) = p."""
    return _NORMAL.inv_cdf(p)


def betainc(a: float, b: float, x: float) -> float:
    r"""Regularised incomplete beta function :math:`I_x(a, b)`.

    Continued fraction by Lentz's method [1]_; a and b may be any positive number.

    References
    ----------
    .. [1] DLMF 8.17.22; Thompson and Barnett, J. Comput. Phys. 64 (1986) 490.

    Examples
    --------
    >>> round(betainc(2, 3, 0.4), 12)
    0.5248
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if max(a, b) > _LARGE:
        from scipy.special import betainc as large  # noqa: PLC0415

        return float(large(a, b, x))
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(scale + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1.0 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value, step, m = d, 0.0, 0
    while abs(step - 1) > _CLOSE and m < _MOST_TERMS:
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1 / _away(1 + even * d), _away(1 + even / c)
        value *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / _away(1 + odd * d), _away(1 + odd / c)
        step = d * c
        value *= step
    return value


def _away(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = p, by Newton steps kept inside a shrinking bracket.

    >>> round(beta_quantile(0.975, 4, 297), 10)
    0.0289445113
    """
    if max(a, b) > _LARGE:
        from scipy.special import betaincinv  # noqa: PLC0415

        return float(betaincinv(a, b, p))
    low, high = 0.0, 1.0
    mean = a / (a + b)
    spread = math.sqrt(mean * (1 - mean) / (a + b + 1))
    x = min(max(mean + normal_quantile(p) * spread, mean / 50), 1 - (1 - mean) / 50)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    old = math.inf
    while abs(x - old) > _CLOSE * x and low < x < high:
        miss = betainc(a, b, x) - p
        low, high = (x, high) if miss < 0 else (low, x)
        density = math.exp(scale + (a - 1) * math.log(x) + (b - 1) * math.log1p(-x))
        step = x - miss / density if density > 0 else math.nan
        old, x = x, step if low < step < high else (low + high) / 2
    return x


def t_cdf(t: float, df: float) -> float:
    """P(T <= t) of Student's t; an infinite ``df`` is the normal.

    >>> round(t_cdf(2.228138851986274, 10), 12)
    0.975
    """
    if math.isinf(df):
        return normal_cdf(t)
    tail = 0.5 * betainc(df / 2, 0.5, df / (df + t * t))
    return 1 - tail if t > 0 else tail


@lru_cache(maxsize=1024)
def t_quantile(p: float, df: float) -> float:
    """The t with P(T <= t) = p; an infinite ``df`` is the normal.

    >>> round(t_quantile(0.975, 10), 9)
    2.228138852
    """
    if math.isinf(df):
        return normal_quantile(p)
    if p == 0.5:  # noqa: PLR2004
        return 0.0
    x = beta_quantile(2 * min(p, 1 - p), df / 2, 0.5)
    t = math.sqrt(df * (1 - x) / x)
    return t if p > 0.5 else -t  # noqa: PLR2004
