"""Checked numpy arrays from what callers pass, and plain lists back."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Values: TypeAlias = Sequence[float | None] | Sequence[float] | Sequence[int] | Floats

# Comparisons with a computed line forgive the rounding of the line, and no more.
ROUNDING = 64 * float(np.finfo(np.float64).eps)


def series(values: Values, name: str) -> Floats:
    """``values`` as float64 with NaN for missing; ValueError if infinite, nested or no numbers."""
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: must be a list of numbers") from None
    if array.ndim != 1:
        raise ValueError(f"{name}: must be one list of numbers, not nested")
    if np.isinf(array).any():
        raise ValueError(f"{name}: must not be infinite (point {_first(np.isinf(array))})")
    return array


def amounts(values: Values, name: str) -> Floats:
    """Like `series`, and ValueError if one is negative."""
    array = series(values, name)
    if (array < 0).any():
        raise ValueError(f"{name}: must not be negative (point {_first(array < 0)})")
    return array


def pair(
    above: Values, below: Values, names: tuple[str, str], *, share: bool
) -> tuple[Floats, Floats, int]:
    """Numerators, denominators (both NaN where there is no ratio) and the number missing.

    A denominator of 0 is a point without a value (nothing was made), not a missing one.
    """
    top, bottom = amounts(above, names[0]), amounts(below, names[1])
    if top.size != bottom.size:
        raise ValueError(f"{names[1]}: must have as many values as {names[0]}")
    if share and (top > bottom).any():
        raise ValueError(f"{names[0]}: must not exceed {names[1]} (point {_first(top > bottom)})")
    missing = np.isnan(top) | np.isnan(bottom)
    empty = missing | (bottom == 0)
    if ((bottom == 0) & (top > 0)).any():
        raise ValueError(f"{names[1]}: must not be 0 where {names[0]} is not")
    return np.where(empty, np.nan, top), np.where(empty, np.nan, bottom), int(missing.sum())


def used(size: int, *, baseline: slice | None, exclude: Sequence[int]) -> Bools:
    """Which of ``size`` points an estimate may use: inside ``baseline`` and not excluded."""
    mask = np.zeros(size, dtype=np.bool_)
    mask[baseline if baseline is not None else slice(None)] = True
    points = np.asarray(exclude, dtype=np.int64)
    if points.size and (points.min() < 1 or points.max() > size):
        raise ValueError(f"exclude: points are counted from 1 to {size}")
    mask[points - 1] = False
    return mask


def fraction(value: float, name: str) -> float:
    """``value`` if it lies strictly between 0 and 1, else ValueError."""
    if not 0 < value < 1:
        raise ValueError(f"{name}: must lie between 0 and 1")
    return float(value)


def whole(value: float, name: str) -> int:
    """``value`` as a count, else ValueError."""
    if value < 0 or value != int(value):
        raise ValueError(f"{name}: must be a whole number, 0 or more")
    return int(value)


def listed(array: Floats) -> list[float | None]:
    """``array`` as a list of Python numbers with None for NaN."""
    missing = np.isnan(array)
    if not missing.any():
        return list(array.tolist())
    boxed = array.astype(object)
    boxed[missing] = None
    return list(boxed.tolist())


def flat(array: Floats) -> float | list[float | None] | None:
    """One number if all of ``array`` are equal, else the list; None if there is none."""
    if array.size == 0 or np.isnan(array).all():
        return None
    if (array == array[0]).all():
        return float(array[0])
    return listed(array)


def points(mask: Bools) -> list[int]:
    """The 1-based numbers of the points where ``mask`` holds."""
    return [int(i) for i in np.flatnonzero(mask) + 1]


def above(x: Floats, line: Floats | float) -> Bools:
    """Where ``x`` is strictly above ``line`` by more than rounding; False where missing."""
    noise = ROUNDING * np.maximum(np.abs(x), np.abs(line))
    return np.asarray(x - line > noise, dtype=np.bool_)


def below(x: Floats, line: Floats | float) -> Bools:
    """Where ``x`` is strictly below ``line`` by more than rounding; False where missing."""
    return above(-x, -line)


def _first(mask: Bools) -> int:
    return int(np.argmax(mask)) + 1
