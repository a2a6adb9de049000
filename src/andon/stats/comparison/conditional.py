"""Distributions of one count given the total of two, for exact tests."""

import math

import numpy as np

from andon.stats.inputs import Floats

_WIDEST = 4_000_000
_REACH = 40
"""Standard deviations from the mean that a sum covers; beyond them double precision holds 0."""


def hypergeometric(n1: int, n2: int, total: int, seen: int) -> tuple[Floats, Floats]:
    """Support and probabilities of X2 given X1 + X2 = ``total``, as far as they are not nil."""
    mean = total * n2 / (n1 + n2)
    spread = math.sqrt(max(1.0, mean * n1 / (n1 + n2)))
    k = _window(max(0, total - n1), min(n2, total), mean, spread, seen)
    up = np.log(total - k[:-1]) + np.log(n2 - k[:-1])
    down = np.log(k[:-1] + 1) + np.log(n1 - total + k[:-1] + 1)
    return k, _normalised(up - down)


def binomial(total: int, share: float, seen: int) -> tuple[Floats, Floats]:
    """Support and probabilities of a binomial count, as far as they are not nil."""
    mean = total * share
    spread = math.sqrt(max(1.0, mean * (1 - share)))
    k = _window(0, total, mean, spread, seen)
    up = np.log(total - k[:-1]) + math.log(share)
    return k, _normalised(up - np.log(k[:-1] + 1) - math.log1p(-share))


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
