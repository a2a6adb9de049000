"""The noncentral t distribution, for plans by variables with unknown sigma."""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from andon.stats.inputs import Floats
from andon.stats.special import normal_cdf, normal_quantile

_NODES = 160
_REACH = 12
_STEPS = 200
_EXACT = 1e-13
_LEAST, _CLOSEST_TO_ONE = 1e-300, 1e-16


def noncentral_t_tail(t: float, df: int, shift: float) -> float:
    r"""P(T > t) of the noncentral t with ``df`` degrees of freedom and noncentrality ``shift``.

    T = (Z + shift)/S with S the square root of chi-square over ``df``, hence
    :math:`P(T > t) = E[\Phi(\delta - t S)]`, by Gauss-Legendre over 12 standard deviations of S
    to either side of its mode. Both tails keep their digits.

    >>> round(noncentral_t_tail(2.0, 9, 0.0), 10)  # Student's t
    0.0382764119
    """
    s, weights = _scale(df)
    return float(sum(w * normal_cdf(shift - t * x) for x, w in zip(s, weights, strict=True)))


def noncentral_t_quantile(tail: float, df: int, shift: float) -> float:
    """The t with P(T > t) = ``tail``.

    >>> round(noncentral_t_quantile(0.025, 10, 0.0), 9)
    2.228138852
    """
    low, high = shift - 1, shift + 1
    while noncentral_t_tail(low, df, shift) < tail:
        low -= 2 * (high - low)
    while noncentral_t_tail(high, df, shift) > tail:
        high += 2 * (high - low)
    return crossing(lambda t: noncentral_t_tail(t, df, shift), tail, low, high)


def crossing(falling: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Where a ``falling`` chance takes the value ``wanted``, between ``low`` and ``high``.

    Regula falsi with the Illinois step, on the normal scale, where such curves are nearly straight.

    >>> round(crossing(lambda x: normal_cdf(1 - 2 * x), 0.5, -9, 9), 12)
    0.5
    """

    def miss(x: float) -> float:
        chance = min(max(falling(x), _LEAST), 1 - _CLOSEST_TO_ONE)
        return normal_quantile(chance) - normal_quantile(wanted)

    ends = [(low, miss(low)), (high, miss(high))]
    last = None
    for _ in range(_STEPS):
        (low, above), (high, below) = ends
        x = (low * below - high * above) / (below - above)
        found = miss(x)
        if abs(found) < _EXACT:
            break
        side = 0 if found > 0 else 1
        other, value = ends[1 - side]
        if side == last:
            ends[1 - side] = other, value / 2
        ends[side], last = (x, found), side
    return x


@lru_cache(maxsize=256)
def _scale(df: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Nodes and weights of S; the density is normalised by its own sum."""
    mode = math.sqrt((df - 1) / df)
    reach = _REACH / math.sqrt(2 * df)
    low, high = max(0.0, mode - reach), mode + reach
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    s: Floats = low + (high - low) * (nodes + 1) / 2
    log_density = (df - 1) * np.log(s) - df * s * s / 2
    mass = weights * np.exp(log_density - log_density.max())
    return tuple(s.tolist()), tuple((mass / mass.sum()).tolist())
