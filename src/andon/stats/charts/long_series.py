"""Limits of X-bar charts for a long series that is cut into subgroups of one size."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from andon.stats.blocks import Engine, array, blocks, complete, kernels
from andon.stats.charts.factors import c4, d2, d3
from andon.stats.charts.subgroup_sums import room, sum_deviations, sum_ranges
from andon.stats.inputs import ArgumentError, Floats, Values, whole
from andon.stats.results import Result
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, too_few

_SMALLEST = 2
_LARGEST = 1000
_BLOCK = 98_304  # values at a time: a block and a half, since a call of numpy costs more here

Spread: TypeAlias = Callable[[Floats, float, Floats], tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class XbarRLimits(Result):
    """Limits of an X-bar-R chart for full subgroups.

    ``subgroups`` counts those with a value, ``ranges`` those that have a range (2 values or more).
    """

    size: int
    subgroups: int
    ranges: int
    xbar_center: float | None = None
    xbar_lcl: float | None = None
    xbar_ucl: float | None = None
    r_center: float | None = None
    r_lcl: float | None = None
    r_ucl: float | None = None
    sigma: float | None = None


@dataclass(frozen=True, kw_only=True)
class XbarSLimits(Result):
    """Limits of an X-bar-S chart for full subgroups.

    ``subgroups`` counts those with a value, ``deviations`` those that have a standard deviation.
    """

    size: int
    subgroups: int
    deviations: int
    xbar_center: float | None = None
    xbar_lcl: float | None = None
    xbar_ucl: float | None = None
    s_center: float | None = None
    s_lcl: float | None = None
    s_ucl: float | None = None
    sigma: float | None = None


def xbar_r_limits(values: Values, size: int, *, engine: Engine = "numpy") -> XbarRLimits:
    r"""Limits of the X-bar-R chart of ``values`` cut into subgroups of ``size``, in one walk.

    The same numbers as `xbar_r_chart` without a list of subgroups: the centre is the mean of all
    values, :math:`\hat\sigma` the mean of :math:`R_i/d_2(n_i)`; limits
    :math:`\bar{\bar x} \pm 3\hat\sigma/\sqrt n` and :math:`(d_2 \pm 3 d_3)\hat\sigma` [1]_.

    Parameters
    ----------
    values : sequence of float or None
        Measurements in their order; each ``size`` of them are a subgroup. A missing value makes
        its subgroup smaller; the last subgroup may be incomplete.
    size : int
        Subgroup size, 2 or more.
    engine : {"numpy", "compiled"}
        ``compiled`` needs numba.

    Returns
    -------
    XbarRLimits

    Raises
    ------
    ArgumentError
        For a size below 2, an infinite value or an unknown engine.

    References
    ----------
    .. [1] ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, chapter 6.

    Examples
    --------
    >>> result = xbar_r_limits([1, 3, 2, 4, 1, 5], 2)
    >>> round(result.xbar_center, 4), round(result.sigma, 4), round(result.r_ucl, 4)
    (2.6667, 2.3633, 8.7108)
    """
    tally = _tally(values, size, _ranges(engine), d2)
    center, sigma = tally.center, tally.sigma
    middle, half = d2(tally.size), 3 * d3(tally.size)
    return XbarRLimits(
        n=tally.n,
        n_missing=tally.missing,
        method=f"X-bar-R, subgroups of {tally.size}; sigma = mean of R/d2(n)",
        warnings=tally.warnings,
        size=tally.size,
        subgroups=tally.subgroups,
        ranges=tally.spreads,
        xbar_center=center,
        xbar_lcl=_line(center, sigma, -3 / math.sqrt(tally.size)),
        xbar_ucl=_line(center, sigma, 3 / math.sqrt(tally.size)),
        r_center=_line(0.0, sigma, middle),
        r_lcl=_line(0.0, sigma, max(0.0, middle - half)),
        r_ucl=_line(0.0, sigma, middle + half),
        sigma=sigma,
    )


def xbar_s_limits(values: Values, size: int, *, engine: Engine = "numpy") -> XbarSLimits:
    r"""Limits of the X-bar-S chart of ``values`` cut into subgroups of ``size``, in one walk.

    Like `xbar_r_limits` with :math:`\hat\sigma` the mean of :math:`s_i/c_4(n_i)` and the limits
    :math:`(c_4 \pm 3\sqrt{1-c_4^2})\hat\sigma` of s [1]_.

    Parameters
    ----------
    values : sequence of float or None
        Measurements in their order; see `xbar_r_limits`.
    size : int
        Subgroup size, 2 or more.
    engine : {"numpy", "compiled"}
        ``compiled`` needs numba.

    Returns
    -------
    XbarSLimits

    Raises
    ------
    ArgumentError
        For a size below 2, an infinite value or an unknown engine.

    References
    ----------
    .. [1] ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, chapter 6.

    Examples
    --------
    >>> result = xbar_s_limits([1, 3, 2, 4, 1, 5], 2)
    >>> round(result.s_center, 4), round(result.sigma, 4)
    (1.8856, 2.3633)
    """
    tally = _tally(values, size, _deviations(engine), c4)
    center, sigma = tally.center, tally.sigma
    middle = c4(tally.size)
    half = 3 * math.sqrt(1 - middle**2)
    return XbarSLimits(
        n=tally.n,
        n_missing=tally.missing,
        method=f"X-bar-S, subgroups of {tally.size}; sigma = mean of s/c4(n)",
        warnings=tally.warnings,
        size=tally.size,
        subgroups=tally.subgroups,
        deviations=tally.spreads,
        xbar_center=center,
        xbar_lcl=_line(center, sigma, -3 / math.sqrt(tally.size)),
        xbar_ucl=_line(center, sigma, 3 / math.sqrt(tally.size)),
        s_center=_line(0.0, sigma, middle),
        s_lcl=_line(0.0, sigma, max(0.0, middle - half)),
        s_ucl=_line(0.0, sigma, middle + half),
        sigma=sigma,
    )


def _line(center: float | None, sigma: float | None, factor: float) -> float | None:
    return None if center is None or sigma is None else center + factor * sigma


class _Tally:
    """Sums over the subgroups so far, by the number of values each has; read after the walk."""

    def __init__(self, size: int, factor: Callable[[int], float]) -> None:
        self.size, self.factor = size, factor
        self.origin, self.total = math.nan, 0.0
        self.counts, self.sums = [0] * (size + 1), [0.0] * (size + 1)
        self.missing = 0

    def take(self, block: Floats, spread: Spread, buffer: Floats) -> None:
        rows = block.size // self.size
        if rows * self.size == block.size:
            origin = float(block[0]) if math.isnan(self.origin) else self.origin
            total, spreads = spread(block.reshape(rows, self.size), origin, buffer)
            if math.isfinite(total) and math.isfinite(spreads):
                self.origin = origin
                self.total += total
                self.counts[self.size] += rows
                self.sums[self.size] += spreads
                return
        self._take_broken(block, spread)

    def _take_broken(self, block: Floats, spread: Spread) -> None:
        """A block with missing values or an incomplete last subgroup, by size of subgroup."""
        gone = -block.size % self.size
        padded = np.concatenate((block, np.full(gone, np.nan))).reshape(-1, self.size)
        there = block[~np.isnan(block)]
        self.missing += block.size - there.size
        if not there.size:
            return
        self.origin = float(there[0]) if math.isnan(self.origin) else self.origin
        counts = np.count_nonzero(~np.isnan(padded), axis=1)
        for count in np.unique(counts[counts > 0]).tolist():
            chosen = padded[counts == count]
            rows = chosen[~np.isnan(chosen)].reshape(-1, count)
            total, spreads = spread(rows, self.origin, room(*rows.shape[::-1]))
            if not math.isfinite(total + spreads):
                complete(rows.ravel(), "values")  # refuses what overflows
            self.total += total
            self.counts[count] += len(rows)
            self.sums[count] += spreads

    @cached_property
    def n(self) -> int:
        return sum(count * k for k, count in enumerate(self.counts))

    @property
    def subgroups(self) -> int:
        return sum(self.counts)

    @cached_property
    def spreads(self) -> int:
        return sum(self.counts[_SMALLEST:])

    @property
    def center(self) -> float | None:
        return self.origin + self.total / self.n if self.n else None

    @cached_property
    def sigma(self) -> float | None:
        if not self.spreads:
            return None
        sizes = [k for k in range(_SMALLEST, self.size + 1) if self.counts[k]]
        return math.fsum(self.sums[k] / self.factor(k) for k in sizes) / self.spreads

    @property
    def warnings(self) -> tuple[Sentence, ...]:
        if not self.n:
            return (NO_DATA,)
        if self.sigma is None:
            return (too_few(_SMALLEST),)
        return (ZERO_VARIANCE,) if self.sigma == 0 else ()


def _tally(values: Values, size: int, spread: Spread, factor: Callable[[int], float]) -> _Tally:
    if (wanted := whole(size, "size", least=_SMALLEST)) > _LARGEST:
        raise ArgumentError("size", f"must be at most {_LARGEST:,}")
    tally = _Tally(wanted, factor)
    x = array(values, "values")
    # A multiple of 8 subgroups: then the rows of the buffer begin alike in their cache lines.
    length = max(1, _BLOCK // tally.size // 8 * 8) * tally.size
    buffer = room(tally.size, min(length, x.size) // tally.size)
    with np.errstate(invalid="ignore", over="ignore"):
        for block in blocks(x, length):
            tally.take(block, spread, buffer)
    return tally


def _ranges(engine: Engine) -> Spread:
    if engine == "numpy":
        return sum_ranges
    return kernels(engine).sum_ranges


def _deviations(engine: Engine) -> Spread:
    if engine == "numpy":
        return sum_deviations
    return kernels(engine).sum_deviations
