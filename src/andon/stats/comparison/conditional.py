"""Distributions of one count given the total of two, for exact tests."""

import math

import numpy as np

from andon.stats.inputs import Floats
from andon.stats.special import betainc, normal_cdf

_WIDEST = 4_000_000
_REACH = 40
"""Standard deviations from the mean that a sum covers; beyond them double precision holds 0."""
_WIDE = 12_500.0
"""Standard deviation above which no sum is taken: tails by the beta function or the normal."""


def binomial_p(total: int, odds: float, seen: int) -> float:
    """Two-sided p of ``seen`` with chance ``odds`` to 1: all outcomes no likelier than it.

    With a standard deviation above 12 500 these are the outcomes as far from the mean, which is
    the same but for a skewness of less than 1e-4.
    """
    share, rest = odds / (1 + odds), 1 / (1 + odds)
    mean = total * share
    if math.sqrt(mean * rest) <= _WIDE:
        return no_likelier(*binomial(total, odds, seen), seen)
    low, high = math.floor(2 * mean - seen), math.ceil(2 * mean - seen)
    low, high = (seen, max(high, seen)) if seen < mean else (min(low, seen), seen)
    fewer = betainc(total - low, low + 1, rest) if low >= 0 else 0.0
    more = betainc(high, total - high + 1, share) if high <= total else 0.0
    return min(1.0, fewer + more)


def fisher_p(n1: int, n2: int, total: int, seen: int) -> tuple[float, float]:
    """Fisher's two-sided p of X2 = ``seen``, and the chance of so few; normal above 12 500 sd."""
    mean, units = total * (n2 / (n1 + n2)), n1 + n2
    if math.sqrt(mean * n1 / units) <= _WIDE:
        support, chance = hypergeometric(n1, n2, total, seen)
        fewer = min(1.0, float(chance[support <= seen].sum()))
        return no_likelier(support, chance, seen), fewer
    spread = math.sqrt(mean * (n1 / units) * ((units - total) / (units - 1)))
    away = max(0.0, abs(seen - mean) - 0.5) / spread if spread else 0.0
    fewer = normal_cdf((seen + 0.5 - mean) / spread) if spread else 1.0
    return min(1.0, 2 * normal_cdf(-away)), fewer


def hypergeometric(n1: int, n2: int, total: int, seen: int) -> tuple[Floats, Floats]:
    """Support and probabilities of X2 given X1 + X2 = ``total``, as far as they are not nil."""
    mean = total * n2 / (n1 + n2)
    spread = math.sqrt(max(1.0, mean * n1 / (n1 + n2)))
    k = _window(max(0, total - n1), min(n2, total), mean, spread, seen)
    up = np.log(total - k[:-1]) + np.log(n2 - k[:-1])
    down = np.log(k[:-1] + 1) + np.log(n1 - total + k[:-1] + 1)
    return k, _normalised(up - down)


def binomial(total: int, odds: float, seen: int) -> tuple[Floats, Floats]:
    """Support and probabilities of a binomial count with chance ``odds`` to 1, if not nil."""
    mean = total * (odds / (1 + odds))
    spread = math.sqrt(max(1.0, mean / (1 + odds)))
    k = _window(0, total, mean, spread, seen)
    up = np.log(total - k[:-1]) + math.log(odds)
    return k, _normalised(up - np.log(k[:-1] + 1))


def no_likelier(support: Floats, chance: Floats, seen: int) -> float:
    """Two-sided p: the chance of all outcomes no likelier than the one seen.

    Rounding is forgiven by the same relative 1e-7 as in R's ``binom.test`` and ``fisher.test``.
    """
    here = chance[support == seen]
    if not here.size:
        return 0.0  # so far from the mean that double precision holds nothing
    own = float(here[0])
    return min(1.0, float(chance[chance <= own * (1 + 1e-7)].sum()))


def _window(low: int, high: int, mean: float, spread: float, seen: int) -> Floats:
    first = max(low, math.floor(mean - _REACH * spread))
    last = min(high, math.ceil(mean + _REACH * spread))
    if max(last, seen) - min(first, seen) < _WIDEST:
        first, last = max(low, min(seen, first)), min(high, max(seen, last))
    return np.arange(first, last + 1, dtype=np.float64)


def _normalised(log_ratios: Floats) -> Floats:
    """Probabilities from the logarithms of the ratios of neighbours: no large factorials."""
    logs = np.concatenate(([0.0], np.cumsum(log_ratios)))
    chance = np.exp(logs - logs.max())
    return np.asarray(chance / chance.sum(), dtype=np.float64)
