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

Bits: TypeAlias = NDArray[np.uint8]
F = TypeVar("F", bound=Callable[..., Any])

# Sums may be taken in another order, so that processors add several at once; NaN stays NaN.
_SUM = frozenset({"reassoc", "nsz", "contract"})
_EXTREME = _SUM | {"nnan"}


class Kernels:
    """What `blocks` and the charts ask of one block, compiled when first used."""

    @staticmethod
    def sums(block: Floats, _buffer: Floats, /) -> tuple[float, float, float, float, float]:
        """Sums about the first value, moving ranges and extremes; NaN squares if one is NaN."""
        total, squares, moved = _compiled(_add, _SUM)(block)
        low, high = _compiled(_extremes, _EXTREME)(block)
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
    def answers(x: Floats, center: float, sigma: float) -> tuple[Bits, Bits]:
        """What each point is for the run rules, with one centre and one sigma for all."""
        first, second = np.zeros(x.size, dtype=np.uint8), np.zeros(x.size, dtype=np.uint8)
        _compiled(_answers, frozenset())(x, center, sigma, first, second)
        return first, second


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


def _extremes(block: Floats) -> tuple[float, float]:
    low = high = block[0]
    for i in range(block.size):
        low = min(low, block[i])
        high = max(high, block[i])
    return low, high


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
        turns = (first[i] >> 4 & first[i - 1] >> 5) | (first[i] >> 5 & first[i - 1] >> 4)
        second[i] |= np.uint8(turns & 1) << 5
