"""Run rules of Western Electric and Nelson, by windows over whole arrays."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from andon.stats.inputs import ROUNDING, ArgumentError, Bools, Floats, Values, series

DEFAULT_RULES = ("n1", "we4")
"""Andon's rules: beyond 3 sigma, and 8 in a row on one side (the full sets flood people)."""


class RunRules(dict[str, list[int]]):
    """Rule → points (from 1) that complete it, and how it came about."""

    def __init__(self, found: dict[str, list[int]], *, n: int, n_missing: int) -> None:
        super().__init__(found)
        self.n = n
        self.n_missing = n_missing
        self.method = "the point that completes a pattern; beyond is strict; full windows only"
        self.warnings: tuple[()] = ()


@dataclass(frozen=True)
class _Points:
    """One unbroken phase: deviations from the centre and what rules ask of them."""

    away: Floats
    noise: Floats
    sigma: Floats
    moves: Floats

    @property
    def there(self) -> Bools:
        return ~np.isnan(self.away)

    def over(self, sigmas: int) -> Bools:
        return np.asarray(self.away > sigmas * self.sigma + self.noise, dtype=np.bool_)

    def under(self, sigmas: int) -> Bools:
        return np.asarray(-self.away > sigmas * self.sigma + self.noise, dtype=np.bool_)

    def beyond(self, sigmas: int) -> Bools:
        return self.over(sigmas) | self.under(sigmas)


def run_rules(
    x: Values,
    center: float | Values,
    sigma: float | Values,
    rules: Iterable[str] = DEFAULT_RULES,
    *,
    restarts: Sequence[int] = (),
) -> RunRules:
    """Points that complete a pattern which chance seldom makes.

    ======== ==========================================================================
    n1, we1  one point beyond 3 sigma
    n2, we4  9 (n2) or 8 (we4) in a row on one side of the centre
    n3       6 in a row rising, or falling
    n4       14 in a row alternating up and down
    n5, we2  2 of 3 beyond 2 sigma on the same side
    n6, we3  4 of 5 beyond 1 sigma on the same side
    n7       15 in a row within 1 sigma
    n8       8 in a row beyond 1 sigma, both sides present
    ======== ==========================================================================

    A point on the centre ends a run, equal neighbours end a trend, a missing point breaks every
    pattern, and a window never reaches before the first point. In "m of k" rules the completing
    point itself lies beyond the line [1]_ [2]_.

    Parameters
    ----------
    x : sequence of float or None
        The plotted values in time order.
    center, sigma : float or sequence
        Centre and sigma of the plotted statistic, one for all or one for each point. Where they
        vary, trends are judged on standardised values.
    rules : iterable of str
        Rule ids; default `DEFAULT_RULES`.
    restarts : sequence of int
        Points (from 1) at which a new phase begins: all counters start again.

    Returns
    -------
    RunRules
        A dict from rule to list of points.

    Raises
    ------
    ValueError
        For an unknown rule, a negative sigma, infinite values, or lengths that differ.

    References
    ----------
    .. [1] L. S. Nelson, J. Quality Technology 16 (1984) 237.
    .. [2] Western Electric, Statistical Quality Control Handbook (1956).

    Examples
    --------
    >>> run_rules([1, 2, 1, 2, 1, 1, 2, 1, 9, 0], 0, 2)
    {'n1': [9], 'we4': [8, 9]}
    """
    values = series(x, "x")
    chosen = list(rules)
    if unknown := [rule for rule in chosen if rule not in _RULES]:
        raise ArgumentError("rules", f"unknown {', '.join(unknown)}; known are {', '.join(_RULES)}")
    middle, spread = _along(center, values, "center"), _along(sigma, values, "sigma")
    if (spread < 0).any():
        raise ArgumentError("sigma", "must not be negative")
    whole = _standard(values, middle, spread)
    cuts = [0, *_starts(restarts, values.size), values.size]
    found: dict[str, list[int]] = {rule: [] for rule in chosen}
    for start, stop in pairwise(cuts):
        phase = _Points(*(part[start:stop] for part in whole))
        for rule in chosen:
            hits = np.flatnonzero(_RULES[rule](phase)) + start + 1
            found[rule].extend(hits.tolist())
    missing = int(np.isnan(values).sum())
    return RunRules(found, n=values.size - missing, n_missing=missing)


def _along(value: float | Values, x: Floats, name: str) -> Floats:
    if isinstance(value, int | float):
        return np.full(x.size, series([value], name)[0])
    array = series(value, name)
    if array.size != x.size:
        raise ArgumentError(name, "must have as many values as x")
    return array


def _standard(x: Floats, center: Floats, sigma: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    away = np.where(np.isnan(sigma), np.nan, x - center)
    noise = ROUNDING * np.maximum(np.abs(x), np.abs(center))
    moves = x
    if x.size and ((center != center[0]).any() or (sigma != sigma[0]).any()):
        moves = np.full(x.size, np.nan)
        np.divide(away, sigma, out=moves, where=sigma > 0)
    return away, noise, sigma, moves


def _starts(restarts: Sequence[int], size: int) -> list[int]:
    if any(point < 1 or point > size for point in restarts):
        raise ArgumentError("restarts", f"points are counted from 1 to {size}")
    return sorted({point - 1 for point in restarts} - {0})


def _count(flags: Bools, window: int) -> NDArray[np.int64]:
    """How many of the ``window`` points up to each one hold; 0 where the window is not full."""
    result = np.zeros(flags.size, dtype=np.int64)
    if flags.size >= window:
        sums = np.concatenate(([0], np.cumsum(flags, dtype=np.int64)))
        result[window - 1 :] = sums[window:] - sums[:-window]
    return result


def _row(flags: Bools, length: int) -> Bools:
    return np.asarray(_count(flags, length) == length, dtype=np.bool_)


def _some(points: _Points, flags: Bools, least: int, window: int) -> Bools:
    return flags & (_count(flags, window) >= least) & _row(points.there, window)


def _outlier(points: _Points) -> Bools:
    return points.beyond(3)


def _one_side(length: int) -> Callable[[_Points], Bools]:
    return lambda points: _row(points.over(0), length) | _row(points.under(0), length)


def _same_side(least: int, window: int, sigmas: int) -> Callable[[_Points], Bools]:
    return lambda points: (
        _some(points, points.over(sigmas), least, window)
        | _some(points, points.under(sigmas), least, window)
    )


def _trend(points: _Points) -> Bools:
    steps = np.diff(points.moves)
    found = np.zeros(points.moves.size, dtype=np.bool_)
    found[1:] = _row(steps > 0, 5) | _row(steps < 0, 5)
    return found


def _alternating(points: _Points) -> Bools:
    signs = np.sign(np.diff(points.moves))
    found = np.zeros(points.moves.size, dtype=np.bool_)
    found[2:] = _row(signs[1:] * signs[:-1] < 0, 12)
    return found


def _hugging(points: _Points) -> Bools:
    return _row(points.there & ~points.beyond(1) & (points.sigma > 0), 15)


def _avoiding(points: _Points) -> Bools:
    both = (_count(points.over(1), 8) > 0) & (_count(points.under(1), 8) > 0)
    return _row(points.beyond(1), 8) & both


_RULES: dict[str, Callable[[_Points], Bools]] = {
    "n1": _outlier,
    "n2": _one_side(9),
    "n3": _trend,
    "n4": _alternating,
    "n5": _same_side(2, 3, 2),
    "n6": _same_side(4, 5, 1),
    "n7": _hugging,
    "n8": _avoiding,
    "we1": _outlier,
    "we2": _same_side(2, 3, 2),
    "we3": _same_side(4, 5, 1),
    "we4": _one_side(8),
}
