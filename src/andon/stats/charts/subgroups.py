"""Subgroups of one size or of several: their means, ranges, standard deviations, and sigma."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from andon.stats.charts.factors import c4, d2, d3
from andon.stats.inputs import ArgumentError, Bools, Floats, Values, listing, matrix, series

Rows: TypeAlias = Sequence[Values] | Floats

_FOR_SCATTER = 2


@dataclass(frozen=True)
class Subgroups:
    """Per subgroup: how many values, mean, range and s (NaN where there is none)."""

    rows: Floats
    n_missing: int
    sizes: NDArray[np.int64]
    mean: Floats
    r: Floats
    s: Floats

    @classmethod
    def of(cls, subgroups: Rows, name: str = "subgroups") -> "Subgroups":
        """``subgroups`` (a list of lists, or a matrix) read and summed up.

        ArgumentError for texts, infinite values, a flat list, or single values only.
        """
        rows, cells = _padded(subgroups, name)
        there = ~np.isnan(rows)
        sizes = there.sum(axis=1, dtype=np.int64)
        if sizes.size and sizes.max() == 1:
            raise ArgumentError(name, "hold single values only; use imr_chart for these")
        low, high = np.fmin.reduce(rows, axis=1), np.fmax.reduce(rows, axis=1)
        # Shifted by the smallest value: equal values have exactly their own mean and s = 0.
        mean = low + _mean(rows - low[:, None], there, sizes)
        rest = np.where(there, rows - mean[:, None], 0.0)
        scattered = sizes >= _FOR_SCATTER
        squares = (rest * rest).sum(axis=1)
        return cls(
            rows=rows,
            n_missing=cells - int(sizes.sum()),
            sizes=sizes,
            mean=mean,
            r=np.where(scattered, high - low, np.nan),
            s=np.sqrt(_ratio(squares, sizes - 1)),
        )

    def values(self, mask: Bools) -> Floats:
        """All values of the subgroups where ``mask`` holds."""
        cells = self.rows[mask].ravel()
        return cells[~np.isnan(cells)]

    def sigma_r(self, mask: Bools, *, weighted: bool) -> float | None:
        """Sigma from ranges: mean of R/d2, or with the weights (d2/d3)^2 of least variance."""
        mean, spread = for_sizes(d2, self.sizes), for_sizes(d3, self.sizes)
        return _average(self.r / mean, (mean / spread) ** 2, mask, weighted=weighted)

    def sigma_s(self, mask: Bools, *, weighted: bool) -> float | None:
        """Sigma from s: mean of s/c4, or with the weights c4^2/(1 - c4^2) of least variance."""
        unbiased = for_sizes(c4, self.sizes)
        weights = unbiased**2 / (1 - unbiased**2)
        return _average(self.s / unbiased, weights, mask, weighted=weighted)

    def sigma_pooled(self, mask: Bools) -> float | None:
        """Sigma from the sum of squares within all subgroups, corrected by c4."""
        use = mask & ~np.isnan(self.s)
        df = int((self.sizes[use] - 1).sum())
        if df == 0:
            return None
        squares = float((self.s[use] ** 2 * (self.sizes[use] - 1)).sum())
        return math.sqrt(squares / df) / c4(df + 1)


def for_sizes(constant: Callable[[int], float], sizes: NDArray[np.int64]) -> Floats:
    """``constant(n)`` for each size of 2 or more, NaN for others."""
    found = np.full(sizes.size, np.nan)
    for size in np.unique(sizes[sizes >= _FOR_SCATTER]):
        found[sizes == size] = constant(int(size))
    return found


def _average(ratio: Floats, weights: Floats, mask: Bools, *, weighted: bool) -> float | None:
    use = mask & ~np.isnan(ratio)
    if not use.any():
        return None
    if not weighted:
        return float(ratio[use].mean())
    return float((weights[use] * ratio[use]).sum() / weights[use].sum())


def _padded(subgroups: Rows, name: str) -> tuple[Floats, int]:
    """Rows of one length, filled with NaN, and the number of cells that were given."""
    flat_list = ArgumentError(name, "must be a list of subgroups, each of them a list of values")
    if isinstance(subgroups, np.ndarray) and subgroups.size:
        rows = matrix(subgroups, name)
        return rows, rows.size
    subgroups = listing(subgroups, name)
    if not subgroups:
        return np.empty((0, 1)), 0
    if any(isinstance(row, str | bytes) or not _is_row(row) for row in subgroups):
        raise flat_list
    lengths = {len(row) for row in subgroups}
    if len(lengths) == 1 and lengths != {0}:
        rows = matrix(subgroups, name)
        return rows, rows.size
    rows = np.full((len(subgroups), max(1, *lengths)), np.nan)
    for line, row in zip(rows, subgroups, strict=True):
        line[: len(row)] = series(row, name)
    return rows, sum(len(row) for row in subgroups)


def _is_row(row: object) -> bool:
    return row.ndim > 0 if isinstance(row, np.ndarray) else isinstance(row, Sequence)


def _mean(values: Floats, there: Bools, sizes: NDArray[np.int64]) -> Floats:
    return _ratio(np.where(there, values, 0.0).sum(axis=1), sizes)


def _ratio(top: Floats, bottom: NDArray[np.int64]) -> Floats:
    result = np.full(top.size, np.nan)
    np.divide(top, bottom, out=result, where=bottom > 0)
    return result
