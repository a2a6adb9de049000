"""The patterns of the run rules over one unbroken stretch of points, by windows over whole arrays.

Windows of all points double: 1, 2, 4, 8 neighbours at a time, so that 15 in a row cost 4 steps.
"""

from collections.abc import Callable
from functools import cached_property

import numpy as np

from andon.stats.inputs import ROUNDING, Bools, Floats

Line = float | Floats

LONGEST = 15
"""Points of the longest window."""


class Stretch:
    """Points in time order with their centre and sigma, and what the rules ask of them.

    ``moves`` is what trends are judged on, ``varying`` lines make it the standardised values.
    """

    def __init__(self, x: Floats, center: Line, sigma: Line, *, varying: bool) -> None:
        self.sigma = sigma
        self.away = x - center
        if varying:
            self.away = np.where(np.isnan(sigma), np.nan, self.away)
        self.moves = _standardised(self.away, sigma) if varying else x
        self.noise = np.abs(x)
        np.maximum(self.noise, np.abs(center), out=self.noise)
        self.noise *= ROUNDING
        self._sides: dict[int, tuple[Bools, Bools]] = {}

    @cached_property
    def _below(self) -> Floats:
        return -self.away

    @cached_property
    def there(self) -> Bools | None:
        """Which points exist; None if all do."""
        missing = np.isnan(self.away)
        return ~missing if missing.any() else None

    def sides(self, sigmas: int) -> tuple[Bools, Bools]:
        """Which points lie beyond so many sigmas above, and below, by more than rounding."""
        if sigmas not in self._sides:
            line = sigmas * self.sigma + self.noise if sigmas else self.noise
            self._sides[sigmas] = self.away > line, self._below > line
        return self._sides[sigmas]

    def beyond(self, sigmas: int) -> Bools:
        over, under = self.sides(sigmas)
        return over | under

    @cached_property
    def steps(self) -> tuple[Bools, Bools]:
        """Which points lie above, and below, the one before; from the second on."""
        before, after = self.moves[:-1], self.moves[1:]
        return after > before, after < before

    def whole(self, flags: Bools, window: int) -> Bools:
        """``flags`` where the window that ends at the point is full and nothing in it missing."""
        flags[: window - 1] = False
        if self.there is not None:
            flags &= in_row(self.there, window)
        return flags


def _standardised(away: Floats, sigma: Line) -> Floats:
    moves = np.full(away.size, np.nan)
    np.divide(away, sigma, out=moves, where=np.broadcast_to(np.greater(sigma, 0), away.shape))
    return moves


def in_row(flags: Bools, length: int) -> Bools:
    """Where ``length`` neighbours up to and with the point all hold."""
    result = np.zeros(flags.size, dtype=np.bool_)
    if flags.size < length:
        return result
    run, span = flags, 1
    while span < length:
        step = min(span, length - span)
        run, span = run[step:] & run[:-step], span + step
    result[length - 1 :] = run
    return result


def _outlier(points: Stretch) -> Bools:
    return points.beyond(3)


def _one_side(length: int) -> Callable[[Stretch], Bools]:
    def found(points: Stretch) -> Bools:
        over, under = points.sides(0)
        return in_row(over, length) | in_row(under, length)

    return found


def _trend(points: Stretch) -> Bools:
    up, down = points.steps
    found = np.zeros(points.moves.size, dtype=np.bool_)
    found[1:] = in_row(up, 5) | in_row(down, 5)
    return found


def _alternating(points: Stretch) -> Bools:
    up, down = points.steps
    found = np.zeros(points.moves.size, dtype=np.bool_)
    found[2:] = in_row((up[1:] & down[:-1]) | (down[1:] & up[:-1]), 12)
    return found


def _two_of_three(points: Stretch) -> Bools:
    found = np.zeros(points.away.size, dtype=np.bool_)
    for flags in points.sides(2):
        found[2:] |= flags[2:] & (flags[1:-1] | flags[:-2])
    return points.whole(found, 3)


def _four_of_five(points: Stretch) -> Bools:
    found = np.zeros(points.away.size, dtype=np.bool_)
    for flags in points.sides(1):
        a, b, c, d = flags[:-4], flags[1:-3], flags[2:-2], flags[3:-1]
        three_of_four = (a & b & (c | d)) | (c & d & (a | b))
        found[4:] |= flags[4:] & three_of_four
    return points.whole(found, 5)


def _hugging(points: Stretch) -> Bools:
    near = ~points.beyond(1)
    if np.ndim(points.sigma) or not np.greater(points.sigma, 0):
        near &= np.greater(points.sigma, 0)
    if points.there is not None:
        near &= points.there
    return in_row(near, LONGEST)


def _avoiding(points: Stretch) -> Bools:
    over, under = points.sides(1)
    return in_row(over | under, 8) & ~in_row(over, 8) & ~in_row(under, 8)


PATTERNS: dict[str, Callable[[Stretch], Bools]] = {
    "n1": _outlier,
    "n2": _one_side(9),
    "n3": _trend,
    "n4": _alternating,
    "n5": _two_of_three,
    "n6": _four_of_five,
    "n7": _hugging,
    "n8": _avoiding,
    "we1": _outlier,
    "we2": _two_of_three,
    "we3": _four_of_five,
    "we4": _one_side(8),
}
