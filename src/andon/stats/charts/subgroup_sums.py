"""Sums over many subgroups of one size at a time, along their long axis."""

import math

import numpy as np

from andon.stats.inputs import Floats

_SMALLEST = 2


def room(size: int, rows: int) -> Floats:
    """A buffer for ``rows`` subgroups, and two numbers for each."""
    return np.empty((size + 2) * rows)


def _columns(rows: Floats, origin: float, buffer: Floats) -> tuple[Floats, Floats, Floats]:
    """``rows`` less ``origin`` with the k-th values of all subgroups as neighbours, and two rows.

    Short axes are slow to walk; long ones are not.
    """
    count, size = rows.shape
    columns = buffer[: rows.size].reshape(size, count)
    spare = buffer[rows.size : rows.size + 2 * count].reshape(2, count)
    return np.subtract(rows.T, origin, out=columns), spare[0], spare[1]


def _total(columns: Floats) -> float:
    """Their sum: faster than ``add.reduce``, and as exact for the few values of one block."""
    return float(np.einsum("ij->", columns))


def sum_ranges(rows: Floats, origin: float, buffer: Floats) -> tuple[float, float]:
    columns, high, low = _columns(rows, origin, buffer)
    np.maximum.reduce(columns, axis=0, out=high)
    np.minimum.reduce(columns, axis=0, out=low)
    return _total(columns), float(np.add.reduce(np.subtract(high, low, out=high)))


def sum_deviations(rows: Floats, origin: float, buffer: Floats) -> tuple[float, float]:
    columns, about, squares = _columns(rows, origin, buffer)
    total = _total(columns)
    size = rows.shape[1]
    if size < _SMALLEST:
        return total, 0.0
    # About the first value of each subgroup: equal values have exactly no scatter.
    rest = columns[1:]
    rest -= columns[0]
    np.add.reduce(rest, axis=0, out=about)
    np.multiply(rest, rest, out=rest)
    np.add.reduce(rest, axis=0, out=squares)
    np.multiply(about, about, out=about)
    about /= size
    squares -= about
    np.maximum(squares, 0.0, out=squares)
    deviations = float(np.add.reduce(np.sqrt(squares, out=squares)))
    return total, deviations / math.sqrt(size - 1)
