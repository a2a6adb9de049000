"""The patterns of the run rules over one unbroken stretch of points, eight questions to a byte.

What a point is (above the centre, beyond one sigma, rising …) is a bit of its byte; "all of the
last k points" is an AND of shifted bytes whose windows double: 1, 2, 4, 8, so that eight
questions about 15 points cost four steps. `andon.stats.registers` says the same point by point.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from andon.stats.inputs import ROUNDING, Bools, Floats
from andon.stats.registers import BITS

Line = float | Floats
Bits = NDArray[np.uint8]

LONGEST = 15
"""Points of the longest window."""

# The bits of the two bytes of a point, see `Answers`.
_SIDE, _OFF, _TREND, _NEAR = 0b11, 0b1100, 0b11_0000, 0b100_0000
_FAR, _BEYOND3, _BEYOND1, _THERE, _TURN = 0b11, 0b100, 0b1000, 0b1_0000, 0b10_0000


class Answers(NamedTuple):
    """Two bytes for each point.

    ``first``, from bit 0: above, below, beyond 1 sigma above, below, rising, falling, within
    1 sigma. ``second``: beyond 2 sigma above, below, beyond 3 sigma, beyond 1 sigma, existing,
    turning.
    """

    first: Bits
    second: Bits


def answers(x: Floats, center: Line, sigma: Line, *, varying: bool) -> Answers:
    """What each point is; where lines are ``varying``, trends are of standardised values."""
    away, moves = x - center, x
    if varying:
        away = np.where(np.isnan(sigma), np.nan, away)
        moves = _standardised(away, sigma)
    noise = np.abs(x)
    np.maximum(noise, np.abs(center), out=noise)
    noise *= ROUNDING
    above, size = _bits(away > 0), np.abs(away)
    there = _bits(~np.isnan(away))
    near = _bits(size <= sigma + noise)
    off, one = _bits(size > noise), near ^ there
    if not np.greater(sigma, 0).all():
        near &= _bits(np.broadcast_to(np.greater(sigma, 0), near.shape))
    two, three = _bits(size > 2 * sigma + noise), _bits(size > 3 * sigma + noise)
    up, down = np.zeros_like(near), np.zeros_like(near)
    up[1:], down[1:] = moves[1:] > moves[:-1], moves[1:] < moves[:-1]
    turn = _both(up, down, 1) | _both(down, up, 1)
    (over0, under0), (over1, under1), (over2, under2) = (
        _sides(beyond, above) for beyond in (off, one, two)
    )
    return Answers(
        _lanes(near, down, up, under1, over1, under0, over0),
        _lanes(turn, there, one, three, under2, over2),
    )


def _sides(beyond: Bits, above: Bits) -> tuple[Bits, Bits]:
    over = beyond & above
    return over, beyond ^ over


def _bits(flags: Bools) -> Bits:
    return flags.view(np.uint8)


def _lanes(*flags: Bits) -> Bits:
    """Flags as the bits of one byte, the first the highest (adding is faster than shifting)."""
    result = flags[0].copy()
    for flag in flags[1:]:
        result += result
        result |= flag
    return result


def _standardised(away: Floats, sigma: Line) -> Floats:
    moves = np.full(away.size, np.nan)
    np.divide(away, sigma, out=moves, where=np.broadcast_to(np.greater(sigma, 0), away.shape))
    return moves


def _both(newer: Bits, older: Bits, lag: int) -> Bits:
    """``newer`` at a point and ``older`` so many points before."""
    result = np.empty_like(newer)
    result[:lag] = 0
    np.bitwise_and(newer[lag:], older[:-lag], out=result[lag:])
    return result


def completed(points: Answers) -> NDArray[np.int16]:
    """For each point the bits of the rules (`andon.stats.registers.BITS`) it completes."""
    first, second = points
    two, two_ = _both(first, first, 1), _both(second, second, 1)
    four, four_ = _both(two, two, 2), _both(two_, two_, 2)
    eight, eight_ = _both(four, four, 4), _both(four_, four_, 4)
    three_there, five_there = _both(two_, second, 2), _both(four_, second, 4)
    result = _lanes(
        _any(eight_, _BEYOND1) & ~_any(eight, _OFF),  # n8: 8, not all on one side
        _any(_both(eight, eight, 7), _NEAR),  # n7: 15
        _any(_four_of_five(first), _OFF) & _any(five_there, _THERE),
        _any(_two_of_three(second), _FAR) & _any(three_there, _THERE),
        _any(_both(eight_, four_, 8), _TURN),  # n4: 12 turns
        _any(_both(four, first, 4), _TREND),  # n3: 5 steps
        _any(_both(eight, first, 8), _SIDE),  # n2: 9
        _any(second, _BEYOND3),
    ).astype(np.int16)
    result |= np.multiply(_any(eight, _SIDE), BITS["we4"], dtype=np.int16)
    return result


def _any(answer: Bits, question: int) -> Bits:
    return _bits((answer & question) != 0)


def _two_of_three(bits: Bits) -> Bits:
    found = np.zeros_like(bits)
    found[2:] = bits[2:] & (bits[1:-1] | bits[:-2])
    return found


def _four_of_five(bits: Bits) -> Bits:
    found = np.zeros_like(bits)
    a, b, c, d = bits[:-4], bits[1:-3], bits[2:-2], bits[3:-1]
    found[4:] = bits[4:] & ((a & b & (c | d)) | (c & d & (a | b)))
    return found
