"""Sums over many subgroups of one size at a time, along their long axis."""

import math

import numpy as np

from andon.stats.inputs import Floats

_SMALLEST = 2


def room(size: int, rows: int) -> Floats:
    """A buffer for ``rows`` subgroups, and two numbers for each."""
    return np.empty((size + 2) * rows)


def sum_ranges(rows: Floats, origin: float, buffer: Floats) -> tuple[float, float]:
    count, size = rows.shape
    columns, spare = buffer[: rows.size].reshape(size, count), buffer[rows.size :]
    high, low = spare[: 2 * count].reshape(2, count)
    # The k-th values of all subgroups as neighbours: short axes are slow to walk.
    np.copyto(columns.T, rows)
    np.copyto(high, columns[0])
    np.copyto(low, columns[0])
    for column in columns[1:]:
        np.maximum(high, column, out=high)
        np.minimum(low, column, out=low)
    spreads = float(np.add.reduce(np.subtract(high, low, out=high)))
    if spreads:
        return float(np.add.reduce(rows, axis=None)) - origin * rows.size, spreads
    # Without any scatter the mean must be the value itself, to the last bit.
    return float(np.add.reduce(np.subtract(columns, origin, out=columns), axis=None)), 0.0


def sum_deviations(rows: Floats, origin: float, buffer: Floats) -> tuple[float, float]:
    count, size = rows.shape
    columns, spare = buffer[: rows.size].reshape(size, count), buffer[rows.size :]
    first, rest = columns[0], columns[1:]
    about, squares = spare[: 2 * count].reshape(2, count)
    # About the first value of each subgroup: equal values have exactly no scatter.
    np.copyto(first, rows[:, 0])
    np.subtract(rows.T[1:], first, out=rest)
    np.add.reduce(rest, axis=0, out=about)
    np.einsum("ij,ij->j", rest, rest, out=squares)
    first -= origin
    total = size * float(np.add.reduce(first)) + float(np.add.reduce(about))
    if size < _SMALLEST:
        return total, 0.0
    np.multiply(about, about, out=about)
    about /= size
    squares -= about
    np.maximum(squares, 0.0, out=squares)
    deviations = float(np.add.reduce(np.sqrt(squares, out=squares)))
    return total, deviations / math.sqrt(size - 1)
