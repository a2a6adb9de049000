"""How many nonconforming items a sample holds: binomial, Poisson, or a lot that is used up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, one_of, real, series, whole

CountModel: TypeAlias = Literal["binomial", "poisson", "hypergeometric"]
COUNT_MODELS = ("binomial", "poisson", "hypergeometric")
SMALLEST_LOT = 2


@dataclass(frozen=True)
class Population:
    """What is inspected: a process (binomial), events on items (Poisson), or one lot.

    A lot of N items with D nonconforming ones is depleted by what was drawn before.
    """

    model: CountModel
    p: float
    lot_size: int = 0

    @property
    def bad(self) -> int:
        """D, the nonconforming items of the lot."""
        return round(self.lot_size * self.p)

    @property
    def depletes(self) -> bool:
        return self.model == "hypergeometric"

    def chances(self, n: int, top: int, *, drawn: int = 0, found: int = 0) -> Floats:
        """P(X = 0), ..., P(X = top) among the next ``n`` items."""
        if self.model == "poisson":
            return poisson_chances(n * self.p, top)
        if self.model == "binomial":
            return binomial_chances(n, self.p, top)
        return hypergeometric_chances(n, self.lot_size - drawn, self.bad - found, top)


def binomial_chances(n: int, p: float, top: int) -> Floats:
    """P(X = 0), ..., P(X = top) of n trials.

    >>> [round(float(chance), 6) for chance in binomial_chances(3, 0.5, 4)]
    [0.125, 0.375, 0.375, 0.125, 0.0]
    """
    if p in {0, 1}:
        return _certain(n if p else 0, top)
    k = np.arange(min(n, top), dtype=np.float64)
    steps = np.log((n - k) / (k + 1)) + (math.log(p) - math.log1p(-p))
    return _from(0, n * math.log1p(-p), steps, top)


def poisson_chances(mean: float, top: int) -> Floats:
    """P(X = 0), ..., P(X = top) of a Poisson count.

    >>> [round(float(chance), 6) for chance in poisson_chances(1, 2)]
    [0.367879, 0.367879, 0.18394]
    """
    if mean == 0:
        return _certain(0, top)
    return _from(0, -mean, math.log(mean) - np.log(np.arange(1.0, top + 1)), top)


def hypergeometric_chances(
    n: int, lot: int, bad: int, top: int, *, log_none: float | None = None
) -> Floats:
    """P(X = 0), ..., P(X = top) among n items of a lot with ``bad`` nonconforming ones.

    ``log_none`` is the logarithm of P(X = 0) where it is known already.

    >>> [round(float(chance), 6) for chance in hypergeometric_chances(5, 10, 4, 3)]
    [0.02381, 0.238095, 0.47619, 0.238095]
    """
    good = lot - bad
    low, high = max(0, n - good), min(n, bad, top)
    k = np.arange(low, high, dtype=np.float64)
    steps = np.log((bad - k) * (n - k) / ((k + 1) * (good - n + k + 1)))
    if log_none is not None and low == 0:
        return _from(0, log_none, steps, top)
    # The chance of the fewest possible, as the shorter of two equal products.
    few = np.arange(min(n, bad) if low == 0 else good, dtype=np.float64)
    left = lot - max(n, bad) if low == 0 else n
    return _from(low, float(np.log((left - few) / (lot - few)).sum()), steps, top)


def _certain(value: int, top: int) -> Floats:
    chances = np.zeros(top + 1)
    if value <= top:
        chances[value] = 1.0
    return chances


def _from(low: int, first: float, steps: Floats, top: int) -> Floats:
    """Chances from ``low`` up by the logarithm of the first and of each ratio to the next."""
    chances = np.zeros(top + 1)
    if low <= top:
        logs = np.concatenate(([first], first + np.cumsum(steps)))
        chances[low : low + logs.size] = np.exp(logs)
    return chances


def checked_model(model: object, lot_size: object) -> tuple[CountModel, int | None]:
    """The model and the lot size, which a hypergeometric model needs, else ArgumentError."""
    one_of(model, COUNT_MODELS, "model")
    size = None if lot_size is None else whole(lot_size, "lot_size", least=SMALLEST_LOT)
    if size is None and model == "hypergeometric":
        raise ArgumentError("lot_size", "is needed for the hypergeometric model")
    return model, size  # type: ignore[return-value]  # one of COUNT_MODELS, seen above


def checked_share(p: object, name: str, model: CountModel) -> float:
    """``p`` as a fraction 0 to 1; nonconformities per item (Poisson) may be more than 1."""
    number = real(p, name)
    if number < 0 or (number > 1 and model != "poisson"):
        raise ArgumentError(name, "must lie between 0 and 1")
    return number


def qualities_of(p: object) -> Floats:
    """One quality or several as an array, NaN where missing, else ArgumentError."""
    several = isinstance(p, Sequence) or getattr(p, "ndim", 0) != 0
    return series(p if several else [p], "p")  # type: ignore[arg-type]
