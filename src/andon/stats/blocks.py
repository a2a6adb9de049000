"""Mean, scatter, moving ranges, extremes and counts of long arrays, block by block in the cache.

A block fits the second-level cache together with one buffer, so each value is fetched from memory
once and no temporary is as long as the input. Products are summed in rows that BLAS never splits
over threads.
"""

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, Values, limits, series
from andon.stats.moments import Moments

if TYPE_CHECKING:
    from andon.stats.compiled import Kernels

Engine: TypeAlias = Literal["numpy", "compiled"]

BLOCK = 65_536
"""Values in a block: 512 KiB, and as much again for the buffer."""

_ROW = 8192


class Survey(NamedTuple):
    """All that a study of capability asks of a series, from one walk along it."""

    n: int
    n_missing: int
    mean: float | None
    sd: float | None
    mean_moving_range: float | None
    minimum: float | None
    maximum: float | None
    below: int
    above: int


class Sums(NamedTuple):
    """One block without missing values: sums about its first value, moving ranges, extremes."""

    total: float
    squares: float
    moved: float
    low: float
    high: float


class _SumBlock(Protocol):
    def __call__(
        self, block: Floats, buffer: Floats, /
    ) -> tuple[float, float, float, float, float]: ...


def array(values: Values, name: str = "x") -> Floats:
    """``values`` as float64; what is infinite is found later, by the sum of its block."""
    if type(values) is np.ndarray and values.dtype == np.float64 and values.ndim == 1:
        return values
    return series(values, name)


def blocks(x: Floats, length: int = BLOCK) -> Iterator[Floats]:
    """Successive parts of ``x``, all but the last of ``length`` values."""
    for start in range(0, x.size, length):
        yield x[start : start + length]


def complete(block: Floats, name: str = "x") -> Floats:
    """``block`` without missing values.

    ArgumentError if one is infinite, or if none is missing: then sums overflowed.
    """
    there = block[~np.isnan(block)]
    if np.isinf(there).any():
        raise ArgumentError(name, "must not be infinite")
    if there.size == block.size:
        raise ArgumentError(name, "is too large for sums of squares (about 1e150 at most)")
    return there


def moments(x: Values, *, engine: Engine = "numpy") -> Moments:
    """Number, mean and sum of squares of ``x`` without its missing values.

    Each block is summed about its first value, which cannot cost more than about four digits
    whatever the data, and nothing for ordinary series; equal values give exactly their mean and 0.

    Raises
    ------
    ArgumentError
        If a value is infinite, or squares leave the range of float64.

    Examples
    --------
    >>> result = moments([10000001, 10000003, 10000002, None])
    >>> result.n, result.mean, result.sd
    (3, 10000002.0, 1.0)
    """
    values = array(x)
    sums = _sum_of_squares if engine == "numpy" else kernels(engine).squares
    buffer = np.empty(min(BLOCK, values.size))
    result = Moments()
    with np.errstate(invalid="ignore", over="ignore"):
        for block in blocks(values):
            result = result.joined(_moments(block, buffer, sums))
    return result


def mean_moving_range(x: Values) -> float | None:
    """Mean of the absolute differences of neighbours that both exist; None without any.

    >>> mean_moving_range([1, 2, 4, None, 9])
    1.5
    """
    values = array(x)
    buffer = np.empty(min(BLOCK, values.size))
    total, count, last = 0.0, 0, math.nan
    with np.errstate(invalid="ignore", over="ignore"):
        for block in blocks(values):
            moved, pairs = _moved(block, last, buffer)
            total, count, last = total + moved, count + pairs, float(block[-1])
    return total / count if count else None


def extremes(x: Values) -> tuple[float, float] | None:
    """Smallest and largest value; None if there is none.

    >>> extremes([3, None, 1, 2])
    (1.0, 3.0)
    """
    found = survey(x)
    return (
        None if found.minimum is None or found.maximum is None else (found.minimum, found.maximum)
    )


def outside(x: Values, lsl: float | None = None, usl: float | None = None) -> tuple[int, int]:
    """How many values lie strictly below ``lsl`` and strictly above ``usl``.

    >>> outside([1, 2, 3, None], 2, 2.5)
    (1, 1)
    """
    values = array(x)
    low = 0 if lsl is None else sum(int(np.count_nonzero(b < lsl)) for b in blocks(values))
    high = 0 if usl is None else sum(int(np.count_nonzero(b > usl)) for b in blocks(values))
    return low, high


def survey(
    x: Values,
    lsl: float | None = None,
    usl: float | None = None,
    *,
    engine: Engine = "numpy",
) -> Survey:
    """Mean, scatter, moving range, extremes and counts outside the limits, in one walk.

    Parameters
    ----------
    x : sequence of float or None
        A series in time order; a missing value breaks moving ranges.
    lsl, usl : float, optional
        Limits; what lies strictly beyond is counted.
    engine : {"numpy", "compiled"}
        ``compiled`` needs numba and gives the same numbers faster (see `andon.stats.compiled`).

    Raises
    ------
    ArgumentError
        If a value is infinite or the engine unknown.

    Examples
    --------
    >>> found = survey([1, 2, 4, None, 9], usl=8)
    >>> found.mean, found.mean_moving_range, found.maximum, found.above
    (4.0, 1.5, 9.0, 1)
    """
    if lsl is not None or usl is not None:
        lsl, usl = limits(lsl, usl)
    values = array(x)
    sums = _sums if engine == "numpy" else kernels(engine).sums
    buffer = np.empty(min(BLOCK, values.size))
    walk = _Walk(lsl, usl)
    with np.errstate(invalid="ignore", over="ignore"):
        for block in blocks(values):
            walk.take(block, buffer, sums)
    return walk.survey(values.size)


class _Walk:
    """Where a survey stands after some blocks."""

    def __init__(self, lsl: float | None, usl: float | None) -> None:
        self.lsl = -math.inf if lsl is None else lsl
        self.usl = math.inf if usl is None else usl
        self.moments = Moments()
        self.moved, self.pairs, self.last = 0.0, 0, math.nan
        self.low, self.high = math.inf, -math.inf
        self.below = self.above = 0

    def take(self, block: Floats, buffer: Floats, sum_block: _SumBlock) -> None:
        there, sums = block, Sums(*sum_block(block, buffer))
        moved, pairs = sums.moved, block.size - 1
        if not math.isfinite(sums.squares):
            there = complete(block)
            moved, pairs = _moved(block, math.nan, buffer)
            if not there.size:
                self.last = math.nan
                return
            sums = Sums(*sum_block(there, buffer))
            if not math.isfinite(sums.squares):
                complete(there)  # refuses what overflows
        self.moments = self.moments.joined(_about(there, sums.total, sums.squares))
        joint = abs(float(block[0]) - self.last)
        if not math.isnan(joint):
            moved, pairs = moved + joint, pairs + 1
        self.moved, self.pairs, self.last = self.moved + moved, self.pairs + pairs, float(block[-1])
        self.low, self.high = min(self.low, sums.low), max(self.high, sums.high)
        if sums.low < self.lsl:
            self.below += int(np.count_nonzero(there < self.lsl))
        if sums.high > self.usl:
            self.above += int(np.count_nonzero(there > self.usl))

    def survey(self, size: int) -> Survey:
        n = self.moments.n
        return Survey(
            n=n,
            n_missing=size - n,
            mean=self.moments.mean if n else None,
            sd=self.moments.sd,
            mean_moving_range=self.moved / self.pairs if self.pairs else None,
            minimum=self.low if n else None,
            maximum=self.high if n else None,
            below=self.below,
            above=self.above,
        )


def kernels(engine: Engine) -> "type[Kernels]":
    """The compiled kernels, loaded now because the caller asked for them by name."""
    if engine != "compiled":
        raise ArgumentError("engine", "must be 'numpy' or 'compiled'")
    from andon.stats.compiled import Kernels  # noqa: PLC0415 -- only where asked for

    return Kernels


def _sums(block: Floats, buffer: Floats, /) -> Sums:
    away = np.subtract(block, block[0], out=buffer[: block.size])
    total, squares = float(np.add.reduce(away)), _squares(away)
    moves = np.subtract(block[1:], block[:-1], out=buffer[: block.size - 1])
    moved = float(np.add.reduce(np.absolute(moves, out=moves)))
    low, high = float(np.minimum.reduce(block)), float(np.maximum.reduce(block))
    return Sums(total, squares, moved, low, high)


def _sum_of_squares(block: Floats, buffer: Floats, /) -> tuple[float, float]:
    away = np.subtract(block, block[0], out=buffer[: block.size])
    return float(np.add.reduce(away)), _squares(away)


def _moments(
    block: Floats, buffer: Floats, sums: Callable[[Floats, Floats], tuple[float, float]]
) -> Moments:
    total, squares = sums(block, buffer)
    if math.isfinite(squares):
        return _about(block, total, squares)
    there = complete(block)
    return _moments(there, buffer, sums) if there.size else Moments()


def _about(block: Floats, total: float, squares: float) -> Moments:
    share = total / block.size
    return Moments(block.size, float(block[0]) + share, max(0.0, squares - total * share))


def _squares(away: Floats) -> float:
    rows = away.size // _ROW
    whole, rest = away[: rows * _ROW].reshape(rows, _ROW), away[rows * _ROW :]
    return float(np.add.reduce(np.vecdot(whole, whole))) + float(np.vecdot(rest, rest))


def _moved(block: Floats, last: float, buffer: Floats) -> tuple[float, int]:
    """Sum and number of the moving ranges inside ``block`` and to ``last`` before it."""
    moves = np.subtract(block[1:], block[:-1], out=buffer[: block.size - 1])
    np.absolute(moves, out=moves)
    total, count = float(np.add.reduce(moves)), moves.size
    if not math.isfinite(total):
        complete(block)  # refuses infinite values
        there = moves[~np.isnan(moves)]
        total, count = float(np.add.reduce(there)), there.size
    joint = abs(float(block[0]) - last)
    return (total, count) if math.isnan(joint) else (total + joint, count + 1)
