"""The smallest plan that keeps the promises to producer and consumer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal, TypeAlias

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, fraction, one_of, positive, series, whole
from andon.stats.results import Result
from andon.stats.sampling.populations import (
    COUNT_MODELS,
    SMALLEST_LOT,
    CountModel,
    Population,
    checked_model,
    hypergeometric_chances,
)
from andon.stats.sampling.promises import promise
from andon.stats.sampling.variables import acceptance_by_k, k_at
from andon.stats.sentences import Sentence
from andon.stats.special import normal_quantile

PlanModel: TypeAlias = CountModel | Literal["normal_known", "normal_unknown"]
_BY_VARIABLES = ("normal_known", "normal_unknown")
MOST_ALLOWED = 1000
MOST_ITEMS = 1_000_000
_FEW_ITEMS = 5000


@dataclass(frozen=True, kw_only=True)
class FoundPlan(Result):
    """A single plan: ``n`` items, and ``c`` (by attributes) or ``k`` (by variables).

    ``pa_producer`` and ``pa_consumer`` are what it reaches at the two qualities asked for.
    """

    c: int | None = None
    k: float | None = None
    model: PlanModel
    pa_producer: float
    pa_consumer: float
    promise: Sentence


@dataclass(frozen=True)
class _Points:
    good: float
    often: float
    bad: float
    seldom: float


def find_plan(
    producer: Sequence[float],
    consumer: Sequence[float],
    model: PlanModel = "binomial",
    lot_size: int | None = None,
) -> FoundPlan:
    r"""The smallest single plan that accepts good lots often and bad lots seldom.

    By attributes: the smallest acceptance number c for which some n gives
    :math:`P_a(p_1) \ge 1-\alpha` and :math:`P_a(p_2) \le \beta`, with the smallest such n [1]_.
    By variables: the smallest n with :math:`P_a(p_2) \le \beta` when k meets the producer's point
    exactly, :math:`k = z_{p_1} - z_{1-\alpha}/\sqrt n` for a known sigma, by the noncentral t for
    an unknown one [2]_.

    Parameters
    ----------
    producer : (p1, 1 - alpha)
        A good quality (fraction nonconforming) and the chance of acceptance it must have.
    consumer : (p2, beta)
        A bad quality, worse than ``p1``, and the chance of acceptance it may have.
    model : {"binomial", "poisson", "hypergeometric", "normal_known", "normal_unknown"}
        The last two are plans by variables for one specification limit.
    lot_size : int, optional
        N, 2 or more, needed for the hypergeometric model, where both qualities become
        D = round(N p) items; it changes nothing in the others.

    Returns
    -------
    FoundPlan

    Raises
    ------
    ValueError
        If the points are no chances, do not fall from producer to consumer, are the same number
        of items of the lot, or lie so close that over a thousand items would be allowed, or over
        a million drawn.

    References
    ----------
    .. [1] W. C. Guenther, J. Quality Technology 1 (1969) 250.
    .. [2] ISO 3951-1; G. B. Wetherill and B. W. Brown, Statistical Process Control, chapter 13.

    Examples
    --------
    >>> plan = find_plan([0.01, 0.95], [0.06, 0.1])
    >>> plan.n, plan.c
    (110, 3)
    >>> print(plan.promise)
    Accepts lots with 1 % nonconforming in 97.5 of 100 cases, and lots with 6 % in 9.8 of 100.
    >>> plan = find_plan([0.01, 0.95], [0.06, 0.1], model="normal_unknown")
    >>> plan.n, round(plan.k, 4)
    (42, 1.9053)
    """
    if one_of(model, (*COUNT_MODELS, *_BY_VARIABLES), "model") in _BY_VARIABLES:
        if lot_size is not None:
            whole(lot_size, "lot_size", least=SMALLEST_LOT)
        points = _points(producer, consumer, "binomial")
        return _by_variables(points, known=model == "normal_known")
    kind, size = checked_model(model, lot_size)
    return _by_attributes(_points(producer, consumer, kind), kind, size)


def _points(producer: Sequence[float], consumer: Sequence[float], model: CountModel) -> _Points:
    found = _Points(*_point(producer, "producer", model), *_point(consumer, "consumer", model))
    if found.good >= found.bad:
        raise ArgumentError("consumer", "its quality must be worse than the producer's")
    if found.often <= found.seldom:
        raise ArgumentError("consumer", "its chance of acceptance must be below the producer's")
    return found


def _point(point: Sequence[float], name: str, model: CountModel) -> tuple[float, float]:
    numbers = series(point, name)
    if numbers.size != 2 or np.isnan(numbers).any():  # noqa: PLR2004 (quality and chance)
        raise ArgumentError(name, "must be two numbers: quality and chance of acceptance")
    quality, chance = numbers.tolist()
    # Nonconformities per item (Poisson) may be more than 1.
    good = positive(quality, name) if model == "poisson" else fraction(quality, name)
    return good, fraction(chance, name)


def _by_attributes(points: _Points, model: CountModel, size: int | None) -> FoundPlan:
    lot_size = size if model == "hypergeometric" and size else 0
    good = Population(model, points.good, lot_size)
    bad = Population(model, points.bad, lot_size)
    if bad.depletes and good.bad == bad.bad:
        raise ArgumentError("lot_size", f"both qualities are {bad.bad} items of so small a lot")
    n = 1
    for c in range(MOST_ALLOWED + 1):
        n = _first(
            n, min(lot_size or MOST_ITEMS, MOST_ITEMS), partial(_keeps_out, points.seldom, c, bad)
        )
        if _accepts(n, c, good) >= points.often:
            return _found(n, points, good, bad, c=c)
    raise _too_close()


def _accepts(n: int, c: int, lot: Population) -> float:
    if not lot.depletes or n <= _FEW_ITEMS or n > lot.lot_size - lot.bad:
        return min(1.0, float(lot.chances(n, c).sum()))
    none = float(_log_none(lot.lot_size, lot.bad)[n - 1])
    chances = hypergeometric_chances(n, lot.lot_size, lot.bad, c, log_none=none)
    return min(1.0, float(chances.sum()))


@lru_cache(maxsize=2)
def _log_none(lot_size: int, bad: int) -> Floats:
    """Logarithms of the chance that 1, 2, ... items of a lot hold none that is bad."""
    drawn = np.arange(min(lot_size - bad, MOST_ITEMS), dtype=np.float64)
    return np.cumsum(np.log((lot_size - bad - drawn) / (lot_size - drawn)))


def _keeps_out(seldom: float, c: int, bad: Population, n: int) -> bool:
    return _accepts(n, c, bad) <= seldom


def _found(n: int, points: _Points, good: Population, bad: Population, *, c: int) -> FoundPlan:
    often, seldom = _accepts(n, c, good), _accepts(n, c, bad)
    rate = good.model == "poisson"
    return FoundPlan(
        n=n,
        n_missing=0,
        method=f"smallest c, then smallest n; {good.model}",
        c=c,
        model=good.model,
        pa_producer=often,
        pa_consumer=seldom,
        promise=promise((points.good, often), (points.bad, seldom), rate=rate),
    )


def _by_variables(points: _Points, *, known: bool) -> FoundPlan:
    good, bad = -normal_quantile(points.good), -normal_quantile(points.bad)

    def consumer_chance(n: int) -> float:
        return acceptance_by_k(n, k_at(n, good, points.often, known=known), bad, known=known)

    n = _first(1 if known else 2, MOST_ITEMS, lambda n: consumer_chance(n) <= points.seldom)
    return FoundPlan(
        n=n,
        n_missing=0,
        method=f"smallest n, k from the producer's point; sigma {'known' if known else 'unknown'}",
        k=k_at(n, good, points.often, known=known),
        model="normal_known" if known else "normal_unknown",
        pa_producer=points.often,
        pa_consumer=consumer_chance(n),
        promise=promise((points.good, points.often), (points.bad, consumer_chance(n))),
    )


def _first(least: int, most: int, fits: Callable[[int], bool]) -> int:
    """The smallest n from ``least`` to ``most`` that fits, if all above it fit too."""
    below, n, stride = least - 1, least, 1
    while not fits(n):
        if n == most:
            raise _too_close()
        below, n, stride = n, min(most, n + stride), 2 * stride
    while n - below > 1:
        middle = (below + n) // 2
        below, n = (below, middle) if fits(middle) else (middle, n)
    return n


def _too_close() -> ArgumentError:
    return ArgumentError("consumer", "lies too close to the producer's point for any usable plan")
