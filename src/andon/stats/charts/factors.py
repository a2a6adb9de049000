"""The constants of control charts, computed instead of tabulated."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, listing, whole
from andon.stats.results import Result
from andon.stats.special import normal_cdf

_SMALLEST = 2
_LARGEST = 10_000
_LARGE = 1000


@dataclass(frozen=True, kw_only=True)
class SpcConstants(Result):
    """Constants for the subgroup sizes asked, in their order."""

    d2: list[float]
    d3: list[float]
    c4: list[float]
    a2: list[float]
    a3: list[float]
    d3_lower: list[float]
    d4: list[float]
    b3: list[float]
    b4: list[float]
    e2: float


def spc_constants(n: Sequence[int] | int) -> SpcConstants:
    r"""Constants of the Shewhart charts for subgroups of size ``n``.

    With W the range of n independent N(0, 1) values, :math:`d_2 = E[W]`, :math:`d_3 = sd(W)`,
    :math:`c_4 = \sqrt{2/(n-1)}\,\Gamma(n/2)/\Gamma((n-1)/2)`; from these
    :math:`A_2 = 3/(d_2\sqrt n)`, :math:`A_3 = 3/(c_4\sqrt n)`, :math:`D_{3,4} = 1 \mp 3d_3/d_2`,
    :math:`B_{3,4} = 1 \mp 3\sqrt{1-c_4^2}/c_4` (never below 0), :math:`E_2 = 3/d_2(2)` [1]_.

    Parameters
    ----------
    n : int or sequence of int
        Subgroup sizes, each 2 or more.

    Returns
    -------
    SpcConstants
        Lists in the order of ``n``; the factor D3 of range charts is ``d3_lower``, because d3 is
        the standard deviation.

    Raises
    ------
    ValueError
        If a size is below 2 or not whole.

    References
    ----------
    .. [1] ISO 7870-2:2013, annex; Montgomery, Introduction to Statistical Quality Control, app. VI.

    Examples
    --------
    >>> table = spc_constants([2, 5])
    >>> [round(value, 4) for value in table.d2 + table.c4]
    [1.1284, 2.3259, 0.7979, 0.94]
    """
    single = isinstance(n, int | float | np.number)
    sizes = [whole(size, "n") for size in ([n] if single else listing(n, "n"))]
    if any(not _SMALLEST <= size <= _LARGEST for size in sizes):
        raise ArgumentError("n", f"a subgroup size must lie between 2 and {_LARGEST:,}")
    rooted = [math.sqrt(size) for size in sizes]
    mean = [d2(size) for size in sizes]
    ratio = [3 * d3(size) / d2(size) for size in sizes]
    unbiased = [c4(size) for size in sizes]
    spread = [3 * math.sqrt(1 - value**2) / value for value in unbiased]
    return SpcConstants(
        n=len(sizes),
        n_missing=0,
        method="d2, d3 by quadrature of the range distribution; c4 by the gamma function",
        d2=mean,
        d3=[d3(size) for size in sizes],
        c4=unbiased,
        a2=[3 / (value * root) for value, root in zip(mean, rooted, strict=True)],
        a3=[3 / (value * root) for value, root in zip(unbiased, rooted, strict=True)],
        d3_lower=[max(0.0, 1 - value) for value in ratio],
        d4=[1 + value for value in ratio],
        b3=[max(0.0, 1 - value) for value in spread],
        b4=[1 + value for value in spread],
        e2=3 / d2(_SMALLEST),
    )


def d2(n: int) -> float:
    """The mean range of ``n`` standard normal values.

    >>> round(d2(2), 10)
    1.1283791671
    """
    return _range_moments(n)[0]


def d3(n: int) -> float:
    """The standard deviation of the range of ``n`` standard normal values."""
    return _range_moments(n)[1]


def c4(n: int) -> float:
    """The mean of the sample standard deviation of ``n`` standard normal values.

    Two log-gammas of a large number cancel, so from 1000 degrees of freedom on their quotient is
    its asymptotic series (DLMF 5.11.13), whose next term is below 1e-16.

    >>> round(c4(2), 10), round(c4(10_000_001), 12)
    (0.7978845608, 0.999999975)
    """
    df = n - 1
    if df >= _LARGE:
        return 1 - 1 / (4 * df) + 1 / (32 * df**2) + 5 / (128 * df**3) - 21 / (2048 * df**4)
    return math.sqrt(2 / (n - 1)) * math.exp(math.lgamma(n / 2) - math.lgamma((n - 1) / 2))


@lru_cache(maxsize=512)
def _range_moments(n: int) -> tuple[float, float]:
    if n == _SMALLEST:
        return 2 / math.sqrt(math.pi), math.sqrt(2 - 4 / math.pi)
    w, weight, density, inside = _range_grid()
    exceeds = 1 - n * (inside ** (n - 1)) @ density
    mean = float(weight @ exceeds)
    return mean, math.sqrt(2 * float(weight @ (w * exceeds)) - mean**2)


@lru_cache(maxsize=1)
def _range_grid() -> tuple[Floats, Floats, Floats, Floats]:
    """Nodes and weights for w, density weights for x, and Phi(x) - Phi(x - w) on the grid.

    Gauss-Legendre over w in 0..16; for x the trapezoid rule, which converges geometrically for a
    smooth function that vanishes at both ends.
    """
    nodes, weights = np.polynomial.legendre.leggauss(120)
    w, weight = 8 * (nodes + 1), 8 * weights
    step = 0.05
    x = np.arange(-9.0, 9.0 + step / 2, step)
    cdf = np.vectorize(normal_cdf, otypes=[np.float64])
    density = step * np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    upper = cdf(x)
    lower = cdf(x[None, :] - w[:, None])
    return w, weight, density, upper[None, :] - lower
