"""The kernels of long series again, compiled by numba: asked for by ``engine="compiled"``.

Nothing here is loaded by itself. Importing numba and compiling cost some three seconds in each
process, which pays for millions of points and never for a page; the extra ``compiled`` installs it.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from andon.stats.inputs import ROUNDING, ArgumentError, Floats
from andon.stats.registers import BITS

Bits: TypeAlias = NDArray[np.uint8]
F = TypeVar("F", bound=Callable[..., Any])

# Sums may be taken in another order, so that processors add several at once; NaN stays NaN.
_SUM = frozenset({"reassoc", "nsz", "contract"})

_BEFORE = 14
"""Points before the first that do not exist, so that no window needs a case of its own."""


class Kernels:
    """What `blocks` and the charts ask of one block, compiled when first used."""

    @staticmethod
    def sums(block: Floats, _buffer: Floats, /) -> tuple[float, float, float, float, float]:
        """Sums about the first value, moving ranges and extremes; NaN squares if one is NaN."""
        total, squares, moved = _compiled(_add, _SUM)(block)
        # numpy finds extremes faster than numba, which walks them value by value.
        low, high = float(np.minimum.reduce(block)), float(np.maximum.reduce(block))
        return total, squares, moved, low, high

    @staticmethod
    def squares(block: Floats, _buffer: Floats, /) -> tuple[float, float]:
        """Sum and sum of squares about the first value."""
        total, squares = _compiled(_square, _SUM)(block)
        return total, squares

    @staticmethod
    def sum_ranges(rows: Floats, origin: float, _buffer: Floats, /) -> tuple[float, float]:
        """Sum of the values less ``origin``, and of the ranges of the rows."""
        total, ranges = _range_kernel(rows.shape[1])(rows, origin)
        return float(total), float(ranges)

    @staticmethod
    def sum_deviations(rows: Floats, origin: float, _buffer: Floats, /) -> tuple[float, float]:
        """Sum of the values less ``origin``, and of the standard deviations of the rows."""
        total, deviations = _deviation_kernel(rows.shape[1])(rows, origin)
        return float(total), float(deviations)

    @staticmethod
    def hits(x: Floats, center: float, sigma: float) -> NDArray[np.int16]:
        """For each point the bits of the run rules it completes; one centre, one sigma for all."""
        first, second = np.zeros((2, x.size + _BEFORE), dtype=np.uint8)
        _compiled(_answers, frozenset())(x, center, sigma, first[_BEFORE:], second[_BEFORE:])
        found, eight = np.empty((2, x.size), dtype=np.uint8)
        _compiled(_windows, frozenset())(first, second, found, eight)
        result = found.astype(np.int16)
        result |= np.multiply(eight, BITS["we4"], dtype=np.int16)
        return result


@lru_cache(maxsize=64)
def _compiled(function: F, fastmath: frozenset[str]) -> F:
    made: F = _numba().njit(function, fastmath=set(fastmath), nogil=True)
    return made


def _numba() -> Any:
    try:
        import numba  # noqa: PLC0415 -- costs a second, only where it was asked for
    except ImportError as missing:
        raise ArgumentError(
            "engine", "'compiled' needs numba: install andon[compiled] or choose 'numpy'"
        ) from missing
    return numba


def _add(block: Floats) -> tuple[float, float, float]:
    first = block[0]
    away = block[0] - first
    total, squares, moved = away, away * away, 0.0
    for i in range(1, block.size):
        away = block[i] - first
        total += away
        squares += away * away
        moved += abs(block[i] - block[i - 1])
    return total, squares, moved


def _square(block: Floats) -> tuple[float, float]:
    first = block[0]
    total = squares = 0.0
    for i in range(block.size):
        away = block[i] - first
        total += away
        squares += away * away
    return total, squares


@lru_cache(maxsize=16)
def _range_kernel(size: int) -> Callable[[Floats, float], tuple[float, float]]:
    """For one size, so that the compiler unrolls the subgroup; turned in strips of 128 rows."""

    def ranges(rows: Floats, origin: float) -> tuple[float, float]:
        turned = np.empty((size, 128))
        total = spread = 0.0
        for start in range(0, rows.shape[0], 128):
            count = min(128, rows.shape[0] - start)
            for i in range(count):
                for k in range(size):
                    turned[k, i] = rows[start + i, k] - origin
            for i in range(count):
                low = high = about = turned[0, i]
                for k in range(1, size):
                    value = turned[k, i]
                    about += value
                    low = value if value < low else low  # noqa: FURB136 -- one instruction
                    high = value if value > high else high  # noqa: FURB136
                total += about
                spread += high - low
        return total, spread

    made: Callable[[Floats, float], tuple[float, float]] = _compiled(ranges, _SUM)
    return made


@lru_cache(maxsize=16)
def _deviation_kernel(size: int) -> Callable[[Floats, float], tuple[float, float]]:
    def deviations(rows: Floats, origin: float) -> tuple[float, float]:
        turned = np.empty((size, 128))
        total = spread = 0.0
        for start in range(0, rows.shape[0], 128):
            count = min(128, rows.shape[0] - start)
            for i in range(count):
                for k in range(size):
                    turned[k, i] = rows[start + i, k] - origin
            for i in range(count):
                about = squares = 0.0
                for k in range(1, size):
                    away = turned[k, i] - turned[0, i]
                    about += away
                    squares += away * away
                total += about + size * turned[0, i]
                spread += np.sqrt(max(0.0, (squares - about * about / size) / max(1, size - 1)))
        return total, spread

    made: Callable[[Floats, float], tuple[float, float]] = _compiled(deviations, _SUM)
    return made


def _answers(x: Floats, center: float, sigma: float, first: Bits, second: Bits) -> None:
    """The two bytes of `andon.stats.charts.patterns.Answers`."""
    apart, spread = abs(center), sigma > 0
    for i in range(x.size):
        away, wide = x[i] - center, abs(x[i])
        noise = ROUNDING * (wide if wide > apart else apart)  # noqa: FURB136 -- one instruction
        size, above = abs(away), away > 0
        off, one, two = size > noise, size > sigma + noise, size > 2 * sigma + noise
        there, three = size >= 0, size > 3 * sigma + noise
        first[i] = (
            np.uint8(off & above) | np.uint8(off & (not above)) << 1
            | np.uint8(one & above) << 2 | np.uint8(one & (not above)) << 3
            | np.uint8(there & (not one) & spread) << 6
        )  # fmt: skip
        second[i] = (
            np.uint8(two & above) | np.uint8(two & (not above)) << 1
            | np.uint8(three) << 2 | np.uint8(one) << 3 | np.uint8(there) << 4
        )  # fmt: skip
    for i in range(1, x.size):
        first[i] |= np.uint8(x[i] > x[i - 1]) << 4 | np.uint8(x[i] < x[i - 1]) << 5
    for i in range(1, x.size):
        turns = np.uint8((first[i] >> 4 & first[i - 1] >> 5) | (first[i] >> 5 & first[i - 1] >> 4))
        second[i] = np.uint8(second[i] | (turns & 1) << 5)


def _windows(first: Bits, second: Bits, found: Bits, eight: Bits) -> None:
    """`andon.stats.charts.patterns.completed` in one walk: n1 to n8 to a byte, and we4 apart.

    ``f5`` says what all of the last five points are, from ``first``. The casts keep each number
    a byte: without them the compiler widens to eight, and does a fifth as many points at once.
    """
    for i in range(found.size):
        k = i + _BEFORE
        a, b, c, d, e = first[k], first[k - 1], first[k - 2], first[k - 3], first[k - 4]
        s, t, u = second[k], second[k - 1], second[k - 2]
        f5, s3 = np.uint8(a & b & c & d & e), np.uint8(s & t & u)
        f8 = np.uint8(f5 & first[k - 5] & first[k - 6] & first[k - 7])
        f9 = np.uint8(f8 & first[k - 8])
        f12 = np.uint8(f9 & first[k - 9] & first[k - 10] & first[k - 11])
        f15 = np.uint8(f12 & first[k - 12] & first[k - 13] & first[k - 14])
        s5 = np.uint8(s3 & second[k - 3] & second[k - 4])
        s8 = np.uint8(s5 & second[k - 5] & second[k - 6] & second[k - 7])
        s12 = np.uint8(s8 & second[k - 8] & second[k - 9] & second[k - 10] & second[k - 11])
        far, beyond = np.uint8(s & (t | u)), np.uint8(a & (e & d & (c | b) | c & b & (e | d)))
        n1, n2, n3 = np.uint8(s >> 2), np.uint8(f9 | f9 >> 1), np.uint8(f5 >> 4 | f5 >> 5)
        n4, n5 = np.uint8(s12 >> 5), np.uint8((far | far >> 1) & s3 >> 4)
        n6 = np.uint8((beyond >> 2 | beyond >> 3) & s5 >> 4)
        n7, we4 = np.uint8(f15 >> 6), np.uint8(f8 | f8 >> 1)
        n8 = np.uint8(s8 >> 3 & ~(f8 >> 2 | f8 >> 3))
        found[i] = np.uint8(
            (n1 & 1) | (n2 & 1) << 1 | (n3 & 1) << 2 | (n4 & 1) << 3
            | (n5 & 1) << 4 | (n6 & 1) << 5 | (n7 & 1) << 6 | (n8 & 1) << 7
        )  # fmt: skip
        eight[i] = we4 & 1
